"""Fan-in: what is to be done next for a document or a batch once something before it has ended.

Called in the transaction that ended it, with the document's row locked, so that the last of several pages always sees
the others.
"""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.stages import Stage
from core.states import BatchState, DocumentState, FileState, move
from review.progress import is_ready_for_review
from storage.database import HELD
from storage.jobs import enqueue
from storage.tables import Batch, Document, IncomingFile, Page, PageReading

NO_SOUND_FILE = "no_sound_file"


def advance_document(session: Session, document: Document) -> None:
    """Numbers a document's pages and has it described once all its files are settled and all its pages read or failed.

    A document of which no file could be taken is to be scanned again.
    """
    session.flush()
    if document.state not in (DocumentState.RECEIVED, DocumentState.PROCESSING):
        return
    session.refresh(document, with_for_update=HELD)
    files = session.scalars(select(IncomingFile).where(IncomingFile.document_id == document.id)).all()
    if any(file.state not in (FileState.RECEIVED, FileState.REFUSED) for file in files):
        return
    if all(file.state is FileState.REFUSED for file in files):
        document.state = move(f"Document {document.id}", document.state, DocumentState.RESCAN_REQUESTED)
        document.reason_code = NO_SOUND_FILE
        document.reason = "; ".join(f"{file.name}: {file.refusal_reason}" for file in files)
        return
    _number_pages(session, document.id)
    if _count_unread(session, document.id) == 0:
        enqueue(session, Stage.DESCRIBE, document.id, document.batch_id, document.described_round)


def _number_pages(session: Session, document_id: str) -> None:
    pages = session.scalars(
        select(Page)
        .join(IncomingFile, IncomingFile.id == Page.incoming_file_id)
        .where(Page.document_id == document_id)
        .order_by(IncomingFile.position, Page.number_in_file)
    )
    for number, page in enumerate(pages, start=1):
        if page.number != number:
            page.number = number
    session.flush()


def _count_unread(session: Session, document_id: str) -> int:
    unread = (
        select(func.count())
        .select_from(Page)
        .outerjoin(PageReading, PageReading.page_id == Page.id)
        .where(Page.document_id == document_id, PageReading.page_id.is_(None), Page.failure.is_(None))
    )
    return session.scalar(unread) or 0


def advance_batch(session: Session, batch_id: str) -> None:
    """Puts a sealed batch to review once every document of it is described or aside.

    The batch's row is locked first, so that the last of several documents always sees the others.
    """
    session.flush()
    batch = session.get_one(Batch, batch_id)
    if batch.state is not BatchState.PROCESSING:
        return
    session.refresh(batch, with_for_update=HELD)
    if batch.state is BatchState.PROCESSING and is_ready_for_review(session, batch_id):
        batch.state = move(f"Batch {batch.code}", batch.state, BatchState.IN_REVIEW)
