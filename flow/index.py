"""Indexing: the search record of a document, always built from the records' present state, never from an event."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.catalogue import MASKED_KINDS, AccessRight, Dictionary, RecordType
from core.labels import Visibility
from core.masked_text import PageMask, mask_lines
from core.recognition import RecognizedLine
from core.states import DocumentState
from core.text import normalize
from flow.personal_data import masks_of
from flow.service import Service
from indexing.records import SearchContent, SearchPage, SearchRecord, page_record
from ocr.describing.personal_data import mask_text
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
    code = document.record_type or document.suggested_record_type
    record_type = dictionary.record_type(code) if code else None
    title = document.title or _as_text(values.get("abstract")) or archival.title
    record = SearchRecord(
        document_id=document.id,
        revision=document.search_revision,
        label=label_of(document),
        title=title,
        record_type=record_type.title if record_type else "",
        type_code=_as_text(values.get("type_code")),
        issuer=_as_text(values.get("issuing_body")),
        number_symbol="/".join(filter(None, (_as_text(values.get("number")), _as_text(values.get("symbol"))))),
        issued_on=_as_date(values.get("date")),
        abstract=_as_text(values.get("abstract")),
        fields_text=_fields_text(session, document, record_type, masked=False),
        pages=_search_pages(session, document),
        batch_id=document.batch_id,
        place=f"{archival.fonds}/{archival.series_list}/{archival.code}",
    )
    masked = SearchContent(
        title=mask_text(title),
        record_type=record.record_type,
        type_code=record.type_code,
        issuer=mask_text(record.issuer),
        number_symbol=record.number_symbol,
        issued_on=record.issued_on,
        abstract=mask_text(record.abstract),
        fields_text=_fields_text(session, document, record_type, masked=True),
        pages=_search_pages(session, document, masks_of(session, document) or {}),
    )
    return record if _says_the_same(record, masked) else replace(record, masked=masked)


def _says_the_same(record: SearchRecord, masked: SearchContent) -> bool:
    """Whether nothing of the document is masked: then one content is for everybody."""
    texts = (record.title, record.issuer, record.abstract, record.fields_text)
    others = (masked.title, masked.issuer, masked.abstract, masked.fields_text)
    return record.pages == masked.pages and tuple(map(normalize, texts)) == tuple(map(normalize, others))


def _fields_text(session: Session, document: Document, record_type: RecordType | None, *, masked: bool) -> str:
    """The entered values that readers of the document find, a field a line; masked, none of a kind that is masked."""
    shown = []
    for name, value in _entered_values(session, document).items():
        if record_type is None or not _is_open(record_type, name, document.sensitivity):
            continue
        text = _as_text(value)
        if masked:
            text = "" if record_type.field(name).kind in MASKED_KINDS else mask_text(text)
        shown.append(text)
    return "\n".join(filter(None, shown))


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
    """Whether the field is within the document's own label, so that all of its readers may see it."""
    if not record_type.has_field(name):
        return False
    rule = record_type.field(name)
    return rule.access is not AccessRight.NAMED_PEOPLE and int(rule.sensitivity) <= document_sensitivity


def _search_pages(
    session: Session, document: Document, masks: Mapping[str, PageMask] | None = None
) -> tuple[SearchPage, ...]:
    """The pages with text; with masks as they hide it, and without a page for which there is none."""
    rows = session.execute(
        select(Page, PageReading)
        .join(PageReading, PageReading.page_id == Page.id)
        .where(Page.document_id == document.id, PageReading.blank.is_(False))
        .order_by(Page.number)
    )
    return tuple(
        page_record(page.id, page.number or 0, lines, page.width or 0, page.height or 0)
        for page, reading in rows
        if (lines := _lines(page, reading, masks)) is not None
    )


def _lines(page: Page, reading: PageReading, masks: Mapping[str, PageMask] | None) -> tuple[RecognizedLine, ...] | None:
    lines = unpack_lines(reading.lines)
    if masks is None:
        return lines
    return mask_lines(lines, masks[page.id]) if page.id in masks else None


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
