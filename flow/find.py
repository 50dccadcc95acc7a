"""Finding things for a person: what they may not read does not exist."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import NotFound, StaleRevision
from core.labels import WORKING_ROLES, Role, permits
from people.persons import Person
from storage.access import label_of
from storage.database import HELD, is_readonly
from storage.tables import Batch, Document, Page

BATCH_ROLES = WORKING_ROLES | {Role.TECHNICAL_OWNER, Role.SECURITY_OFFICER, Role.ADMINISTRATOR}
"""Who sees that a batch exists and how far it is; its documents are another matter."""
CATALOGUE_ROLES = BATCH_ROLES | {Role.AUDITOR}
"""Who looks at the catalogue and the data dictionary."""


def find_batch(session: Session, person: Person, code: str) -> Batch:
    """The batch of that code. Raises NotFound if there is none, or none for this person."""
    batch = session.scalars(select(Batch).where(Batch.code == code)).one_or_none()
    if batch is None or batch.unit_id not in person.clearance.units_of(BATCH_ROLES):
        denied = f"batch:{batch.id}" if batch else ""
        raise NotFound(f"There is no batch '{code}'.", "Look at the list of batches.", denied=denied)
    return batch


def find_document(session: Session, person: Person, document_id: str) -> Document:
    """The document. Raises NotFound if there is none, or none for this person."""
    document = session.get(Document, document_id, with_for_update=None if is_readonly(session) else HELD)
    if document is None or not permits(person.clearance, label_of(document)):
        denied = f"document:{document.id}" if document else ""
        raise NotFound(f"There is no document '{document_id[:40]}'.", "Look it up again.", denied=denied)
    return document


def find_page(session: Session, person: Person, page_id: str) -> Page:
    """The page of a document that this person may read. Raises NotFound."""
    page = session.get(Page, page_id)
    if page is None:
        raise NotFound(f"There is no page '{page_id[:40]}'.", "Look it up again.")
    find_document(session, person, page.document_id)
    return page


def require_revision(document: Document, revision: int) -> None:
    """Raises StaleRevision if the document changed since the caller read it."""
    if document.revision != revision:
        raise StaleRevision(
            "Somebody else has changed this document in the meantime.", "Load it again and look at what changed."
        )
