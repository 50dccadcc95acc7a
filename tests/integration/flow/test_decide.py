"""Decisions about documents and pages: states, pages, reasons, jobs, and what is refused."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.errors import Forbidden, IllegalTransition, InvalidValue, NotFound, StaleRevision
from core.labels import Visibility
from core.stages import Stage
from core.states import BatchState, DocumentState, FileState, JobState, PageState
from flow.decide import (
    cancel_rescan,
    drop_duplicate,
    reject_document,
    request_rescan,
    retry_page,
    settle_failed_page,
)
from review.reasons import DUPLICATE, RejectReason, RescanReason
from storage.jobs import enqueue
from storage.tables import AccessEvent, Document, Job, Page
from tests.factories import add_document, add_suggestion, add_values
from tests.integration.flow.conftest import Setting


@pytest.fixture
def document(setting: Setting) -> Document:
    return add_document(setting.session, setting.batch, setting.archival_file, pages=2)


def page_states(setting: Setting, document: Document) -> list[PageState]:
    return [page.state for page in setting.pages(document)]


def test_rejection_takes_the_pages_along_and_keeps_the_reason(setting: Setting, document: Document) -> None:
    reject_document(
        setting.session,
        setting.office["reviewer"],
        document.id,
        document.revision,
        RejectReason.WRONG_UNIT,
        "Của đơn vị khác",
    )
    assert document.state is DocumentState.REJECTED
    assert (document.reason_code, document.reason) == ("wrong_unit", "Của đơn vị khác")
    assert page_states(setting, document) == [PageState.REJECTED] * 2
    event = setting.session.scalars(select(AccessEvent)).one()
    assert (event.action, event.detail) == ("reject_document", {"code": "wrong_unit"})


def test_refusals_of_rejection(setting: Setting, document: Document) -> None:
    reviewer, code = setting.office["reviewer"], RejectReason.OTHER
    with pytest.raises(Forbidden):
        reject_document(setting.session, setting.office["typist"], document.id, document.revision, code, "x")
    with pytest.raises(NotFound):
        reject_document(setting.session, setting.office["administrator"], document.id, document.revision, code, "x")
    with pytest.raises(StaleRevision):
        reject_document(setting.session, reviewer, document.id, document.revision + 1, code, "x")
    with pytest.raises(InvalidValue):
        reject_document(setting.session, reviewer, document.id, document.revision, code, "x" * 301)


def test_document_still_being_read_is_not_decided_about(setting: Setting, document: Document) -> None:
    document.state = DocumentState.PROCESSING
    setting.session.flush()
    with pytest.raises(IllegalTransition, match="still being read"):
        reject_document(
            setting.session, setting.office["reviewer"], document.id, document.revision, RejectReason.OTHER, "x"
        )


def test_rescan_is_asked_for_and_called_off(setting: Setting, document: Document) -> None:
    typist, reviewer = setting.office["typist"], setting.office["reviewer"]
    request_rescan(setting.session, typist, document.id, document.revision, RescanReason.BLURRED, "Mờ")
    assert (document.state, document.reason_code) == (DocumentState.RESCAN_REQUESTED, "blurred")
    assert page_states(setting, document) == [PageState.IN_PROGRESS] * 2
    cancel_rescan(setting.session, reviewer, document.id, document.revision)
    assert (document.state, document.reason_code, document.reason) == (DocumentState.DESCRIBED, None, None)


def test_rescan_of_a_document_without_any_file_stays(setting: Setting) -> None:
    lost = add_document(
        setting.session,
        setting.batch,
        setting.archival_file,
        7,
        state=DocumentState.RESCAN_REQUESTED,
        file_state=FileState.REFUSED,
    )
    with pytest.raises(IllegalTransition, match="No file"):
        cancel_rescan(setting.session, setting.office["reviewer"], lost.id, lost.revision)
    reject_document(
        setting.session, setting.office["reviewer"], lost.id, lost.revision, RejectReason.NO_SOUND_FILE, "Hỏng"
    )
    assert lost.state is DocumentState.REJECTED


def test_duplicate_is_dropped_for_the_one_that_stays(setting: Setting, document: Document) -> None:
    kept = add_document(setting.session, setting.batch, setting.archival_file, 2)
    drop_duplicate(setting.session, setting.office["reviewer"], document.id, document.revision, kept.id)
    assert (document.state, document.visibility) == (DocumentState.SUPERSEDED, Visibility.GONE)
    assert document.reason_code == DUPLICATE
    assert page_states(setting, document) == [PageState.DROPPED] * 2
    assert page_states(setting, kept) == [PageState.IN_PROGRESS]


def test_duplicate_needs_another_living_document(setting: Setting, document: Document) -> None:
    reviewer = setting.office["reviewer"]
    rejected = add_document(setting.session, setting.batch, setting.archival_file, 2, state=DocumentState.REJECTED)
    withheld = add_document(setting.session, setting.batch, setting.archival_file, 3, visibility=Visibility.WITHHELD)
    for kept in (document, rejected):
        with pytest.raises(InvalidValue):
            drop_duplicate(setting.session, reviewer, document.id, document.revision, kept.id)
    with pytest.raises(NotFound):
        drop_duplicate(setting.session, reviewer, document.id, document.revision, withheld.id)


def fail_page(setting: Setting, document: Document, *, split: bool = False) -> Page:
    page = setting.pages(document)[0]
    page.failure = "ReadingFailed: no model"
    if split:
        page.image_sha256 = None
    setting.session.flush()
    return page


def test_failed_page_is_settled_by_a_person(setting: Setting, document: Document) -> None:
    page = fail_page(setting, document)
    settle_failed_page(setting.session, setting.office["typist"], page.id, "Đã nhập từ ảnh")
    assert page.failure_settled_by == setting.office["typist"].user_id
    assert page.failure == "ReadingFailed: no model\nĐã nhập từ ảnh"
    with pytest.raises(IllegalTransition):
        settle_failed_page(setting.session, setting.office["typist"], page.id, "lần nữa")


def test_sound_page_is_neither_settled_nor_read_again(setting: Setting, document: Document) -> None:
    page = setting.pages(document)[0]
    with pytest.raises(IllegalTransition):
        settle_failed_page(setting.session, setting.office["typist"], page.id, "x")
    with pytest.raises(IllegalTransition):
        retry_page(setting.session, setting.office["typist"], page.id)
    with pytest.raises(Forbidden):
        settle_failed_page(setting.session, setting.office["business"], page.id, "x")


def test_parked_reading_starts_again_and_the_batch_waits_for_it(setting: Setting, document: Document) -> None:
    page = fail_page(setting, document)
    suggestion = add_suggestion(setting.session, document, page, "number", "1")
    add_values(setting.session, document, {"number": "1"}, setting.office["typist"])
    setting.values(document)["number"].suggestion_id = suggestion.id
    job = enqueue(setting.session, Stage.READ, page.id, setting.batch.id)
    job.state, job.attempt = JobState.PARKED, 3
    document.state = DocumentState.CONFIRMED
    setting.session.flush()
    retry_page(setting.session, setting.office["typist"], page.id)
    assert (job.state, job.attempt) == (JobState.READY, 0)
    assert (document.state, document.described_round) == (DocumentState.PROCESSING, 1)
    assert setting.batch.state is BatchState.PROCESSING
    assert page.failure is None
    setting.session.expire_all()
    assert setting.values(document)["number"].suggestion_id is None


def test_page_that_was_never_split_has_its_file_split_again(setting: Setting, document: Document) -> None:
    page = fail_page(setting, document, split=True)
    done = enqueue(setting.session, Stage.SPLIT, page.incoming_file_id, setting.batch.id)
    done.state = JobState.DONE
    setting.session.flush()
    retry_page(setting.session, setting.office["typist"], page.id)
    jobs = setting.session.scalars(select(Job).where(Job.stage == Stage.SPLIT).order_by(Job.subject_revision)).all()
    assert [(job.state, job.subject_revision) for job in jobs] == [(JobState.DONE, 0), (JobState.READY, 1)]
