"""The state of the work in numbers, from the records: for whoever watches the installation. No ids, no names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from core.labels import Visibility
from core.stages import Queue, Stage
from core.states import OPEN_JOBS, JobState, PageState
from storage.tables import Document, Job, Page
from storage.workers import SWEEP, count_alive, last_seen

WINDOW = timedelta(minutes=15)
"""Over how long the stages are looked back at."""
BUCKETS = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0)
"""Upper bounds of the durations that are counted together, in seconds."""
_ENDED = (JobState.DONE, JobState.FAILED, JobState.PARKED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Jobs of one queue in one state."""

    queue: Queue
    state: JobState
    count: int


@dataclass(frozen=True, slots=True)
class StageRun:
    """Last attempts of one stage that ended within the window with one outcome: done, failed or parked.

    counts: how many took at most each of BUCKETS; total: all; seconds: together.
    """

    stage: Stage
    outcome: JobState
    counts: tuple[int, ...]
    total: int
    seconds: float


@dataclass(frozen=True, slots=True)
class IndexLag:
    """Documents whose search record is behind, and how long the oldest of them has waited."""

    documents: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Measures:
    """All of it, at one moment."""

    waiting: tuple[Waiting, ...]
    oldest_seconds: dict[Queue, float]
    """How long the oldest open job of each queue has been due."""
    parked: dict[Stage, int]
    runs: tuple[StageRun, ...]
    lag: IndexLag
    pages: dict[PageState, int]
    failed_pages: int
    withheld: int
    """Documents that wait for a security officer."""
    workers: dict[Queue, int]
    sweep_seconds: float | None
    """Since the sweep ran last; None: it never did."""


def take_measures(session: Session, moment: datetime) -> Measures:
    """Grouped queries over indexed columns; the session is only read from."""
    seen = last_seen(session, SWEEP)
    return Measures(
        waiting=_waiting(session),
        oldest_seconds=_oldest(session, moment),
        parked=_parked(session),
        runs=_runs(session, moment),
        lag=_lag(session, moment),
        pages=_pages(session),
        failed_pages=_failed_pages(session),
        withheld=_withheld(session),
        workers=count_alive(session, moment),
        sweep_seconds=None if seen is None else (moment - seen).total_seconds(),
    )


def _waiting(session: Session) -> tuple[Waiting, ...]:
    rows = session.execute(
        select(Job.queue, Job.state, func.count()).where(Job.state.in_(OPEN_JOBS)).group_by(Job.queue, Job.state)
    )
    found = {(queue, state): count for queue, state, count in rows}
    return tuple(Waiting(queue, state, found.get((queue, state), 0)) for queue in Queue for state in OPEN_JOBS)


def _oldest(session: Session, moment: datetime) -> dict[Queue, float]:
    due = (Job.state.in_((JobState.READY, JobState.FAILED)), Job.run_after <= moment)
    rows = session.execute(select(Job.queue, func.min(Job.run_after)).where(*due).group_by(Job.queue))
    ages = dict.fromkeys(Queue, 0.0)
    return ages | {queue: (moment - first).total_seconds() for queue, first in rows}


def _parked(session: Session) -> dict[Stage, int]:
    rows = session.execute(select(Job.stage, func.count()).where(Job.state == JobState.PARKED).group_by(Job.stage))
    return dict.fromkeys(Stage, 0) | {stage: int(count) for stage, count in rows}


def _runs(session: Session, moment: datetime) -> tuple[StageRun, ...]:
    bounds = [func.sum(case((Job.seconds <= bound, 1), else_=0)) for bound in BUCKETS]
    ended = (Job.ended_at >= moment - WINDOW, Job.seconds.is_not(None), Job.state.in_(_ENDED))
    rows = session.execute(
        select(Job.stage, Job.state, func.count(), func.sum(Job.seconds), *bounds)
        .where(*ended)
        .group_by(Job.stage, Job.state)
        .order_by(Job.stage, Job.state)
    )
    return tuple(
        StageRun(stage, state, tuple(map(int, counts)), total, float(seconds))
        for stage, state, total, seconds, *counts in rows
    )


def _lag(session: Session, moment: datetime) -> IndexLag:
    behind = Document.indexed_revision < Document.search_revision
    documents = session.scalar(select(func.count()).select_from(Document).where(behind)) or 0
    waits = (Job.stage == Stage.INDEX, Job.state.in_((*OPEN_JOBS, JobState.PARKED)))
    first = session.scalar(
        select(func.min(Job.created_at)).join(Document, Document.id == Job.subject_id).where(*waits, behind)
    )
    return IndexLag(documents, (moment - first).total_seconds() if first else 0.0)


def _pages(session: Session) -> dict[PageState, int]:
    rows = session.execute(select(Page.state, func.count()).group_by(Page.state))
    return dict.fromkeys(PageState, 0) | {state: int(count) for state, count in rows}


def _withheld(session: Session) -> int:
    hidden = Document.visibility == Visibility.WITHHELD
    return session.scalar(select(func.count()).select_from(Document).where(hidden)) or 0


def _failed_pages(session: Session) -> int:
    undecided = (Page.failure.is_not(None), Page.failure_settled_by.is_(None), Page.state == PageState.IN_PROGRESS)
    return session.scalar(select(func.count()).select_from(Page).where(*undecided)) or 0
