"""What the pages show of batches and documents: right numbers, nothing unreadable, few queries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from core.labels import Role, Sensitivity, Visibility
from core.states import DocumentState, FileState, PageState
from flow.withhold import withhold_document
from review.duplicates.pairs import Duplicates, refresh_pairs
from review.progress import is_ready_for_review
from review.queries import Task, batch_overview, document_view, list_batches, next_document
from storage.tables import CatalogueEntry, Document, IncomingFile
from tests.factories import add_batch, add_document, add_person, add_suggestion, add_unit, add_values
from tests.integration.flow.conftest import COMPLETE, Setting


@contextmanager
def counting(session: Session) -> Iterator[list[str]]:
    """The statements that the block sends."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    engine = session.get_bind()
    session.flush()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def fill(setting: Setting, count: int) -> list[Document]:
    return [
        add_document(setting.session, setting.batch, setting.archival_file, ordinal, pages=2)
        for ordinal in range(1, count + 1)
    ]


@pytest.mark.parametrize(
    ("state", "ready"),
    [
        (DocumentState.RECEIVED, False),
        (DocumentState.PROCESSING, False),
        (DocumentState.DESCRIBED, True),
        (DocumentState.WITHHELD, True),
        (DocumentState.RESCAN_REQUESTED, True),
        (DocumentState.CONFIRMED, True),
    ],
)
def test_batch_is_ready_for_review_when_no_document_is_under_way(
    setting: Setting, state: DocumentState, ready: bool
) -> None:
    fill(setting, 2)[0].state = state
    setting.session.flush()
    assert is_ready_for_review(setting.session, setting.batch.id) is ready


def test_list_counts_documents_files_and_pages(setting: Setting) -> None:
    fill(setting, 3)
    add_document(setting.session, setting.batch, setting.archival_file, 9, file_state=FileState.REFUSED)
    add_document(setting.session, setting.batch, setting.archival_file, 10, file_state=FileState.ARRIVING)
    (summary,) = list_batches(setting.session, {setting.office.unit.id})
    assert (summary.code, summary.unit) == ("LO-01", setting.office.unit.name)
    assert summary.documents == {DocumentState.DESCRIBED: 5}
    files = summary.files
    assert (files.announced, files.received, files.refused, files.not_yet) == (5, 3, 1, 1)
    assert (summary.pages.total, summary.pages.by_state) == (6, {PageState.IN_PROGRESS: 6})
    assert files.holds
    assert summary.pages.holds


def test_page_that_is_lost_breaks_its_equation(setting: Setting) -> None:
    (document,) = fill(setting, 1)
    file = setting.session.scalars(select(IncomingFile).where(IncomingFile.document_id == document.id)).one()
    file.page_count = 3
    setting.session.flush()
    (summary,) = list_batches(setting.session, {setting.office.unit.id})
    assert not summary.pages.holds


def test_batches_of_no_unit_are_none_and_of_another_unit_unseen(setting: Setting) -> None:
    assert list_batches(setting.session, frozenset()) == []
    assert list_batches(setting.session, {add_unit(setting.session, "UB-X").id}) == []


def test_list_takes_as_many_queries_for_many_batches_as_for_one(setting: Setting) -> None:
    with counting(setting.session) as one:
        list_batches(setting.session, {setting.office.unit.id})
    entry = setting.session.scalars(select(CatalogueEntry)).one()
    for number in range(2, 12):
        add_batch(setting.session, entry, setting.office["owner"], f"LO-{number:02d}")
    with counting(setting.session) as many:
        assert len(list_batches(setting.session, {setting.office.unit.id})) == 11
    assert len(one) == len(many) == 5


def test_overview_shows_troubles_and_duplicates(setting: Setting) -> None:
    first, second, third = fill(setting, 3)
    files = {file.document_id: file for file in setting.session.scalars(select(IncomingFile).order_by(IncomingFile.id))}
    files[second.id].sha256 = files[first.id].sha256
    setting.pages(third)[1].failure = "no text"
    refresh_pairs(setting.session, first)
    refused = add_document(setting.session, setting.batch, setting.archival_file, 4, file_state=FileState.REFUSED)
    view = batch_overview(setting.session, setting.office["reviewer"].clearance, setting.batch)
    assert [(row.place, row.pages, row.failed_pages) for row in view.documents] == [
        ("VP-TU/01/HS01/0001", 2, 0),
        ("VP-TU/01/HS01/0002", 2, 0),
        ("VP-TU/01/HS01/0003", 2, 1),
        ("VP-TU/01/HS01/0004", 0, 0),
    ]
    assert [(one.document_id, one.other_id) for one in view.duplicates.pairs] == [(first.id, second.id)]
    assert [(one.document_id, one.number, one.reason, one.settled) for one in view.failed_pages] == [
        (third.id, 2, "no text", False)
    ]
    assert [(one.document_id, one.name, one.code) for one in view.refused_files] == [
        (refused.id, "HS01/004.pdf", "damaged_file")
    ]


def test_overview_hides_what_the_reader_may_not_read(setting: Setting) -> None:
    first, second, third = fill(setting, 3)
    for file in setting.session.scalars(select(IncomingFile)):
        file.sha256 = "a" * 64
    for one in (first, second, third):
        refresh_pairs(setting.session, one)
    withhold_document(setting.session, second, "stamp")
    third.sensitivity = int(Sensitivity.PERSONAL_SENSITIVE)
    low = add_person(setting.session, setting.office.unit, "low", Role.REVIEWER, sensitivity=Sensitivity.INTERNAL)
    view = batch_overview(setting.session, low.clearance, setting.batch)
    assert [row.document_id for row in view.documents] == [first.id]
    assert view.duplicates == Duplicates((), (first.id,))
    assert view.summary.documents == {DocumentState.DESCRIBED: 2, DocumentState.WITHHELD: 1}
    nobody = setting.office["administrator"].clearance
    assert batch_overview(setting.session, nobody, setting.batch).documents == ()


def test_overview_takes_no_query_for_each_document(setting: Setting) -> None:
    clearance = setting.office["reviewer"].clearance
    fill(setting, 1)
    with counting(setting.session) as few:
        batch_overview(setting.session, clearance, setting.batch)
    for ordinal in range(10, 30):
        add_document(setting.session, setting.batch, setting.archival_file, ordinal)
    with counting(setting.session) as many:
        batch_overview(setting.session, clearance, setting.batch)
    assert len(few) == len(many)


def test_document_shows_fields_with_suggestion_value_and_place(setting: Setting) -> None:
    (document,) = fill(setting, 1)
    page = setting.pages(document)[1]
    add_suggestion(setting.session, document, page, "number", None, confidence=0.2)
    best = add_suggestion(setting.session, document, page, "number", "12", confidence=0.8)
    add_values(setting.session, document, {"date": "2019-03-02"}, setting.office["typist"], setting.office["reviewer"])
    view = document_view(setting.session, setting.office["reviewer"].clearance, setting.dictionary, document)
    fields = {field.rule.name: field for field in view.fields}
    assert [one.value for one in fields["number"].suggestions] == ["12", None]
    shown = fields["number"].suggestions[0]
    assert (shown.suggestion_id, shown.page_number, shown.box) == (best.id, 2, (10, 20, 110, 40))
    assert (shown.rule, shown.engine) == (best.rule, view.pages[1].engine)
    assert [one.handwritten for one in fields["number"].suggestions] == [False, True]
    entered = fields["date"].entered
    assert entered
    assert (entered.value, entered.entered_by, entered.confirmed_by) == (
        "2019-03-02",
        "Người VP-TU-typist",
        "Người VP-TU-reviewer",
    )
    assert {name for name, field in fields.items() if field.missing} == set(COMPLETE) - {"date"}
    assert [(one.number, one.has_image) for one in view.pages] == [(1, True), (2, True)]
    assert [one.code for one in view.type_choices] == ["party_document", "admission_decision"]


@pytest.mark.parametrize(
    ("asked", "chosen", "suggested", "shown"),
    [
        (None, None, None, "party_document"),
        (None, None, "admission_decision", "admission_decision"),
        (None, "party_document", "admission_decision", "party_document"),
        ("admission_decision", "party_document", None, "admission_decision"),
        (None, None, "diploma", "party_document"),
    ],
)
def test_shown_type_is_asked_for_chosen_or_suggested(
    setting: Setting, asked: str | None, chosen: str | None, suggested: str | None, shown: str
) -> None:
    (document,) = fill(setting, 1)
    document.record_type, document.suggested_record_type = chosen, suggested
    clearance = setting.office["reviewer"].clearance
    assert document_view(setting.session, clearance, setting.dictionary, document, asked).shown_record_type == shown


def test_fields_above_the_reader_are_empty(setting: Setting) -> None:
    (document,) = fill(setting, 1)
    values = {"full_name": "Nguyễn Văn An", "number": "1"}
    add_values(setting.session, document, values, setting.office["typist"], record_type="admission_decision")
    add_suggestion(setting.session, document, setting.pages(document)[0], "full_name", "Nguyễn Văn An")
    low = add_person(setting.session, setting.office.unit, "low", Role.DATA_ENTRY, sensitivity=Sensitivity.INTERNAL)
    view = document_view(setting.session, low.clearance, setting.dictionary, document)
    field = next(one for one in view.fields if one.rule.name == "full_name")
    assert (field.readable, field.suggestions, field.entered) == (False, (), None)
    assert "Nguyễn" not in repr(view.fields)


def test_next_document_goes_round_in_archival_order(setting: Setting) -> None:
    first, second, third = fill(setting, 3)
    clearance = setting.office["typist"].clearance

    def following(after: str | None) -> str | None:
        return next_document(setting.session, clearance, "LO-01", Task.ENTRY, after)

    assert [following(after) for after in (None, first.id, second.id, third.id)] == [
        first.id,
        second.id,
        third.id,
        first.id,
    ]
    first.state = second.state = third.state = DocumentState.ENTERED
    setting.session.flush()
    assert following(first.id) is None


def test_next_to_confirm_is_entered_by_others(setting: Setting) -> None:
    mine, partly_mine, theirs, withheld = fill(setting, 4)
    reviewer, typist = setting.office["reviewer"], setting.office["typist"]
    for document in (mine, partly_mine, theirs, withheld):
        document.state = DocumentState.ENTERED
        add_values(setting.session, document, COMPLETE, reviewer if document is mine else typist)
    setting.values(partly_mine)["date"].entered_by = reviewer.user_id
    withheld.visibility = Visibility.WITHHELD
    setting.session.flush()
    assert next_document(setting.session, reviewer.clearance, "LO-01", Task.CONFIRM) == theirs.id
    assert next_document(setting.session, reviewer.clearance, "LO-01", Task.CONFIRM, theirs.id) is None
    other = setting.office["reviewer2"].clearance
    assert next_document(setting.session, other, "LO-01", Task.CONFIRM, mine.id) == partly_mine.id
