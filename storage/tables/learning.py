"""Confirmed record types, kept to learn from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.identity import new_id
from storage.tables.base import ID, Base, Instant, now


class ConfirmedType(Base):
    """A record type that a person confirmed, beside what a machine suggested and by what. Rows are only ever added."""

    __tablename__ = "confirmed_types"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), index=True)
    suggested: Mapped[str] = mapped_column(String(60))
    probability: Mapped[float]
    confirmed: Mapped[str] = mapped_column(String(60))
    features: Mapped[dict[str, Any]] = mapped_column(JSON)
    """core.recognition.TypeFeatures: words of a closed list, form and figures of the layout; nothing personal."""
    dictionary_version: Mapped[str] = mapped_column(String(20))
    confirmed_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    confirmed_at: Mapped[datetime] = mapped_column(Instant, default=now)
