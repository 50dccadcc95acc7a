"""Workers that are alive: what tells whether a queue has anybody who takes from it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Instant, now


class Worker(Base):
    """One worker process, written by itself every few seconds; or, under its own name, the sweep."""

    __tablename__ = "workers"
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    queues: Mapped[str] = mapped_column(String(200))
    """Their names, with commas."""
    started_at: Mapped[datetime] = mapped_column(Instant, default=now)
    seen_at: Mapped[datetime] = mapped_column(Instant, default=now)
