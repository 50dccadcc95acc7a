"""Job leases. The job row is the truth; a broker message only says that it may be worth a look.

Claiming counts the attempt and raises the fence. Whoever finishes must still hold the fence, so a worker that lost its
lease cannot commit. What is due is found by time alone, so a lost message or a killed worker costs only time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, and_, or_, select, update
from sqlalchemy.orm import Session

from core.errors import LeaseLost
from core.stages import RULES, Queue, Stage
from core.states import JobState, move
from storage.database import nudge, present
from storage.tables import Job
from storage.workers import choose_queue

_BACKOFF_SECONDS = (2, 15, 60, 300)
_AWAY_SECONDS = (2, 10, 30, 60, 120)
_KNOWN = tuple(Stage)
_FARTHEST = timedelta(minutes=30)
"""No pause and no lease is as long."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job held by this worker until its lease runs out."""

    job_id: str
    stage: Stage
    subject_id: str
    subject_revision: int
    attempt: int
    fence: int
    claimed_at: datetime
    batch_id: str


def enqueue(session: Session, stage: Stage, subject_id: str, batch_id: str, subject_revision: int = 0) -> Job:
    """The job for this stage, subject and revision, made and nudged if there is none yet."""
    wanted = select(Job).where(
        Job.stage == stage, Job.subject_id == subject_id, Job.subject_revision == subject_revision
    )
    job = session.scalars(wanted).one_or_none()
    if job is None:
        moment = present(session)
        job = Job(
            stage=stage,
            subject_id=subject_id,
            subject_revision=subject_revision,
            batch_id=batch_id,
            run_after=moment,
            queue=choose_queue(session, stage, moment),
        )
        session.add(job)
        session.flush()
        nudge(session, job.id, job.queue)
    return job


def claimable(moment: datetime) -> ColumnElement[bool]:
    """Ready or failed jobs whose time has come, and leased ones whose lease has run out.

    A time farther ahead than any pause or lease is from a clock that has been set back since. A stage that only a later
    version knows is left to its workers, which run beside ours during an upgrade.
    """
    far = moment + _FARTHEST
    waiting = and_(Job.state.in_((JobState.READY, JobState.FAILED)), or_(Job.run_after <= moment, Job.run_after > far))
    held = and_(Job.state == JobState.LEASED, or_(Job.lease_until < moment, Job.lease_until > far))
    return and_(Job.stage.in_(_KNOWN), or_(waiting, held))


def claim(session: Session, job_id: str, worker: str, moment: datetime) -> Claim | None:
    """Takes the job if it is due, counting the attempt; None if somebody else has it or its attempts are used up."""
    wanted = select(Job).where(Job.id == job_id, claimable(moment)).with_for_update(skip_locked=True)
    job = session.scalars(wanted).one_or_none()
    if job is None or job.attempt >= RULES[job.stage].max_attempts:
        return None
    job.state = move(f"Job {job.id}", job.state, JobState.LEASED)
    job.attempt += 1
    job.fence += 1
    job.worker = worker
    job.lease_until = moment + timedelta(seconds=RULES[job.stage].lease_seconds)
    return Claim(job.id, job.stage, job.subject_id, job.subject_revision, job.attempt, job.fence, moment, job.batch_id)


def extend(session: Session, held: Claim, moment: datetime) -> None:
    """Heartbeat: the lease runs from now on again. Raises LeaseLost."""
    until = moment + timedelta(seconds=RULES[held.stage].lease_seconds)
    _update_held(session, held, {"lease_until": until})


def finish(session: Session, held: Claim, moment: datetime) -> None:
    """Marks the job done in the caller's transaction. Raises LeaseLost, which undoes all of it."""
    done = {"state": JobState.DONE, "done_at": moment, "lease_until": None, "reason": None}
    _update_held(session, held, {**done, **_ended(held, moment)})


def fail(session: Session, held: Claim, reason: str, moment: datetime) -> JobState:
    """Puts the job off, or parks it when its attempts are used up; answers which. Raises LeaseLost."""
    if held.attempt >= RULES[held.stage].max_attempts:
        parked = {"state": JobState.PARKED, "lease_until": None, "reason": reason}
        _update_held(session, held, {**parked, **_ended(held, moment)})
        return JobState.PARKED
    pause = _BACKOFF_SECONDS[min(held.attempt, len(_BACKOFF_SECONDS)) - 1]
    later = {"state": JobState.FAILED, "run_after": moment + timedelta(seconds=pause), "lease_until": None}
    _update_held(session, held, {**later, "reason": reason, **_ended(held, moment)})
    return JobState.FAILED


def _ended(held: Claim, moment: datetime) -> dict[str, Any]:
    """How long the attempt took, for whoever watches the stages."""
    return {"ended_at": moment, "seconds": max(0.0, (moment - held.claimed_at).total_seconds())}


def put_off(session: Session, held: Claim, reason: str, moment: datetime) -> None:
    """Puts the job off without counting the attempt: a part that it needs is away for a while. Raises LeaseLost.

    Longer each time, so that thousands that wait for the same part do not keep everybody busy with asking for it.
    """
    # Every claim raises the fence; those that were put off do not count as attempts.
    pause = _AWAY_SECONDS[min(held.fence - held.attempt, len(_AWAY_SECONDS) - 1)]
    later = {"state": JobState.FAILED, "run_after": moment + timedelta(seconds=pause), "lease_until": None}
    _update_held(session, held, {**later, "attempt": held.attempt - 1, "reason": reason})


def _update_held(session: Session, held: Claim, values: dict[str, Any]) -> None:
    mine = (Job.id == held.job_id, Job.fence == held.fence, Job.state == JobState.LEASED)
    result = cast("CursorResult[Any]", session.execute(update(Job).where(*mine).values(**values)))
    if result.rowcount != 1:
        raise LeaseLost(f"Job {held.job_id} is held by another worker now.", "Its result is thrown away.")


def find_due(session: Session, queues: Sequence[Queue], moment: datetime, limit: int) -> list[tuple[str, Queue]]:
    """Jobs of these queues to nudge again, most urgent first."""
    due = select(Job.id, Job.queue).where(claimable(moment), Job.queue.in_(queues))
    return [(row.id, row.queue) for row in session.execute(due.order_by(Job.priority, Job.created_at).limit(limit))]


def find_exhausted(session: Session, moment: datetime) -> list[Job]:
    """Jobs whose last attempt ended without a word (a killed worker) and that have no attempt left."""
    due = session.scalars(select(Job).where(claimable(moment)).with_for_update(skip_locked=True))
    return [job for job in due if job.attempt >= RULES[job.stage].max_attempts]


def release_all(session: Session, moment: datetime) -> int:
    """Ends every lease; answers how many. Only for a start at which no worker can be alive."""
    held = update(Job).where(Job.state == JobState.LEASED, Job.lease_until >= moment)
    late = moment - timedelta(seconds=1)
    return int(cast("CursorResult[Any]", session.execute(held.values(lease_until=late))).rowcount)


def release_held(session: Session, worker: str, moment: datetime) -> int:
    """Ends the leases of a worker that is told to stop, so that another takes its jobs at once; answers how many.

    The attempt does not count: nothing was wrong with the job.
    """
    mine = update(Job).where(Job.state == JobState.LEASED, Job.worker == worker, Job.lease_until >= moment)
    back = mine.values(lease_until=moment - timedelta(seconds=1), attempt=Job.attempt - 1)
    return int(cast("CursorResult[Any]", session.execute(back)).rowcount)


def release_dead(session: Session, host: str, is_alive: Callable[[int], bool], moment: datetime) -> int:
    """Ends the leases of this host's workers, named HOST:PID, whose process is gone; answers how many.

    The attempt counts: the job may be what killed them.
    """
    held = select(Job.worker).where(Job.state == JobState.LEASED, Job.worker.startswith(f"{host}:", autoescape=True))
    names = [name for name in session.scalars(held.distinct()) if name and not is_alive(int(name.rpartition(":")[2]))]
    gone = update(Job).where(Job.state == JobState.LEASED, Job.worker.in_(names))
    back = gone.values(lease_until=moment - timedelta(seconds=1))
    return int(cast("CursorResult[Any]", session.execute(back)).rowcount)


def move_waiting(session: Session, source: Queue, target: Queue, moment: datetime, limit: int) -> int:
    """Has the jobs that nobody works on go to another queue, and nudges the first of them; answers how many moved."""
    waiting = session.scalars(
        select(Job.id).where(claimable(moment), Job.queue == source).order_by(Job.priority, Job.created_at).limit(limit)
    ).all()
    moved = session.execute(update(Job).where(claimable(moment), Job.queue == source).values(queue=target))
    for job_id in waiting:
        nudge(session, job_id, target)
    return int(cast("CursorResult[Any]", moved).rowcount)


def park(job: Job, reason: str) -> None:
    """Parks a job that no worker holds any more; its fence rises, so that a late worker cannot commit."""
    job.state = JobState.PARKED
    job.fence += 1
    job.lease_until = None
    job.reason = reason


def retry(session: Session, job: Job) -> None:
    """A person has a parked job tried again from its first attempt."""
    job.state = move(f"Job {job.id}", job.state, JobState.READY)
    job.attempt = 0
    job.run_after = present(session)
    nudge(session, job.id, job.queue)
