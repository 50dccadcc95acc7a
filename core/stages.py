"""The one place that names every stage of the work, its queue and its limits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

RUN_JOB_TASK = "sohoa.run_job"
"""Name of the broker message that nudges a worker; it carries a job id and nothing else."""
SWEEP_TASK = "sohoa.sweep"
TIDY_TASK = "sohoa.tidy"


class Queue(StrEnum):
    """Where a nudge goes."""

    READ_CPU = "read.cpu"
    READ_GPU = "read.gpu"
    LIGHT = "light"


class Stage(StrEnum):
    """A step that a worker does on its own. The subject is the row that the job's `subject_id` names."""

    SPLIT = "split"
    """Subject: an incoming file. Its pages become images."""
    READ = "read"
    """Subject: a page. Its image becomes text with boxes."""
    DESCRIBE = "describe"
    """Subject: a document. Its text becomes suggestions, a record type, stamps."""
    INDEX = "index"
    """Subject: a document. Its search record is written from the database's present state, or removed."""
    COPY = "copy"
    """Subject: an incoming file. Its original is put into the second store too."""
    LOCK = "lock"
    """Subject: a batch that was accepted. The originals of its accepted documents are locked."""


@dataclass(frozen=True, slots=True)
class StageRule:
    """How a stage is run: queue, seconds of lease, attempts before its job is parked."""

    queue: Queue
    lease_seconds: int
    max_attempts: int


RULES: dict[Stage, StageRule] = {
    Stage.SPLIT: StageRule(Queue.LIGHT, lease_seconds=30, max_attempts=5),
    Stage.READ: StageRule(Queue.READ_CPU, lease_seconds=30, max_attempts=5),
    Stage.DESCRIBE: StageRule(Queue.LIGHT, lease_seconds=30, max_attempts=5),
    Stage.INDEX: StageRule(Queue.LIGHT, lease_seconds=30, max_attempts=8),
    Stage.COPY: StageRule(Queue.LIGHT, lease_seconds=30, max_attempts=8),
    Stage.LOCK: StageRule(Queue.LIGHT, lease_seconds=30, max_attempts=8),
}
