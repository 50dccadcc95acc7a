"""What the sweep does about workers: it notes that it ran, and where nobody serves the GPU's queue the CPU reads."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy.orm import Session

from core.stages import Queue
from storage.jobs import move_waiting
from storage.workers import SWEEP, count_alive, forget_stale, note_alive

logger = logging.getLogger(__name__)

_NUDGES = 2_000


def tend_workers(session: Session, moment: datetime) -> int:
    """Moves pages that wait for a GPU worker to the CPU's queue when none is alive; answers how many."""
    note_alive(session, SWEEP, (), moment)
    forget_stale(session, moment)
    if count_alive(session, moment)[Queue.READ_GPU]:
        return 0
    moved = move_waiting(session, Queue.READ_GPU, Queue.READ_CPU, moment, _NUDGES)
    if moved:
        logger.warning("no GPU worker is alive: %s pages that waited for one are read on the CPU", moved)
    return moved
