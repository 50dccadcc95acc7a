"""The access log: append-only and tamper-evident. Each event's hash covers the one before it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from storage.tables import AccessEvent, now

_FIRST = "0" * 64
_LOCK_NUMBER = 0x50484F41


@dataclass(frozen=True, slots=True)
class LogFault:
    """Where the chain of hashes breaks."""

    sequence: int
    reason: str


def append_event(
    session: Session, actor: str, action: str, target: str, *, allowed: bool, detail: dict[str, Any] | None = None
) -> AccessEvent:
    """Adds an event in the caller's transaction. `detail` must be JSON; it carries no personal values."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK_NUMBER})
    session.flush()
    last = session.execute(
        select(AccessEvent.sequence, AccessEvent.hash).order_by(AccessEvent.sequence.desc()).limit(1)
    ).first()
    event = AccessEvent(
        sequence=last.sequence + 1 if last else 1,
        at=now(),
        actor=actor,
        action=action,
        target=target,
        allowed=allowed,
        detail=detail or {},
        previous_hash=last.hash if last else _FIRST,
    )
    event.hash = _seal(event)
    session.add(event)
    session.flush()
    return event


def _seal(event: AccessEvent) -> str:
    at: datetime = event.at
    content = [
        event.sequence,
        at.isoformat(timespec="microseconds"),
        event.actor,
        event.action,
        event.target,
        event.allowed,
        event.detail,
        event.previous_hash,
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def find_fault(session: Session) -> LogFault | None:
    """The first place where an event was changed, removed or put in; None if the chain holds."""
    previous, expected = _FIRST, 1
    for event in session.scalars(select(AccessEvent).order_by(AccessEvent.sequence)).yield_per(1000):
        if event.sequence != expected:
            return LogFault(expected, "an event is missing")
        if event.previous_hash != previous or event.hash != _seal(event):
            return LogFault(event.sequence, "an event was changed")
        previous, expected = event.hash, expected + 1
    return None
