"""Batches, the files announced for them, and the archival files (hồ sơ) they carry."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.identity import new_id
from core.states import BatchState, FileState
from storage.tables.base import ID, Base, Instant, now, state_column


class Batch(Base):
    """A delivery of scans under one catalogue entry. `revision` guards against two people deciding at once."""

    __tablename__ = "batches"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    catalogue_entry_id: Mapped[str] = mapped_column(ForeignKey("catalogue_entries.id"))
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    station_id: Mapped[str | None] = mapped_column(ForeignKey("stations.id"))
    state: Mapped[BatchState] = mapped_column(state_column(BatchState), default=BatchState.OPENED, index=True)
    secrecy: Mapped[int]
    dictionary_version: Mapped[str] = mapped_column(String(20))
    manifest: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    manifest_digest: Mapped[str | None] = mapped_column(String(64))
    receipt: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    opened_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    opened_at: Mapped[datetime] = mapped_column(Instant, default=now)
    sealed_at: Mapped[datetime | None] = mapped_column(Instant)
    revision: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


class IncomingFile(Base):
    """One announced file, from announcement to receipt or refusal."""

    __tablename__ = "incoming_files"
    __table_args__ = (
        UniqueConstraint("batch_id", "name"),
        CheckConstraint("received_bytes <= size", name="not_more_than_announced"),
    )
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    batch_id: Mapped[str] = mapped_column(ForeignKey("batches.id"), index=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), index=True)
    name: Mapped[str] = mapped_column(String(500))
    position: Mapped[int]
    """Place among the files of its document, from 0."""
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    state: Mapped[FileState] = mapped_column(state_column(FileState), default=FileState.ANNOUNCED)
    received_bytes: Mapped[int] = mapped_column(default=0)
    media_type: Mapped[str | None] = mapped_column(String(40))
    page_count: Mapped[int | None]
    refusal_code: Mapped[str | None] = mapped_column(String(40))
    refusal_reason: Mapped[str | None] = mapped_column(Text)
    received_at: Mapped[datetime | None] = mapped_column(Instant)
    locked_until: Mapped[datetime | None] = mapped_column(Instant)
    """Until when its original cannot be deleted, since its batch was accepted."""
    signing_times: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    """When it was signed electronically, by its signatures' own word: ISO 8601 in UTC, earliest first."""


class ArchivalFile(Base):
    """A file (hồ sơ) in its place in the archive."""

    __tablename__ = "archival_files"
    __table_args__ = (
        UniqueConstraint("batch_id", "fonds", "series_list", "code"),
        Index("ix_archival_files_place", "fonds", "series_list", "code"),
    )
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    batch_id: Mapped[str] = mapped_column(ForeignKey("batches.id"), index=True)
    fonds: Mapped[str] = mapped_column(String(60))
    series_list: Mapped[str] = mapped_column(String(60))
    box: Mapped[str] = mapped_column(String(60))
    code: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(500))
