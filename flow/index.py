"""Indexing: the search record of a document, always built from the records' present state, never from an event."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.catalogue import MASKED_KINDS, AccessRight, Dictionary, RecordType
from core.labels import Visibility
from core.states import DocumentState
from flow.service import Service
from indexing.records import SearchPage, SearchRecord, page_record
from storage.access import label_of
from storage.readings import unpack_lines
from storage.tables import ArchivalFile, Document, FieldSuggestion, FieldValue, Page, PageReading

logger = logging.getLogger(__name__)

_HIDDEN = frozenset({Visibility.WITHHELD, Visibility.GONE})
_NOT_YET = frozenset({DocumentState.RECEIVED, DocumentState.PROCESSING})
_HEADER = ("number", "symbol", "issuing_body", "abstract", "type_code", "date")


def index_document(service: Service, document_id: str) -> Callable[[Session], None]:
    """Writes the document's search record, or its removal; the record notes which revision the index holds."""
    with service.records.reading() as session:
        document = session.get_one(Document, document_id)
        dictionary = service.dictionaries.of_document(session, document_id)
        record = build_search_record(session, dictionary, document) if is_searchable(document) else None
    revision = document.search_revision
    if record is None:
        service.search.remove(document_id, revision)
        if document.state is DocumentState.PURGED:
            service.search.compact()
            service.records.compact()
    else:
        service.search.write([record])

    return lambda session: note_indexed(session, document_id, revision)


def note_indexed(session: Session, document_id: str, revision: int) -> None:
    """Notes in the records that the index took this revision."""
    # Not through the mapped row: what the index holds is no change of the document.
    session.execute(
        update(Document)
        .where(Document.id == document_id, Document.indexed_revision < revision)
        .values(indexed_revision=revision)
    )


def is_searchable(document: Document) -> bool:
    """Whether anybody may find it: withheld, withdrawn and not yet described documents are in no index."""
    return document.visibility not in _HIDDEN and document.state not in _NOT_YET


def expected_revision(document: Document) -> int | None:
    """The revision of the document that the index should hold; None if it should hold none."""
    return (document.search_revision or None) if is_searchable(document) else None


def build_search_record(session: Session, dictionary: Dictionary, document: Document) -> SearchRecord:
    """The search record from the rows as they are: what people entered, before that what the machine suggests."""
    archival = session.get_one(ArchivalFile, document.archival_file_id)
    values = _header_values(session, document)
    entered = _entered_values(session, document)
    type_code = document.record_type or document.suggested_record_type
    record_type = dictionary.record_type(type_code) if type_code else None
    shown = [
        _as_text(value)
        for name, value in entered.items()
        if record_type is not None and _is_open(record_type, name, document.sensitivity)
    ]
    return SearchRecord(
        document_id=document.id,
        revision=document.search_revision,
        label=label_of(document),
        title=document.title or _as_text(values.get("abstract")) or archival.title,
        record_type=record_type.title if record_type else "",
        type_code=_as_text(values.get("type_code")),
        issuer=_as_text(values.get("issuing_body")),
        number_symbol="/".join(filter(None, (_as_text(values.get("number")), _as_text(values.get("symbol"))))),
        issued_on=_as_date(values.get("date")),
        abstract=_as_text(values.get("abstract")),
        fields_text="\n".join(filter(None, shown)),
        pages=_search_pages(session, document),
        batch_id=document.batch_id,
        place=f"{archival.fonds}/{archival.series_list}/{archival.code}",
    )


def _header_values(session: Session, document: Document) -> dict[str, Any]:
    suggested = session.execute(
        select(FieldSuggestion.name, FieldSuggestion.value)
        .where(FieldSuggestion.document_id == document.id, FieldSuggestion.name.in_(_HEADER))
        .order_by(FieldSuggestion.confidence)
    )
    values: dict[str, Any] = {name: value for name, value in suggested if document.record_type is None}
    return values | _entered_values(session, document)


def _entered_values(session: Session, document: Document) -> dict[str, Any]:
    rows = session.execute(select(FieldValue.name, FieldValue.value).where(FieldValue.document_id == document.id))
    return {row.name: row.value for row in rows}


def _is_open(record_type: RecordType, name: str, document_sensitivity: int) -> bool:
    """Whether everybody who may read the document finds this field of it: none that is shown masked is searchable."""
    if not record_type.has_field(name):
        return False
    rule = record_type.field(name)
    if rule.access is AccessRight.NAMED_PEOPLE:
        return False
    return rule.kind not in MASKED_KINDS and int(rule.sensitivity) <= document_sensitivity


def _search_pages(session: Session, document: Document) -> tuple[SearchPage, ...]:
    rows = session.execute(
        select(Page, PageReading)
        .join(PageReading, PageReading.page_id == Page.id)
        .where(Page.document_id == document.id, PageReading.blank.is_(False))
        .order_by(Page.number)
    )
    return tuple(
        page_record(page.id, page.number or 0, unpack_lines(reading.lines), page.width or 0, page.height or 0)
        for page, reading in rows
    )


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


def _as_date(value: Any) -> date | None:
    try:
        return date.fromisoformat(_as_text(value))
    except ValueError:
        return None


def give_up_indexing(_session: Session, document_id: str, reason: str) -> None:
    """Nothing is lost: `sohoa check` finds the document out of step with the index, `sohoa reindex` mends it."""
    logger.error("document %s is not in the search index: %s", document_id, reason.splitlines()[0])
