"""Catalogue entries: what one says is proposed by one person, approved by another, and applied on its first day."""

from __future__ import annotations

import re
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.catalogue.entry_content import Card, EntryContent, Target
from core.errors import GateClosed, IllegalTransition, InvalidValue, NotFound
from core.labels import Role
from core.states import ChangeState, move
from flow.administer import find_unit
from flow.change_dictionary import require_another, require_coming
from flow.changes import require_reason
from flow.dictionaries import Dictionaries, today
from flow.find import CATALOGUE_ROLES
from flow.unit_validity import require_valid_unit
from people.persons import Person, find_user
from storage.access_log import append_event
from storage.database import HELD, present
from storage.tables import (
    Batch,
    CatalogueEntry,
    CatalogueTarget,
    Document,
    EntryChange,
    ProcessCard,
    Unit,
    User,
)

PROPOSERS = (Role.ADMINISTRATOR, Role.BUSINESS_OWNER, Role.TECHNICAL_OWNER)
DECIDERS = (Role.ADMINISTRATOR, Role.BUSINESS_OWNER)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}\Z")
_TAKEN = frozenset({"new", "changes", "propose"})
"""Codes that stand for pages of the service."""


def find_entry(session: Session, person: Person, code: str) -> CatalogueEntry:
    """The entry of that code, of a unit that the person has work in. Raises NotFound."""
    entry = session.scalars(select(CatalogueEntry).where(CatalogueEntry.code == code)).one_or_none()
    if entry is None or entry.unit_id not in person.clearance.units_of(CATALOGUE_ROLES):
        denied = f"catalogue:{entry.id}" if entry else ""
        raise NotFound(f"There is no catalogue entry '{code[:40]}'.", "Look at the catalogue.", denied=denied)
    return entry


def read_content(session: Session, entry: CatalogueEntry) -> EntryContent:
    """What the entry says now."""
    units = dict(session.execute(select(Unit.id, Unit.code)).all())
    owners = [session.get(User, one or "") for one in (entry.business_owner_id, entry.technical_owner_id)]
    targets = session.scalars(
        select(CatalogueTarget).where(CatalogueTarget.entry_id == entry.id).order_by(CatalogueTarget.due)
    )
    cards = session.scalars(
        select(ProcessCard).where(ProcessCard.entry_id == entry.id).order_by(ProcessCard.record_type)
    )
    return EntryContent(
        title=entry.title,
        unit=units[entry.unit_id],
        coordinating_units=tuple(units[one] for one in entry.coordinating_unit_ids),
        business_owner=owners[0].username if owners[0] else "",
        technical_owner=owners[1].username if owners[1] else "",
        record_types=tuple(entry.record_types),
        composition=entry.composition,
        planned_pages=entry.planned_pages,
        period_from=entry.period_from,
        period_to=entry.period_to,
        targets=tuple(Target(due=one.due, percent=one.percent) for one in targets),
        cards=tuple(Card.model_validate({name: getattr(one, name) for name in Card.model_fields}) for one in cards),
    )


def propose_entry(
    session: Session, dictionaries: Dictionaries, person: Person, code: str, content: EntryContent, reason: str
) -> EntryChange:
    """Proposes what an entry is to say; an unknown code makes a draft, under which no batch opens before approval.

    Raises Forbidden, NotFound for a unit, a person or a record type that does not exist, IllegalTransition while
    another change of the entry waits.
    """
    unit = find_unit(session, content.unit)
    person.require_any(PROPOSERS, unit.id)
    entry = session.scalars(select(CatalogueEntry).where(CatalogueEntry.code == code)).one_or_none()
    if entry is None:
        entry = _make_draft(session, dictionaries, code, unit.id, content)
    find_entry(session, person, code)
    person.require_any(PROPOSERS, entry.unit_id)
    session.refresh(entry, with_for_update=HELD)
    _require_known(session, dictionaries, content)
    open_states = (ChangeState.PROPOSED, ChangeState.APPROVED)
    if session.scalar(
        select(EntryChange.id).where(EntryChange.entry_id == entry.id, EntryChange.state.in_(open_states))
    ):
        raise IllegalTransition(f"A change of entry '{code}' waits already.", "Decide about it first.")
    change = EntryChange(
        entry_id=entry.id,
        content=content.model_dump(mode="json"),
        reason=require_reason(reason),
        proposed_by=person.user_id,
        proposed_at=present(session),
    )
    session.add(change)
    session.flush()
    _log(session, person, "propose_catalogue_entry", change)
    return change


def _make_draft(
    session: Session, dictionaries: Dictionaries, code: str, unit_id: str, content: EntryContent
) -> CatalogueEntry:
    if not _CODE.match(code) or code in _TAKEN:
        raise InvalidValue(f"'{code[:40]}' cannot be a code.", "Use letters, digits, '.', '_' and '-', at most 40.")
    entry = CatalogueEntry(
        code=code,
        title=content.title,
        unit_id=unit_id,
        record_types=list(content.record_types),
        dictionary_version=dictionaries.present(session).version,
    )
    session.add(entry)
    session.flush()
    return entry


def _require_known(session: Session, dictionaries: Dictionaries, content: EntryContent) -> None:
    """Raises NotFound for what the content names and is not there, an owner who is not active among it.

    Raises InvalidValue for a unit that has ended.
    """
    dictionary = dictionaries.present(session)
    for record_type in content.record_types:
        dictionary.record_type(record_type)
    if content.composition:
        dictionary.composition(content.composition)
    for unit in (content.unit, *content.coordinating_units):
        require_valid_unit(session, unit, today(session))
    for owner in (content.business_owner, content.technical_owner):
        find_user(session, owner)


def find_change(session: Session, person: Person, key: str) -> tuple[EntryChange, CatalogueEntry]:
    """A change request with its entry. Raises NotFound."""
    change = session.get(EntryChange, key)
    if change is None:
        raise NotFound(f"There is no change request '{key[:40]}'.", "Look at the entry.")
    entry = session.get_one(CatalogueEntry, change.entry_id)
    return change, find_entry(session, person, entry.code)


def approve_entry(session: Session, dictionaries: Dictionaries, person: Person, key: str, first_day: date) -> None:
    """Approves a change, by somebody else than who proposed it; it is applied at once if its day is today.

    Raises Forbidden, NotFound, SeparationOfDuties, InvalidValue for a past day, IllegalTransition, and GateClosed
    listing the batches that use a record type that it would take away.
    """
    change, entry = find_change(session, person, key)
    person.require_any(DECIDERS, entry.unit_id)
    session.refresh(change, with_for_update=HELD)
    state = move(f"Change of {entry.code}", change.state, ChangeState.APPROVED)
    require_another(person, change.proposed_by)
    require_coming(session, first_day)
    content = EntryContent.model_validate(change.content)
    _require_known(session, dictionaries, content)
    _require_kept(session, dictionaries, entry, content)
    change.state, change.effective_on = state, first_day
    change.decided_by, change.decided_at = person.user_id, present(session)
    session.flush()
    _log(session, person, "approve_catalogue_entry", change)
    apply_due_entries(session, dictionaries)


def reject_entry(session: Session, person: Person, key: str, reason: str) -> None:
    """Rejects a change with its reason, or takes one's own back."""
    change, entry = find_change(session, person, key)
    if change.proposed_by != person.user_id:
        person.require_any(DECIDERS, entry.unit_id)
    session.refresh(change, with_for_update=HELD)
    note = require_reason(reason)
    change.state = move(f"Change of {entry.code}", change.state, ChangeState.REJECTED)
    change.decision_note = note
    change.decided_by, change.decided_at = person.user_id, present(session)
    _log(session, person, "reject_catalogue_entry", change)


def apply_due_entries(session: Session, dictionaries: Dictionaries) -> int:
    """Has every approved change whose day has come take the place of what its entry said; answers how many."""
    due = session.scalars(
        select(EntryChange)
        .where(EntryChange.state == ChangeState.APPROVED, EntryChange.effective_on <= today(session))
        .order_by(EntryChange.effective_on)
        .with_for_update(key_share=True)
    ).all()
    for change in due:
        _apply(session, dictionaries, change)
    return len(due)


def _apply(session: Session, dictionaries: Dictionaries, change: EntryChange) -> None:
    entry = session.get_one(CatalogueEntry, change.entry_id)
    content = EntryContent.model_validate(change.content)
    entry.title, entry.unit_id = content.title, find_unit(session, content.unit).id
    entry.coordinating_unit_ids = [find_unit(session, one).id for one in content.coordinating_units]
    owners = {user.username: user.id for user in session.scalars(select(User))}
    entry.business_owner_id = owners[content.business_owner]
    entry.technical_owner_id = owners[content.technical_owner]
    entry.record_types, entry.composition = list(content.record_types), content.composition
    entry.planned_pages = content.planned_pages
    entry.period_from, entry.period_to = content.period_from, content.period_to
    entry.dictionary_version = dictionaries.present(session).version
    entry.approved_by, entry.approved_at = change.decided_by, change.decided_at
    session.execute(delete(CatalogueTarget).where(CatalogueTarget.entry_id == entry.id))
    session.execute(delete(ProcessCard).where(ProcessCard.entry_id == entry.id))
    session.add_all([CatalogueTarget(entry_id=entry.id, **one.model_dump()) for one in content.targets])
    session.add_all([ProcessCard(entry_id=entry.id, **one.model_dump()) for one in content.cards])
    change.state = move(f"Change of {entry.code}", change.state, ChangeState.APPLIED)
    session.flush()
    detail = {"code": entry.code, "change": change.id}
    append_event(
        session, "system:catalogue", "apply_catalogue_entry", f"catalogue:{entry.id}", allowed=True, detail=detail
    )


def _require_kept(session: Session, dictionaries: Dictionaries, entry: CatalogueEntry, content: EntryContent) -> None:
    """Raises GateClosed if documents of the entry are of a record type that the content no longer has.

    And if the dictionary of one of its batches knows none of those that it has.
    """
    rows = session.execute(
        select(Document.record_type, Batch.code)
        .join(Batch, Batch.id == Document.batch_id)
        .where(Batch.catalogue_entry_id == entry.id, Document.record_type.not_in(content.record_types))
        .distinct()
        .order_by(Document.record_type, Batch.code)
    )
    lines = [f"record type {kind} is used in batch {code}" for kind, code in rows]
    batches = select(Batch.code, Batch.dictionary_version).where(Batch.catalogue_entry_id == entry.id)
    for code, version in session.execute(batches.order_by(Batch.code)):
        known = dictionaries.of(session, version)
        if not any(known.has_record_type(kind) for kind in content.record_types):
            lines.append(f"batch {code} was opened with a dictionary that has none of these record types")
    if lines:
        raise GateClosed(f"The change takes record types away from entry '{entry.code}'.", tuple(lines), "Keep them.")


def _log(session: Session, person: Person, action: str, change: EntryChange) -> None:
    detail = {"change": change.id, "effective_on": change.effective_on.isoformat() if change.effective_on else ""}
    append_event(session, person.actor, action, f"catalogue:{change.entry_id}", allowed=True, detail=detail)
