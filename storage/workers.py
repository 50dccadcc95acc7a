"""Who is alive, and which queue a job goes to because of that. A worker that dies leaves a row that grows stale."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core.stages import RULES, Queue, Stage
from storage.tables import Worker

BEAT_SECONDS = 10.0
"""How often a worker says that it is alive."""
SWEEP = "sweep"
"""Under this name the sweep says that it has run; no worker is called that."""
_ALIVE = timedelta(seconds=35)
_FORGET_AFTER = timedelta(hours=1)


def note_alive(session: Session, name: str, queues: Sequence[Queue], moment: datetime) -> None:
    """Says that this worker, of these queues, is alive at the moment."""
    row = session.get(Worker, name)
    if row is None:
        session.add(Worker(name=name, queues=",".join(queues), started_at=moment, seen_at=moment))
    else:
        session.execute(update(Worker).where(Worker.name == name).values(seen_at=moment, queues=",".join(queues)))


def forget_worker(session: Session, name: str) -> None:
    """The worker has ended by itself."""
    session.execute(delete(Worker).where(Worker.name == name))


def forget_stale(session: Session, moment: datetime) -> None:
    """Removes those that have not been seen for so long that nobody asks for them any more."""
    session.execute(delete(Worker).where(Worker.seen_at < moment - _FORGET_AFTER))


def count_alive(session: Session, moment: datetime) -> dict[Queue, int]:
    """How many workers take from each queue at this moment; every queue is named."""
    counts = dict.fromkeys(Queue, 0)
    for queues in session.scalars(select(Worker.queues).where(Worker.seen_at >= moment - _ALIVE)):
        for name in filter(None, queues.split(",")):
            counts[Queue(name)] += 1
    return counts


def last_seen(session: Session, name: str) -> datetime | None:
    """When the worker of this name, or the sweep, was alive last."""
    return session.scalar(select(Worker.seen_at).where(Worker.name == name))


def choose_queue(session: Session, stage: Stage, moment: datetime) -> Queue:
    """Where a new job of this stage goes: reading to a GPU while one is there, everything else as its rule says."""
    queue = RULES[stage].queue
    if queue is Queue.READ_CPU and count_alive(session, moment)[Queue.READ_GPU]:
        return Queue.READ_GPU
    return queue
