"""Describing: a document's pages become suggestions, a record type and stamps; a stamp above its label withholds it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.catalogue import Dictionary, FieldKind, check_value
from core.errors import InvalidValue
from core.known_facts import NOTHING_KNOWN, KnownFacts
from core.labels import Secrecy
from core.recognition import NOT_MEASURED, Description, RecognizedPage, Stamp, Suggestion
from core.settings import Settings
from core.states import DocumentState, move
from core.words import parse_secrecy
from flow.find_duplicates import find_by_text
from flow.isolate import isolate
from flow.known_facts import gather_facts
from flow.personal_data import causes_of, keep_personal_data, raise_label
from flow.progress import advance_batch
from flow.read import reader_of
from flow.search_jobs import request_index
from flow.service import Service
from flow.withhold import withhold_document
from ingest.isolation import Bounds
from ocr.describing import SecondLook, describe
from ocr.images import load_page_image
from storage.database import HELD
from storage.objects import Area
from storage.readings import recognized_page
from storage.tables import Document, FieldSuggestion, Page, PageReading

_SURE_OF_TYPE = 0.5
"""From this probability on, a suggested record type raises the document's label to its own."""


def describe_document(service: Service, document_id: str) -> Callable[[Session], None]:
    """Describes a document from its pages; the record keeps suggestions or withholds it, unless pages are read again.

    A page that could not be read but has an image is looked at for stamps all the same: people will see that image.
    """
    with service.records.reading() as session:
        seen_round = session.get_one(Document, document_id).described_round
        found = session.execute(
            select(Page, PageReading)
            .outerjoin(PageReading, PageReading.page_id == Page.id)
            .where(Page.document_id == document_id)
            .order_by(Page.number)
        ).all()
        known = gather_facts(session, session.get_one(Document, document_id))
    if any(reading is None and page.failure is None for page, reading in found):
        return _record_nothing  # a page is read again; the round that follows has its own job
    shown = [(page, reading) for page, reading in found if reading is not None or page.image_sha256 is not None]
    pages = [page for page, _ in shown]
    recognized = [_recognized(page, reading) for page, reading in shown]
    images = [_stored_image(service, page, read) for page, read in zip(pages, recognized, strict=True)]
    bounds = bounds_of_describing(service.settings, recognized)
    description = isolate(service.settings, look_at_pages, service.settings, recognized, images, known, bounds=bounds)
    page_ids = {page.number: page.id for page in pages}

    def record(session: Session) -> None:
        document = session.get_one(Document, document_id, with_for_update=HELD)
        if document.described_round != seen_round or document.state is not DocumentState.PROCESSING:
            return  # a page is read again meanwhile, or another round was faster
        dictionary = service.dictionaries.of_document(session, document_id)
        keep_description(session, document, description, page_ids, dictionary, service.settings)

    return record


def _record_nothing(_session: Session) -> None:
    """The record of a description that came too early."""


def _recognized(page: Page, reading: PageReading | None) -> RecognizedPage:
    """The page as it was read; without a word if it could not be."""
    number = page.number or 0
    if reading is not None:
        return recognized_page(page, reading, number)
    size = (page.width or 0, page.height or 0, page.dpi or 0)
    return RecognizedPage(number, *size, (), 0, 0.0, False, NOT_MEASURED, "", 0.0)


def _stored_image(service: Service, page: Page, recognized: RecognizedPage) -> bytes | None:
    """The page's image as stored, in which stamps and pen strokes are looked for; a blank page has none."""
    if recognized.blank or page.image_sha256 is None:
        return None
    return service.objects.read(Area.PAGES, page.image_sha256)


def bounds_of_describing(settings: Settings, pages: Sequence[RecognizedPage]) -> Bounds:
    """Those of one page, and what each page adds: its time, and its colours in memory twice, as stored and upright."""
    pixels = sum(page.width * page.height for page in pages)
    return Bounds(settings.page_seconds * max(1, len(pages)), settings.page_megabytes + (6 * pixels >> 20))


def look_at_pages(
    settings: Settings,
    pages: Sequence[RecognizedPage],
    images: Sequence[bytes | None],
    known: KnownFacts = NOTHING_KNOWN,
) -> Description:
    """Describes pages with their images as stored, decoded in this process. Raises DamagedFile, LimitExceeded."""
    decoded = [
        None if image is None else load_page_image(image, max_pixels=settings.max_page_pixels, dpi=page.dpi).seen
        for page, image in zip(pages, images, strict=True)
    ]
    reader = reader_of(settings)
    return describe(pages, decoded, SecondLook(reader.read_crop, reader.rank_pen, reader.see_words), known)


def keep_description(
    session: Session,
    document: Document,
    description: Description,
    page_ids: dict[int | None, str],
    dictionary: Dictionary,
    settings: Settings,
) -> None:
    """Stores the suggestions in place of earlier ones, raises the label where type or personal values ask, moves on."""
    session.execute(delete(FieldSuggestion).where(FieldSuggestion.document_id == document.id))
    for one in description.fields:
        session.add(
            FieldSuggestion(
                document_id=document.id,
                name=one.name,
                value=as_entered(one, dictionary, description.record_type),
                printed=one.printed,
                confidence=one.confidence,
                page_id=page_ids.get(one.page),
                box=list(one.box) if one.box else None,
                rule=one.rule,
                handwritten=one.handwritten,
                candidates=[asdict(candidate) for candidate in one.candidates],
                ink=[asdict(candidate) for candidate in one.ink],
            )
        )
    document.form = description.form
    # The describing knows the built-in record types; the batch's dictionary may have done away with one.
    known = dictionary.has_record_type(description.record_type)
    document.suggested_record_type = description.record_type if known else None
    document.suggested_confidence = description.record_type_confidence if known else None
    causes = causes_of(description.personal)
    if known and description.record_type_confidence >= _SURE_OF_TYPE:
        record_type = dictionary.record_type(description.record_type)
        causes.append((record_type.labels.sensitivity, f"loại '{record_type.title}'"))
    keep_personal_data(session, document, description.personal, page_ids)
    raise_label(session, document, causes)
    stamp = find_stamp_above(description.stamps, min(Secrecy(document.secrecy), settings.ceiling))
    if stamp is not None:
        withhold_document(session, document, f"Dấu '{stamp.value}' ở trang {stamp.page}, cao hơn nhãn của văn bản.")
    else:
        document.state = move(f"Document {document.id}", document.state, DocumentState.DESCRIBED)
        request_index(session, document)
    advance_batch(session, document.batch_id)
    # After the batch is held: who enters values holds it too, and may wait for the pairs that are added here.
    find_by_text(session, dictionary, document)


def as_entered(one: Suggestion, dictionary: Dictionary, record_type: str) -> str | list[str] | None:
    """The suggested value as it would be stored if it were entered: a word of a code list as its code."""
    if not isinstance(one.value, str):
        return list(one.value) if one.value is not None else None
    known = dictionary.has_record_type(record_type) and dictionary.record_type(record_type).has_field(one.name)
    if not known or dictionary.field(record_type, one.name).kind is not FieldKind.CODE:
        return one.value
    with suppress(InvalidValue):
        return str(check_value(dictionary.field(record_type, one.name), one.value, dictionary))
    return one.value


def find_stamp_above(stamps: tuple[Stamp, ...], level: Secrecy) -> Stamp | None:
    """The highest secrecy stamp above this level, or None."""
    above = [one for one in stamps if one.kind == "secrecy" and parse_secrecy(one.value) > level]
    return max(above, key=lambda one: parse_secrecy(one.value), default=None)


def give_up_description(session: Session, document_id: str, reason: str) -> None:
    """A document whose stamps could not be looked for is withheld: the security officer looks at it first."""
    document = session.get_one(Document, document_id)
    withhold_document(session, document, f"Không kiểm tra được dấu mật: {reason.splitlines()[0]}")
    advance_batch(session, document.batch_id)
