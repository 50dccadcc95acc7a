"""A file lacks a document that its composition requires: one person enters the reason, another confirms it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.catalogue import Dictionary
from core.errors import IllegalTransition, InvalidValue, NotFound, SeparationOfDuties
from core.labels import Role
from flow.changes import ENTRY_ROLES, require_open_batch, require_reason
from flow.find import find_batch
from people.persons import Person
from review.file_standing import list_standings
from storage.access import readable
from storage.access_log import append_event
from storage.database import HELD
from storage.tables import Absence, ArchivalFile, Batch, Document, now


def explain_absence(
    session: Session,
    person: Person,
    dictionary: Dictionary,
    code: str,
    archival_file_id: str,
    record_type: str,
    reason: str,
) -> Absence:
    """Enters why a file of the batch lacks a document of this record type.

    Raises NotFound for a file of which this person may read nothing, InvalidValue for a record type that is not
    missing, IllegalTransition where a reason stands already.
    """
    batch = _open_batch(session, person, code, ENTRY_ROLES)
    _hold_file(session, person, batch, archival_file_id)
    standings = {one.contents.archival_file.id: one for one in list_standings(session, dictionary, batch)}
    standing = standings.get(archival_file_id)
    if standing is None or record_type not in standing.check.missing:
        raise InvalidValue(
            f"The file lacks no document of record type '{record_type[:60]}'.", "Look at the batch again."
        )
    if any(one.record_type == record_type for one in standing.absences):
        raise IllegalTransition("A reason stands for this document already.", "Revoke it first.")
    absence = Absence(
        archival_file_id=archival_file_id,
        record_type=record_type,
        reason=require_reason(reason),
        entered_by=person.user_id,
    )
    session.add(absence)
    session.flush()
    _log(session, person, "explain_absence", batch, absence)
    return absence


def confirm_absence(session: Session, person: Person, code: str, absence_id: str) -> Absence:
    """Another person vouches for the reason; from now on the missing document blocks nothing."""
    batch = _open_batch(session, person, code, (Role.REVIEWER,))
    absence = _find_absence(session, person, batch, absence_id)
    if absence.confirmed_by is not None:
        raise IllegalTransition("This reason is confirmed already.", "Load the page again.")
    if absence.entered_by == person.user_id:
        raise SeparationOfDuties(f"{person.full_name} entered this reason.", "Have another reviewer confirm it.")
    absence.confirmed_by, absence.confirmed_at = person.user_id, now()
    _log(session, person, "confirm_absence", batch, absence)
    return absence


def revoke_absence(session: Session, person: Person, code: str, absence_id: str) -> Absence:
    """Takes the reason back; it is kept, and the missing document blocks acceptance again."""
    batch = _open_batch(session, person, code, ENTRY_ROLES)
    absence = _find_absence(session, person, batch, absence_id)
    if absence.entered_by != person.user_id:
        person.require(Role.REVIEWER, batch.unit_id)
    absence.revoked_by, absence.revoked_at = person.user_id, now()
    _log(session, person, "revoke_absence", batch, absence)
    return absence


def _open_batch(session: Session, person: Person, code: str, roles: tuple[Role, ...]) -> Batch:
    batch = find_batch(session, person, code)
    person.require_any(roles, batch.unit_id)
    return require_open_batch(session, batch.id)


def _find_absence(session: Session, person: Person, batch: Batch, absence_id: str) -> Absence:
    absence = session.get(Absence, absence_id)
    if absence is not None:
        _hold_file(session, person, batch, absence.archival_file_id)
        session.refresh(absence)
    if absence is None or absence.revoked_at is not None:
        raise NotFound(f"There is no reason '{absence_id[:40]}' that stands.", "Load the page again.")
    return absence


def _hold_file(session: Session, person: Person, batch: Batch, archival_file_id: str) -> None:
    """Holds the file, so that two people do not decide at once. Raises NotFound unless it is one of the batch of which
    this person may read a document."""
    file = session.get(ArchivalFile, archival_file_id, with_for_update=HELD)
    mine = select(Document.id).where(Document.archival_file_id == archival_file_id, readable(person.clearance))
    if file is None or file.batch_id != batch.id or session.scalar(mine.limit(1)) is None:
        raise NotFound(f"Batch {batch.code} has no file '{archival_file_id[:40]}'.", "Look at its list of files.")


def _log(session: Session, person: Person, action: str, batch: Batch, absence: Absence) -> None:
    detail = {"file": absence.archival_file_id, "record_type": absence.record_type, "absence": absence.id}
    append_event(session, person.actor, action, f"batch:{batch.id}", allowed=True, detail=detail)
