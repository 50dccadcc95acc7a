"""Weighing numbers and dates by pen again when more is known than when their document was described.

A register came, or a neighbour was confirmed: what the ink said was kept, so no page is read again. Only suggestions
change, and only of documents that nobody has entered yet.
"""

from __future__ import annotations

from dataclasses import asdict, replace

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.known_facts import KnownFacts, RegisterRow
from core.recognition import Candidate, Suggestion
from core.states import DocumentState
from core.text import document_number_key
from flow.known_facts import NEAREST, gather_facts, list_register, nearness
from ocr.describing import find_signing_days, weigh_written
from ocr.describing.suggest import is_weighed
from storage.tables import Document, FieldSuggestion, FieldValue, Page, PageReading

_WEIGHED = ("number", "date")


def weigh_batch_again(session: Session, batch_id: str) -> int:
    """All documents of the batch that wait for entry; answers of how many a suggestion changed."""
    register = list_register(session, batch_id)
    waiting = session.scalars(_waiting(batch_id).order_by(Document.id)).all()
    return sum(_weigh_again(session, document, register) for document in waiting)


def weigh_neighbours_again(session: Session, confirmed: Document) -> None:
    """Those that wait for entry, bear the symbol that was confirmed for this document, and lie nearest to it."""
    symbol = session.scalar(
        select(FieldValue.value).where(FieldValue.document_id == confirmed.id, FieldValue.name == "symbol")
    )
    nearest = session.scalars(_waiting(confirmed.batch_id).order_by(*nearness(confirmed)).limit(NEAREST)).all()
    register = list_register(session, confirmed.batch_id) if symbol and nearest else ()
    for document in nearest:
        own = session.scalars(
            select(FieldSuggestion.value).where(
                FieldSuggestion.document_id == document.id, FieldSuggestion.name == "symbol"
            )
        )
        if symbol and document_number_key(str(symbol)) in {document_number_key(str(one)) for one in own}:
            _weigh_again(session, document, register)


def _waiting(batch_id: str) -> Select[Document]:
    """Described documents with a number or date by pen."""
    by_pen = select(FieldSuggestion.document_id).where(FieldSuggestion.handwritten, FieldSuggestion.name.in_(_WEIGHED))
    return select(Document).where(
        Document.batch_id == batch_id, Document.state == DocumentState.DESCRIBED, Document.id.in_(by_pen)
    )


def _weigh_again(session: Session, document: Document, register: tuple[RegisterRow, ...]) -> bool:
    """Puts the weighed candidates in place of the earlier ones; answers whether anything changed."""
    rows = list(
        session.scalars(
            select(FieldSuggestion)
            .where(FieldSuggestion.document_id == document.id)
            .order_by(FieldSuggestion.confidence.desc(), FieldSuggestion.id)
        )
    )
    known = _with_printed_days(session, document, gather_facts(session, document, register))
    changed = False
    for row, one in zip(rows, weigh_written([_suggestion(row) for row in rows], known), strict=True):
        candidates = [asdict(candidate) for candidate in one.candidates]
        weighed = is_weighed(row.name, row.rule, handwritten=row.handwritten)
        if weighed and (row.value, row.candidates) != (one.value, candidates):
            row.value, row.confidence, row.rule, row.candidates = one.value, one.confidence, one.rule, candidates
            changed = True
    return changed


def _suggestion(row: FieldSuggestion) -> Suggestion:
    value = tuple(row.value) if isinstance(row.value, list) else row.value
    ink = tuple(Candidate(**one) for one in row.ink or row.candidates)
    return Suggestion(row.name, value, row.printed, row.confidence, 0, None, row.rule, row.handwritten, ink=ink)


def _with_printed_days(session: Session, document: Document, known: KnownFacts) -> KnownFacts:
    """With the days of signing that the signatures' print on the pages gives."""
    texts = session.scalars(
        select(PageReading.text)
        .join(Page, PageReading.page_id == Page.id)
        .where(Page.document_id == document.id)
        .order_by(Page.number)
    )
    days = [day for text in texts for day in find_signing_days(text)]
    return replace(known, signed_on=(*known.signed_on, *days))
