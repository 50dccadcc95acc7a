"""Registers and neighbours: evidence for what is by pen, whenever it comes, and never a decision."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.errors import Forbidden, IllegalTransition, InvalidValue, NotFound
from core.known_facts import Neighbour
from core.labels import Visibility
from core.recognition import Candidate
from core.states import BatchState, DocumentState
from flow.confirm import confirm_document
from flow.known_facts import gather_facts
from flow.purge import purge_document
from flow.register import keep_register, read_batch_register, remove_register
from storage.objects_directory import DirectoryStore
from storage.tables import AccessEvent, BatchRegister, Document, FieldSuggestion, FieldValue, RegisterEntry
from tests.factories import add_document, add_suggestion, add_values
from tests.integration.flow.conftest import COMPLETE, Setting

NUMBERS = (Candidate("12", 0.55), Candidate("72", 0.44), Candidate("92", 0.01))
DATES = (Candidate("2019-03-08", 0.7), Candidate("2019-03-03", 0.29))
REGISTER = """Hồ sơ số,STT,Số,Ký hiệu,Ngày,Trích yếu
HS01,1,72,KH/TU,3/3/2019,Về chuyển đổi số
HS01,2,73,KH/TU,4/3/2019,Về cải cách hành chính
"""


def add_written(setting: Setting, ordinal: int) -> Document:
    """A described document with number and date by pen, and the rest printed."""
    document = add_document(setting.session, setting.batch, setting.archival_file, ordinal)
    (page,) = setting.pages(document)
    for name, value in (("symbol", "KH/TU"), ("issuing_body", "Tỉnh ủy"), ("abstract", "về chuyển đổi số")):
        add_suggestion(setting.session, document, page, name, value)
    for name, ink in (("number", NUMBERS), ("date", DATES)):
        one = add_suggestion(setting.session, document, page, name, None, confidence=0.0)
        one.rule, one.ink = f"header.{name}_by_pen", [asdict(candidate) for candidate in ink]
        one.candidates = one.ink
    setting.session.flush()
    return document


def add_sure(setting: Setting, ordinal: int, number: str, day: str, *, confirmed: bool) -> Document:
    """A document whose values were entered, and confirmed by another."""
    document = add_document(
        setting.session,
        setting.batch,
        setting.archival_file,
        ordinal,
        state=DocumentState.CONFIRMED if confirmed else DocumentState.ENTERED,
    )
    reviewer = setting.office["reviewer"] if confirmed else None
    values = COMPLETE | {"number": number, "date": day}
    add_values(setting.session, document, values, setting.office["typist"], reviewer, "party_document")
    return document


def suggested(setting: Setting, document: Document, name: str) -> FieldSuggestion:
    query = select(FieldSuggestion).where(FieldSuggestion.document_id == document.id, FieldSuggestion.name == name)
    return setting.session.scalars(query).one()


def test_a_register_is_weighed_where_it_comes_and_its_weight_goes_with_it(setting: Setting) -> None:
    session, owner = setting.session, setting.office["owner"]
    document = add_written(setting, 1)
    before = [suggested(setting, document, name) for name in ("number", "date")]
    assert keep_register(session, owner, setting.batch.code, "so.csv", REGISTER.encode()) == 1
    number, day = (suggested(setting, document, name) for name in ("number", "date"))
    assert [number.id, day.id] == [one.id for one in before]
    assert (number.value, number.rule, number.handwritten) == ("72", "header.number_by_pen+register", True)
    assert (day.value, day.rule) == ("2019-03-03", "header.date_by_pen+register")
    assert number.candidates[0]["source"] == "pen+register"
    assert {one["value"]: one["source"] for one in number.candidates}["12"] == "pen"
    assert session.scalar(select(func.count()).select_from(FieldValue)) == 0
    assert keep_register(session, owner, setting.batch.code, "so.csv", REGISTER.encode()) == 0
    assert session.scalar(select(func.count()).select_from(RegisterEntry)) == 2
    assert remove_register(session, owner, setting.batch.code) == 1
    assert (number.value, number.rule, number.confidence) == (None, "header.number_by_pen", 0.0)
    assert [one["value"] for one in number.candidates] == ["12", "72", "92"]
    actions = session.scalars(select(AccessEvent.action).order_by(AccessEvent.sequence)).all()
    assert actions[-3:] == ["keep_register", "keep_register", "remove_register"]


def test_what_somebody_entered_already_is_left_alone(setting: Setting) -> None:
    document = add_written(setting, 1)
    document.state = DocumentState.ENTERED
    setting.session.flush()
    changed = keep_register(setting.session, setting.office["owner"], setting.batch.code, "so.csv", REGISTER.encode())
    assert (changed, suggested(setting, document, "number").value) == (0, None)


def test_a_bad_register_changes_nothing(setting: Setting) -> None:
    session, owner, code = setting.session, setting.office["owner"], setting.batch.code
    keep_register(session, owner, code, "so.csv", REGISTER.encode())
    with pytest.raises(InvalidValue) as refused:
        keep_register(session, owner, code, "moi.csv", REGISTER.replace("3/3/2019", "33/3/2019").encode())
    assert [line for line, _ in refused.value.faults] == ["dòng 2"]
    assert session.get_one(BatchRegister, setting.batch.id).name == "so.csv"


def test_who_may_open_the_batch_brings_its_register_and_nobody_else(setting: Setting) -> None:
    session, code = setting.session, setting.batch.code
    for name in ("typist", "reviewer", "business", "administrator"):
        with pytest.raises(Forbidden):
            keep_register(session, setting.office[name], code, "so.csv", REGISTER.encode())
    with pytest.raises(NotFound):
        keep_register(session, setting.office["searcher"], code, "so.csv", REGISTER.encode())
    keep_register(session, setting.office["scanner"], code, "so.csv", REGISTER.encode())
    setting.batch.state = BatchState.ACCEPTED
    session.flush()
    with pytest.raises(IllegalTransition):
        remove_register(session, setting.office["owner"], code)


def test_its_rows_are_for_those_who_may_read_all_that_the_batch_may_hold(setting: Setting) -> None:
    session, dictionary = setting.session, setting.dictionary
    keep_register(session, setting.office["owner"], setting.batch.code, "so.csv", REGISTER.encode())
    worker = read_batch_register(session, setting.office["typist"], dictionary, setting.batch)
    assert worker and worker.rows is not None
    assert [row.number for row in worker.rows] == ["72", "73"]
    without = read_batch_register(session, setting.office["administrator"], dictionary, setting.batch)
    assert without and (without.rows, without.name, without.row_count) == (None, "", 2)


def test_neighbours_are_what_people_confirmed_or_what_is_surely_printed(setting: Setting) -> None:
    document = add_written(setting, 5)
    add_sure(setting, 1, "10", "2019-03-01", confirmed=True)
    add_sure(setting, 2, "11", "2019-03-02", confirmed=False)
    printed = add_document(setting.session, setting.batch, setting.archival_file, 6)
    (page,) = setting.pages(printed)
    values = {"number": "80", "date": "2019-03-09", "symbol": "KH/TU", "issuing_body": "TỈNH ỦY"}
    for name, value in values.items():
        add_suggestion(setting.session, printed, page, name, value, confidence=0.96)
    unsure = add_document(setting.session, setting.batch, setting.archival_file, 7)
    for name, value in values.items():
        add_suggestion(setting.session, unsure, setting.pages(unsure)[0], name, value, confidence=0.9)
    withheld = add_sure(setting, 8, "90", "2019-03-10", confirmed=True)
    withheld.state = DocumentState.WITHHELD
    setting.session.flush()
    assert gather_facts(setting.session, document).neighbours == (
        Neighbour("TỈNH ỦY", "KH/TU", 80, date(2019, 3, 9)),
        Neighbour("Tỉnh ủy", "KH/TU", 10, date(2019, 3, 1)),
    )


def test_a_confirmed_neighbour_is_weighed_at_once(setting: Setting) -> None:
    session = setting.session
    document = add_written(setting, 3)
    add_sure(setting, 1, "60", "2019-03-01", confirmed=True)
    waiting = add_sure(setting, 9, "80", "2019-03-20", confirmed=False)
    confirm_document(session, setting.office["reviewer"], setting.dictionary, waiting.id, waiting.revision)
    number = suggested(setting, document, "number")
    assert number.candidates[0]["value"] == "72"
    assert number.rule == "header.number_by_pen+neighbours"


def test_a_register_goes_when_one_of_its_documents_is_destroyed(setting: Setting, tmp_path: Path) -> None:
    session = setting.session
    keep_register(session, setting.office["owner"], setting.batch.code, "so.csv", REGISTER.encode())
    document = add_written(setting, 1)
    document.state, document.visibility = DocumentState.WITHHELD, Visibility.WITHHELD
    session.flush()
    store = DirectoryStore(tmp_path / "objects")
    purge_document(session, setting.office["officer"], store, document.id, document.revision, "Có dấu mật.")
    assert session.scalar(select(func.count()).select_from(RegisterEntry)) == 0
    assert session.get(BatchRegister, setting.batch.id) is None
