"""Batches as a list shows them, with the numbers of both equations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, defer

from core.states import BatchState, DocumentState, FileState, PageState
from storage.tables import Batch, Document, IncomingFile, Page, Unit

Key = TypeVar("Key", DocumentState, FileState, PageState)


@dataclass(frozen=True, slots=True)
class FileEquation:
    """announced = received + refused + not yet arrived."""

    announced: int
    received: int
    refused: int
    not_yet: int

    @property
    def holds(self) -> bool:
        return self.announced == self.received + self.refused + self.not_yet


@dataclass(frozen=True, slots=True)
class PageEquation:
    """all = published + in progress + rejected + withheld + superseded + dropped. `all` by the files' page counts."""

    total: int
    by_state: Mapping[PageState, int]

    @property
    def holds(self) -> bool:
        return self.total == sum(self.by_state.values())


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """A batch in a list."""

    code: str
    title: str
    state: BatchState
    unit: str
    opened_at: datetime
    documents: Mapping[DocumentState, int]
    files: FileEquation
    pages: PageEquation


def list_batches(session: Session, unit_ids: Collection[str]) -> list[BatchSummary]:
    """The batches of these units, newest first. unit_ids: where the caller may know of batches; none: no batch."""
    rows = session.execute(
        select(Batch, Unit.name)
        .join(Unit, Unit.id == Batch.unit_id)
        .where(Batch.unit_id.in_(sorted(unit_ids)))
        .order_by(Batch.opened_at.desc(), Batch.id.desc())
        .options(defer(Batch.manifest), defer(Batch.receipt))
    ).all()
    return summarize(session, [(batch, unit) for batch, unit in rows])


def summarize(session: Session, batches: Sequence[tuple[Batch, str]]) -> list[BatchSummary]:
    """The summaries of these batches, each given with its unit's name; four queries however many there are."""
    ids = [batch.id for batch, _ in batches]
    documents = _count_by_state(session, Document.batch_id, Document.state, ids)
    files = _count_by_state(session, IncomingFile.batch_id, IncomingFile.state, ids)
    pages = _count_by_state(session, Page.batch_id, Page.state, ids)
    totals = dict(
        session.execute(
            select(IncomingFile.batch_id, func.sum(IncomingFile.page_count))
            .where(IncomingFile.batch_id.in_(ids), IncomingFile.state == FileState.RECEIVED)
            .group_by(IncomingFile.batch_id)
        ).all()
    )
    return [
        BatchSummary(
            code=batch.code,
            title=batch.title,
            state=batch.state,
            unit=unit,
            opened_at=batch.opened_at,
            documents=documents[batch.id],
            files=_file_equation(files[batch.id]),
            pages=PageEquation(totals.get(batch.id) or 0, pages[batch.id]),
        )
        for batch, unit in batches
    ]


def _count_by_state(
    session: Session, batch_id: InstrumentedAttribute[str], state: InstrumentedAttribute[Key], ids: Sequence[str]
) -> dict[str, dict[Key, int]]:
    query = select(batch_id, state, func.count()).where(batch_id.in_(ids)).group_by(batch_id, state)
    found: dict[str, dict[Key, int]] = defaultdict(dict)
    for one, value, count in session.execute(query):
        found[one][value] = count
    return found


def _file_equation(files: Mapping[FileState, int]) -> FileEquation:
    return FileEquation(
        announced=sum(files.values()),
        received=files.get(FileState.RECEIVED, 0),
        refused=files.get(FileState.REFUSED, 0),
        not_yet=files.get(FileState.ANNOUNCED, 0) + files.get(FileState.ARRIVING, 0),
    )
