"""Acceptance of a batch: sign-offs, grade, minutes, and the errors found."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.identity import new_id
from core.states import Grade
from storage.tables.base import ID, Base, Instant, now, state_column


class SignOff(Base):
    """One of the three sign-offs of a round: business, data, security."""

    __tablename__ = "sign_offs"
    __table_args__ = (UniqueConstraint("batch_id", "round", "aspect"),)
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    batch_id: Mapped[str] = mapped_column(ForeignKey("batches.id"), index=True)
    round: Mapped[int] = mapped_column(default=1)
    aspect: Mapped[str] = mapped_column(String(20))
    signed_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    signed_at: Mapped[datetime] = mapped_column(Instant, default=now)
    note: Mapped[str] = mapped_column(String(500), default="")


class Acceptance(Base):
    """The decision about a batch in one round, with its minutes."""

    __tablename__ = "acceptances"
    __table_args__ = (UniqueConstraint("batch_id", "round"),)
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    batch_id: Mapped[str] = mapped_column(ForeignKey("batches.id"), index=True)
    round: Mapped[int] = mapped_column(default=1)
    grade: Mapped[Grade] = mapped_column(state_column(Grade))
    minutes: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime] = mapped_column(Instant, default=now)


class Defect(Base):
    """One error of the error list, with its line of the remediation plan."""

    __tablename__ = "defects"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    batch_id: Mapped[str] = mapped_column(ForeignKey("batches.id"), index=True)
    document_id: Mapped[str | None] = mapped_column(ForeignKey("documents.id"))
    description: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    due: Mapped[date | None]
    created_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
