"""Finding duplicates: what a document is compared by is noted, and its pairs are brought in step with it.

Called in the transaction that describes, enters or confirms. Two documents that are described at once may each miss the
other's text; the first of the later steps finds it. A machine finds; what becomes of a pair, a person decides.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from core.catalogue import Dictionary
from core.document_keys import KEY_FIELDS, document_key
from core.likeness import bands_of, pack, sign_text
from core.states import DocumentState
from review.duplicates.pairs import refresh_pairs
from storage.tables import (
    Document,
    DocumentLikeness,
    DuplicatePair,
    FieldSuggestion,
    FieldValue,
    LikenessBand,
    Page,
    PageReading,
)


def find_by_text(session: Session, dictionary: Dictionary, document: Document) -> None:
    """The document's pages have been read: its text is signed, and everything like it is looked for."""
    session.flush()
    texts = session.scalars(
        select(PageReading.text)
        .join(Page, Page.id == PageReading.page_id)
        .where(Page.document_id == document.id, PageReading.blank.is_(False))
        .order_by(Page.number)
    )
    signature = sign_text("\n".join(texts))
    row = _likeness(session, document)
    row.signature = None if signature is None else pack(signature)
    session.execute(delete(LikenessBand).where(LikenessBand.document_id == document.id))
    if signature is not None:
        session.add_all(LikenessBand(hash=band, document_id=document.id) for band in bands_of(signature))
    find_by_values(session, dictionary, document)


def find_by_values(session: Session, dictionary: Dictionary, document: Document) -> None:
    """The document's values have changed: its key is made anew, and everything like it is looked for."""
    session.flush()
    entered = session.execute(
        select(FieldValue.name, FieldValue.value).where(
            FieldValue.document_id == document.id, FieldValue.name.in_(KEY_FIELDS)
        )
    )
    values: dict[str, Any] = {name: value for name, value in entered}  # noqa: C416
    row = _likeness(session, document)
    known = values if document.record_type else _suggested(session, document) | values
    row.key = document_key(dictionary, known)
    refresh_pairs(session, document)


def _likeness(session: Session, document: Document) -> DocumentLikeness:
    row = session.get(DocumentLikeness, document.id)
    if row is None:
        row = DocumentLikeness(document_id=document.id)
        session.add(row)
    return row


def _suggested(session: Session, document: Document) -> dict[str, Any]:
    """The surest suggestion of each field."""
    rows = session.execute(
        select(FieldSuggestion.name, FieldSuggestion.value)
        .where(FieldSuggestion.document_id == document.id, FieldSuggestion.name.in_(KEY_FIELDS))
        .order_by(FieldSuggestion.confidence)
    )
    return {name: value for name, value in rows if value is not None}


def forget_likeness(session: Session, document_id: str) -> None:
    """Nothing of what the document said is left among what documents are compared by. Its originals' SHA-256 stay."""
    session.execute(delete(LikenessBand).where(LikenessBand.document_id == document_id))
    session.execute(delete(DocumentLikeness).where(DocumentLikeness.document_id == document_id))
    pairs = or_(DuplicatePair.document_id == document_id, DuplicatePair.other_id == document_id)
    session.execute(delete(DuplicatePair).where(pairs))


DESCRIBED = frozenset(
    {
        DocumentState.DESCRIBED,
        DocumentState.ENTERED,
        DocumentState.CONFIRMED,
        DocumentState.ACCEPTED,
        DocumentState.PUBLISHED,
        DocumentState.CORRECTED,
        DocumentState.WITHHELD,
    }
)
"""States of documents that have a text to be compared by."""


def list_described(session: Session) -> list[str]:
    """Ids of every document that has been described, oldest first."""
    return list(session.scalars(select(Document.id).where(Document.state.in_(DESCRIBED)).order_by(Document.id)))
