"""Acceptance: what is missing where, three sign-offs, grades, minutes; then trial, publication, withdrawal."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.errors import Forbidden, GateClosed, IllegalTransition, InvalidValue, NotFound, SeparationOfDuties
from core.labels import Role, Sensitivity, Visibility
from core.stages import Stage
from core.states import BatchState, DocumentState, FileState, Grade, PageState
from flow.accept import (
    NewDefect,
    accept_batch,
    add_defect,
    finish_rework,
    reopen_review,
    return_batch,
    settle_defect,
    sign_off,
    start_reconciliation,
    start_rework,
)
from flow.find import find_document
from flow.publish import publish_batch, start_trial, withdraw_document
from flow.purge import purge_document
from flow.withhold import withhold_document
from review.gather import find_sample
from review.missing import Lack, find_missing
from review.sampling import Sample, SampleRule, draw_sample
from review.signoffs import Aspect
from storage.objects_directory import DirectoryStore
from storage.tables import Acceptance, AccessEvent, Document, Job, SignOff, Station
from tests.factories import add_document, add_person, add_unit, add_values
from tests.integration.flow.conftest import COMPLETE, Setting

CODE = "LO-01"
PLACE = "VP-TU/01/HS01"


def add_confirmed(setting: Setting, ordinal: int) -> Document:
    document = add_document(
        setting.session, setting.batch, setting.archival_file, ordinal, state=DocumentState.CONFIRMED, pages=2
    )
    add_values(setting.session, document, COMPLETE, setting.office["typist"], setting.office["reviewer"])
    return document


@pytest.fixture
def documents(setting: Setting) -> list[Document]:
    return [add_confirmed(setting, ordinal) for ordinal in (1, 2, 3)]


def reconcile(setting: Setting, rule: SampleRule = SampleRule()) -> Sample:  # noqa: B008
    return start_reconciliation(setting.session, setting.office["reviewer"], setting.dictionary, CODE, rule)


def sign_all(setting: Setting) -> None:
    for aspect in Aspect:
        sign_off(setting.session, setting.office[aspect.value], CODE, aspect, "đạt", one_person_two=False)


def accept(setting: Setting, grade: Grade, note: str = "", person: str = "business") -> Acceptance:
    return accept_batch(setting.session, setting.office[person], setting.dictionary, CODE, grade, note)


def lacks(setting: Setting) -> list[tuple[str, Lack, str]]:
    setting.session.flush()
    found = find_missing(setting.session, setting.dictionary, setting.batch)
    return [(one.place, one.lack, one.detail) for one in found]


def test_complete_batch_lacks_nothing(setting: Setting, documents: list[Document]) -> None:
    assert lacks(setting) == []


def test_everything_missing_is_named_with_its_place(setting: Setting) -> None:
    session, typist, reviewer = setting.session, setting.office["typist"], setting.office["reviewer"]

    def add(ordinal: int, state: DocumentState, file_state: FileState = FileState.RECEIVED) -> Document:
        return add_document(session, setting.batch, setting.archival_file, ordinal, state=state, file_state=file_state)

    add(1, DocumentState.PROCESSING)
    add(2, DocumentState.DESCRIBED)
    partly = add(3, DocumentState.DESCRIBED)
    add_values(session, partly, {"type_code": "KH", "number": "1", "symbol": "KH"}, typist, reviewer)
    partly.confirmed_by = None
    unconfirmed = add(4, DocumentState.ENTERED)
    add_values(session, unconfirmed, COMPLETE, typist)
    self_confirmed = add(5, DocumentState.CONFIRMED)
    add_values(session, self_confirmed, COMPLETE, typist, reviewer)
    setting.values(self_confirmed)["date"].confirmed_by = typist.user_id
    rescan = add(6, DocumentState.RESCAN_REQUESTED, FileState.REFUSED)
    rescan.reason_code = "no_sound_file"
    failed = add_confirmed(setting, 7)
    setting.pages(failed)[1].failure = "no text"
    withhold_document(session, add(8, DocumentState.DESCRIBED), "stamp")
    for ordinal, state in enumerate((DocumentState.REJECTED, DocumentState.SUPERSEDED, DocumentState.PURGED), 9):
        add(ordinal, state)
    assert lacks(setting) == [
        (f"{PLACE}/0001", Lack.NOT_DESCRIBED, ""),
        (f"{PLACE}/0002", Lack.RECORD_TYPE, ""),
        (f"{PLACE}/0003", Lack.FIELD, "date"),
        (f"{PLACE}/0003", Lack.FIELD, "issuing_body"),
        (f"{PLACE}/0003", Lack.FIELD, "abstract"),
        (f"{PLACE}/0003", Lack.CONFIRMATION, ""),
        *((f"{PLACE}/0004", Lack.CONFIRMATION, name) for name in sorted(COMPLETE)),
        (f"{PLACE}/0005", Lack.SAME_PERSON, "date"),
        (f"{PLACE}/0006", Lack.REFUSED_FILE, "HS01/006.pdf"),
        (f"{PLACE}/0006", Lack.RESCAN_OPEN, "no_sound_file"),
        (f"{PLACE}/0007", Lack.FAILED_PAGE, "2"),
        ("", Lack.WITHHELD, ""),
    ]


def test_batch_of_scanned_images_alone_is_not_accepted(setting: Setting) -> None:
    add_document(setting.session, setting.batch, setting.archival_file, 1)
    with pytest.raises(GateClosed) as caught:
        accept(setting, Grade.A)
    assert caught.value.missing == (f"{PLACE}/0001: record_type",)
    with pytest.raises(GateClosed):
        reconcile(setting)
    assert setting.batch.state is BatchState.IN_REVIEW


def test_settled_failed_page_stands_in_nobodys_way(setting: Setting, documents: list[Document]) -> None:
    page = setting.pages(documents[0])[0]
    page.failure, page.failure_settled_by = "no text", setting.office["typist"].user_id
    assert lacks(setting) == []


def test_sample_is_kept_with_its_seed_and_can_be_drawn_again(setting: Setting, documents: list[Document]) -> None:
    drawn = reconcile(setting, SampleRule(minimum=2, percent=0))
    assert setting.batch.state is BatchState.RECONCILING
    assert len(drawn.document_ids) == 2
    assert find_sample(setting.session, setting.batch.id) == drawn
    again = draw_sample([one.id for one in documents], SampleRule(minimum=2, percent=0), drawn.seed)
    assert again == drawn


def test_grade_a_is_accepted_with_minutes(setting: Setting, documents: list[Document]) -> None:
    reconcile(setting)
    sign_all(setting)
    acceptance = accept(setting, Grade.A)
    assert setting.batch.state is BatchState.ACCEPTED
    assert [one.state for one in documents] == [DocumentState.ACCEPTED] * 3
    assert (acceptance.grade, acceptance.round) == (Grade.A, 1)
    lines = acceptance.minutes.splitlines()
    assert "Văn bản: 3 (3 đã nghiệm thu)" in lines
    assert "Trang: 6 (6 đang xử lý)" in lines
    assert [line.split(":")[0] for line in lines if line.startswith("Về ")] == [
        "Về nghiệp vụ",
        "Về dữ liệu",
        "Về bảo mật",
    ]
    assert [line for line in lines if line.startswith("- ")] == [f"- {PLACE}/000{n}" for n in (1, 2, 3)]
    assert "Văn bản 1" not in acceptance.minutes


@pytest.mark.parametrize("given", [(), (Aspect.DATA,), (Aspect.BUSINESS, Aspect.DATA)])
def test_acceptance_needs_three_sign_offs(
    setting: Setting, documents: list[Document], given: tuple[Aspect, ...]
) -> None:
    reconcile(setting)
    for aspect in given:
        sign_off(setting.session, setting.office[aspect.value], CODE, aspect, "", one_person_two=False)
    with pytest.raises(GateClosed) as caught:
        accept(setting, Grade.A)
    assert caught.value.missing == tuple(f"sign-off: {aspect}" for aspect in Aspect if aspect not in given)


@pytest.mark.parametrize(("grade", "rounds"), [(Grade.A, [1]), (Grade.C, [])])
def test_an_accepted_batch_is_to_have_its_originals_locked(
    setting: Setting, documents: list[Document], grade: Grade, rounds: list[int]
) -> None:
    reconcile(setting)
    sign_all(setting)
    accept(setting, grade, "quét lại")
    jobs = select(Job.subject_id, Job.subject_revision).where(Job.stage == Stage.LOCK)
    found = [tuple(row) for row in setting.session.execute(jobs)]
    assert found == [(setting.batch.id, number) for number in rounds]


def test_acceptance_needs_reconciliation(setting: Setting, documents: list[Document]) -> None:
    with pytest.raises(IllegalTransition):
        accept(setting, Grade.A)
    with pytest.raises(IllegalTransition):
        sign_off(setting.session, setting.office["data"], CODE, Aspect.DATA, "", one_person_two=False)


def test_one_person_gives_two_sign_offs_only_by_setting_and_never_three(
    setting: Setting, documents: list[Document]
) -> None:
    reconcile(setting)
    session, person = setting.session, setting.office["all_acceptor"]
    sign_off(session, person, CODE, Aspect.DATA, "", one_person_two=False)
    with pytest.raises(SeparationOfDuties):
        sign_off(session, person, CODE, Aspect.BUSINESS, "", one_person_two=False)
    sign_off(session, person, CODE, Aspect.BUSINESS, "", one_person_two=True)
    with pytest.raises(SeparationOfDuties):
        sign_off(session, person, CODE, Aspect.SECURITY, "", one_person_two=True)
    events = session.scalars(select(AccessEvent).where(AccessEvent.action == "sign_off").order_by(AccessEvent.sequence))
    assert [one.detail["second"] for one in events] == [False, True]


def test_same_sign_off_twice_is_refused(setting: Setting, documents: list[Document]) -> None:
    reconcile(setting)
    sign_all(setting)
    with pytest.raises(IllegalTransition):
        sign_off(setting.session, setting.office["all_acceptor"], CODE, Aspect.DATA, "", one_person_two=True)


@pytest.mark.parametrize("done", ["scanned", "entered", "confirmed"])
def test_whoever_worked_on_the_batch_accepts_nothing_of_it(
    setting: Setting, documents: list[Document], done: str
) -> None:
    reconcile(setting)
    session, person = setting.session, setting.office["all_acceptor"]
    if done == "scanned":
        session.get_one(Station, setting.batch.station_id).operator_id = person.user_id
    elif done == "entered":
        setting.values(documents[1])["date"].entered_by = person.user_id
    else:
        setting.values(documents[1])["date"].confirmed_by = person.user_id
    session.flush()
    with pytest.raises(SeparationOfDuties, match=done):
        sign_off(session, person, CODE, Aspect.DATA, "", one_person_two=False)
    with pytest.raises(SeparationOfDuties, match=done):
        accept(setting, Grade.C, "x", "all_acceptor")


def test_roles_of_acceptance(setting: Setting, documents: list[Document]) -> None:
    session, office = setting.session, setting.office
    stranger = add_person(session, add_unit(session, "UB-X"), "stranger", Role.ACCEPTOR_DATA)
    with pytest.raises(NotFound):
        sign_off(session, stranger, CODE, Aspect.DATA, "", one_person_two=False)
    with pytest.raises(Forbidden):
        sign_off(session, office["business"], CODE, Aspect.DATA, "", one_person_two=False)
    with pytest.raises(Forbidden):
        accept(setting, Grade.A, "", "reviewer2")
    with pytest.raises(Forbidden):
        start_reconciliation(session, office["typist"], setting.dictionary, CODE, SampleRule())


def test_acceptor_of_the_parent_unit_may_sign(setting: Setting, documents: list[Document]) -> None:
    parent = add_unit(setting.session, "TU")
    setting.office.unit.parent_id = parent.id
    setting.session.flush()
    above = add_person(setting.session, parent, "above", Role.ACCEPTOR_DATA)
    reconcile(setting)
    made = sign_off(setting.session, above, CODE, Aspect.DATA, "", one_person_two=False)
    assert made.signed_by == above.user_id


def test_grade_b_needs_a_plan_with_owner_and_date(setting: Setting, documents: list[Document]) -> None:
    reconcile(setting)
    sign_all(setting)
    session, data = setting.session, setting.office["data"]
    with pytest.raises(GateClosed) as caught:
        accept(setting, Grade.B)
    assert caught.value.missing == ("remediation plan: no defect is listed",)
    loose = add_defect(session, data, CODE, NewDefect("Mờ", documents[0].id))
    with pytest.raises(GateClosed) as caught:
        accept(setting, Grade.B)
    assert caught.value.missing == (f"defect without owner or due date: {loose.id}",)
    settle_defect(session, data, CODE, loose.id)
    add_defect(session, data, CODE, NewDefect("Thiếu dấu", documents[0].id, "VP-TU-typist", date(2026, 4, 1)))
    with pytest.raises(GateClosed, match="open defects"):
        accept(setting, Grade.A)
    minutes = accept(setting, Grade.B).minutes
    assert f"1. {PLACE}/0001: Thiếu dấu - Người VP-TU-typist, 01/04/2026" in minutes.splitlines()


def test_defect_names_a_document_of_the_batch_and_a_known_owner(setting: Setting, documents: list[Document]) -> None:
    session, data = setting.session, setting.office["data"]
    for wrong in (NewDefect("x", "0" * 32), NewDefect("x", None, "nobody")):
        with pytest.raises(NotFound):
            add_defect(session, data, CODE, wrong)
    with pytest.raises(NotFound):
        settle_defect(session, data, CODE, "0" * 32)


def test_grade_c_goes_back_and_comes_again_in_a_new_round(setting: Setting, documents: list[Document]) -> None:
    reconcile(setting)
    sign_all(setting)
    with pytest.raises(InvalidValue):
        accept(setting, Grade.C)
    first = accept(setting, Grade.C, "Sai nhiều ngày tháng")
    assert (setting.batch.state, first.round, first.grade) == (BatchState.RETURNED, 1, Grade.C)
    assert "Ghi chú: Sai nhiều ngày tháng" in first.minutes.splitlines()
    start_rework(setting.session, setting.office["reviewer"], CODE)
    assert setting.batch.state is BatchState.REWORK
    finish_rework(setting.session, setting.office["reviewer"], CODE)
    assert setting.batch.state is BatchState.IN_REVIEW
    reconcile(setting)
    with pytest.raises(GateClosed, match="3 sign-offs"):
        accept(setting, Grade.A)
    sign_all(setting)
    assert accept(setting, Grade.A).round == 2


def test_reopened_review_voids_the_sign_offs(setting: Setting, documents: list[Document]) -> None:
    reconcile(setting)
    sign_all(setting)
    reopen_review(setting.session, setting.office["reviewer"], CODE, "Thiếu một số")
    assert setting.batch.state is BatchState.IN_REVIEW
    assert setting.session.scalar(select(func.count()).select_from(SignOff)) == 0


def test_batch_is_returned_from_review(setting: Setting, documents: list[Document]) -> None:
    made = return_batch(setting.session, setting.office["reviewer"], setting.dictionary, CODE, "Quét lại")
    assert (made.grade, setting.batch.state) == (Grade.C, BatchState.RETURNED)


def accepted(setting: Setting) -> None:
    reconcile(setting)
    sign_all(setting)
    accept(setting, Grade.A)


def test_publication_opens_documents_to_searchers(setting: Setting, documents: list[Document]) -> None:
    session, owner, searcher = setting.session, setting.office["owner"], setting.office["searcher"]
    accepted(setting)
    start_trial(session, owner, CODE)
    with pytest.raises(NotFound):
        find_document(session, searcher, documents[0].id)
    before = datetime.now(UTC)
    publish_batch(session, owner, setting.dictionary, CODE)
    assert setting.batch.state is BatchState.PUBLISHED
    for document in documents:
        assert (document.state, document.visibility) == (DocumentState.PUBLISHED, Visibility.PUBLISHED)
        assert document.issued_on == date(2019, 3, 2)
        assert (document.published_at or before) >= before
        assert {page.state for page in setting.pages(document)} == {PageState.PUBLISHED}
        assert find_document(session, searcher, document.id) is document
    jobs = session.scalars(select(Job.subject_id).where(Job.stage == Stage.INDEX)).all()
    assert sorted(jobs) == sorted(one.id for one in documents)


def test_what_is_for_named_people_alone_stays_with_those_who_work_on_it(
    setting: Setting, documents: list[Document]
) -> None:
    session, owner = setting.session, setting.office["owner"]
    accepted(setting)
    start_trial(session, owner, CODE)
    documents[0].record_type = "health"
    publish_batch(session, owner, setting.dictionary, CODE)
    assert documents[0].state is DocumentState.PUBLISHED
    with pytest.raises(NotFound):
        find_document(session, setting.office["searcher"], documents[0].id)
    assert find_document(session, setting.office["reviewer"], documents[0].id) is documents[0]


def test_nothing_is_published_before_its_trial_or_without_the_role(setting: Setting, documents: list[Document]) -> None:
    session, owner = setting.session, setting.office["owner"]
    with pytest.raises(IllegalTransition):
        start_trial(session, owner, CODE)
    accepted(setting)
    with pytest.raises(IllegalTransition):
        publish_batch(session, owner, setting.dictionary, CODE)
    with pytest.raises(Forbidden):
        start_trial(session, setting.office["reviewer"], CODE)
    assert {one.visibility for one in documents} == {Visibility.UNPUBLISHED}


def test_trial_can_fail_and_what_was_accepted_is_accepted_again(setting: Setting, documents: list[Document]) -> None:
    accepted(setting)
    start_trial(setting.session, setting.office["owner"], CODE)
    return_batch(setting.session, setting.office["reviewer"], setting.dictionary, CODE, "Sai")
    start_rework(setting.session, setting.office["reviewer"], CODE)
    finish_rework(setting.session, setting.office["reviewer"], CODE)
    accepted(setting)
    assert [one.round for one in setting.session.scalars(select(Acceptance).order_by(Acceptance.round))] == [1, 2, 3]


def test_withdrawn_document_is_gone_for_everybody(setting: Setting, documents: list[Document]) -> None:
    session, owner, document = setting.session, setting.office["owner"], documents[0]
    accepted(setting)
    with pytest.raises(IllegalTransition):
        withdraw_document(session, owner, document.id, document.revision, "x")
    start_trial(session, owner, CODE)
    publish_batch(session, owner, setting.dictionary, CODE)
    with pytest.raises(Forbidden):
        withdraw_document(session, setting.office["searcher"], document.id, document.revision, "x")
    withdraw_document(session, owner, document.id, document.revision, "Ban hành nhầm")
    assert (document.state, document.visibility) == (DocumentState.WITHDRAWN, Visibility.GONE)
    for person in setting.office.people.values():
        with pytest.raises(NotFound):
            find_document(session, person, document.id)


def test_what_is_missing_in_documents_above_ones_clearance_is_counted_but_not_told(setting: Setting) -> None:
    """The refusal must not name place, file or field of a document that the asker may not read."""
    hidden = add_document(
        setting.session, setting.batch, setting.archival_file, 9, sensitivity=Sensitivity.PERSONAL_SENSITIVE
    )
    setting.pages(hidden)[0].failure = "unreadable"
    add_document(setting.session, setting.batch, setting.archival_file, 2)
    reader = add_person(setting.session, setting.office.unit, "low", Role.REVIEWER, sensitivity=Sensitivity.INTERNAL)
    with pytest.raises(GateClosed) as caught:
        start_reconciliation(setting.session, reader, setting.dictionary, CODE, SampleRule())
    assert caught.value.missing == (f"{PLACE}/0002: record_type", "2 more in documents that you may not read")
    assert caught.value.message == f"Batch {CODE} lacks 3 things."


def test_purge_takes_its_defect_out_of_the_minutes_too(setting: Setting, tmp_path: Path) -> None:
    document = add_document(setting.session, setting.batch, setting.archival_file, 1)
    add_defect(setting.session, setting.office["reviewer"], CODE, NewDefect("lộ tên Nguyễn Văn A", document.id))
    add_defect(setting.session, setting.office["reviewer"], CODE, NewDefect("lỗi chung của lô"))
    minutes = return_batch(setting.session, setting.office["reviewer"], setting.dictionary, CODE, "làm lại")
    assert minutes.minutes.count("lộ tên Nguyễn Văn A") == 2
    withhold_document(setting.session, document, "Dấu mật")
    setting.session.flush()
    store = DirectoryStore(tmp_path / "objects")
    purge_document(setting.session, setting.office["officer"], store, document.id, document.revision, "theo lệnh")
    assert "Nguyễn Văn A" not in minutes.minutes
    assert minutes.minutes.count("Đã tiêu hủy.") == minutes.minutes.count("lỗi chung của lô") == 2
