"""Changing the data dictionary: one administrator proposes a version, another person approves it with its first day.

What entries and records use is not taken away: such a proposal is refused, and told by whom it is used.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from json import dumps

from sqlalchemy import ColumnElement, String, cast, select, tuple_
from sqlalchemy.orm import Session

from core.catalogue import Dictionary
from core.catalogue.diff import Difference, Kind, Part, compare
from core.errors import Forbidden, GateClosed, InvalidValue, NotFound, SeparationOfDuties
from core.labels import Role
from core.states import ChangeState, move
from flow.changes import require_reason
from flow.dictionaries import Dictionaries, check_text, read_version, text_hash, today
from people.persons import Person
from storage.access_log import append_event
from storage.database import HELD, present
from storage.tables import Batch, CatalogueEntry, DictionaryVersion, Document, EntryChange, FieldValue, Unit

_DECIDERS = (Role.ADMINISTRATOR, Role.BUSINESS_OWNER)
_SHOWN_USES = 20


@dataclass(frozen=True, slots=True)
class Proposal:
    """A version that somebody proposed, and what it changes against the dictionary that holds today."""

    row: DictionaryVersion
    differences: tuple[Difference, ...]
    uses: tuple[str, ...]
    """What it would break, a line each; it is not approved while there is any."""


def require_over_all(session: Session, person: Person, roles: tuple[Role, ...]) -> None:
    """Raises Forbidden unless one of the roles is held in a topmost unit: the dictionary is everybody's."""
    topmost = set(session.scalars(select(Unit.id).where(Unit.parent_id.is_(None))))
    if not topmost & person.clearance.units_of(roles):
        wanted = " or ".join(roles)
        raise Forbidden(f"This needs the role {wanted} in the topmost unit.", "Ask its administrator.")


def propose_dictionary(
    session: Session, dictionaries: Dictionaries, person: Person, text: str, reason: str
) -> DictionaryVersion:
    """A proposed version from its YAML text, possibly of several documents; the access log keeps who and why.

    Raises Forbidden, InvalidValue whose `faults` name every fault with its line, or a version that is taken already.
    """
    require_over_all(session, person, (Role.ADMINISTRATOR,))
    dictionary, faults = check_text(text)
    if dictionary is None:
        named = tuple((f"{one.line}", one.told) for one in faults)
        raise InvalidValue(f"The data dictionary has {len(faults)} faults.", "Mend them and propose it again.", named)
    _require_new(session, dictionary.version)
    if not compare(dictionaries.present(session), dictionary):
        raise InvalidValue("This changes nothing in the present dictionary.", "Propose what differs from it.")
    row = DictionaryVersion(
        version=dictionary.version,
        content_hash=text_hash(text),
        text=text,
        reason=require_reason(reason),
        proposed_by=person.user_id,
        proposed_at=present(session),
    )
    session.add(row)
    session.flush()
    _log(session, person, "propose_dictionary", row)
    return row


def _require_new(session: Session, version: str) -> None:
    taken = select(DictionaryVersion.state).where(
        DictionaryVersion.version == version, DictionaryVersion.state != ChangeState.REJECTED
    )
    state = session.scalars(taken).first()
    if state is not None:
        raise InvalidValue(f"There is a version '{version}' already; it is '{state}'.", "Give it another 'version'.")


def find_proposal(session: Session, dictionaries: Dictionaries, key: str) -> Proposal:
    """A version by its id with what it changes. Raises NotFound."""
    row = session.get(DictionaryVersion, key)
    if row is None:
        raise NotFound(f"There is no change request '{key[:40]}'.", "Look at the list.")
    if row.state is not ChangeState.PROPOSED:
        return Proposal(row, (), ())
    before = dictionaries.present(session)
    differences = compare(before, read_version(row))
    return Proposal(row, differences, tuple(find_uses(session, before, differences)))


def approve_dictionary(session: Session, person: Person, dictionaries: Dictionaries, key: str, first_day: date) -> None:
    """Approves a proposed version: from that day on it is what new batches are opened with.

    Raises Forbidden, NotFound, SeparationOfDuties for who proposed it, InvalidValue for a day that is past,
    GateClosed listing who uses what it would take away, IllegalTransition if it was decided about.
    """
    require_over_all(session, person, _DECIDERS)
    proposal = find_proposal(session, dictionaries, key)
    row = _hold(session, proposal.row)
    state = move(f"Version {row.version}", row.state, ChangeState.APPROVED)
    require_another(person, row.proposed_by)
    require_coming(session, first_day)
    _require_last(session, first_day)
    if proposal.uses:
        raise GateClosed(
            f"Version '{row.version}' takes away what is in use.", proposal.uses, "Keep it, or change its users first."
        )
    row.state, row.effective_on = state, first_day
    row.decided_by, row.decided_at = person.user_id, present(session)
    session.flush()
    _log(session, person, "approve_dictionary", row, effective_on=first_day.isoformat())


def _require_last(session: Session, first_day: date) -> None:
    """Raises InvalidValue if an approved version begins later: it would take this one's place unseen."""
    approved = select(DictionaryVersion).where(DictionaryVersion.state == ChangeState.APPROVED)
    last = session.scalars(approved.order_by(DictionaryVersion.effective_on.desc()).limit(1)).first()
    if last is not None and last.effective_on is not None and last.effective_on > first_day:
        message = f"Version '{last.version}' begins on {last.effective_on:%d/%m/%Y}, later than this one."
        raise InvalidValue(message, "Choose that day or a later one.", (("effective_on", "is too early"),))


def reject_dictionary(session: Session, person: Person, key: str, reason: str) -> None:
    """Rejects a proposed version; the reason stays with it. Whoever proposed it may take it back so."""
    row = session.get(DictionaryVersion, key)
    if row is None:
        raise NotFound(f"There is no change request '{key[:40]}'.", "Look at the list.")
    if row.proposed_by != person.user_id:
        require_over_all(session, person, _DECIDERS)
    row = _hold(session, row)
    note = require_reason(reason)
    row.state = move(f"Version {row.version}", row.state, ChangeState.REJECTED)
    row.decision_note = note
    row.decided_by, row.decided_at = person.user_id, present(session)
    _log(session, person, "reject_dictionary", row)


def require_another(person: Person, proposed_by: str | None) -> None:
    """Raises SeparationOfDuties if this person proposed the change themselves."""
    if person.user_id == proposed_by:
        raise SeparationOfDuties(f"{person.full_name} proposed this change.", "Have somebody else approve it.")


def require_coming(session: Session, first_day: date) -> None:
    """Raises InvalidValue for a day before today."""
    if first_day < today(session):
        message = f"A change does not begin in the past ({first_day:%d/%m/%Y})."
        raise InvalidValue(message, "Choose today or later.", (("effective_on", "is past"),))


def find_uses(session: Session, before: Dictionary, differences: Iterable[Difference]) -> list[str]:
    """Who uses what these differences would take away from the dictionary before: a line for each record type and code.

    A field may go: the records that have it keep the version that they were made with.
    """
    found: list[str] = []
    for one in differences:
        users = _users(session, before, one) if one.kind is Kind.REMOVED else []
        if users:
            more = f" and {len(users) - _SHOWN_USES} more" if len(users) > _SHOWN_USES else ""
            found.append(f"{one.text_en} Used by {', '.join(users[:_SHOWN_USES])}{more}.")
    return found


def _users(session: Session, before: Dictionary, one: Difference) -> list[str]:
    match one.part:
        case Part.RECORD_TYPE:
            entries = session.execute(select(CatalogueEntry.code, CatalogueEntry.record_types))
            users = [f"catalogue entry {code}" for code, types in entries if one.name in types]
            approved = session.scalars(select(EntryChange.content).where(EntryChange.state == ChangeState.APPROVED))
            users += ["an approved change of an entry" for content in approved if one.name in content["record_types"]]
            return users + _batches(session, Document.record_type == one.name)
        case Part.CODE:
            return _batches(session, *_in_list(before, one.owner), cast(FieldValue.value, String) == dumps(one.name))
        case Part.CODE_LIST:
            return _batches(session, *_in_list(before, one.name))
        case Part.COMPOSITION:
            query = select(CatalogueEntry.code).where(CatalogueEntry.composition == one.name)
            return [f"catalogue entry {code}" for code in session.scalars(query)]
        case _:
            return []


def _in_list(before: Dictionary, code_list: str) -> tuple[ColumnElement[bool], ...]:
    """Matches the values of fields with this code list."""
    fields = {
        (kind.code, rule.name) for kind in before.record_types for rule in kind.fields if rule.code_list == code_list
    }
    return (tuple_(Document.record_type, FieldValue.name).in_(sorted(fields)),)


def _batches(session: Session, *conditions: ColumnElement[bool]) -> list[str]:
    """The batches that have a document for which the conditions hold."""
    query = (
        select(Batch.code)
        .join(Document, Document.batch_id == Batch.id)
        .outerjoin(FieldValue, FieldValue.document_id == Document.id)
        .where(*conditions)
    )
    return [f"batch {code}" for code in session.scalars(query.distinct().order_by(Batch.code))]


def _hold(session: Session, row: DictionaryVersion) -> DictionaryVersion:
    session.refresh(row, with_for_update=HELD)
    return row


def _log(session: Session, person: Person, action: str, row: DictionaryVersion, **more: str) -> None:
    detail = {"version": row.version, "hash": row.content_hash, **more}
    append_event(session, person.actor, action, f"dictionary:{row.id}", allowed=True, detail=detail)
