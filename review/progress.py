"""How far a batch has come, as far as review is concerned."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from core.states import DocumentState
from storage.tables import Document

_UNDER_WAY = (DocumentState.RECEIVED, DocumentState.PROCESSING)


def is_ready_for_review(session: Session, batch_id: str) -> bool:
    """Whether every document of the batch is described, further than that, or aside."""
    under_way = exists().where(Document.batch_id == batch_id, Document.state.in_(_UNDER_WAY))
    return not session.scalar(select(under_way))
