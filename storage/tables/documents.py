"""Documents, their pages, what was read and what it was described as."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.identity import new_id
from core.labels import Visibility
from core.states import DocumentState, PageState
from storage.tables.base import ID, Base, Instant, now, state_column


class Document(Base):
    """One document of a batch. unit_id, secrecy, sensitivity and visibility make its access label."""

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("archival_file_id", "ordinal", "version"),
        Index("ix_documents_access", "visibility", "unit_id", "secrecy", "sensitivity"),
    )
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    batch_id: Mapped[str] = mapped_column(ForeignKey("batches.id"), index=True)
    archival_file_id: Mapped[str] = mapped_column(ForeignKey("archival_files.id"))
    ordinal: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(String(500), default="")
    state: Mapped[DocumentState] = mapped_column(state_column(DocumentState), default=DocumentState.RECEIVED)
    declared_record_type: Mapped[str | None] = mapped_column(String(60))
    suggested_record_type: Mapped[str | None] = mapped_column(String(60))
    suggested_confidence: Mapped[float | None]
    record_type: Mapped[str | None] = mapped_column(String(60))
    """The one a person chose; None until then."""
    form: Mapped[str] = mapped_column(String(10), default="other")
    described_round: Mapped[int] = mapped_column(default=0)
    """Rises when pages were read again and the document is to be described anew."""
    sheets: Mapped[int | None]
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    secrecy: Mapped[int]
    sensitivity: Mapped[int]
    label_provisional: Mapped[bool] = mapped_column(default=False)
    """Nobody declared a sensitivity or a record type: it bears the highest of its catalogue entry until both are
    confirmed by people."""
    label_reason: Mapped[str | None] = mapped_column(Text)
    """Why a machine last raised its sensitivity."""
    scanned_round: Mapped[int | None]
    """The described round whose pages were searched for personal values. Of any other, nothing is shown to who may not
    see such values."""
    visibility: Mapped[Visibility] = mapped_column(state_column(Visibility), default=Visibility.UNPUBLISHED)
    reason: Mapped[str | None] = mapped_column(Text)
    """Why it is withheld, rejected, or to be scanned again."""
    reason_code: Mapped[str | None] = mapped_column(String(40))
    entered_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    confirmed_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    issued_on: Mapped[date | None]
    """The confirmed date, for facets and sorting."""
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    search_revision: Mapped[int] = mapped_column(default=0)
    """Rises whenever what the search index should hold about the document changes."""
    indexed_revision: Mapped[int] = mapped_column(default=0)
    """The search revision that the index last took."""
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    revision: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


class Page(Base):
    """One page of a received file. Its row exists from the moment its file is received."""

    __tablename__ = "pages"
    __table_args__ = (UniqueConstraint("incoming_file_id", "number_in_file"),)
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    batch_id: Mapped[str] = mapped_column(ForeignKey("batches.id"), index=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), index=True)
    incoming_file_id: Mapped[str] = mapped_column(ForeignKey("incoming_files.id"))
    number_in_file: Mapped[int]
    """From 1."""
    number: Mapped[int | None]
    """From 1 within the document; given when the document's last file has been received."""
    state: Mapped[PageState] = mapped_column(state_column(PageState), default=PageState.IN_PROGRESS)
    image_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    image_type: Mapped[str | None] = mapped_column(String(40))
    width: Mapped[int | None]
    height: Mapped[int | None]
    dpi: Mapped[int | None]
    failure: Mapped[str | None] = mapped_column(Text)
    """Why it could not be split or read; a person decides."""
    failure_settled_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    """Who decided that the page goes on without machine-read text, having typed from its image."""
    read_at: Mapped[datetime | None] = mapped_column(Instant)


class PageReading(Base):
    """What one engine read on a page; the derivative that can be made again."""

    __tablename__ = "page_readings"
    page_id: Mapped[str] = mapped_column(ForeignKey("pages.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    lines: Mapped[list[Any]] = mapped_column(JSON)
    """core.recognition lines in the form that storage.readings writes; marks and places below likewise."""
    marks: Mapped[list[Any]] = mapped_column(JSON, default=list, server_default="[]")
    places: Mapped[list[Any]] = mapped_column(JSON, default=list, server_default="[]")
    rotation: Mapped[int]
    skew: Mapped[float]
    blank: Mapped[bool]
    quality: Mapped[dict[str, Any]] = mapped_column(JSON)
    engine: Mapped[str] = mapped_column(String(80))
    seconds: Mapped[float]


class FieldSuggestion(Base):
    """What a machine suggests for a field of a document, and where it found it."""

    __tablename__ = "field_suggestions"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    value: Mapped[Any | None] = mapped_column(JSON)
    """A string, a list of strings, or null (pen-written and not sure: to be typed from the crop)."""
    printed: Mapped[str] = mapped_column(Text)
    confidence: Mapped[float]
    page_id: Mapped[str | None] = mapped_column(ForeignKey("pages.id"))
    box: Mapped[list[int] | None] = mapped_column(JSON)
    rule: Mapped[str] = mapped_column(String(60))
    handwritten: Mapped[bool] = mapped_column(default=False)
    candidates: Mapped[list[Any]] = mapped_column(JSON, default=list, server_default="[]")
    """Of what is written by pen, likeliest first: {"value", "confidence", "source"}."""
    ink: Mapped[list[Any]] = mapped_column(JSON, default=list, server_default="[]")
    """What the ink alone says, before anything else that is known was weighed: likewise."""


class FieldValue(Base):
    """The value a person entered for a field, and who confirmed it."""

    __tablename__ = "field_values"
    __table_args__ = (UniqueConstraint("document_id", "name"),)
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    value: Mapped[Any | None] = mapped_column(JSON)
    missing_reason: Mapped[str | None] = mapped_column(String(300))
    """Why there is no value, where the dictionary allows one to be missing."""
    suggestion_id: Mapped[str | None] = mapped_column(ForeignKey("field_suggestions.id"))
    page_id: Mapped[str | None] = mapped_column(ForeignKey("pages.id"))
    box: Mapped[list[int] | None] = mapped_column(JSON)
    origin_document_id: Mapped[str | None] = mapped_column(ID)
    """The document of the same person's file that the value was taken over from. No key: values and documents are
    joined by `document_id` alone, and no document's row is ever deleted."""
    entered_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    entered_at: Mapped[datetime] = mapped_column(Instant, default=now)
    confirmed_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)


class ValueChange(Base):
    """Before and after of every change of a value. Rows are only ever added."""

    __tablename__ = "value_changes"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    before: Mapped[Any | None] = mapped_column(JSON)
    after: Mapped[Any | None] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(300), default="")
    changed_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[datetime] = mapped_column(Instant, default=now)
