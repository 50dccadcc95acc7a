"""Asking for a document's search record to be written anew."""

from __future__ import annotations

from sqlalchemy.orm import Session

from core.stages import Stage
from storage.jobs import enqueue
from storage.tables import Document


def request_index(session: Session, document: Document) -> None:
    """Call it in the transaction that changes what the index should hold of the document: text, fields or label."""
    document.search_revision += 1
    enqueue(session, Stage.INDEX, document.id, document.batch_id, document.search_revision)
