"""The next document to work on, for people who go through a batch by keyboard."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from core.labels import Clearance
from core.states import DocumentState
from storage.access import readable
from storage.tables import ArchivalFile, Batch, Document, FieldValue


class Task(StrEnum):
    """What is to be done with a document."""

    ENTRY = "entry"
    CONFIRM = "confirm"


def next_document(
    session: Session, clearance: Clearance, batch_code: str, task: Task, after: str | None = None
) -> str | None:
    """The id of the next document, in archival order, that waits for this task and that this person can do it on.

    after: a document's id to go on from; past the last one it starts from the first again. None: nothing is left.
    """
    query = (
        select(Document.id)
        .join(Batch, Batch.id == Document.batch_id)
        .join(ArchivalFile, ArchivalFile.id == Document.archival_file_id)
        .where(Batch.code == batch_code, readable(clearance))
        .order_by(ArchivalFile.fonds, ArchivalFile.series_list, ArchivalFile.code, Document.ordinal, Document.version)
    )
    if task is Task.ENTRY:
        waiting = Document.state == DocumentState.DESCRIBED
    else:
        mine = exists().where(
            FieldValue.document_id == Document.id,
            FieldValue.entered_by == clearance.user_id,
            FieldValue.confirmed_by.is_(None),
        )
        waiting = (
            (Document.state == DocumentState.ENTERED)
            & or_(Document.entered_by.is_(None), Document.entered_by != clearance.user_id)
            & ~mine
        )
    # `after` may have left the queue by now, so it is looked for among all documents of the batch.
    ids = list(session.scalars(query))
    open_ids = set(session.scalars(query.where(waiting)))
    start = ids.index(after) + 1 if after in ids else 0
    return next((one for one in ids[start:] + ids[:start] if one in open_ids and one != after), None)
