"""Deciding about a document (rejected, scanned again, a duplicate) or a failed page (read again, gone on without)."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.errors import IllegalTransition, InvalidValue
from core.labels import Role, Visibility
from core.stages import Stage
from core.states import BatchState, DocumentState, FileState, JobState, PageState, move
from flow.changes import (
    ENTRY_ROLES,
    log_change,
    move_document,
    open_document,
    require_open_batch,
    require_reason,
    set_page_states,
)
from flow.decide_duplicates import note_dropped
from flow.find import find_document, find_page
from flow.progress import advance_batch
from flow.search_jobs import request_index
from people.persons import Person
from review.reasons import DUPLICATE, RejectReason, RescanReason
from storage import jobs
from storage.tables import Batch, Document, FieldValue, IncomingFile, Job, Page

_KEEPABLE = frozenset(
    {
        DocumentState.DESCRIBED,
        DocumentState.ENTERED,
        DocumentState.CONFIRMED,
        DocumentState.ACCEPTED,
        DocumentState.PUBLISHED,
        DocumentState.CORRECTED,
    }
)
_BACK_TO_PROCESSING: Mapping[DocumentState, tuple[DocumentState, ...]] = {
    DocumentState.DESCRIBED: (DocumentState.PROCESSING,),
    DocumentState.ENTERED: (DocumentState.DESCRIBED, DocumentState.PROCESSING),
    DocumentState.CONFIRMED: (DocumentState.ENTERED, DocumentState.DESCRIBED, DocumentState.PROCESSING),
    DocumentState.ACCEPTED: (DocumentState.ENTERED, DocumentState.DESCRIBED, DocumentState.PROCESSING),
}


def reject_document(
    session: Session, person: Person, document_id: str, revision: int, reason_code: RejectReason, reason: str
) -> Document:
    """The document is not digitized after all; the reason stays with it."""
    document = open_document(session, person, document_id, revision, (Role.REVIEWER,))
    move_document(document, DocumentState.REJECTED)
    document.reason_code, document.reason = reason_code.value, require_reason(reason)
    set_page_states(session, document, PageState.REJECTED)
    return _settle(session, person, "reject_document", document, {"code": reason_code.value})


def request_rescan(
    session: Session, person: Person, document_id: str, revision: int, reason_code: RescanReason, reason: str
) -> Document:
    """Asks for the document to be scanned again; a later batch with the same place supersedes it."""
    document = open_document(session, person, document_id, revision, ENTRY_ROLES)
    move_document(document, DocumentState.RESCAN_REQUESTED)
    document.reason_code, document.reason = reason_code.value, require_reason(reason)
    return _settle(session, person, "request_rescan", document, {"code": reason_code.value})


def cancel_rescan(session: Session, person: Person, document_id: str, revision: int) -> Document:
    """The scan is good enough after all. Raises IllegalTransition where no file of it could be taken."""
    document = open_document(session, person, document_id, revision, (Role.REVIEWER,))
    received = select(IncomingFile.id).where(
        IncomingFile.document_id == document.id, IncomingFile.state == FileState.RECEIVED
    )
    if document.state is DocumentState.RESCAN_REQUESTED and session.scalar(received.limit(1)) is None:
        raise IllegalTransition("No file of this document could be taken.", "Scan it again, or reject it.")
    move_document(document, DocumentState.DESCRIBED)
    document.reason_code = document.reason = None
    return _settle(session, person, "cancel_rescan", document, {})


def drop_duplicate(
    session: Session, person: Person, document_id: str, revision: int, kept_document_id: str, reason: str = ""
) -> Document:
    """Drops the document as a duplicate of another one that the person can read and that stays."""
    document = open_document(session, person, document_id, revision, (Role.REVIEWER,))
    kept = find_document(session, person, kept_document_id)
    if kept.id == document.id or kept.state not in _KEEPABLE:
        raise InvalidValue(
            "The document to keep must be another one that goes on to publication.",
            "Choose the copy that stays.",
            (("kept_document_id", f"is '{kept.state}'" if kept.id != document.id else "is the same document"),),
        )
    move_document(document, DocumentState.SUPERSEDED)
    document.visibility = Visibility.GONE
    document.reason_code, document.reason = DUPLICATE, f"Trùng với văn bản {kept.id}."
    set_page_states(session, document, PageState.DROPPED)
    _settle(session, person, "drop_duplicate", document, {"kept": kept.id})
    note_dropped(session, person, document, kept, reason.strip()[:300])
    return document


def _settle(session: Session, person: Person, action: str, document: Document, detail: dict[str, str]) -> Document:
    request_index(session, document)
    log_change(session, person, action, document, detail)
    advance_batch(session, document.batch_id)
    return document


def settle_failed_page(session: Session, person: Person, page_id: str, reason: str) -> Page:
    """The page goes on without machine-read text: what matters was typed from its image."""
    page = find_page(session, person, page_id)
    document = session.get_one(Document, page.document_id)
    person.require_any((Role.DATA_ENTRY, Role.REVIEWER), document.unit_id)
    require_open_batch(session, document.batch_id)
    if page.failure is None or page.failure_settled_by is not None:
        raise IllegalTransition(f"Page {page.number} is no failed page that waits for a decision.", "Load it again.")
    page.failure = f"{page.failure}\n{require_reason(reason)}"
    page.failure_settled_by = person.user_id
    log_change(session, person, "settle_failed_page", document, {"page": page.id})
    return page


def retry_page(session: Session, person: Person, page_id: str) -> Page:
    """Has a failed page split or read again; its document is described anew afterwards, typed values stay."""
    page = find_page(session, person, page_id)
    document = find_document(session, person, page.document_id)
    person.require_any(ENTRY_ROLES, document.unit_id)
    batch = require_open_batch(session, document.batch_id)
    if page.failure is None:
        raise IllegalTransition(f"Page {page.number} has not failed.", "Only failed pages are read again.")
    if document.state is not DocumentState.PROCESSING:
        if document.state not in _BACK_TO_PROCESSING:
            raise IllegalTransition(f"The document is '{document.state}'; it is not read again.", "Load it again.")
        move_document(document, *_BACK_TO_PROCESSING[document.state])
        # The suggestions will be made anew; what was taken over from them keeps its page and box.
        session.execute(update(FieldValue).where(FieldValue.document_id == document.id).values(suggestion_id=None))
        request_index(session, document)
    # A description that waits or runs has not seen this page: it is void, and the next round looks at all of them.
    document.described_round += 1
    _reopen(batch)
    page.failure = page.failure_settled_by = None
    if page.image_sha256 is None:
        _run_again(session, Stage.SPLIT, page.incoming_file_id, page.batch_id)
    else:
        _run_again(session, Stage.READ, page.id, page.batch_id)
    log_change(session, person, "retry_page", document, {"page": page.id})
    return page


def _reopen(batch: Batch) -> None:
    if batch.state is BatchState.IN_REVIEW:
        batch.state = move(f"Batch {batch.code}", batch.state, BatchState.PROCESSING)


def _run_again(session: Session, stage: Stage, subject_id: str, batch_id: str) -> None:
    """A parked job starts anew; a finished one is followed by the next; one that still waits or runs is left alone."""
    last = session.scalars(
        select(Job)
        .where(Job.stage == stage, Job.subject_id == subject_id)
        .order_by(Job.subject_revision.desc())
        .limit(1)
    ).first()
    if last is None or last.state is JobState.DONE:
        jobs.enqueue(session, stage, subject_id, batch_id, last.subject_revision + 1 if last else 0)
    elif last.state is JobState.PARKED:
        jobs.retry(session, last)
