"""Entering and confirming values: what is stored, who may, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select

from core.errors import (
    Forbidden,
    IllegalTransition,
    InvalidValue,
    NotFound,
    SeparationOfDuties,
    StaleRevision,
)
from core.labels import Role, Secrecy, Sensitivity, Visibility
from core.stages import Stage
from core.states import BatchState, DocumentState
from flow.confirm import confirm_document, return_to_entry
from flow.enter import EnteredValue, enter_values
from people.persons import Person
from storage.tables import AccessEvent, Document, Job, ValueChange
from tests.factories import add_document, add_person, add_suggestion, add_unit, add_values
from tests.integration.flow.conftest import COMPLETE, Setting


def enter(
    setting: Setting,
    person: Person,
    document: Document,
    values: Mapping[str, Any],
    *,
    record_type: str = "party_document",
    complete: bool = True,
    ceiling: Secrecy = Secrecy.THUONG,
) -> Document:
    entries = {
        name: value if isinstance(value, EnteredValue) else EnteredValue(value) for name, value in values.items()
    }
    return enter_values(
        setting.session,
        person,
        setting.dictionary,
        document.id,
        document.revision,
        record_type,
        entries,
        complete=complete,
        ceiling=ceiling,
    )


@pytest.fixture
def document(setting: Setting) -> Document:
    return add_document(setting.session, setting.batch, setting.archival_file)


def test_complete_entry_is_stored_normalised_and_waits_for_confirmation(setting: Setting, document: Document) -> None:
    typist = setting.office["typist"]
    enter(setting, typist, document, COMPLETE | {"date": "2/3/2019", "symbol": "KH / TU"})
    assert {name: one.value for name, one in setting.values(document).items()} == COMPLETE
    assert document.state is DocumentState.ENTERED
    assert (document.record_type, document.entered_by) == ("party_document", typist.user_id)
    assert {one.entered_by for one in setting.values(document).values()} == {typist.user_id}


def test_entry_is_logged_without_values_and_indexed(setting: Setting, document: Document) -> None:
    enter(setting, setting.office["typist"], document, COMPLETE)
    event = setting.session.scalars(select(AccessEvent).where(AccessEvent.action == "enter_values")).one()
    assert event.target == f"document:{document.id}"
    assert event.detail == {"fields": sorted(COMPLETE), "record_type": "party_document", "complete": True}
    job = setting.session.scalars(select(Job).where(Job.stage == Stage.INDEX)).one()
    assert (job.subject_id, job.subject_revision) == (document.id, document.search_revision)


def test_every_change_keeps_before_after_and_who(setting: Setting, document: Document) -> None:
    typist, scanner = setting.office["typist"], setting.office["scanner"]
    enter(setting, typist, document, {"number": "1"}, complete=False)
    enter(setting, scanner, document, {"number": "2"}, complete=False)
    enter(setting, scanner, document, {"number": None}, complete=False)
    rows = setting.session.scalars(select(ValueChange).where(ValueChange.name == "number").order_by(ValueChange.id))
    assert [(one.before, one.after, one.changed_by) for one in rows] == [
        (None, "1", typist.user_id),
        ("1", "2", scanner.user_id),
        ("2", None, scanner.user_id),
    ]
    assert setting.values(document) == {}


def test_draft_may_lack_values_and_stays_to_be_entered(setting: Setting, document: Document) -> None:
    before = document.revision
    enter(setting, setting.office["typist"], document, {"number": "1"}, complete=False)
    assert document.state is DocumentState.DESCRIBED
    assert document.revision > before


def test_complete_entry_that_lacks_values_names_them_and_stores_nothing(setting: Setting, document: Document) -> None:
    with pytest.raises(InvalidValue) as caught:
        enter(setting, setting.office["typist"], document, {"type_code": "KH", "number": "1"})
    assert [name for name, _ in caught.value.faults] == ["symbol", "date", "issuing_body", "abstract"]
    assert setting.values(document) == {}
    assert document.record_type is None


def test_all_faults_of_an_entry_come_together(setting: Setting, document: Document) -> None:
    wrong = {"date": "31/2/2019", "type_code": "??", "nonsense": "x", "number": "1"}
    with pytest.raises(InvalidValue) as caught:
        enter(setting, setting.office["typist"], document, wrong, complete=False)
    assert [name for name, _ in caught.value.faults] == ["date", "type_code", "nonsense"]


def test_missing_reason_counts_where_the_dictionary_allows_it(setting: Setting, document: Document) -> None:
    reason = EnteredValue(None, missing_reason="bản gốc rách")
    enter(setting, setting.office["typist"], document, COMPLETE | {"number": reason})
    number = setting.values(document)["number"]
    assert (number.value, number.missing_reason) == (None, "bản gốc rách")
    assert document.state is DocumentState.ENTERED
    with pytest.raises(InvalidValue) as caught:
        enter(setting, setting.office["typist"], document, {"abstract": reason})
    assert [name for name, _ in caught.value.faults] == ["abstract"]


def test_value_taken_over_keeps_where_it_was_read(setting: Setting, document: Document) -> None:
    page = setting.pages(document)[0]
    suggestion = add_suggestion(setting.session, document, page, "number", "12")
    taken = EnteredValue("12", suggestion_id=suggestion.id)
    enter(setting, setting.office["typist"], document, {"number": taken}, complete=False)
    number = setting.values(document)["number"]
    assert (number.suggestion_id, number.page_id, number.box) == (suggestion.id, page.id, [10, 20, 110, 40])


@pytest.mark.parametrize("name", ["symbol", "number"])
def test_suggestion_of_another_field_or_document_is_refused(setting: Setting, document: Document, name: str) -> None:
    other = add_document(setting.session, setting.batch, setting.archival_file, 2)
    owner = document if name == "symbol" else other
    suggestion = add_suggestion(setting.session, owner, setting.pages(owner)[0], "number", "12")
    with pytest.raises(InvalidValue) as caught:
        enter(
            setting, setting.office["typist"], document, {name: EnteredValue("1", None, suggestion.id)}, complete=False
        )
    assert [field for field, _ in caught.value.faults] == [name]


def test_record_type_outside_the_catalogue_entry_is_refused(setting: Setting, document: Document) -> None:
    with pytest.raises(InvalidValue) as caught:
        enter(setting, setting.office["typist"], document, {}, record_type="diploma", complete=False)
    assert [name for name, _ in caught.value.faults] == ["record_type"]


def test_label_rises_with_the_record_type_and_never_falls(setting: Setting, document: Document) -> None:
    typist = setting.office["typist"]
    enter(setting, typist, document, {}, record_type="admission_decision", complete=False)
    assert document.sensitivity == Sensitivity.PERSONAL_SENSITIVE
    enter(setting, typist, document, {}, record_type="party_document", complete=False)
    assert document.sensitivity == Sensitivity.PERSONAL_SENSITIVE


def test_type_above_the_ceiling_withholds_the_document(setting: Setting, document: Document) -> None:
    kind = setting.dictionary.record_type("party_document")
    secret = kind.model_copy(update={"labels": kind.labels.model_copy(update={"secrecy": Secrecy.MAT})})
    dictionary = setting.dictionary.model_copy(update={"record_types": (secret,)})
    dictionary.__dict__.pop("_record_types", None)
    enter_values(
        setting.session,
        setting.office["typist"],
        dictionary,
        document.id,
        document.revision,
        "party_document",
        {},
        complete=False,
        ceiling=Secrecy.THUONG,
    )
    assert (document.state, document.visibility) == (DocumentState.WITHHELD, Visibility.WITHHELD)
    assert document.secrecy == Secrecy.MAT


def test_type_change_drops_the_fields_it_does_not_have(setting: Setting, document: Document) -> None:
    typist = setting.office["typist"]
    values = {"number": "1", "full_name": "Nguyễn Văn An"}
    enter(setting, typist, document, values, record_type="admission_decision", complete=False)
    enter(setting, typist, document, {}, record_type="party_document", complete=False)
    assert set(setting.values(document)) == {"number"}
    changes = setting.session.scalars(select(ValueChange)).all()
    assert {one.name for one in changes if one.after is None} == {"full_name"}
    assert [one.after for one in changes if one.name == "record_type"] == ["admission_decision", "party_document"]


def test_field_above_the_clearance_cannot_be_entered(setting: Setting, document: Document) -> None:
    low = add_person(setting.session, setting.office.unit, "low", Role.DATA_ENTRY, sensitivity=Sensitivity.INTERNAL)
    with pytest.raises(InvalidValue) as caught:
        enter(setting, low, document, {"full_name": "A"}, record_type="admission_decision", complete=False)
    assert [name for name, _ in caught.value.faults] == ["full_name"]


def test_refusals_of_entry(setting: Setting, document: Document) -> None:
    stranger_unit = add_unit(setting.session, "UB-X")
    stranger = add_person(setting.session, stranger_unit, "stranger", Role.DATA_ENTRY)
    unsigned = add_person(
        setting.session, setting.office.unit, "unsigned", Role.DATA_ENTRY, Role.BUSINESS_OWNER, signed=False
    )
    with pytest.raises(NotFound):
        enter(setting, stranger, document, {})
    with pytest.raises(Forbidden):
        enter(setting, setting.office["business"], document, {})
    with pytest.raises(Forbidden, match="confidentiality"):
        enter(setting, unsigned, document, {})
    with pytest.raises(StaleRevision):
        enter_values(
            setting.session,
            setting.office["typist"],
            setting.dictionary,
            document.id,
            document.revision - 1,
            "party_document",
            {},
            complete=False,
            ceiling=Secrecy.THUONG,
        )


@pytest.mark.parametrize(
    "state",
    [BatchState.RECONCILING, BatchState.ACCEPTED, BatchState.TRIAL, BatchState.PUBLISHED, BatchState.RETURNED],
)
def test_documents_stand_still_while_their_batch_is_decided(
    setting: Setting, document: Document, state: BatchState
) -> None:
    setting.batch.state = state
    with pytest.raises(IllegalTransition):
        enter(setting, setting.office["typist"], document, COMPLETE)


@pytest.mark.parametrize(
    "state",
    [
        DocumentState.RECEIVED,
        DocumentState.PROCESSING,
        DocumentState.REJECTED,
        DocumentState.RESCAN_REQUESTED,
        DocumentState.SUPERSEDED,
    ],
)
def test_only_described_documents_are_entered(setting: Setting, document: Document, state: DocumentState) -> None:
    document.state = state
    setting.session.flush()
    with pytest.raises(IllegalTransition):
        enter(setting, setting.office["typist"], document, COMPLETE)


def test_confirmation_vouches_for_every_value(setting: Setting, document: Document) -> None:
    reviewer = setting.office["reviewer"]
    enter(setting, setting.office["typist"], document, COMPLETE)
    confirm_document(setting.session, reviewer, setting.dictionary, document.id, document.revision)
    assert document.state is DocumentState.CONFIRMED
    assert document.confirmed_by == reviewer.user_id
    assert {one.confirmed_by for one in setting.values(document).values()} == {reviewer.user_id}


@pytest.mark.parametrize(("provisional", "settled"), [(True, Sensitivity.INTERNAL), (False, Sensitivity.PERSONAL)])
def test_a_label_that_stood_in_for_an_unknown_type_is_settled_by_its_confirmation(
    setting: Setting, document: Document, provisional: bool, settled: Sensitivity
) -> None:
    document.sensitivity, document.label_provisional = int(Sensitivity.PERSONAL), provisional
    setting.session.flush()
    enter(setting, setting.office["typist"], document, COMPLETE)
    assert document.sensitivity == Sensitivity.PERSONAL
    confirm_document(setting.session, setting.office["reviewer"], setting.dictionary, document.id, document.revision)
    assert (document.sensitivity, document.label_provisional) == (settled, False)


@pytest.mark.parametrize(("declared", "title"), [("", COMPLETE["abstract"]), ("Kế hoạch 2019", "Kế hoạch 2019")])
def test_a_document_without_a_title_is_called_by_its_abstract(
    setting: Setting, document: Document, declared: str, title: str
) -> None:
    document.title = declared
    setting.session.flush()
    enter(setting, setting.office["typist"], document, COMPLETE)
    confirm_document(setting.session, setting.office["reviewer"], setting.dictionary, document.id, document.revision)
    assert document.title == title


def test_nobody_confirms_what_they_entered(setting: Setting, document: Document) -> None:
    reviewer = setting.office["reviewer"]
    enter(setting, setting.office["typist"], document, COMPLETE)
    enter(setting, reviewer, document, {"number": "13"}, complete=True)
    with pytest.raises(SeparationOfDuties, match="record_type, number"):
        confirm_document(setting.session, reviewer, setting.dictionary, document.id, document.revision)


def test_changed_value_alone_loses_its_confirmation(setting: Setting, document: Document) -> None:
    first, second = setting.office["reviewer"], setting.office["reviewer2"]
    enter(setting, setting.office["typist"], document, COMPLETE)
    confirm_document(setting.session, first, setting.dictionary, document.id, document.revision)
    enter(setting, first, document, COMPLETE | {"number": "13"})
    unconfirmed = {name for name, one in setting.values(document).items() if one.confirmed_by is None}
    assert (document.state, unconfirmed) == (DocumentState.ENTERED, {"number"})
    confirm_document(setting.session, second, setting.dictionary, document.id, document.revision)
    values = setting.values(document)
    assert values["number"].confirmed_by == second.user_id
    assert values["date"].confirmed_by == first.user_id


def test_saving_the_same_again_changes_nothing(setting: Setting, document: Document) -> None:
    enter(setting, setting.office["typist"], document, COMPLETE)
    confirm_document(setting.session, setting.office["reviewer"], setting.dictionary, document.id, document.revision)
    enter(setting, setting.office["reviewer2"], document, COMPLETE)
    assert document.state is DocumentState.CONFIRMED
    assert document.entered_by == setting.office["typist"].user_id


def test_draft_over_a_confirmed_document_puts_it_back_to_entry(setting: Setting, document: Document) -> None:
    enter(setting, setting.office["typist"], document, COMPLETE)
    confirm_document(setting.session, setting.office["reviewer"], setting.dictionary, document.id, document.revision)
    enter(setting, setting.office["typist"], document, {"abstract": None}, complete=False)
    assert document.state is DocumentState.DESCRIBED


def test_refusals_of_confirmation(setting: Setting, document: Document) -> None:
    reviewer = setting.office["reviewer"]
    with pytest.raises(IllegalTransition):
        confirm_document(setting.session, reviewer, setting.dictionary, document.id, document.revision)
    add_values(setting.session, document, {"number": "1"}, setting.office["typist"])
    document.state = DocumentState.ENTERED
    setting.session.flush()
    with pytest.raises(Forbidden):
        confirm_document(setting.session, setting.office["typist"], setting.dictionary, document.id, document.revision)


def test_confirmation_needs_every_required_value(setting: Setting, document: Document) -> None:
    add_values(setting.session, document, {"number": "1", "type_code": "KH"}, setting.office["typist"])
    document.state = DocumentState.ENTERED
    setting.session.flush()
    with pytest.raises(InvalidValue) as caught:
        confirm_document(
            setting.session, setting.office["reviewer"], setting.dictionary, document.id, document.revision
        )
    assert [name for name, _ in caught.value.faults] == ["symbol", "date", "issuing_body", "abstract"]


@pytest.mark.parametrize("confirmed", [False, True])
def test_return_to_entry_keeps_values_and_reason(setting: Setting, document: Document, confirmed: bool) -> None:
    reviewer = setting.office["reviewer"]
    enter(setting, setting.office["typist"], document, COMPLETE)
    if confirmed:
        confirm_document(setting.session, reviewer, setting.dictionary, document.id, document.revision)
    return_to_entry(setting.session, reviewer, document.id, document.revision, " Số chưa đúng ")
    assert (document.state, document.reason) == (DocumentState.DESCRIBED, "Số chưa đúng")
    assert set(setting.values(document)) == set(COMPLETE)


def test_return_needs_a_reason(setting: Setting, document: Document) -> None:
    enter(setting, setting.office["typist"], document, COMPLETE)
    with pytest.raises(InvalidValue):
        return_to_entry(setting.session, setting.office["reviewer"], document.id, document.revision, "  ")
