"""What a job's log lines and its span are known by: ids, never contents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from core.logs import log_ids
from core.stages import Stage
from flow.tracing import Span, Tracing
from storage.jobs import Claim

SUBJECTS: Mapping[Stage, str] = MappingProxyType(
    {
        Stage.SPLIT: "file",
        Stage.READ: "page",
        Stage.DESCRIBE: "document",
        Stage.INDEX: "document",
        Stage.COPY: "file",
        Stage.LOCK: "batch",
    }
)
"""What kind of row the subject of each stage is."""


def job_ids(held: Claim) -> dict[str, str]:
    """The ids of the job, its batch and its subject."""
    return {
        "job": held.job_id,
        "stage": held.stage.value,
        "batch": held.batch_id,
        SUBJECTS[held.stage]: held.subject_id,
    }


@contextmanager
def in_job(held: Claim, tracing: Tracing) -> Iterator[Span]:
    """The block is the work on this job: its lines bear its ids, and it is a span."""
    ids = job_ids(held)
    with log_ids(**ids), tracing.span(f"job {held.stage}", {**ids, "attempt": held.attempt}, {}) as span:
        yield span
