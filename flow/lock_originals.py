"""Locking: when a batch is accepted, its originals can no longer be deleted, by us or by anybody with our key.

Not before: until then withheld material can be purged. Only originals of accepted documents: what is withheld when its
batch is accepted may still have to be destroyed. The lock is put by a job, for it asks the store once for each file.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.orm import Session

from core.stages import Stage
from core.states import DocumentState, FileState
from flow.service import Service
from storage.jobs import enqueue
from storage.tables import Batch, Document, IncomingFile, now

LOCKED_STATES = (
    DocumentState.ACCEPTED,
    DocumentState.PUBLISHED,
    DocumentState.CORRECTED,
    DocumentState.WITHDRAWN,
)
_AT_ONCE = 500


def request_lock(session: Session, batch: Batch, number: int) -> None:
    """Call it in the transaction that accepts the batch. number: of the round of acceptance."""
    enqueue(session, Stage.LOCK, batch.id, batch.id, number)


def accepted_files(*conditions: ColumnElement[bool]) -> Select[IncomingFile]:
    """Received files of accepted documents: those whose originals have to be locked."""
    return (
        select(IncomingFile)
        .join(Document, Document.id == IncomingFile.document_id)
        .where(IncomingFile.state == FileState.RECEIVED, Document.state.in_(LOCKED_STATES), *conditions)
        .order_by(IncomingFile.id)
    )


def lock_originals(service: Service, batch_id: str) -> Callable[[Session], None]:
    """Locks the originals of a batch's accepted documents; the record notes until when. Twice is once."""
    with service.records.reading() as session:
        files = {one.id: one.sha256 for one in session.scalars(accepted_files(IncomingFile.batch_id == batch_id))}
    until = now() + timedelta(days=service.settings.lock_days)
    for sha256 in sorted(set(files.values())):
        service.objects.lock(sha256, until)

    def record(session: Session) -> None:
        note_locked(session, list(files), until)

    return record


def note_locked(session: Session, file_ids: list[str], until: datetime) -> None:
    """Notes until when the originals of these files are locked."""
    for start in range(0, len(file_ids), _AT_ONCE):
        some = IncomingFile.id.in_(file_ids[start : start + _AT_ONCE])
        session.execute(update(IncomingFile).where(some).values(locked_until=until))


def give_up_locking(_session: Session, _batch_id: str, _reason: str) -> None:
    """Nothing waits for a lock: `sohoa check` names what lacks it, and `sohoa audit --mend` puts it."""
