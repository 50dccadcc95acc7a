"""States of batches, documents, pages, files and jobs, and the one table of legal transitions."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from core.errors import IllegalTransition


class BatchState(StrEnum):
    OPENED = "opened"
    RECEIVING = "receiving"
    SEALED = "sealed"
    PROCESSING = "processing"
    IN_REVIEW = "in_review"
    RECONCILING = "reconciling"
    ACCEPTED = "accepted"
    """Accepted with grade A or B; the grade stands in the batch's acceptance."""
    TRIAL = "trial"
    PUBLISHED = "published"
    RETURNED = "returned"
    """Graded C, or sent back by a reviewer."""
    REWORK = "rework"


class DocumentState(StrEnum):
    RECEIVED = "received"
    PROCESSING = "processing"
    DESCRIBED = "described"
    ENTERED = "entered"
    CONFIRMED = "confirmed"
    ACCEPTED = "accepted"
    PUBLISHED = "published"
    CORRECTED = "corrected"
    """Published, in a later version than the accepted one."""
    WITHDRAWN = "withdrawn"
    RESCAN_REQUESTED = "rescan_requested"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    """By a rescan, or dropped as a duplicate by a person."""
    WITHHELD = "withheld"
    CLEARED = "cleared"
    PURGED = "purged"


class PageState(StrEnum):
    """The words of the page equation: every page of a received file is in exactly one of these."""

    IN_PROGRESS = "in_progress"
    PUBLISHED = "published"
    REJECTED = "rejected"
    WITHHELD = "withheld"
    SUPERSEDED = "superseded"
    DROPPED = "dropped"
    """As a duplicate, by a person."""


class FileState(StrEnum):
    """The words of the file equation: announced = received + refused + not yet arrived."""

    ANNOUNCED = "announced"
    ARRIVING = "arriving"
    RECEIVED = "received"
    REFUSED = "refused"


class JobState(StrEnum):
    READY = "ready"
    LEASED = "leased"
    DONE = "done"
    FAILED = "failed"
    """Will be tried again after `run_after`."""
    PARKED = "parked"
    """Failed for good; its evidence is kept until a person decides."""


OPEN_JOBS = (JobState.READY, JobState.LEASED, JobState.FAILED)
"""States of jobs that something is still to be done for."""


class ChangeState(StrEnum):
    """Of a change request."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    APPLIED = "applied"
    """A catalogue entry's new content has taken the place of the earlier one."""


class Grade(StrEnum):
    A = "A"
    B = "B"
    C = "C"


_ASIDE = frozenset(
    {
        DocumentState.RESCAN_REQUESTED,
        DocumentState.REJECTED,
        DocumentState.SUPERSEDED,
        DocumentState.WITHHELD,
    }
)

BATCH_TRANSITIONS: Mapping[BatchState, frozenset[BatchState]] = {
    BatchState.OPENED: frozenset({BatchState.RECEIVING}),
    BatchState.RECEIVING: frozenset({BatchState.SEALED}),
    BatchState.SEALED: frozenset({BatchState.PROCESSING}),
    BatchState.PROCESSING: frozenset({BatchState.IN_REVIEW}),
    BatchState.IN_REVIEW: frozenset({BatchState.RECONCILING, BatchState.RETURNED, BatchState.PROCESSING}),
    BatchState.RECONCILING: frozenset({BatchState.ACCEPTED, BatchState.RETURNED, BatchState.IN_REVIEW}),
    BatchState.ACCEPTED: frozenset({BatchState.TRIAL}),
    BatchState.TRIAL: frozenset({BatchState.PUBLISHED, BatchState.RETURNED}),
    BatchState.PUBLISHED: frozenset(),
    BatchState.RETURNED: frozenset({BatchState.REWORK}),
    BatchState.REWORK: frozenset({BatchState.PROCESSING}),
}

DOCUMENT_TRANSITIONS: Mapping[DocumentState, frozenset[DocumentState]] = {
    DocumentState.RECEIVED: frozenset({DocumentState.PROCESSING}) | _ASIDE,
    DocumentState.PROCESSING: frozenset({DocumentState.DESCRIBED}) | _ASIDE,
    DocumentState.DESCRIBED: frozenset({DocumentState.ENTERED, DocumentState.PROCESSING}) | _ASIDE,
    DocumentState.ENTERED: frozenset({DocumentState.CONFIRMED, DocumentState.DESCRIBED}) | _ASIDE,
    DocumentState.CONFIRMED: frozenset({DocumentState.ACCEPTED, DocumentState.ENTERED}) | _ASIDE,
    DocumentState.ACCEPTED: frozenset({DocumentState.PUBLISHED, DocumentState.ENTERED}) | _ASIDE,
    DocumentState.PUBLISHED: frozenset({DocumentState.CORRECTED, DocumentState.WITHDRAWN}),
    DocumentState.CORRECTED: frozenset({DocumentState.CORRECTED, DocumentState.WITHDRAWN}),
    DocumentState.WITHDRAWN: frozenset(),
    DocumentState.RESCAN_REQUESTED: frozenset(
        {DocumentState.SUPERSEDED, DocumentState.REJECTED, DocumentState.WITHHELD, DocumentState.DESCRIBED}
    ),
    DocumentState.REJECTED: frozenset(),
    DocumentState.SUPERSEDED: frozenset(),
    DocumentState.WITHHELD: frozenset({DocumentState.CLEARED, DocumentState.PURGED}),
    DocumentState.CLEARED: frozenset({DocumentState.PROCESSING, DocumentState.DESCRIBED}),
    DocumentState.PURGED: frozenset(),
}

JOB_TRANSITIONS: Mapping[JobState, frozenset[JobState]] = {
    JobState.READY: frozenset({JobState.LEASED, JobState.DONE}),
    JobState.LEASED: frozenset({JobState.LEASED, JobState.DONE, JobState.FAILED, JobState.PARKED}),
    JobState.FAILED: frozenset({JobState.LEASED, JobState.DONE}),
    JobState.DONE: frozenset(),
    JobState.PARKED: frozenset({JobState.READY}),
}

FILE_TRANSITIONS: Mapping[FileState, frozenset[FileState]] = {
    FileState.ANNOUNCED: frozenset({FileState.ARRIVING, FileState.RECEIVED, FileState.REFUSED}),
    FileState.ARRIVING: frozenset({FileState.ARRIVING, FileState.ANNOUNCED, FileState.RECEIVED, FileState.REFUSED}),
    FileState.RECEIVED: frozenset(),
    FileState.REFUSED: frozenset({FileState.ANNOUNCED}),
}

PAGE_TRANSITIONS: Mapping[PageState, frozenset[PageState]] = {
    PageState.IN_PROGRESS: frozenset(set(PageState) - {PageState.IN_PROGRESS}),
    PageState.WITHHELD: frozenset({PageState.IN_PROGRESS}),
    PageState.PUBLISHED: frozenset(),
    PageState.REJECTED: frozenset(),
    PageState.SUPERSEDED: frozenset(),
    PageState.DROPPED: frozenset(),
}

State = TypeVar("State", BatchState, DocumentState, JobState, FileState, PageState, ChangeState)

CHANGE_TRANSITIONS: Mapping[ChangeState, frozenset[ChangeState]] = {
    ChangeState.PROPOSED: frozenset({ChangeState.APPROVED, ChangeState.REJECTED}),
    ChangeState.APPROVED: frozenset({ChangeState.APPLIED}),
    ChangeState.REJECTED: frozenset(),
    ChangeState.APPLIED: frozenset(),
}

_TABLES: dict[type[StrEnum], Mapping[StrEnum, frozenset[StrEnum]]] = {
    BatchState: BATCH_TRANSITIONS,  # type: ignore[dict-item]
    DocumentState: DOCUMENT_TRANSITIONS,  # type: ignore[dict-item]
    JobState: JOB_TRANSITIONS,  # type: ignore[dict-item]
    FileState: FILE_TRANSITIONS,  # type: ignore[dict-item]
    PageState: PAGE_TRANSITIONS,  # type: ignore[dict-item]
    ChangeState: CHANGE_TRANSITIONS,  # type: ignore[dict-item]
}


def move(thing: str, present: State, wanted: State) -> State:
    """The wanted state, if the table lets it follow the present one.

    `thing` names the row in the error, for example "Document 00012". Raises IllegalTransition.
    """
    legal = _TABLES[type(present)][present]
    if wanted not in legal:
        names = ", ".join(sorted(legal)) or "nothing: this state is final"
        raise IllegalTransition(
            f"{thing} cannot go from '{present}' to '{wanted}'.", f"From there it can go to: {names}."
        )
    return wanted
