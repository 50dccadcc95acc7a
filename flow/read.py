"""Reading: a page image becomes text with boxes. A page that cannot be read is failed with its reason, never empty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, fields
from functools import lru_cache

from sqlalchemy.orm import Session

from core.recognition import RecognizedPage
from core.settings import Settings
from core.states import DocumentState
from flow.isolate import isolate
from flow.progress import advance_document
from flow.service import Service
from ocr.engines.registry import EngineOptions
from ocr.images import load_page_image
from ocr.reading import Reader
from storage.objects import Area
from storage.readings import pack_lines, pack_marks, pack_places
from storage.tables import Document, Page, PageReading, now


@lru_cache(maxsize=1)
def load_reader(options: EngineOptions) -> Reader:
    """The reader of this process; loading its model takes a while, so it is kept."""
    return Reader.open(options)


def engine_options(settings: Settings) -> EngineOptions:
    """What the settings say of the engine."""
    return EngineOptions(**{one.name: getattr(settings, one.name) for one in fields(EngineOptions)})


def reader_of(settings: Settings) -> Reader:
    """The reader that the settings name."""
    return load_reader(engine_options(settings))


def read_page(service: Service, page_id: str) -> Callable[[Session], None]:
    """Reads a page's image; the record keeps the text and goes on with the document."""
    with service.records.reading() as session:
        page = session.get_one(Page, page_id)
    data = service.objects.read(Area.PAGES, page.image_sha256 or "")
    return record_of(
        page_id, isolate(service.settings, read_image, service.settings, data, page.dpi, page.number_in_file)
    )


def record_of(page_id: str, recognized: RecognizedPage) -> Callable[[Session], None]:
    """What the record of a page's reading does."""
    return lambda session: keep_reading(session, page_id, recognized)


def read_image(settings: Settings, data: bytes, dpi: int | None, number: int) -> RecognizedPage:
    """The page as read, decoded and recognized in this process. Raises DamagedFile, LimitExceeded, ReadingFailed."""
    image = load_page_image(data, max_pixels=settings.max_page_pixels, dpi=dpi)
    return reader_of(settings).read(image, number=number)


def warm_up(settings: Settings) -> None:
    """Loads the models where pages will be read, before the first one waits."""
    isolate(settings, _load, settings)


def _load(settings: Settings) -> None:
    reader_of(settings)


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
            marks=pack_marks(recognized.marks),
            places=pack_places(recognized.places),
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
