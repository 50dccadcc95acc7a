"""Entering: a person chooses the record type and types or takes over its values; drafts are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.catalogue import Dictionary, RecordType, check_record, check_value, missing_fields
from core.errors import IllegalTransition, InvalidValue
from core.labels import Secrecy
from core.states import DocumentState
from flow.changes import ENTRY_ROLES, log_change, move_document, open_document
from flow.find_duplicates import find_by_values
from flow.reuse import Origins, list_origins
from flow.search_jobs import request_index
from flow.withhold import withhold_document
from people.persons import Person
from review.fields import unreadable_fields
from storage.tables import Batch, CatalogueEntry, Document, FieldSuggestion, FieldValue, ValueChange, now

_TO_DESCRIBED: Mapping[DocumentState, tuple[DocumentState, ...]] = {
    DocumentState.DESCRIBED: (),
    DocumentState.ENTERED: (DocumentState.DESCRIBED,),
    DocumentState.CONFIRMED: (DocumentState.ENTERED, DocumentState.DESCRIBED),
    DocumentState.ACCEPTED: (DocumentState.ENTERED, DocumentState.DESCRIBED),
}
_TO_ENTERED: Mapping[DocumentState, tuple[DocumentState, ...]] = {
    DocumentState.DESCRIBED: (DocumentState.ENTERED,),
    DocumentState.ENTERED: (),
    DocumentState.CONFIRMED: (DocumentState.ENTERED,),
    DocumentState.ACCEPTED: (DocumentState.ENTERED,),
}
_TYPE_CHANGED = "Đổi loại hồ sơ, tài liệu."
_LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class EnteredValue:
    """What a person entered for a field: a value, or why there is none, or neither to clear it.

    suggestion_id: the suggestion whose place on the page the value was read at, taken over as it was or corrected.
    origin_id: the document of the same person's file that the value was taken over from.
    """

    value: str | Sequence[str] | None
    missing_reason: str | None = None
    suggestion_id: str | None = None
    origin_id: str | None = None


@dataclass(frozen=True, slots=True)
class _Checked:
    value: str | list[str] | None
    missing_reason: str | None
    suggestion: FieldSuggestion | None
    origin_id: str | None = None

    @property
    def is_empty(self) -> bool:
        return self.value is None and self.missing_reason is None


_CLEARED = _Checked(None, None, None)


def enter_values(
    session: Session,
    person: Person,
    dictionary: Dictionary,
    document_id: str,
    revision: int,
    record_type: str,
    entries: Mapping[str, EnteredValue],
    *,
    complete: bool,
    ceiling: Secrecy,
) -> Document:
    """Stores what was entered; fields without an entry stay as they are. A changed value loses its confirmation.

    complete: the entry is finished and goes to be confirmed; else it is a draft, which may lack values but not break
    rules. ceiling: highest secrecy this installation may hold; a record type above it withholds the document.
    Raises InvalidValue whose `faults` name every wrong or missing field, and nothing is stored then.
    """
    document = open_document(session, person, document_id, revision, ENTRY_ROLES)
    if document.state not in _TO_ENTERED:
        raise IllegalTransition(f"The document is '{document.state}'; no values are entered now.", "Load it again.")
    chosen = _choose_type(session, dictionary, document, record_type)
    checked = _check_entries(session, person, dictionary, document, chosen, entries)
    stored = {one.name: one for one in session.scalars(select(FieldValue).where(FieldValue.document_id == document.id))}
    _check_whole(chosen, checked, stored, complete)
    for name in stored.keys() - {rule.name for rule in chosen.fields}:
        checked[name] = _CLEARED
    type_changed = _set_type(session, person, document, chosen)
    changed = [name for name, one in checked.items() if _apply(session, person, document, chosen, name, one, stored)]
    _move_on(person, document, bool(changed) or type_changed, complete)
    _raise_label(session, document, chosen, ceiling)
    find_by_values(session, dictionary, document)
    request_index(session, document)
    detail: dict[str, Any] = {"fields": sorted(changed), "record_type": chosen.code, "complete": complete}
    if origins := {name: one.origin_id for name in sorted(changed) if (one := checked[name]).origin_id}:
        detail["origins"] = origins
    log_change(session, person, "enter_values", document, detail)
    return document


def _choose_type(session: Session, dictionary: Dictionary, document: Document, code: str) -> RecordType:
    batch = session.get_one(Batch, document.batch_id)
    allowed = session.get_one(CatalogueEntry, batch.catalogue_entry_id).record_types
    if code not in allowed or not dictionary.has_record_type(code):
        raise InvalidValue(
            f"Record type '{code[:60]}' is not in the catalogue entry of batch {batch.code}.",
            f"Choose one of: {', '.join(allowed)}; or reject the document.",
            (("record_type", "không thuộc danh mục của lô này."),),
        )
    return dictionary.record_type(code)


def _check_entries(
    session: Session,
    person: Person,
    dictionary: Dictionary,
    document: Document,
    chosen: RecordType,
    entries: Mapping[str, EnteredValue],
) -> dict[str, _Checked]:
    wanted = [entry.suggestion_id for entry in entries.values() if entry.suggestion_id]
    suggestions = {
        one.id: one
        for one in session.scalars(
            select(FieldSuggestion).where(FieldSuggestion.document_id == document.id, FieldSuggestion.id.in_(wanted))
        )
    }
    hidden = unreadable_fields(chosen, person.clearance, document.unit_id)
    wanted_origins = {entry.origin_id for entry in entries.values() if entry.origin_id}
    origins = list_origins(session, person, dictionary, document, chosen, wanted_origins)
    checked: dict[str, _Checked] = {}
    faults: list[tuple[str, str]] = []
    for name, entry in entries.items():
        if not chosen.has_field(name) or name in hidden:
            faults.append((name[:60], "không có trong loại hồ sơ, tài liệu này."))
            continue
        try:
            checked[name] = _check_entry(dictionary, chosen, name, entry, suggestions, origins)
        except InvalidValue as error:
            faults.append((name, error.message))
    _refuse(faults)
    return checked


def _check_entry(
    dictionary: Dictionary,
    chosen: RecordType,
    name: str,
    entry: EnteredValue,
    suggestions: Mapping[str, FieldSuggestion],
    origins: Origins,
) -> _Checked:
    rule = chosen.field(name)
    suggestion = suggestions.get(entry.suggestion_id) if entry.suggestion_id else None
    if entry.suggestion_id and (suggestion is None or suggestion.name != name):
        raise InvalidValue(f"{rule.title}: gợi ý không còn nữa, hãy tải lại trang.")
    if entry.origin_id and (name, entry.origin_id) not in origins:
        raise InvalidValue(f"{rule.title}: tài liệu nguồn không còn giá trị này, hãy tải lại trang.")
    reason = (entry.missing_reason or "").strip() or None
    value = entry.value.strip() if isinstance(entry.value, str) else entry.value
    if value:
        found = check_value(rule, value, dictionary)
        # Taken over and then corrected from the page: that is no longer what the other document says.
        same = entry.origin_id is not None and found == origins[name, entry.origin_id]
        return _Checked(found, None, suggestion, entry.origin_id if same else None)
    if reason and not rule.missing_reason_allowed:
        raise InvalidValue(f"{rule.title}: trường này không được bỏ trống với lý do.")
    if reason and len(reason) > _LONGEST_REASON:
        raise InvalidValue(f"{rule.title}: lý do dài quá {_LONGEST_REASON} ký tự.")
    return _Checked(None, reason, suggestion)


def _check_whole(
    chosen: RecordType, checked: Mapping[str, _Checked], stored: Mapping[str, FieldValue], complete: bool
) -> None:
    """The rules between the fields and, when the entry is complete, that nothing required is missing."""
    values: dict[str, Any] = {name: one.value for name, one in stored.items() if chosen.has_field(name)}
    values |= {name: one.value for name, one in checked.items()}
    reasons = {name: one.missing_reason or "" for name, one in stored.items()}
    reasons |= {name: one.missing_reason or "" for name, one in checked.items()}
    faults = [(fault.field, fault.message) for fault in check_record(chosen, values)]
    if complete:
        faults += [(rule.name, f"{rule.title}: bắt buộc.") for rule in missing_fields(chosen, values, reasons)]
    _refuse(faults)


def _refuse(faults: list[tuple[str, str]]) -> None:
    if faults:
        names = ", ".join(dict.fromkeys(name for name, _ in faults))
        raise InvalidValue(f"These fields are not right: {names}.", "Mend them and save again.", tuple(faults))


def _set_type(session: Session, person: Person, document: Document, chosen: RecordType) -> bool:
    before = document.record_type
    if before == chosen.code:
        return False
    document.record_type = chosen.code
    session.add(
        ValueChange(
            document_id=document.id, name="record_type", before=before, after=chosen.code, changed_by=person.user_id
        )
    )
    return True


def _apply(
    session: Session,
    person: Person,
    document: Document,
    chosen: RecordType,
    name: str,
    new: _Checked,
    stored: Mapping[str, FieldValue],
) -> bool:
    """Writes one field with its change; answers whether there was any."""
    old = stored.get(name)
    if old is None and new.is_empty:
        return False
    if old is not None and (old.value, old.missing_reason) == (new.value, new.missing_reason):
        return False
    reason = new.missing_reason or ("" if chosen.has_field(name) else _TYPE_CHANGED)
    session.add(
        ValueChange(
            document_id=document.id,
            name=name,
            before=old.value if old else None,
            after=new.value,
            reason=reason,
            changed_by=person.user_id,
        )
    )
    if old is not None and new.is_empty:
        session.delete(old)
        return True
    row = old or FieldValue(document_id=document.id, name=name)
    row.value, row.missing_reason = new.value, new.missing_reason
    row.suggestion_id = new.suggestion.id if new.suggestion else None
    row.page_id = new.suggestion.page_id if new.suggestion else None
    row.box = new.suggestion.box if new.suggestion else None
    row.origin_document_id = new.origin_id
    row.entered_by, row.entered_at = person.user_id, now()
    row.confirmed_by = row.confirmed_at = None
    session.add(row)
    return True


def _move_on(person: Person, document: Document, changed: bool, complete: bool) -> None:
    if not changed and not (complete and document.state is DocumentState.DESCRIBED):
        return
    move_document(document, *(_TO_ENTERED if complete else _TO_DESCRIBED)[document.state])
    document.entered_by = person.user_id
    document.confirmed_by = None


def _raise_label(session: Session, document: Document, chosen: RecordType, ceiling: Secrecy) -> None:
    """The label becomes at least what the record type asks for; never lower than it was."""
    document.sensitivity = max(document.sensitivity, int(chosen.labels.sensitivity))
    document.secrecy = max(document.secrecy, int(chosen.labels.secrecy))
    if document.secrecy > ceiling:
        word = Secrecy(document.secrecy).vietnamese
        withhold_document(session, document, f"Loại '{chosen.title}' thuộc mức '{word}', cao hơn mức được phép ở đây.")
