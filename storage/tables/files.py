"""What people decided about an archival file as a whole: documents it lacks, contradictions between its documents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.identity import new_id
from storage.tables.base import ID, Base, Instant, now


class Absence(Base):
    """Why a file lacks a document that its composition requires. It counts once another person confirmed it; one that
    was revoked stays as it was."""

    __tablename__ = "absences"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    archival_file_id: Mapped[str] = mapped_column(ForeignKey("archival_files.id"), index=True)
    record_type: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(String(300))
    entered_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    entered_at: Mapped[datetime] = mapped_column(Instant, default=now)
    confirmed_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class Settlement(Base):
    """A confirmer's finding that documents of one person's file differ on paper. It holds for the values that they saw,
    each in its claim, and for no others."""

    __tablename__ = "settlements"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    batch_id: Mapped[str] = mapped_column(ForeignKey("batches.id"), index=True)
    """Of the document from whose page it was settled."""
    fact: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(String(300))
    settled_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    settled_at: Mapped[datetime] = mapped_column(Instant, default=now)


class SettledClaim(Base):
    """What one document said when a contradiction was settled."""

    __tablename__ = "settled_claims"
    settlement_id: Mapped[str] = mapped_column(ForeignKey("settlements.id"), primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), primary_key=True, index=True)
    field: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any | None] = mapped_column(JSON)
