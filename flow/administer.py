"""What the administrator sets up: units, users and their roles, stations, catalogue entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.catalogue import Dictionary
from core.errors import InvalidValue, NotFound
from core.labels import Role, Secrecy, Sensitivity
from people.persons import find_user
from people.sign_in import hash_password
from people.stations import issue_key
from storage.access_log import append_event
from storage.tables import CatalogueEntry, RoleGrant, SignIn, Station, Unit, User, now

_CHECK_DAYS = 180
"""How long a station's security check holds [default]."""
LEVELS = ("central", "province", "commune", "cell")
OPERATOR = "system:administration"


@dataclass(frozen=True, slots=True)
class NewStation:
    """A registered station and its key, which leaves the service only here."""

    code: str
    key: str


def find_unit(session: Session, code: str) -> Unit:
    """The unit of that code. Raises NotFound."""
    unit = session.scalars(select(Unit).where(Unit.code == code)).one_or_none()
    if unit is None:
        raise NotFound(f"There is no unit '{code}'.", "Look at 'sohoa admin list'.")
    return unit


def add_unit(session: Session, code: str, name: str, level: str, parent_code: str | None) -> Unit:
    """A new unit under its parent; the topmost has none."""
    if level not in LEVELS:
        raise InvalidValue(f"'{level}' is no level.", f"Use one of: {', '.join(LEVELS)}.")
    if session.scalar(select(Unit.id).where(Unit.code == code)):
        raise InvalidValue(f"There is a unit '{code}' already.", "Choose another code.")
    parent = find_unit(session, parent_code) if parent_code else None
    unit = Unit(code=code, name=name, level=level, parent_id=parent.id if parent else None)
    session.add(unit)
    session.flush()
    append_event(session, OPERATOR, "add_unit", f"unit:{unit.id}", allowed=True, detail={"code": code})
    return unit


def add_user(
    session: Session,
    username: str,
    full_name: str,
    password: str,
    *,
    secrecy: Secrecy,
    sensitivity: Sensitivity,
    commitment_signed: bool,
) -> User:
    """A new person. They can do nothing until a role is granted."""
    if session.scalar(select(User.id).where(User.username == username)):
        raise InvalidValue(f"There is a user '{username}' already.", "Choose another name.")
    user = User(
        username=username,
        full_name=full_name,
        password_hash=hash_password(password),
        secrecy=int(secrecy),
        sensitivity=int(sensitivity),
        confidentiality_signed_at=now() if commitment_signed else None,
    )
    session.add(user)
    session.flush()
    append_event(session, OPERATOR, "add_user", f"user:{user.id}", allowed=True, detail={"username": username})
    return user


def grant_role(session: Session, username: str, role: Role, unit_code: str) -> None:
    """Gives the role in the unit and everything below it. Doing it twice does nothing."""
    user, unit = find_user(session, username), find_unit(session, unit_code)
    held = select(RoleGrant.id).where(
        RoleGrant.user_id == user.id, RoleGrant.unit_id == unit.id, RoleGrant.role == role
    )
    if session.scalar(held) is None:
        session.add(RoleGrant(user_id=user.id, unit_id=unit.id, role=role))
        detail = {"role": role.value, "unit": unit.code}
        append_event(session, OPERATOR, "grant_role", f"user:{user.id}", allowed=True, detail=detail)


def deactivate_user(session: Session, username: str) -> None:
    """The person cannot sign in any more, and their sign-ins end; what they did stays theirs."""
    user = find_user(session, username)
    user.active = False
    session.execute(delete(SignIn).where(SignIn.user_id == user.id))
    append_event(session, OPERATOR, "deactivate_user", f"user:{user.id}", allowed=True)


def register_station(
    session: Session, code: str, name: str, unit_code: str, operator: str, checked_on: date, verify_key: str = ""
) -> NewStation:
    """A new scan station with a key of its own. `verify_key` signs its offline packages."""
    if session.scalar(select(Station.id).where(Station.code == code)):
        raise InvalidValue(f"There is a station '{code}' already.", "Choose another code.")
    station = Station(
        code=code,
        name=name,
        unit_id=find_unit(session, unit_code).id,
        operator_id=find_user(session, operator).id,
        security_checked_on=checked_on,
        security_check_due=checked_on + timedelta(days=_CHECK_DAYS),
        verify_key=verify_key,
    )
    key = issue_key(station)
    session.add(station)
    session.flush()
    append_event(session, OPERATOR, "register_station", f"station:{station.id}", allowed=True, detail={"code": code})
    return NewStation(code, key.text)


def renew_station(session: Session, code: str, checked_on: date | None, *, new_key: bool) -> NewStation | None:
    """Records a station's security check, and gives it a new key if wanted; answers the key then."""
    station = session.scalars(select(Station).where(Station.code == code)).one_or_none()
    if station is None:
        raise NotFound(f"There is no station '{code}'.", "Look at 'sohoa admin list'.")
    if checked_on is not None:
        station.security_checked_on = checked_on
        station.security_check_due = checked_on + timedelta(days=_CHECK_DAYS)
    key = issue_key(station) if new_key else None
    detail = {"checked": checked_on is not None, "new_key": new_key}
    append_event(session, OPERATOR, "renew_station", f"station:{station.id}", allowed=True, detail=detail)
    return NewStation(code, key.text) if key else None


def add_catalogue_entry(
    session: Session,
    dictionary: Dictionary,
    *,
    code: str,
    title: str,
    unit_code: str,
    record_types: list[str],
    business_owner: str | None,
    technical_owner: str | None,
    planned_pages: int,
    composition: str = "",
) -> CatalogueEntry:
    """A draft of a catalogue entry; batches open under it once it is approved and has both owners.

    composition: of the dictionary, what each archival file of its batches is held against; empty: nothing.
    """
    for name in record_types:
        dictionary.record_type(name)
    if composition:
        dictionary.composition(composition)
    if not record_types:
        raise InvalidValue("A catalogue entry names at least one record type.", "Add one.")
    if session.scalar(select(CatalogueEntry.id).where(CatalogueEntry.code == code)):
        raise InvalidValue(f"There is a catalogue entry '{code}' already.", "Choose another code.")
    entry = CatalogueEntry(
        code=code,
        title=title,
        unit_id=find_unit(session, unit_code).id,
        record_types=record_types,
        business_owner_id=find_user(session, business_owner).id if business_owner else None,
        technical_owner_id=find_user(session, technical_owner).id if technical_owner else None,
        planned_pages=planned_pages,
        composition=composition,
        dictionary_version=dictionary.version,
    )
    session.add(entry)
    session.flush()
    append_event(session, OPERATOR, "add_catalogue_entry", f"catalogue:{entry.id}", allowed=True, detail={"code": code})
    return entry


def set_owners(session: Session, code: str, business_owner: str | None, technical_owner: str | None) -> None:
    """Names the owners of a catalogue entry; one that is not given stays."""
    entry = _find_entry(session, code)
    if business_owner:
        entry.business_owner_id = find_user(session, business_owner).id
    if technical_owner:
        entry.technical_owner_id = find_user(session, technical_owner).id
    append_event(session, OPERATOR, "set_owners", f"catalogue:{entry.id}", allowed=True)


def approve_catalogue_entry(session: Session, code: str, approver: str) -> CatalogueEntry:
    """The approval by a named person."""
    entry = _find_entry(session, code)
    user = find_user(session, approver)
    entry.approved_by, entry.approved_at = user.id, now()
    append_event(session, f"user:{user.id}", "approve_catalogue_entry", f"catalogue:{entry.id}", allowed=True)
    return entry


def _find_entry(session: Session, code: str) -> CatalogueEntry:
    entry = session.scalars(select(CatalogueEntry).where(CatalogueEntry.code == code)).one_or_none()
    if entry is None:
        raise NotFound(f"There is no catalogue entry '{code}'.", "Add it first.")
    return entry
