"""Who is alive, where pages go because of that, and what a worker that stops gives back."""

from __future__ import annotations

import logging
import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.stages import RULES, Queue, Stage
from core.states import JobState
from flow.tend_workers import tend_workers
from storage import jobs
from storage.tables import Job, Worker, now
from storage.workers import SWEEP, count_alive, last_seen, note_alive
from tests.factories import make_records
from workers.presence import Presence

GPU = (Queue.READ_GPU,)
CPU = (Queue.LIGHT, Queue.READ_CPU)


@pytest.fixture
def nudges():
    return []


@pytest.fixture
def records(tmp_path, nudges):
    made = make_records(tmp_path, nudges.append)
    yield made
    made.close()


def alive(records, name, queues, moment=None):
    with records.writing() as session:
        note_alive(session, name, queues, moment or now())


def enqueue(records, batch, *subjects, stage=Stage.READ):
    with records.writing() as session:
        return [jobs.enqueue(session, stage, subject, batch).id for subject in subjects]


def queues_of(records):
    with records.reading() as session:
        return dict(session.execute(select(Job.subject_id, Job.queue)).all())


def tend(records, moment=None):
    with records.writing() as session:
        return tend_workers(session, moment or now())


def test_pages_go_to_the_gpu_while_a_worker_is_there_and_nothing_else_does(records, batch):
    enqueue(records, batch, "before")
    alive(records, "a:1", GPU)
    enqueue(records, batch, "during")
    enqueue(records, batch, "document", stage=Stage.DESCRIBE)
    assert queues_of(records) == {"before": Queue.READ_CPU, "during": Queue.READ_GPU, "document": Queue.LIGHT}


def test_the_dead_and_the_departed_are_not_counted(records):
    moment = now()
    alive(records, "a:1", GPU, moment - timedelta(seconds=60))
    alive(records, "b:1", CPU, moment)
    alive(records, "b:2", CPU, moment)
    with records.reading() as session:
        assert count_alive(session, moment) == {Queue.READ_GPU: 0, Queue.READ_CPU: 2, Queue.LIGHT: 2}


def test_when_no_gpu_is_left_the_sweep_moves_its_pages_and_says_so(records, batch, nudges, caplog):
    alive(records, "a:1", GPU)
    first, second, taken = enqueue(records, batch, "p1", "p2", "p3")
    with records.writing() as session:
        assert jobs.claim(session, taken, "a:1", now())
    assert tend(records) == 0
    nudges.clear()
    late = now() + timedelta(seconds=36)
    with caplog.at_level(logging.WARNING):
        assert tend(records, late) == 3
    assert "no GPU worker is alive: 3 pages" in caplog.text
    assert set(queues_of(records).values()) == {Queue.READ_CPU}
    assert {(one.job_id, one.queue) for one in nudges} == {(job, Queue.READ_CPU) for job in (first, second, taken)}
    assert tend(records, late) == 0


def test_a_page_that_a_gpu_worker_still_holds_stays_with_it(records, batch):
    alive(records, "a:1", GPU, now() - timedelta(seconds=34))
    (held,) = enqueue(records, batch, "p1")
    with records.writing() as session:
        assert jobs.claim(session, held, "a:1", now())
    assert tend(records, now() + timedelta(seconds=RULES[Stage.READ].lease_seconds - 2)) == 0
    assert queues_of(records) == {"p1": Queue.READ_GPU}


def test_the_sweep_notes_that_it_ran_and_forgets_the_long_dead(records):
    moment = now()
    alive(records, "old:1", CPU, moment - timedelta(hours=2))
    tend(records, moment)
    with records.reading() as session:
        assert last_seen(session, SWEEP) == moment
        assert session.scalars(select(Worker.name)).all() == [SWEEP]


def test_what_a_worker_gives_back_is_due_at_once_and_cost_no_attempt(records, batch):
    mine, other = enqueue(records, batch, "p1", "p2")
    with records.writing() as session:
        held = jobs.claim(session, mine, "a:1", now())
        assert jobs.claim(session, other, "b:1", now())
    with records.writing() as session:
        assert jobs.release_held(session, "a:1", now()) == 1
    with records.writing() as session:
        again = jobs.claim(session, mine, "c:1", now())
        assert jobs.claim(session, other, "c:1", now()) is None
    assert (again.attempt, again.fence) == (held.attempt, held.fence + 1)


def test_a_worker_beats_and_leaves_nothing_when_it_stops(records, batch):
    presence = Presence(records, "a:1", GPU, seconds=0.05)
    presence.start()
    deadline = time.monotonic() + 10
    seen = set()
    while len(seen) < 3 and time.monotonic() < deadline:
        with records.reading() as session:
            seen.add(last_seen(session, "a:1"))
        time.sleep(0.05)
    (job_id,) = enqueue(records, batch, "p1")
    with records.writing() as session:
        jobs.claim(session, job_id, "a:1", now())
    presence.stop()
    assert len(seen) >= 3
    with records.reading() as session:
        assert session.scalars(select(Worker.name)).all() == []
        assert session.get_one(Job, job_id).lease_until < now()
        assert session.get_one(Job, job_id).state is JobState.LEASED
