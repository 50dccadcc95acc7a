"""Learning: record types that people confirm are kept beside what was suggested, with nothing personal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.catalogue import Dictionary
from core.labels import Secrecy, Visibility
from ocr.describing.record_types import describe_features
from people.persons import Person
from storage.readings import recognized_page
from storage.tables import ConfirmedType, Document, Page, PageReading

_KEPT_FROM = (Visibility.WITHHELD, Visibility.GONE)


def keep_confirmed_type(session: Session, person: Person, dictionary: Dictionary, document: Document) -> None:
    """Adds what was suggested and what is confirmed now, unless that is what the document's last row says.

    Nothing is kept of a document above 'thường', nor of one that no machine has described.
    """
    if document.secrecy != Secrecy.THUONG or document.suggested_record_type is None or document.record_type is None:
        return
    found = (document.suggested_record_type, document.suggested_confidence or 0.0, document.record_type)
    last = session.scalars(
        select(ConfirmedType).where(ConfirmedType.document_id == document.id).order_by(ConfirmedType.id.desc()).limit(1)
    ).first()
    if last is not None and (last.suggested, last.probability, last.confirmed) == found:
        return
    session.add(
        ConfirmedType(
            document_id=document.id,
            suggested=found[0],
            probability=found[1],
            confirmed=found[2],
            features=_features(session, document),
            dictionary_version=dictionary.version,
            confirmed_by=person.user_id,
        )
    )


def _features(session: Session, document: Document) -> dict[str, Any]:
    """Of the first page with text; empty where none has any."""
    row = session.execute(
        select(Page, PageReading)
        .join(PageReading, PageReading.page_id == Page.id)
        .where(Page.document_id == document.id, PageReading.blank.is_(False))
        .order_by(Page.number)
        .limit(1)
    ).first()
    if row is None:
        return {}
    page, reading = row
    return asdict(describe_features(recognized_page(page, reading, 1)))


def export_confirmed_types(session: Session) -> Iterator[dict[str, Any]]:
    """Every confirmed record type with its features, oldest first, without document, person or any text of a document.

    Of documents that are 'thường' now and that somebody may read.
    """
    rows = session.scalars(
        select(ConfirmedType)
        .join(Document, Document.id == ConfirmedType.document_id)
        .where(Document.secrecy == int(Secrecy.THUONG), Document.visibility.not_in(_KEPT_FROM))
        .order_by(ConfirmedType.id)
        .execution_options(yield_per=1000)
    )
    for one in rows:
        yield {
            "suggested": one.suggested,
            "probability": one.probability,
            "confirmed": one.confirmed,
            "features": one.features,
            "dictionary_version": one.dictionary_version,
            "confirmed_on": one.confirmed_at.date().isoformat(),
        }
