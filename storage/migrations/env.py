"""Alembic's environment: one transaction for all steps, on the database that the caller names."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import create_engine, pool, text

from storage.tables import Base
from storage.tables.base import Instant

_LOCK_NUMBER = 0x534F484D


def render_type(kind: str, value: Any, _context: AutogenContext) -> str | Literal[False]:
    """Steps name plain column types, so that they stay what they were when the code moves on."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(value, Instant) else False


def run_migrations() -> None:
    """Runs the steps on a connection of its own."""
    engine = create_engine(context.config.attributes["url"], poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=Base.metadata, render_as_batch=True, render_item=render_type
        )
        with context.begin_transaction():
            if connection.dialect.name == "postgresql":
                # Several processes may start at once; the others wait, and then find nothing left to do.
                connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK_NUMBER})
            context.run_migrations()


run_migrations()
