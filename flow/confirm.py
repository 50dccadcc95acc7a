"""Confirming: a reviewer vouches for values that others entered, or sends the document back to entry."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.catalogue import Dictionary, RecordType, check_record, missing_fields
from core.errors import Forbidden, IllegalTransition, InvalidValue, SeparationOfDuties
from core.labels import Role
from core.states import DocumentState
from flow.changes import log_change, move_document, open_document, require_reason
from flow.find_duplicates import find_by_values
from flow.learn_types import keep_confirmed_type
from flow.personal_data import least_sensitivity
from flow.search_jobs import request_index
from flow.weigh_pen import weigh_neighbours_again
from people.persons import Person
from review.fields import unreadable_fields
from storage.tables import Document, FieldValue, now

_LONGEST_TITLE = 500
_TO_DESCRIBED: Mapping[DocumentState, tuple[DocumentState, ...]] = {
    DocumentState.ENTERED: (DocumentState.DESCRIBED,),
    DocumentState.CONFIRMED: (DocumentState.ENTERED, DocumentState.DESCRIBED),
    DocumentState.ACCEPTED: (DocumentState.ENTERED, DocumentState.DESCRIBED),
}


def confirm_document(
    session: Session, person: Person, dictionary: Dictionary, document_id: str, revision: int
) -> Document:
    """Confirms every value that is not confirmed yet, all of them entered by others.

    Raises SeparationOfDuties and Forbidden naming the fields, InvalidValue with the fields that are missing or break
    a rule, IllegalTransition unless the document waits for confirmation.
    """
    document = open_document(session, person, document_id, revision, (Role.REVIEWER,))
    move_document(document, DocumentState.CONFIRMED)
    record_type = dictionary.record_type(document.record_type or "")
    values = list(session.scalars(select(FieldValue).where(FieldValue.document_id == document.id)))
    waiting = [one for one in values if one.confirmed_by is None]
    _require_others(person, document, waiting)
    hidden = sorted(unreadable_fields(record_type, person.clearance, document.unit_id) & {one.name for one in waiting})
    if hidden:
        raise Forbidden(
            f"These fields are above your clearance: {', '.join(hidden)}.", "Have somebody cleared confirm it."
        )
    _require_complete(record_type, values)
    at = now()
    for one in waiting:
        one.confirmed_by, one.confirmed_at = person.user_id, at
    document.confirmed_by = person.user_id
    document.reason = document.reason_code = None
    _settle_label(session, person, document, record_type)
    document.title = document.title or _title_from(values)
    find_by_values(session, dictionary, document)
    keep_confirmed_type(session, person, dictionary, document)
    request_index(session, document)
    detail = {"fields": sorted(one.name for one in waiting)}
    log_change(session, person, "confirm_document", document, detail)
    weigh_neighbours_again(session, document)
    return document


def _title_from(values: list[FieldValue]) -> str:
    """What a document without a declared title is called: its abstract, as two people have read it."""
    return next((str(one.value)[:_LONGEST_TITLE] for one in values if one.name == "abstract" and one.value), "")


def _settle_label(session: Session, person: Person, document: Document, record_type: RecordType) -> None:
    """Two people have said what the document is: a label that only stood in for that becomes the record type's own.

    What personal values on its pages ask for stays.
    """
    if document.label_provisional:
        before = document.sensitivity
        document.sensitivity = int(max(record_type.labels.sensitivity, least_sensitivity(session, document.id)))
        document.label_provisional = False
        log_change(session, person, "settle_label", document, {"before": before, "after": document.sensitivity})


def _require_others(person: Person, document: Document, waiting: list[FieldValue]) -> None:
    mine = sorted(one.name for one in waiting if one.entered_by == person.user_id)
    if document.entered_by == person.user_id:
        mine.insert(0, "record_type")
    if mine:
        raise SeparationOfDuties(
            f"{person.full_name} entered these fields of this document: {', '.join(mine)}.",
            "Have another reviewer confirm it.",
        )


def _require_complete(record_type: RecordType, values: list[FieldValue]) -> None:
    present = {one.name: one.value for one in values}
    reasons = {one.name: one.missing_reason or "" for one in values}
    faults = [(fault.field, fault.message) for fault in check_record(record_type, present)]
    faults += [(rule.name, f"{rule.title}: bắt buộc.") for rule in missing_fields(record_type, present, reasons)]
    if faults:
        names = ", ".join(dict.fromkeys(name for name, _ in faults))
        raise InvalidValue(f"These fields are not right: {names}.", "Return the document to entry.", tuple(faults))


def return_to_entry(session: Session, person: Person, document_id: str, revision: int, reason: str) -> Document:
    """Sends an entered or confirmed document back to be entered again, with the reason. Values stay."""
    document = open_document(session, person, document_id, revision, (Role.REVIEWER,))
    if document.state not in _TO_DESCRIBED:
        raise IllegalTransition(f"The document is '{document.state}'; it is not returned to entry.", "Load it again.")
    document.reason = require_reason(reason)
    move_document(document, *_TO_DESCRIBED[document.state])
    document.confirmed_by = None
    request_index(session, document)
    log_change(session, person, "return_to_entry", document)
    return document
