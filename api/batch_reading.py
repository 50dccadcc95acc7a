"""A batch as its page and the JSON API show it: the overview, what is missing, and how far the machine's work is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.catalogue import Dictionary
from core.stages import Stage
from core.states import BatchState, JobState
from flow.find import find_batch
from people.persons import Person
from review.missing import Lack, Missing, find_missing, shown_to
from review.quality import Quality, measure_quality
from review.queries import ArchivalFileView, BatchOverview, Task, batch_overview, list_files, next_document
from storage.access import readable
from storage.tables import Batch, Document, Job

_ASKING = frozenset({BatchState.PROCESSING, BatchState.IN_REVIEW, BatchState.RECONCILING, BatchState.REWORK})
"""States in which it matters what still stands before acceptance."""


@dataclass(frozen=True, slots=True)
class StageProgress:
    """How many jobs of a stage there are, and how many of them are done or parked."""

    stage: Stage
    total: int
    done: int
    parked: int

    @property
    def percent(self) -> int:
        return 100 * (self.done + self.parked) // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing in one document, of one kind: `details` are the names of fields, pages or files."""

    document_id: str
    place: str
    lack: Lack
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BatchReading:
    """Everything that is shown of a batch. `hidden`: things missing in documents that the reader may not read."""

    overview: BatchOverview
    files: tuple[ArchivalFileView, ...]
    """The archival files, where the catalogue entry says what they must hold."""
    gaps: tuple[Gap, ...]
    hidden: int
    stages: tuple[StageProgress, ...]
    next_entry: str | None
    next_confirm: str | None
    quality: Quality
    """Over the batch's documents that the reader may read."""


def list_stages(session: Session, batch_id: str) -> tuple[StageProgress, ...]:
    """The machine's work on a batch, stage by stage."""
    counts: dict[Stage, dict[JobState, int]] = defaultdict(dict)
    query = select(Job.stage, Job.state, func.count()).where(Job.batch_id == batch_id).group_by(Job.stage, Job.state)
    for stage, state, count in session.execute(query):
        counts[stage][state] = count
    return tuple(
        StageProgress(
            stage,
            sum(counts[stage].values()),
            counts[stage].get(JobState.DONE, 0),
            counts[stage].get(JobState.PARKED, 0),
        )
        for stage in Stage
        if counts[stage]
    )


def _group(missing: Sequence[Missing]) -> tuple[Gap, ...]:
    details: dict[tuple[str, str, Lack], list[str]] = defaultdict(list)
    for one in missing:
        details[one.document_id, one.place, one.lack] += [one.detail] if one.detail else []
    return tuple(Gap(*key, tuple(names)) for key, names in details.items())


def read_batch(session: Session, person: Person, dictionary: Dictionary, code: str) -> tuple[Batch, BatchReading]:
    """The batch and what this person may see of it. Raises NotFound."""
    batch = find_batch(session, person, code)
    clearance = person.clearance
    missing = find_missing(session, dictionary, batch) if batch.state in _ASKING else ()
    shown = shown_to(session, clearance, batch, missing)
    reading = BatchReading(
        overview=batch_overview(session, clearance, batch),
        files=list_files(session, clearance, dictionary, batch),
        gaps=_group(shown),
        hidden=len(missing) - len(shown),
        stages=list_stages(session, batch.id),
        next_entry=next_document(session, clearance, code, Task.ENTRY),
        next_confirm=next_document(session, clearance, code, Task.CONFIRM),
        quality=measure_quality(session, dictionary, (Document.batch_id == batch.id) & readable(clearance)),
    )
    return batch, reading
