"""Splitting: an original becomes page images. A page that cannot be taken out keeps its reason; the others go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import SohoaError
from core.recognition import RecognizedPage
from core.settings import Settings
from core.stages import Stage
from core.states import DocumentState
from flow.isolate import isolate
from flow.progress import advance_document
from flow.read import keep_reading
from flow.service import Service, limits_of
from ingest import splitting
from ingest.page_images import SplitPage
from ingest.signing_times import find_signing_times
from ocr.images import load_page_image
from ocr.text_layer import read_text_layer
from storage.jobs import enqueue
from storage.objects import Area
from storage.tables import Document, IncomingFile, Page


@dataclass(frozen=True, slots=True)
class _StoredPage:
    number: int
    sha256: str | None
    media_type: str | None
    width: int
    height: int
    dpi: int
    failure: str | None
    recognized: RecognizedPage | None = None
    """What its own text says, where that can be trusted: it is not read again."""


def split_incoming_file(service: Service, file_id: str) -> Callable[[Session], None]:
    """Stores the image of each page of a received file; the record fills the rows of those that wait for theirs."""
    with service.records.reading() as session:
        file = session.get_one(IncomingFile, file_id)
    with service.objects.local(Area.ORIGINALS, file.sha256) as path:
        stored = {page.number: page for page in _store_pages(service, file, path)}
        signed = _find_signing_times(service, file, path)

    def record(session: Session) -> None:
        session.get_one(IncomingFile, file_id).signing_times = signed
        for page in _waiting_pages(session, file_id):
            one = stored.get(page.number_in_file)
            if one is None or one.failure is not None:
                page.failure = one.failure if one else "The page could not be found in its file."
                continue
            page.image_sha256, page.image_type = one.sha256, one.media_type
            page.width, page.height, page.dpi = one.width, one.height, one.dpi
            page.failure = None
            if one.recognized is not None:
                keep_reading(session, page.id, one.recognized)
            else:
                enqueue(session, Stage.READ, page.id, page.batch_id)
        advance_document(session, session.get_one(Document, file.document_id))

    return record


def _waiting_pages(session: Session, file_id: str) -> Sequence[Page]:
    """The file's pages without an image. Those that a person settled, or whose document was purged, wait for none."""
    return session.scalars(
        select(Page)
        .join(Document, Document.id == Page.document_id)
        .where(
            Page.incoming_file_id == file_id,
            Page.image_sha256.is_(None),
            Page.failure_settled_by.is_(None),
            Document.state != DocumentState.PURGED,
        )
    ).all()


def _store_pages(service: Service, file: IncomingFile, path: Path) -> Iterator[_StoredPage]:
    for number in range(1, (file.page_count or 0) + 1):
        try:
            page, recognized = isolate(
                service.settings, take_page, service.settings, path, file.media_type or "", number
            )
        except SohoaError as error:
            yield _StoredPage(number, None, None, 0, 0, 0, failure=f"{error.code}: {error.message}")
            continue
        sha256 = service.objects.put_bytes(Area.PAGES, page.data)
        yield _StoredPage(
            number, sha256, page.media_type, page.width, page.height, page.dpi, failure=None, recognized=recognized
        )


def _find_signing_times(service: Service, file: IncomingFile, path: Path) -> list[str]:
    """When the file was signed electronically; nothing where its signatures cannot be read, for they only help."""
    try:
        times = isolate(service.settings, find_signing_times, path, file.media_type or "")
    except SohoaError:
        return []
    return [time.isoformat() for time in times]


def take_page(settings: Settings, path: Path, media_type: str, number: int) -> tuple[SplitPage, RecognizedPage | None]:
    """One page of a file, and its text where the file itself carries it and it can be trusted.

    Decodes in this process. Raises SplitFailed, DamagedFile, EncryptedFile, LimitExceeded.
    """
    page = splitting.take_page(path, media_type, limits_of(settings), number)
    if page.layer is None:
        return page, None
    image = load_page_image(page.data, max_pixels=settings.max_page_pixels, dpi=page.dpi)
    return replace(page, layer=None), read_text_layer(page.layer, image, number)


def give_up_split(session: Session, file_id: str, reason: str) -> None:
    """Every page of the file that has no image is failed, with the reason, until a person decides."""
    file = session.get_one(IncomingFile, file_id)
    for page in _waiting_pages(session, file_id):
        page.failure = reason
    advance_document(session, session.get_one(Document, file.document_id))
