"""The registers (sổ đăng ký, mục lục văn bản) that were uploaded for batches."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.identity import new_id
from storage.tables.base import ID, Base, Instant, now


class BatchRegister(Base):
    """The register of a batch: one, which a later upload replaces."""

    __tablename__ = "batch_registers"
    batch_id: Mapped[str] = mapped_column(ForeignKey("batches.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    """Of the file that was uploaded."""
    sha256: Mapped[str] = mapped_column(String(64))
    row_count: Mapped[int]
    uploaded_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    uploaded_at: Mapped[datetime] = mapped_column(Instant, default=now)


class RegisterEntry(Base):
    """A line of a batch's register. What the register does not say is empty or null."""

    __tablename__ = "register_entries"
    __table_args__ = (UniqueConstraint("batch_id", "line"),)
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    batch_id: Mapped[str] = mapped_column(ForeignKey("batches.id"), index=True)
    line: Mapped[int]
    file_code: Mapped[str] = mapped_column(String(60))
    ordinal: Mapped[int | None]
    number: Mapped[str] = mapped_column(String(20))
    symbol: Mapped[str] = mapped_column(String(60))
    dated: Mapped[date | None]
    abstract: Mapped[str] = mapped_column(Text)
