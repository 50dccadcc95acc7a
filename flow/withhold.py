"""Withholding: what may be above its label is hidden at once; the security officer clears it or has it purged."""

from __future__ import annotations

from sqlalchemy.orm import Session

from core.errors import AboveCeiling
from core.labels import Role, Secrecy, Visibility
from core.states import DOCUMENT_TRANSITIONS, DocumentState, PageState
from flow.changes import log_change, move_document, open_document, require_reason, set_page_states
from flow.progress import advance_batch
from flow.search_jobs import request_index
from people.persons import Person
from storage.access_log import append_event
from storage.tables import Document


def withhold_document(session: Session, document: Document, reason: str) -> None:
    """The system hides a document from everybody but the security officer. Twice is once.

    One whose state is final (rejected, say) keeps its state and is hidden all the same, unless nobody reads it anyway.
    """
    if document.visibility in (Visibility.WITHHELD, Visibility.GONE):
        return
    document.visibility = Visibility.WITHHELD
    document.reason = reason
    if DocumentState.WITHHELD in DOCUMENT_TRANSITIONS[document.state]:
        move_document(document, DocumentState.WITHHELD)
        set_page_states(session, document, PageState.WITHHELD)
    request_index(session, document)
    append_event(session, "system", "withhold", f"document:{document.id}", allowed=True)


def clear_document(
    session: Session, person: Person, document_id: str, revision: int, reason: str, *, ceiling: Secrecy
) -> Document:
    """The security officer finds that the document is within its label: it goes on where people describe it.

    Raises AboveCeiling for one that is labelled above what this installation may hold.
    """
    document = open_document(session, person, document_id, revision, (Role.SECURITY_OFFICER,))
    if document.secrecy > ceiling:
        raise AboveCeiling(
            f"The document is labelled '{Secrecy(document.secrecy).vietnamese}'; "
            f"this installation is cleared up to '{ceiling.vietnamese}'.",
            "Purge it.",
        )
    why = require_reason(reason)
    move_document(document, DocumentState.CLEARED, DocumentState.DESCRIBED)
    document.visibility = Visibility.UNPUBLISHED
    document.reason = f"{document.reason or ''} Đã giải tỏa: {why}".strip()
    set_page_states(session, document, PageState.IN_PROGRESS)
    request_index(session, document)
    log_change(session, person, "clear_document", document)
    advance_batch(session, document.batch_id)
    return document
