"""Units end and have successors, as the districts did in 2025; what such a unit made stays its own."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from core.errors import InvalidValue
from flow.administer import OPERATOR, find_unit
from storage.access_log import append_event
from storage.tables import Unit


def end_unit(session: Session, code: str, last_day: date, successor_code: str | None) -> Unit:
    """Records the unit's last day and which unit goes on with its work. Raises NotFound, InvalidValue for itself."""
    unit = find_unit(session, code)
    successor = find_unit(session, successor_code) if successor_code else None
    if successor is unit:
        raise InvalidValue(f"Unit '{code}' cannot be its own successor.", "Name another unit.")
    unit.valid_to, unit.successor_id = last_day, successor.id if successor else None
    detail = {"code": code, "last_day": last_day.isoformat(), "successor": successor_code or ""}
    append_event(session, OPERATOR, "end_unit", f"unit:{unit.id}", allowed=True, detail=detail)
    return unit


def require_valid_unit(session: Session, code: str, day: date) -> Unit:
    """The unit, which exists on that day. Raises NotFound, and InvalidValue naming the successor of one that ended."""
    unit = find_unit(session, code)
    if unit.valid_to is not None and unit.valid_to < day:
        successor = session.get(Unit, unit.successor_id) if unit.successor_id else None
        advice = f"Its successor is '{successor.code}', {successor.name}." if successor else "It has no successor."
        raise InvalidValue(f"Unit '{code}' ended on {unit.valid_to:%d/%m/%Y}.", advice, (("unit", "has ended"),))
    return unit
