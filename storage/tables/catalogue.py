"""The catalogue: what may be digitized, on whose responsibility; who changed its entries and the dictionary."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.identity import new_id
from core.states import ChangeState
from storage.tables.base import ID, Base, Instant, now, state_column


class CatalogueEntry(Base):
    """One line of the catalogue (danh mục): a unique code, a lead unit, two owners, planned volume and period."""

    __tablename__ = "catalogue_entries"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    coordinating_unit_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    business_owner_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    technical_owner_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    record_types: Mapped[list[str]] = mapped_column(JSON, default=list)
    composition: Mapped[str] = mapped_column(String(60), default="")
    planned_pages: Mapped[int] = mapped_column(default=0)
    period_from: Mapped[date | None]
    period_to: Mapped[date | None]
    dictionary_version: Mapped[str] = mapped_column(String(20))
    """The version that its record types were last checked with."""
    approved_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Instant)


class CatalogueTarget(Base):
    """How much of an entry's planned volume is to be digitized and accepted by a day."""

    __tablename__ = "catalogue_targets"
    __table_args__ = (
        UniqueConstraint("entry_id", "due"),
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent_of_the_plan"),
    )
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    entry_id: Mapped[str] = mapped_column(ForeignKey("catalogue_entries.id"), index=True)
    due: Mapped[date]
    percent: Mapped[int]


class ProcessCard(Base):
    """How a record type of an entry is worked on (quy trình): simplified before it is digitized."""

    __tablename__ = "process_cards"
    __table_args__ = (UniqueConstraint("entry_id", "record_type"),)
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    entry_id: Mapped[str] = mapped_column(ForeignKey("catalogue_entries.id"), index=True)
    record_type: Mapped[str] = mapped_column(String(60))
    input: Mapped[str] = mapped_column(String(500))
    output: Mapped[str] = mapped_column(String(500))
    role: Mapped[str] = mapped_column(String(300))
    deadline: Mapped[str] = mapped_column(String(300))
    product: Mapped[str] = mapped_column(String(500))
    kpi: Mapped[str] = mapped_column(String(500))


class OpenQuestion(Base):
    """A legal or business question about an entry; a blocking one without an answer stops acceptance."""

    __tablename__ = "open_questions"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    entry_id: Mapped[str] = mapped_column(ForeignKey("catalogue_entries.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    """legal or business."""
    question: Mapped[str] = mapped_column(Text)
    proposal: Mapped[str] = mapped_column(Text)
    needs_authority: Mapped[bool]
    """Somebody above has to decide; else it can be done now."""
    blocking: Mapped[bool]
    asked_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime] = mapped_column(Instant, default=now)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)


class ChangeRequest:
    """What every change request bears: who proposed it and why, who decided what, from which day it holds."""

    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    state: Mapped[ChangeState] = mapped_column(state_column(ChangeState), default=ChangeState.PROPOSED)
    reason: Mapped[str] = mapped_column(String(300))
    proposed_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    """None: the program itself, or its administrator on the machine."""
    proposed_at: Mapped[datetime] = mapped_column(Instant, default=now)
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decision_note: Mapped[str] = mapped_column(String(300), default="")
    effective_on: Mapped[date | None]
    """From which day it holds; None until it is approved."""


class DictionaryVersion(ChangeRequest, Base):
    """A version of the data dictionary, proposed, approved or rejected. Its text is never changed."""

    __tablename__ = "dictionary_versions"
    __table_args__ = (
        Index(
            "uq_dictionary_versions_approved",
            "version",
            unique=True,
            sqlite_where=text("state = 'approved'"),
            postgresql_where=text("state = 'approved'"),
        ),
    )
    version: Mapped[str] = mapped_column(String(20))
    content_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the text in UTF-8."""
    text: Mapped[str] = mapped_column(Text)
    """YAML, possibly several documents."""


class EntryChange(ChangeRequest, Base):
    """A new content of a catalogue entry, which replaces the present one once it is approved and its day has come."""

    __tablename__ = "entry_changes"
    entry_id: Mapped[str] = mapped_column(ForeignKey("catalogue_entries.id"), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
