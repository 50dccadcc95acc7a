"""Reading: a page image becomes text with boxes. A page that cannot be read is failed with its reason, never empty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache

from sqlalchemy.orm import Session

from core.recognition import RecognizedPage
from core.settings import Settings
from core.states import DocumentState
from flow.progress import advance_document
from flow.service import Service
from ocr.images import load_page_image
from ocr.reading import Reader
from storage.objects import Area
from storage.readings import pack_lines
from storage.tables import Document, Page, PageReading, now


@lru_cache(maxsize=1)
def load_reader(engine: str, tessdata: str) -> Reader:
    """The reader of this process; loading its model takes a while, so it is kept."""
    return Reader.open(engine=engine, tessdata=tessdata)


def reader_of(settings: Settings) -> Reader:
    """The reader that the settings name."""
    return load_reader(settings.engine, settings.tessdata)


def read_page(service: Service, page_id: str) -> Callable[[Session], None]:
    """Reads a page's image; the record keeps the text and goes on with the document."""
    with service.records.reading() as session:
        page = session.get_one(Page, page_id)
    data = service.objects.read(Area.PAGES, page.image_sha256 or "")
    image = load_page_image(data, max_pixels=service.settings.max_page_pixels, dpi=page.dpi)
    recognized = reader_of(service.settings).read(image, number=page.number_in_file)

    def record(session: Session) -> None:
        keep_reading(session, page_id, recognized)

    return record


def keep_reading(session: Session, page_id: str, recognized: RecognizedPage) -> None:
    """Stores what was read in place of any earlier reading, and goes on with the document."""
    page = session.get_one(Page, page_id)
    document = session.get_one(Document, page.document_id)
    if document.state is DocumentState.PURGED:
        return  # what was read is destroyed; nothing of it comes back
    session.merge(
        PageReading(
            page_id=page_id,
            text=recognized.text,
            lines=pack_lines(recognized.lines),
            rotation=recognized.rotation,
            skew=recognized.skew,
            blank=recognized.blank,
            quality=asdict(recognized.quality),
            engine=recognized.engine,
            seconds=recognized.seconds,
        )
    )
    page.failure = None
    page.read_at = now()
    advance_document(session, document)


def give_up_page(session: Session, page_id: str, reason: str) -> None:
    """The page is failed, with its reason, until a person decides; the document goes on with the others."""
    page = session.get_one(Page, page_id)
    page.failure = reason
    advance_document(session, session.get_one(Document, page.document_id))
