"""What every step that changes a document shares: who may, on what revision, while the batch is open for it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import IllegalTransition, InvalidValue
from core.labels import Role
from core.states import BatchState, DocumentState, PageState, move
from flow.find import find_document, require_revision
from people.persons import Person
from storage.access_log import append_event
from storage.tables import Batch, Document, Page

ENTRY_ROLES = (Role.DATA_ENTRY, Role.REVIEWER, Role.SCAN_OPERATOR)
"""Who types values: communes have few people, so an operator may too."""
OPEN_BATCHES = frozenset(
    {BatchState.RECEIVING, BatchState.SEALED, BatchState.PROCESSING, BatchState.IN_REVIEW, BatchState.REWORK}
)
"""While a batch is reconciled, accepted or published, its documents stand still."""
_BEING_READ = frozenset({DocumentState.RECEIVED, DocumentState.PROCESSING})


def open_document(
    session: Session, person: Person, document_id: str, revision: int, roles: tuple[Role, ...]
) -> Document:
    """The document, to be changed by this person in one of these roles.

    Raises NotFound, Forbidden, StaleRevision, and IllegalTransition while it is being read or its batch stands still.
    """
    document = find_document(session, person, document_id)
    person.require_any(roles, document.unit_id)
    require_revision(document, revision)
    require_open_batch(session, document.batch_id)
    if document.state in _BEING_READ:
        raise IllegalTransition("This document is still being read.", "Wait until it is described.")
    return document


def require_open_batch(session: Session, batch_id: str) -> Batch:
    """The batch, held so that nobody decides about it meanwhile. Raises IllegalTransition if it stands still."""
    batch = session.get_one(Batch, batch_id, with_for_update={"read": True})
    if batch.state not in OPEN_BATCHES:
        raise IllegalTransition(
            f"Batch {batch.code} is '{batch.state}'; its documents are not changed now.",
            "Have it put back to review or returned first.",
        )
    return batch


def move_document(document: Document, *states: DocumentState) -> None:
    """Moves the document through these states in turn. Raises IllegalTransition."""
    for state in states:
        document.state = move(f"Document {document.id}", document.state, state)


def set_page_states(session: Session, document: Document, state: PageState) -> int:
    """Moves every page of the document that is not there yet; answers how many moved."""
    session.flush()
    moved = 0
    for page in session.scalars(select(Page).where(Page.document_id == document.id, Page.state != state)):
        page.state = move(f"Page {page.id}", page.state, state)
        moved += 1
    return moved


def require_reason(reason: str) -> str:
    """The reason without spaces around it. Raises InvalidValue for none, or one longer than 300 characters."""
    text = reason.strip()
    if not text or len(text) > 300:
        raise InvalidValue(
            "A reason of 1 to 300 characters is needed.", "Say why in a sentence.", (("reason", "is needed"),)
        )
    return text


def log_change(
    session: Session, person: Person, action: str, document: Document, detail: dict[str, Any] | None = None
) -> None:
    """Notes in the access log what a person did to a document. `detail` carries names and codes, never values."""
    append_event(session, person.actor, action, f"document:{document.id}", allowed=True, detail=detail)
