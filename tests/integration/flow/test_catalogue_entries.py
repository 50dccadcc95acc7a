"""Catalogue entries: proposed, approved by somebody else, applied on their day; questions that stop acceptance."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.catalogue.entry_content import Card, EntryContent, Target
from core.errors import (
    CatalogueRefused,
    Forbidden,
    GateClosed,
    IllegalTransition,
    InvalidValue,
    NotFound,
    SeparationOfDuties,
)
from core.labels import Role, Secrecy
from core.states import ChangeState
from flow.accept import start_reconciliation
from flow.catalogue_entries import apply_due_entries, approve_entry, propose_entry, read_content, reject_entry
from flow.dictionaries import Dictionaries, today
from flow.open_batch import open_batch
from flow.open_questions import NewQuestion, QuestionKind, answer_question, ask_question
from flow.unit_validity import end_unit
from review.missing import Lack, find_missing
from review.sampling import SampleRule
from storage.tables import AccessEvent, Batch, CatalogueEntry, EntryChange, User
from tests.factories import add_document, add_person, add_unit, add_values
from tests.integration.flow.conftest import COMPLETE, Setting

DICTIONARIES = Dictionaries()


def content(setting: Setting, **more: Any) -> EntryContent:
    given = {
        "title": "Hồ sơ đảng viên",
        "unit": setting.office.unit.code,
        "business_owner": setting.office["owner"].username,
        "technical_owner": setting.office["reviewer"].username,
        "record_types": ("party_document", "member_history"),
        "composition": "party_member_file",
        "planned_pages": 5000,
        "period_from": date(2015, 1, 1),
        "period_to": date(2025, 12, 31),
        "targets": (Target(due=date(2026, 12, 31), percent=50), Target(due=date(2027, 6, 30), percent=80)),
        "cards": (Card(record_type="member_history", input="Hồ sơ giấy", role="Văn phòng", kpi="98 %"),),
    }
    return EntryContent.model_validate(given | more)


def propose(setting: Setting, code: str = "DM-HSDV", **more: Any) -> str:
    person = setting.office["administrator"]
    return propose_entry(setting.session, DICTIONARIES, person, code, content(setting, **more), "Kế hoạch 2026").id


def approve(setting: Setting, key: str, *, days: int = 0, who: str = "owner") -> None:
    first = today(setting.session) + timedelta(days=days)
    approve_entry(setting.session, DICTIONARIES, setting.office[who], key, first)


def entry_of(setting: Setting, code: str) -> CatalogueEntry:
    return setting.session.scalars(select(CatalogueEntry).where(CatalogueEntry.code == code)).one()


def open_under(setting: Setting, code: str) -> Batch:
    return open_batch(
        setting.session,
        setting.office["scanner"],
        code=f"LO-{code}",
        title="",
        catalogue_code=code,
        secrecy=Secrecy.THUONG,
        ceiling=Secrecy.THUONG,
        station_code=None,
    )


def test_a_draft_opens_no_batch_until_somebody_else_approves_it(setting: Setting) -> None:
    key = propose(setting)
    with pytest.raises(CatalogueRefused, match="lacks its approval"):
        open_under(setting, "DM-HSDV")
    with pytest.raises(SeparationOfDuties):
        approve(setting, key, who="administrator")
    with pytest.raises(InvalidValue, match="past"):
        approve(setting, key, days=-1)
    with pytest.raises(Forbidden):
        approve(setting, key, who="reviewer")
    approve(setting, key)
    assert read_content(setting.session, entry_of(setting, "DM-HSDV")) == content(setting)
    assert open_under(setting, "DM-HSDV").dictionary_version == "1"
    actions = setting.session.scalars(select(AccessEvent.action).where(AccessEvent.target.like("catalogue:%"))).all()
    assert actions == ["propose_catalogue_entry", "approve_catalogue_entry", "apply_catalogue_entry"]


def test_an_approved_change_waits_for_its_day(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    approve(setting, propose(setting))
    key = propose(setting, planned_pages=9000)
    with pytest.raises(IllegalTransition, match="waits already"):
        propose(setting, planned_pages=1)
    approve(setting, key, days=2)
    entry, first = entry_of(setting, "DM-HSDV"), today(setting.session) + timedelta(days=2)
    found = []
    for offset in (-1, 0):
        monkeypatch.setattr("flow.catalogue_entries.today", lambda _session, at=offset: first + timedelta(days=at))
        found.append((apply_due_entries(setting.session, DICTIONARIES), entry.planned_pages))
    assert found == [(0, 5000), (1, 9000)]


def test_an_owner_who_left_blocks_opening(setting: Setting) -> None:
    approve(setting, propose(setting))
    setting.session.get_one(User, setting.office["reviewer"].user_id).active = False
    with pytest.raises(CatalogueRefused, match="active technical owner"):
        open_under(setting, "DM-HSDV")
    with pytest.raises(NotFound, match="no active user"):
        propose(setting, "DM-KHAC")


def test_a_unit_that_ended_leads_nothing_new_and_its_successor_is_named(setting: Setting) -> None:
    add_unit(setting.session, "XA-MOI")
    key = propose(setting)
    end_unit(setting.session, setting.office.unit.code, today(setting.session) - timedelta(days=1), "XA-MOI")
    for attempt in (lambda: approve(setting, key), lambda: propose(setting, "DM-KHAC")):
        with pytest.raises(InvalidValue) as refused:
            attempt()
        assert refused.value.advice == "Its successor is 'XA-MOI', Đơn vị XA-MOI."
    with pytest.raises(InvalidValue, match="its own successor"):
        end_unit(setting.session, "XA-MOI", today(setting.session), "XA-MOI")


def test_a_record_type_in_use_is_not_taken_away(setting: Setting) -> None:
    made = add_document(setting.session, setting.batch, setting.archival_file)
    add_values(setting.session, made, COMPLETE, setting.office["typist"])
    key = propose(setting, "DM01", record_types=("member_history",))
    with pytest.raises(GateClosed) as refused:
        approve(setting, key)
    assert refused.value.missing == ("record type party_document is used in batch LO-01",)


def test_a_rejected_change_keeps_its_reason_and_changes_nothing(setting: Setting) -> None:
    before = read_content(setting.session, entry_of(setting, "DM01"))
    key = propose(setting, "DM01")
    reject_entry(setting.session, setting.office["owner"], key, "Chưa đủ kinh phí")
    change = setting.session.get_one(EntryChange, key)
    assert (change.state, change.decision_note) == (ChangeState.REJECTED, "Chưa đủ kinh phí")
    assert read_content(setting.session, entry_of(setting, "DM01")) == before


def test_who_has_no_work_there_finds_no_entry(setting: Setting) -> None:
    elsewhere = add_person(setting.session, add_unit(setting.session, "KHAC"), "khac", Role.ADMINISTRATOR)
    with pytest.raises(NotFound):
        reject_entry(setting.session, elsewhere, propose(setting), "Không")
    with pytest.raises(Forbidden):
        propose_entry(setting.session, DICTIONARIES, elsewhere, "DM01", content(setting), "Không")


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"period_to": date(2014, 1, 1)}, "the period ends before it begins"),
        ({"targets": (Target(due=date(2027, 1, 1), percent=50), Target(due=date(2027, 6, 1), percent=40))}, "rise"),
        ({"cards": (Card(record_type="petition"),)}, "at most one process card"),
        ({"record_types": ()}, "at least 1 item"),
    ],
)
def test_contents_that_contradict_themselves_are_refused(setting: Setting, more: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        content(setting, **more)


def test_a_blocking_question_stops_acceptance_until_it_is_answered(setting: Setting) -> None:
    made = add_document(setting.session, setting.batch, setting.archival_file)
    add_values(setting.session, made, COMPLETE, setting.office["typist"], setting.office["reviewer"])
    asked = NewQuestion(QuestionKind.LEGAL, "Có được số hóa?", "Được, hạn chế đọc", needs_authority=True, blocking=True)
    row = ask_question(setting.session, setting.office["administrator"], "DM01", asked)
    lacks = [one for one in find_missing(setting.session, setting.dictionary, setting.batch) if not one.document_id]
    assert [(one.lack, one.detail) for one in lacks] == [(Lack.OPEN_QUESTION, "Có được số hóa?")]
    with pytest.raises(GateClosed) as closed:
        start_reconciliation(
            setting.session, setting.office["reviewer"], setting.dictionary, setting.batch.code, SampleRule()
        )
    assert "open_question: Có được số hóa?" in closed.value.missing
    with pytest.raises(Forbidden):
        answer_question(setting.session, setting.office["typist"], "DM01", row.id, "Được")
    answer_question(setting.session, setting.office["owner"], "DM01", row.id, "Được, theo Quy định 05")
    missing = find_missing(setting.session, setting.dictionary, setting.batch)
    assert [one for one in missing if one.lack is Lack.OPEN_QUESTION] == []
    assert row.answered_by == setting.office["owner"].user_id
    with pytest.raises(IllegalTransition):
        answer_question(setting.session, setting.office["owner"], "DM01", row.id, "Khác")
