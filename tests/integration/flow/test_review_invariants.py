"""Whatever people do in whatever order: no page is lost, nobody confirms their own, the log holds, labels stay up."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.catalogue import load_builtin
from core.errors import SohoaError
from core.labels import Secrecy, Visibility
from core.states import DocumentState, FileState, PageState
from flow.confirm import confirm_document, return_to_entry
from flow.decide import cancel_rescan, drop_duplicate, reject_document, request_rescan
from flow.enter import EnteredValue, enter_values
from flow.purge import purge_document
from flow.withhold import clear_document, withhold_document
from people.persons import Person
from review.queries import list_batches
from review.reasons import RejectReason, RescanReason
from storage.access_log import find_fault
from storage.objects_directory import DirectoryStore
from storage.tables import Document, FieldValue, Page
from tests.factories import Office, add_archival_file, add_batch, add_document, add_entry, add_office, make_records
from tests.integration.flow.conftest import COMPLETE, TYPES

DICTIONARY = load_builtin()
PEOPLE = ("typist", "reviewer", "reviewer2", "officer", "business")
PAGES_OF = {
    DocumentState.REJECTED: PageState.REJECTED,
    DocumentState.SUPERSEDED: PageState.DROPPED,
    DocumentState.WITHHELD: PageState.WITHHELD,
    DocumentState.PURGED: PageState.WITHHELD,
}
Action = Callable[[Session, Person, Document, Document, DirectoryStore], object]


def _enter(values: dict[str, str], complete: bool, record_type: str = TYPES[0]) -> Action:
    entries = {name: EnteredValue(value) for name, value in values.items()}
    return lambda session, person, document, _other, _objects: enter_values(
        session,
        person,
        DICTIONARY,
        document.id,
        document.revision,
        record_type,
        entries,
        complete=complete,
        ceiling=Secrecy.THUONG,
    )


ACTIONS: dict[str, Action] = {
    "enter": _enter(COMPLETE, complete=True),
    "correct": _enter({"number": "99"}, complete=True),
    "draft": _enter({"abstract": "khác"}, complete=False),
    "retype": _enter({"full_name": "Lê An"}, complete=False, record_type=TYPES[1]),
    "confirm": lambda s, p, d, _o, _b: confirm_document(s, p, DICTIONARY, d.id, d.revision),
    "return": lambda s, p, d, _o, _b: return_to_entry(s, p, d.id, d.revision, "sai"),
    "reject": lambda s, p, d, _o, _b: reject_document(s, p, d.id, d.revision, RejectReason.OTHER, "x"),
    "rescan": lambda s, p, d, _o, _b: request_rescan(s, p, d.id, d.revision, RescanReason.OTHER, "x"),
    "cancel": lambda s, p, d, _o, _b: cancel_rescan(s, p, d.id, d.revision),
    "duplicate": lambda s, p, d, o, _b: drop_duplicate(s, p, d.id, d.revision, o.id),
    "withhold": lambda s, _p, d, _o, _b: withhold_document(s, d, "dấu"),
    "clear": lambda s, p, d, _o, _b: clear_document(s, p, d.id, d.revision, "x", ceiling=Secrecy.THUONG),
    "purge": lambda s, p, d, _o, b: purge_document(s, p, b, d.id, d.revision, "x"),
}

LIKELY = (
    ("enter", "typist"),
    ("correct", "reviewer2"),
    ("confirm", "reviewer"),
    ("confirm", "reviewer2"),
    ("return", "reviewer"),
    ("clear", "officer"),
    ("purge", "officer"),
)
STEPS = st.one_of(
    st.sampled_from(LIKELY),
    st.sampled_from(LIKELY),
    st.tuples(st.sampled_from(sorted(ACTIONS)), st.sampled_from(PEOPLE)),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(STEPS, st.integers(0, 1)), min_size=10, max_size=25))
def test_invariants_hold_after_every_step(steps: list[tuple[tuple[str, str], int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        records = make_records(Path(folder))
        objects = DirectoryStore(Path(folder) / "objects")
        with records.writing() as session:
            office, documents = _fill(session)
            labels = [document.sensitivity for document in documents]
            for (action, name), which in steps:
                _try(session, ACTIONS[action], office[name], documents[which], documents[1 - which], objects)
                _check(session, office, documents)
                assert all(one.sensitivity >= label for one, label in zip(documents, labels, strict=True))
                labels = [document.sensitivity for document in documents]
            assert find_fault(session) is None
        records.close()


def _fill(session: Session) -> tuple[Office, list[Document]]:
    office = add_office(session)
    entry = add_entry(session, office.unit, office["owner"], record_types=TYPES)
    batch = add_batch(session, entry, office["owner"])
    archival_file = add_archival_file(session, batch)
    return office, [
        add_document(session, batch, archival_file, ordinal, pages=2, file_state=FileState.RECEIVED)
        for ordinal in (1, 2)
    ]


def _try(
    session: Session, action: Action, person: Person, document: Document, other: Document, objects: DirectoryStore
) -> None:
    """What is refused is undone, as in a request."""
    savepoint = session.begin_nested()
    try:
        action(session, person, document, other, objects)
    except SohoaError:
        savepoint.rollback()
    else:
        savepoint.commit()


def _check(session: Session, office: Office, documents: list[Document]) -> None:
    session.flush()
    (summary,) = list_batches(session, {office.unit.id})
    assert summary.pages.holds
    assert summary.pages.total == 4
    for document in documents:
        states = set(session.scalars(select(Page.state).where(Page.document_id == document.id)))
        assert states == {PAGES_OF.get(document.state, PageState.IN_PROGRESS)}
        assert (document.visibility is Visibility.WITHHELD) == (
            document.state is DocumentState.WITHHELD
        ) or document.state in (DocumentState.REJECTED, DocumentState.SUPERSEDED)
        values = session.scalars(select(FieldValue).where(FieldValue.document_id == document.id)).all()
        assert [one.name for one in values if one.confirmed_by == one.entered_by] == []
        if document.state is DocumentState.CONFIRMED:
            assert {one.name for one in values if one.confirmed_by} == {one.name for one in values} >= set(COMPLETE)
        if document.state is DocumentState.PURGED:
            assert values == []
