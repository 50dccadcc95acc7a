"""Catalogue entries: what may be digitized, by whom, on whose responsibility."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.identity import new_id
from storage.tables.base import ID, Base, Instant


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
    approved_by: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
