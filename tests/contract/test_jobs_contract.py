"""Job leases on a real database file: claims, fences, attempts, the sweep's view."""

from datetime import UTC, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from core.errors import LeaseLost
from core.stages import RULES, Queue, Stage
from core.states import JobState
from storage import jobs
from storage.database import present
from storage.tables import Job, now

STAGE = Stage.READ


@pytest.fixture
def nudges():
    return []


@pytest.fixture
def records(tmp_path, nudges, new_records):
    made = new_records(tmp_path, nudges.append)
    yield made
    made.close()


@pytest.fixture
def job_id(records, batch):
    with records.writing() as session:
        return jobs.enqueue(session, STAGE, "page1", batch).id


def claim(records, job_id, worker="w1", moment=None):
    with records.writing() as session:
        return jobs.claim(session, job_id, worker, moment or now())


def state_of(records, job_id):
    with records.reading() as session:
        return session.get_one(Job, job_id).state


def test_a_nudge_leaves_after_the_commit_and_only_then(records, nudges, batch):
    with records.writing() as session:
        job = jobs.enqueue(session, STAGE, "page1", batch)
        assert nudges == []
    assert [(one.job_id, one.queue) for one in nudges] == [(job.id, Queue.READ_CPU)]


def test_a_transaction_that_fails_sends_no_nudge_and_keeps_no_job(records, nudges, batch):
    with pytest.raises(ZeroDivisionError), records.writing() as session:
        jobs.enqueue(session, STAGE, "page1", batch)
        raise ZeroDivisionError
    with records.reading() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 0
    assert nudges == []


def test_enqueueing_the_same_twice_makes_one_job(records, nudges, batch):
    for _ in range(2):
        with records.writing() as session:
            jobs.enqueue(session, STAGE, "page1", batch)
    assert len(nudges) == 1


def test_of_many_workers_exactly_one_gets_the_job(records, job_id):
    start, won = Barrier(8), []

    def work(name):
        start.wait()
        held = claim(records, job_id, name)
        if held is not None:
            won.append(held)

    threads = [Thread(target=work, args=(f"w{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(one.attempt, one.fence) for one in won] == [(1, 1)]


def test_who_lost_the_lease_cannot_finish(records, job_id):
    first = claim(records, job_id)
    late = now() + timedelta(seconds=RULES[STAGE].lease_seconds + 1)
    second = claim(records, job_id, "w2", late)
    assert (second.attempt, second.fence) == (2, 2)
    with pytest.raises(LeaseLost), records.writing() as session:
        jobs.finish(session, first, now())
    assert state_of(records, job_id) is JobState.LEASED
    with records.writing() as session:
        jobs.finish(session, second, now())
    assert state_of(records, job_id) is JobState.DONE


def test_a_heartbeat_keeps_the_lease(records, job_id):
    held = claim(records, job_id)
    almost = now() + timedelta(seconds=RULES[STAGE].lease_seconds - 1)
    with records.writing() as session:
        jobs.extend(session, held, almost)
    assert claim(records, job_id, "w2", almost + timedelta(seconds=2)) is None


def test_failing_puts_off_and_the_last_attempt_parks(records, job_id):
    moment = now()
    for attempt in range(1, RULES[STAGE].max_attempts + 1):
        held = claim(records, job_id, moment=moment)
        assert held.attempt == attempt
        with records.writing() as session:
            state = jobs.fail(session, held, "no ink", moment)
        assert claim(records, job_id, moment=moment) is None
        moment += timedelta(hours=1)
    assert state is JobState.PARKED
    assert claim(records, job_id, moment=moment) is None


def test_a_worker_that_dies_every_time_uses_up_the_attempts(records, job_id):
    moment = now()
    for _ in range(RULES[STAGE].max_attempts):
        assert claim(records, job_id, moment=moment)
        moment += timedelta(hours=1)
    assert claim(records, job_id, moment=moment) is None
    with records.writing() as session:
        (exhausted,) = jobs.find_exhausted(session, moment)
        jobs.park(exhausted, "died")
    assert (exhausted.id, state_of(records, job_id)) == (job_id, JobState.PARKED)


def test_the_sweep_sees_what_is_due_in_its_queues_and_nothing_else(records, batch, job_id):
    with records.writing() as session:
        split = jobs.enqueue(session, Stage.SPLIT, "file1", batch).id
        taken = jobs.enqueue(session, STAGE, "page2", batch).id
    claim(records, taken)
    with records.reading() as session:
        assert jobs.find_due(session, [Queue.READ_CPU], now(), 10) == [(job_id, Queue.READ_CPU)]
        assert {one for one, _ in jobs.find_due(session, list(Queue), now(), 10)} == {job_id, split}


def test_a_parked_job_starts_again_from_its_first_attempt(records, job_id, nudges):
    held = claim(records, job_id)
    with records.writing() as session:
        job = session.get_one(Job, job_id)
        jobs.park(job, "by hand")
        jobs.retry(session, job)
    with pytest.raises(LeaseLost), records.writing() as session:
        jobs.finish(session, held, now())
    assert claim(records, job_id).attempt == 1
    assert len(nudges) == 2


def test_a_start_at_which_no_worker_lives_takes_up_every_job_at_once(records, job_id):
    first = claim(records, job_id)
    with records.writing() as session:
        assert jobs.release_all(session, now()) == 1
        assert jobs.release_all(session, now()) == 0
    assert claim(records, job_id).fence == first.fence + 1


@pytest.mark.parametrize("ahead", [timedelta(hours=2), timedelta(days=400)])
def test_a_clock_that_was_set_back_holds_no_job(records, job_id, ahead):
    """A lease or a pause that lies farther ahead than any is from a clock that was wrong then."""
    claim(records, job_id, moment=now() + ahead)
    with records.writing() as session:
        job = session.get_one(Job, job_id)
        job.lease_until = job.run_after = now() + ahead
    assert claim(records, job_id, "w2") is not None


def test_all_workers_go_by_one_clock(records):
    """Two workers whose own clocks disagree ask the records."""
    with records.reading() as session:
        first = present(session)
    with records.writing() as session:
        second = present(session)
    assert timedelta(0) <= second - first < timedelta(seconds=20)
    assert first.tzinfo == UTC


def test_the_next_worker_of_a_machine_takes_up_what_the_dead_one_held(records, job_id):
    first = claim(records, job_id, "may-1:100")
    with records.writing() as session:
        assert jobs.release_dead(session, "may-1", lambda pid: pid == 100, now()) == 0
        assert jobs.release_dead(session, "may-12", lambda pid: False, now()) == 0
    assert claim(records, job_id, "may-1:101") is None
    with records.writing() as session:
        assert jobs.release_dead(session, "may-1", lambda pid: pid == 101, now()) == 1
    second = claim(records, job_id, "may-1:101")
    assert (second.attempt, second.fence) == (first.attempt + 1, first.fence + 1)


def test_a_stage_of_a_later_version_is_left_to_its_workers(records, job_id, monkeypatch):
    monkeypatch.setattr(jobs, "_KNOWN", tuple(stage for stage in Stage if stage is not STAGE))
    assert claim(records, job_id) is None
    with records.writing() as session:
        assert (jobs.find_due(session, list(Queue), now(), 10), jobs.find_exhausted(session, now())) == ([], [])
    monkeypatch.undo()
    assert claim(records, job_id).attempt == 1
