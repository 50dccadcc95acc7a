"""The state of the work in numbers, held against rows whose numbers are known."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core.labels import Visibility
from core.stages import Queue, Stage
from core.states import DocumentState, JobState, PageState
from flow.measures import BUCKETS, IndexLag, take_measures
from storage import jobs
from storage.tables import Document, Job, Page, now
from storage.workers import note_alive
from tests import factories


@pytest.fixture
def records(tmp_path):
    made = factories.make_records(tmp_path)
    yield made
    made.close()


def measure(records, moment):
    with records.reading() as session:
        return take_measures(session, moment)


def test_an_empty_installation_has_zeros_for_everything(records):
    found = measure(records, now())
    assert {one.count for one in found.waiting} == {0}
    assert {(one.queue, one.state) for one in found.waiting} == {
        (queue, state) for queue in Queue for state in (JobState.READY, JobState.LEASED, JobState.FAILED)
    }
    assert found.oldest_seconds == dict.fromkeys(Queue, 0.0)
    assert found.parked == dict.fromkeys(Stage, 0)
    assert found.pages == dict.fromkeys(PageState, 0)
    assert found.workers == dict.fromkeys(Queue, 0)
    assert (found.runs, found.lag, found.sweep_seconds) == ((), IndexLag(0, 0.0), None)
    assert (found.failed_pages, found.withheld) == (0, 0)


def test_jobs_are_counted_by_queue_state_and_age(records, batch):
    with records.writing() as session:
        made = [jobs.enqueue(session, Stage.READ, f"p{number}", batch) for number in range(3)]
        jobs.enqueue(session, Stage.SPLIT, "f1", batch)
        moment = now()
        made[0].run_after = moment - timedelta(seconds=90)
        made[1].run_after = moment + timedelta(seconds=90)
    with records.writing() as session:
        jobs.claim(session, made[2].id, "w1", moment)
    found = measure(records, moment)
    assert {(one.queue, one.state): one.count for one in found.waiting if one.count} == {
        (Queue.READ_CPU, JobState.READY): 2,
        (Queue.READ_CPU, JobState.LEASED): 1,
        (Queue.LIGHT, JobState.READY): 1,
    }
    assert found.oldest_seconds[Queue.READ_CPU] == pytest.approx(90, abs=0.01)
    assert found.oldest_seconds[Queue.READ_GPU] == 0


def run(records, batch, subject, seconds, moment, *, outcome=JobState.DONE):
    """A job whose last attempt took so long and ended at the moment in this way."""
    with records.writing() as session:
        job_id = jobs.enqueue(session, Stage.READ, subject, batch).id
    with records.writing() as session:
        if outcome is JobState.PARKED:
            session.execute(update(Job).where(Job.id == job_id).values(attempt=4))
        session.execute(update(Job).where(Job.id == job_id).values(run_after=moment - timedelta(hours=1)))
        held = jobs.claim(session, job_id, "w1", moment - timedelta(seconds=seconds))
    with records.writing() as session:
        if outcome is JobState.DONE:
            jobs.finish(session, held, moment)
        else:
            assert jobs.fail(session, held, "no", moment) is outcome


def test_stages_are_counted_by_outcome_and_duration_within_the_window(records, batch):
    moment = now()
    for number, seconds in enumerate((0.05, 0.4, 1.5, 70.0)):
        run(records, batch, f"p{number}", seconds, moment - timedelta(minutes=number))
    run(records, batch, "bad", 3.0, moment, outcome=JobState.FAILED)
    run(records, batch, "worse", 4.0, moment, outcome=JobState.PARKED)
    run(records, batch, "old", 1.0, moment - timedelta(minutes=16))
    found = measure(records, moment)
    assert [(one.stage, one.outcome, one.total) for one in found.runs] == [
        (Stage.READ, JobState.DONE, 4),
        (Stage.READ, JobState.FAILED, 1),
        (Stage.READ, JobState.PARKED, 1),
    ]
    assert dict(zip(BUCKETS, found.runs[0].counts, strict=True)) == {
        0.1: 1, 0.5: 2, 1.0: 2, 2.0: 3, 5.0: 3, 10.0: 3, 30.0: 3, 60.0: 3, 300.0: 4
    }  # fmt: skip
    assert found.runs[0].seconds == pytest.approx(71.95, abs=0.01)
    assert found.parked == {**dict.fromkeys(Stage, 0), Stage.READ: 1}


@pytest.fixture
def documents(records):
    with records.writing() as session:
        office = factories.add_office(session)
        batch = factories.add_batch(
            session, factories.add_entry(session, office.unit, office["owner"]), office["owner"]
        )
        shelf = factories.add_archival_file(session, batch)
        return [
            factories.add_document(session, batch, shelf, number, pages=2, state=DocumentState.DESCRIBED)
            for number in (1, 2)
        ]


def test_index_lag_is_what_is_behind_and_for_how_long(records, documents):
    moment = now()
    with records.writing() as session:
        session.execute(update(Document).values(search_revision=1, indexed_revision=1))
        behind = session.get_one(Document, documents[0].id)
        behind.search_revision = 2
        job = jobs.enqueue(session, Stage.INDEX, behind.id, behind.batch_id, 2)
        job.created_at = moment - timedelta(seconds=40)
        # One that waits for a document that is in step already says nothing of the lag.
        other = jobs.enqueue(session, Stage.INDEX, documents[1].id, behind.batch_id, 1)
        other.created_at = moment - timedelta(seconds=400)
    lag = measure(records, moment).lag
    assert lag.documents == 1
    assert lag.seconds == pytest.approx(40, abs=0.01)


def test_pages_are_counted_by_state_and_failed_ones_until_a_person_decides(records, documents):
    with records.writing() as session:
        session.execute(update(Page).values(state=PageState.IN_PROGRESS, failure=None))
        pages = session.scalars(select(Page).order_by(Page.id)).all()
        pages[0].state = PageState.PUBLISHED
        pages[1].failure = "engine died"
        pages[2].failure, pages[2].failure_settled_by = "engine died", documents[0].entered_by or _any_user(session)
    found = measure(records, now())
    assert found.pages == {**dict.fromkeys(PageState, 0), PageState.PUBLISHED: 1, PageState.IN_PROGRESS: 3}
    assert found.failed_pages == 1


def test_withheld_documents_are_counted_until_they_are_cleared_or_purged(records, documents):
    with records.writing() as session:
        for document, seen in zip(documents, (Visibility.WITHHELD, Visibility.GONE), strict=False):
            session.get_one(Document, document.id).visibility = seen
    assert measure(records, now()).withheld == 1


def _any_user(session):
    return session.scalar(select(factories.User.id).limit(1))


def test_workers_and_the_sweep_are_seen(records):
    moment = now()
    with records.writing() as session:
        note_alive(session, "a:1", (Queue.READ_GPU,), moment)
        note_alive(session, "sweep", (), moment - timedelta(seconds=8))
    found = measure(records, moment)
    assert found.workers == {Queue.READ_GPU: 1, Queue.READ_CPU: 0, Queue.LIGHT: 0}
    assert found.sweep_seconds == pytest.approx(8, abs=0.01)
