"""Opening a batch: refused without an approved catalogue entry and its two named, active owners."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import AboveCeiling, CatalogueRefused, InvalidValue
from core.labels import Role, Secrecy
from flow.dictionaries import present_version
from people.persons import Person
from storage.access_log import append_event
from storage.tables import Batch, CatalogueEntry, Station, User

_TAKEN = frozenset({"new"})
"""Codes that stand for pages of the service."""
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}\Z")


def open_batch(
    session: Session,
    person: Person,
    *,
    code: str,
    title: str,
    catalogue_code: str,
    secrecy: Secrecy,
    ceiling: Secrecy,
    station_code: str | None,
) -> Batch:
    """A new batch under a catalogue entry. `secrecy` is the highest that its documents are declared with.

    Raises CatalogueRefused naming what is missing, AboveCeiling, InvalidValue for a code that is taken or ill-formed.
    """
    entry = session.scalars(select(CatalogueEntry).where(CatalogueEntry.code == catalogue_code)).one_or_none()
    if entry is None:
        raise CatalogueRefused(
            f"There is no catalogue entry '{catalogue_code}'.", "Have the entry made and approved first."
        )
    person.require_any((Role.SCAN_OPERATOR, Role.BUSINESS_OWNER, Role.TECHNICAL_OWNER), entry.unit_id)
    require_ready(session, entry)
    if secrecy > ceiling:
        append_event(session, person.actor, "open_batch", f"catalogue:{entry.code}", allowed=False)
        raise AboveCeiling(
            f"This installation is cleared up to '{ceiling.vietnamese}', not '{secrecy.vietnamese}'.",
            "Such material may not be brought here.",
        )
    if not _CODE.match(code) or code in _TAKEN:
        raise InvalidValue(f"'{code}' cannot be a batch code.", "Use letters, digits, '.', '_' and '-', at most 60.")
    if session.scalar(select(Batch.id).where(Batch.code == code)):
        raise InvalidValue(f"There is a batch '{code}' already.", "Choose another code.")
    batch = Batch(
        code=code,
        title=title or entry.title,
        catalogue_entry_id=entry.id,
        unit_id=entry.unit_id,
        station_id=_find_station_id(session, station_code, entry.unit_id),
        secrecy=int(secrecy),
        dictionary_version=present_version(session),
        opened_by=person.user_id,
    )
    session.add(batch)
    session.flush()
    append_event(session, person.actor, "open_batch", f"batch:{batch.id}", allowed=True, detail={"code": code})
    return batch


def require_ready(session: Session, entry: CatalogueEntry) -> None:
    """Raises CatalogueRefused naming everything the entry lacks: approval, either owner, or an owner's activity."""
    lacking: list[str] = []
    if entry.approved_at is None:
        lacking.append("its approval")
    for title, user_id in (
        ("business owner", entry.business_owner_id),
        ("technical owner", entry.technical_owner_id),
    ):
        owner = session.get(User, user_id) if user_id else None
        if owner is None:
            lacking.append(f"a named {title}")
        elif not owner.active:
            lacking.append(f"an active {title} ({owner.full_name} is not)")
    if lacking:
        raise CatalogueRefused(
            f"Catalogue entry '{entry.code}' lacks {', '.join(lacking)}.",
            "No batch opens and no upload is taken before that is mended.",
        )


def _find_station_id(session: Session, station_code: str | None, unit_id: str) -> str | None:
    if not station_code:
        return None
    station = session.scalars(select(Station).where(Station.code == station_code)).one_or_none()
    if station is None or station.unit_id != unit_id:
        raise InvalidValue(f"There is no station '{station_code}' in this unit.", "Look at the list of stations.")
    return station.id
