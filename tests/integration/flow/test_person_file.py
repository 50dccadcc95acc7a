"""A person's file: what it lacks blocks, values are reused with their origin, contradictions block, nothing leaks."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from api.batch_reading import read_batch
from core.errors import (
    Forbidden,
    GateClosed,
    IllegalTransition,
    InvalidValue,
    NotFound,
    SeparationOfDuties,
    StaleRevision,
)
from core.labels import Role, Secrecy, Sensitivity
from core.states import BatchState, DocumentState
from flow.accept import return_batch, start_reconciliation
from flow.enter import EnteredValue, enter_values
from flow.explain_absence import confirm_absence, explain_absence, revoke_absence
from flow.purge import purge_document
from flow.settle_contradiction import settle_contradiction
from flow.withhold import withhold_document
from people.persons import Person
from review.missing import Lack, find_missing
from review.queries import PersonFileView, list_files, read_person_file
from review.sampling import SampleRule
from review.signoffs import find_involvement
from storage.objects_directory import DirectoryStore
from storage.tables import Absence, AccessEvent, CatalogueEntry, Document, SettledClaim, Settlement
from tests.factories import add_archival_file, add_batch, add_document, add_person, add_values
from tests.integration.flow.conftest import Setting
from tests.person_files import CARD
from tests.person_files import DECISION as OTHER_YEAR

PLACE = "VP-TU/01/HS01"
SHEET = CARD
DECISION: dict[str, Any] = OTHER_YEAR | {"birth_date": "1958"}
DIPLOMA: dict[str, Any] = {
    "full_name": "Nguyễn Thị Hòa",
    "birth_date": "1958-03-02",
    "school": "Trường Sư phạm",
    "field_of_study": "Văn",
    "diploma_number": "A1",
    "date": "1980-06-01",
}


@pytest.fixture(autouse=True)
def composition(setting: Setting) -> None:
    entry = setting.session.get_one(CatalogueEntry, setting.batch.catalogue_entry_id)
    entry.composition = "party_member_file"
    entry.record_types = ["member_history", "member_card_sheet", "admission_decision", "diploma", "file_cover"]


def add(
    setting: Setting,
    ordinal: int,
    record_type: str,
    values: dict[str, Any],
    sensitivity: Sensitivity = Sensitivity.PERSONAL_SENSITIVE,
    confirmed: bool = True,
) -> Document:
    state = DocumentState.CONFIRMED if confirmed else DocumentState.ENTERED
    made = add_document(
        setting.session, setting.batch, setting.archival_file, ordinal, state=state, sensitivity=sensitivity
    )
    reviewer = setting.office["reviewer"] if confirmed else None
    add_values(setting.session, made, values, setting.office["typist"], reviewer, record_type)
    return made


def add_whole(setting: Setting) -> list[Document]:
    return [
        add(setting, 1, "member_history", SHEET),
        add(setting, 2, "member_card_sheet", SHEET),
        add(setting, 3, "admission_decision", DECISION),
    ]


def lacks(setting: Setting) -> list[tuple[str, Lack, str]]:
    setting.session.flush()
    found = find_missing(setting.session, setting.dictionary, setting.batch)
    return [(one.place, one.lack, one.detail) for one in found]


def view(setting: Setting, person: str | Person, document: Document, shown: str = "") -> PersonFileView:
    reader = setting.office[person] if isinstance(person, str) else person
    setting.session.flush()
    record_type = shown or document.record_type or ""
    found = read_person_file(setting.session, reader.clearance, setting.dictionary, document, record_type)
    assert found is not None
    return found


def explain(setting: Setting, person: str = "typist", record_type: str = "member_history") -> Absence:
    return explain_absence(
        setting.session,
        setting.office[person],
        setting.dictionary,
        "LO-01",
        setting.archival_file.id,
        record_type,
        "Thất lạc năm 1990",
    )


def settle(setting: Setting, person: str, document: Document, fact: str, key: str = "") -> Settlement:
    reader = setting.office[person]
    found = key or next(one.key for one in view(setting, person, document).contradictions if one.fact == fact)
    return settle_contradiction(
        setting.session, reader, setting.dictionary, document.id, fact, found, "Giấy tờ cũ ghi khác"
    )


def enter(
    setting: Setting, document: Document, record_type: str, entries: dict[str, EnteredValue], person: str = "typist"
) -> Document:
    return enter_values(
        setting.session,
        setting.office[person],
        setting.dictionary,
        document.id,
        document.revision,
        record_type,
        entries,
        complete=False,
        ceiling=Secrecy.THUONG,
    )


def test_a_whole_file_that_agrees_lacks_nothing(setting: Setting) -> None:
    add_whole(setting)
    assert lacks(setting) == []


def test_what_is_missing_blocks_until_two_people_say_why(setting: Setting) -> None:
    session, office = setting.session, setting.office
    history = add_whole(setting)[0]
    history.state = DocumentState.REJECTED
    assert lacks(setting) == [(PLACE, Lack.ABSENT_DOCUMENT, "member_history")]
    with pytest.raises(GateClosed) as closed:
        start_reconciliation(session, office["reviewer"], setting.dictionary, "LO-01", SampleRule())
    assert closed.value.missing == (f"{PLACE}: absent_document: member_history",)
    with pytest.raises(InvalidValue):
        explain(setting, record_type="diploma")
    with pytest.raises(Forbidden):
        explain(setting, "business")
    absence = explain(setting, "reviewer")
    with pytest.raises(IllegalTransition):
        explain(setting)
    assert lacks(setting) == [(PLACE, Lack.ABSENT_DOCUMENT, "member_history")]
    with pytest.raises(SeparationOfDuties):
        confirm_absence(session, office["reviewer"], "LO-01", absence.id)
    with pytest.raises(Forbidden):
        confirm_absence(session, office["typist"], "LO-01", absence.id)
    confirm_absence(session, office["reviewer2"], "LO-01", absence.id)
    assert lacks(setting) == []
    assert (absence.entered_by, absence.confirmed_by) == (office["reviewer"].user_id, office["reviewer2"].user_id)
    assert find_involvement(session, setting.batch, office["reviewer2"].user_id) == ("confirmed",)
    revoke_absence(session, office["reviewer"], "LO-01", absence.id)
    assert lacks(setting) == [(PLACE, Lack.ABSENT_DOCUMENT, "member_history")]
    with pytest.raises(NotFound):
        confirm_absence(session, office["reviewer2"], "LO-01", absence.id)
    actions = session.scalars(
        select(AccessEvent.action).where(AccessEvent.action.like("%absence")).order_by("sequence")
    )
    assert list(actions) == ["explain_absence", "confirm_absence", "revoke_absence"]


def test_the_reason_and_the_settlement_stand_in_the_minutes_and_no_value(setting: Setting) -> None:
    add(setting, 2, "member_card_sheet", SHEET)
    decision = add(setting, 3, "admission_decision", DECISION | {"birth_date": "1957"})
    settle(setting, "reviewer", decision, "birth_date")
    confirm_absence(setting.session, setting.office["reviewer"], "LO-01", explain(setting).id)
    minutes = return_batch(setting.session, setting.office["reviewer"], setting.dictionary, "LO-01", "x").minutes
    assert minutes.split("7. ")[1] == (
        "Thành phần và nội dung hồ sơ\n"
        f"- {PLACE}: thiếu Lý lịch đảng viên (mẫu 1-HSĐV). Lý do: Thất lạc năm 1990 "
        "(Người VP-TU-typist nhập, Người VP-TU-reviewer xác nhận)\n"
        f"- {PLACE}: Ngày sinh khác nhau giữa các tài liệu 0002, 0003, giữ nguyên theo bản gốc "
        "(Người VP-TU-reviewer xem xét)\n"
    )


def test_while_a_type_is_not_chosen_no_document_is_named_missing(setting: Setting) -> None:
    add(setting, 2, "member_card_sheet", SHEET)
    add_document(setting.session, setting.batch, setting.archival_file, 4)
    assert lacks(setting) == [(f"{PLACE}/0004", Lack.RECORD_TYPE, "")]


def test_a_file_is_whole_across_the_batches_that_brought_it(setting: Setting) -> None:
    session = setting.session
    history, sheet, _ = add_whole(setting)
    entry = session.get_one(CatalogueEntry, setting.batch.catalogue_entry_id)
    later = add_batch(session, entry, setting.office["owner"], "LO-02")
    file = add_archival_file(session, later)
    for document in (history, sheet):
        document.batch_id, document.archival_file_id = later.id, file.id
    session.flush()
    assert find_missing(session, setting.dictionary, later) == ()
    assert lacks(setting) == []
    add_archival_file(session, later, "HS02")
    assert find_missing(session, setting.dictionary, later) == ()


def test_contradictions_block_until_a_confirmer_who_entered_none_of_it_settles_them(setting: Setting) -> None:
    session, office = setting.session, setting.office
    _, sheet, decision = add_whole(setting)
    setting.values(decision)["birth_date"].value = "1957"
    setting.values(decision)["effective_date"].value = "1985-05-20"
    assert lacks(setting) == [
        (PLACE, Lack.CONTRADICTION, "birth_date"),
        (PLACE, Lack.CONTRADICTION, "admission_date"),
    ]
    setting.values(decision)["birth_date"].entered_by = office["reviewer2"].user_id
    with pytest.raises(SeparationOfDuties):
        settle(setting, "reviewer2", sheet, "birth_date")
    with pytest.raises(Forbidden):
        settle(setting, "typist", sheet, "birth_date")
    with pytest.raises(NotFound):
        settle(setting, "reviewer", sheet, "sex", "x")
    key = next(one.key for one in view(setting, "reviewer", sheet).contradictions)
    setting.values(decision)["birth_date"].value = "1956"
    with pytest.raises(StaleRevision):
        settle(setting, "reviewer", sheet, "birth_date", key)
    made = settle(setting, "reviewer", sheet, "birth_date")
    assert lacks(setting) == [(PLACE, Lack.CONTRADICTION, "admission_date")]
    (shown,) = (one for one in view(setting, "typist", decision).contradictions if one.fact == "birth_date")
    assert (shown.open, [(one.reason, one.settled_by) for one in shown.settled]) == (
        False,
        [("Giấy tờ cũ ghi khác", "Người VP-TU-reviewer")],
    )
    event = session.scalars(select(AccessEvent).where(AccessEvent.action == "settle_contradiction")).one()
    assert (event.detail["fact"], event.detail["settlement"]) == ("birth_date", made.id)
    assert "1956" not in json.dumps(event.detail)
    setting.values(decision)["birth_date"].value = "1955"
    assert (PLACE, Lack.CONTRADICTION, "birth_date") in lacks(setting)


def test_nothing_is_decided_while_the_batch_stands_still(setting: Setting) -> None:
    add(setting, 2, "member_card_sheet", SHEET)
    decision = add(setting, 3, "admission_decision", DECISION | {"birth_date": "1957"})
    setting.batch.state = BatchState.RECONCILING
    with pytest.raises(IllegalTransition):
        explain(setting)
    with pytest.raises(IllegalTransition):
        settle(setting, "reviewer", decision, "birth_date")


def test_empty_fields_are_offered_what_other_documents_say_and_keep_where_it_came_from(setting: Setting) -> None:
    sheet = add(setting, 2, "member_card_sheet", SHEET, confirmed=False)
    add(setting, 3, "admission_decision", DECISION)
    history = add_document(setting.session, setting.batch, setting.archival_file, 1)
    offered = {}
    for one in view(setting, "typist", history, "member_history").reusable:
        offered.setdefault(one.field, []).append((one.value, one.source.place[-4:], one.source.confirmed))
    assert offered == {
        "full_name": [("NGUYỄN THỊ HÒA", "0003", True)],
        "birth_date": [("1958", "0003", True), ("1958-03-02", "0002", False)],
        "sex": [("female", "0002", False)],
        "history_number": [("001234", "0002", False)],
        "card_number": [("12345678", "0002", False)],
        "citizen_number": [("001158000123", "0002", False)],
        "home_place": [("xã Tam Giang, tỉnh Bắc Ninh", "0002", False)],
        "admission_date": [("1985-05-19", "0003", True)],
        "full_member_date": [("1986-05-19", "0002", False)],
        "cell": [("Thôn 2", "0003", True), ("Thôn 1", "0002", False)],
    }
    enter(
        setting,
        history,
        "member_history",
        {
            "card_number": EnteredValue("12 345 678", origin_id=sheet.id),
            "full_name": EnteredValue("Nguyễn Thị Hoa", origin_id=sheet.id),
            "sex": EnteredValue("nữ"),
        },
    )
    origins = {name: one.origin_document_id for name, one in setting.values(history).items()}
    assert origins == {"card_number": sheet.id, "full_name": None, "sex": None}
    shown = view(setting, "reviewer", history)
    assert [(one.field, one.source.document_id) for one in shown.origins] == [("card_number", sheet.id)]
    assert not {"card_number", "full_name", "sex"} & {one.field for one in shown.reusable}
    assert {one.fact for one in shown.person} == set(offered)
    event = setting.session.scalars(select(AccessEvent).where(AccessEvent.action == "enter_values")).one()
    assert event.detail["origins"] == {"card_number": sheet.id}


def test_only_what_fits_the_field_is_offered(setting: Setting) -> None:
    add(setting, 2, "member_card_sheet", SHEET | {"admission_date": "1985"})
    decision = add_document(setting.session, setting.batch, setting.archival_file, 3)
    fields = {one.field for one in view(setting, "typist", decision, "admission_decision").reusable}
    assert fields == {"full_name", "birth_date", "cell"}


def test_another_files_document_is_no_origin(setting: Setting) -> None:
    other = add_document(setting.session, setting.batch, add_archival_file(setting.session, setting.batch, "HS02"))
    add_values(setting.session, other, SHEET, setting.office["typist"], None, "member_card_sheet")
    history = add_document(setting.session, setting.batch, setting.archival_file, 1)
    assert view(setting, "typist", history, "member_history").reusable == ()
    with pytest.raises(InvalidValue) as refused:
        enter(setting, history, "member_history", {"full_name": EnteredValue("A B", origin_id=other.id)})
    assert [name for name, _ in refused.value.faults] == ["full_name"]


def test_what_one_may_not_read_is_not_offered_not_named_and_no_origin(setting: Setting) -> None:
    session = setting.session
    low = add_person(
        session, setting.office.unit, "low", Role.REVIEWER, Role.DATA_ENTRY, sensitivity=Sensitivity.PERSONAL
    )
    setting.office.people["low"] = low
    secret = add(setting, 2, "member_card_sheet", SHEET | {"birth_date": "1958-07-07", "full_name": "Tên Kín"})
    diploma = add(setting, 4, "diploma", DIPLOMA, Sensitivity.PERSONAL)
    fresh = add_document(session, setting.batch, setting.archival_file, 5, sensitivity=Sensitivity.PERSONAL)
    seen = view(setting, low, fresh, "diploma")
    assert {one.source.document_id for one in (*seen.reusable, *seen.person)} == {diploma.id}
    assert (seen.documents, seen.contradictions) == (2, ())
    with pytest.raises(InvalidValue):
        enter(setting, fresh, "diploma", {"birth_date": EnteredValue("1958-07-07", origin_id=secret.id)}, "low")
    fresh.state = DocumentState.REJECTED
    session.flush()
    _, reading = read_batch(session, low, setting.dictionary, "LO-01")
    told = json.dumps([asdict(one) for one in (*reading.gaps, *reading.files)], default=str)
    assert [(one.lack, one.details) for one in reading.gaps] == [
        (Lack.ABSENT_DOCUMENT, ("member_history", "admission_decision"))
    ]
    assert reading.hidden == 2
    assert not [one for one in (secret.id, "0002", "1958-07", "Tên Kín") if one in told]
    with pytest.raises(NotFound):
        settle(setting, "low", diploma, "birth_date", "x")


def test_fields_above_the_reader_are_not_reused_and_contradict_silently(setting: Setting) -> None:
    low = add_person(setting.session, setting.office.unit, "low", Role.DATA_ENTRY, sensitivity=Sensitivity.PERSONAL)
    add(setting, 2, "member_card_sheet", SHEET, Sensitivity.PERSONAL)
    add(setting, 1, "member_history", SHEET | {"card_number": "87654321", "sex": "male"}, Sensitivity.PERSONAL)
    fresh = add_document(setting.session, setting.batch, setting.archival_file, 5, sensitivity=Sensitivity.PERSONAL)
    seen = view(setting, low, fresh, "member_history")
    assert {one.field for one in seen.reusable} == {"full_name", "birth_date", "sex", "home_place"}
    assert [one.fact for one in seen.contradictions] == ["sex"]
    told = json.dumps(asdict(seen), default=str)
    assert not [one for one in ("12345678", "87654321", "001158000123") if one in told]


def test_a_withheld_document_is_named_to_nobody_and_a_purge_takes_what_was_settled(
    setting: Setting, tmp_path: Path
) -> None:
    session, officer = setting.session, setting.office["officer"]
    add(setting, 2, "member_card_sheet", SHEET)
    decision = add(setting, 3, "admission_decision", DECISION | {"birth_date": "1957-07-07"})
    settle(setting, "reviewer", decision, "birth_date")
    withhold_document(session, decision, "Dấu MẬT")
    session.flush()
    assert [(one.missing, one.contradictions) for one in files_of(setting, "reviewer")] == [
        (("member_history", "admission_decision"), ())
    ]
    assert files_of(setting, "officer") == ()
    store = DirectoryStore(tmp_path / "objects")
    purge_document(session, officer, store, decision.id, decision.revision, "Đúng là mật")
    claims = {one.document_id: one.value for one in session.scalars(select(SettledClaim))}
    assert claims[decision.id] is None
    assert session.scalars(select(Settlement.reason)).all() == ["Đã tiêu hủy."]


def files_of(setting: Setting, person: str) -> Any:
    clearance = setting.office[person].clearance
    return list_files(setting.session, clearance, setting.dictionary, setting.batch)


def test_an_unforeseen_document_is_named_and_blocks_nothing(setting: Setting) -> None:
    add_whole(setting)
    entry = setting.session.get_one(CatalogueEntry, setting.batch.catalogue_entry_id)
    entry.composition = "cadre_file"
    setting.session.flush()
    (file,) = files_of(setting, "reviewer")
    assert [one.place[-4:] for one in file.unforeseen] == ["0001", "0002", "0003"]
    assert file.missing == ("cadre_history",)
    entry.composition = ""
    setting.session.flush()
    assert (files_of(setting, "reviewer"), lacks(setting)) == ((), [])
