"""The access log: append-only, each row sealed by the hash of the one before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Instant


class AccessEvent(Base):
    """Who did what to which thing when, and whether it was allowed."""

    __tablename__ = "access_events"
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(String(80), index=True)
    """"user:ID", "station:ID" or "system"."""
    action: Mapped[str] = mapped_column(String(40), index=True)
    target: Mapped[str] = mapped_column(String(120))
    """"document:ID", "batch:ID", … or empty."""
    allowed: Mapped[bool]
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
