"""Publishing: an accepted batch is tried, then published; a published document can be withdrawn."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.catalogue import AccessRight, Dictionary
from core.labels import Role, Visibility
from core.states import BatchState, DocumentState, PageState, move
from flow.changes import log_change, move_document, require_reason, set_page_states
from flow.find import find_batch, find_document, require_revision
from flow.search_jobs import request_index
from people.persons import Person
from storage.access_log import append_event
from storage.database import HELD
from storage.tables import Batch, Document, FieldValue, now

_PUBLISHERS = (Role.BUSINESS_OWNER, Role.ACCEPTOR_BUSINESS)


def start_trial(session: Session, person: Person, code: str) -> Batch:
    """Begins the trial period of an accepted batch: those who work on it use it, ordinary searchers do not yet."""
    batch = _open_batch(session, person, code)
    batch.state = move(f"Batch {batch.code}", batch.state, BatchState.TRIAL)
    append_event(session, person.actor, "start_trial", f"batch:{batch.id}", allowed=True)
    return batch


def publish_batch(session: Session, person: Person, dictionary: Dictionary, code: str) -> Batch:
    """Ends the trial: every accepted document of the batch is published, in the records and then in the index.

    A document whose record type is for named people alone stays with those who work on the batch.
    """
    batch = _open_batch(session, person, code)
    batch.state = move(f"Batch {batch.code}", batch.state, BatchState.PUBLISHED)
    accepted = select(Document).where(Document.batch_id == batch.id, Document.state == DocumentState.ACCEPTED)
    documents = list(session.scalars(accepted.order_by(Document.id)))
    dates = _confirmed_dates(session, batch)
    for document in documents:
        move_document(document, DocumentState.PUBLISHED)
        if dictionary.record_type(document.record_type or "").labels.access is not AccessRight.NAMED_PEOPLE:
            document.visibility = Visibility.PUBLISHED
        document.issued_on = dates.get(document.id)
        document.published_at = now()
        set_page_states(session, document, PageState.PUBLISHED)
        request_index(session, document)
    detail = {"documents": len(documents)}
    append_event(session, person.actor, "publish_batch", f"batch:{batch.id}", allowed=True, detail=detail)
    return batch


def _open_batch(session: Session, person: Person, code: str) -> Batch:
    batch = find_batch(session, person, code)
    person.require_any(_PUBLISHERS, batch.unit_id)
    session.refresh(batch, with_for_update=HELD)
    return batch


def _confirmed_dates(session: Session, batch: Batch) -> dict[str, date]:
    rows = session.execute(
        select(FieldValue.document_id, FieldValue.value)
        .join(Document)
        .where(Document.batch_id == batch.id, FieldValue.name == "date", FieldValue.confirmed_by.is_not(None))
    )
    found: dict[str, date] = {}
    for document_id, value in rows:
        try:
            found[document_id] = date.fromisoformat(str(value))
        except ValueError:
            continue  # a date with its day left blank, say: shown as it is, but no date to sort by
    return found


def withdraw_document(session: Session, person: Person, document_id: str, revision: int, reason: str) -> Document:
    """Takes a published document back: from now on nobody reads it through the service. Its pages stay published
    in the page equation, which tells what became of them, not who may see them.
    """
    document = find_document(session, person, document_id)
    person.require_any((Role.BUSINESS_OWNER, Role.SECURITY_OFFICER), document.unit_id)
    require_revision(document, revision)
    document.reason = require_reason(reason)
    move_document(document, DocumentState.WITHDRAWN)
    document.visibility = Visibility.GONE
    request_index(session, document)
    log_change(session, person, "withdraw_document", document)
    return document
