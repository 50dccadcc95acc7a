"""Pages that are read in one go, by an engine that computes several of them together.

Only what goes well counts: a page that fails here, for itself or with its neighbours, is read alone afterwards, in its
own time and memory, and its own reading says why.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import SohoaError
from core.recognition import RecognizedPage
from core.settings import Settings
from core.stages import Stage
from flow.isolate import bounds_of, isolate
from flow.read import reader_of
from flow.service import Service
from ingest.isolation import Bounds
from ocr.images import PageImage, load_page_image
from storage import jobs
from storage.database import present
from storage.jobs import Claim
from storage.objects import Area
from storage.tables import Job, Page

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StoredImage:
    """A page's image as a file, its dpi where the page knows better, and the page's number."""

    data: bytes
    dpi: int | None
    number: int


def pages_at_once(settings: Settings) -> int:
    """Most pages that are read in one go: 1 with an engine that reads page by page."""
    return settings.paddle_pages if settings.engine == "paddleocr" else 1


def bounds_together(settings: Settings, pages: int) -> Bounds:
    """As much time as the pages have alone, and the memory of one process."""
    return replace(bounds_of(settings), seconds=pages * settings.page_seconds)


def claim_beside(session: Session, settings: Settings, held: Claim, worker: str) -> list[Claim]:
    """Claims of pages that wait beside a claimed one: of its batch, in its queue. Only what was never tried before, so
    that a page on which a reading failed does not take others with it a second time.
    """
    most = pages_at_once(settings) - 1
    if held.stage is not Stage.READ or held.attempt > 1 or not most:
        return []
    moment = present(session)
    own = session.get_one(Job, held.job_id)
    beside = (Job.batch_id == own.batch_id, Job.stage == Stage.READ, Job.queue == own.queue, Job.attempt == 0)
    waiting = select(Job.id).where(*beside, jobs.claimable(moment)).order_by(Job.priority, Job.created_at)
    claims = [jobs.claim(session, job_id, worker, moment) for job_id in session.scalars(waiting.limit(most)).all()]
    return [claim for claim in claims if claim is not None]


def read_together(service: Service, page_ids: Sequence[str]) -> dict[str, RecognizedPage]:
    """Those of the pages that could be read in one go, by their ids."""
    images: dict[str, StoredImage] = {}
    with service.records.reading() as session:
        pages = session.scalars(select(Page).where(Page.id.in_(page_ids))).all()
    try:
        for page in pages:
            data = service.objects.read(Area.PAGES, page.image_sha256 or "")
            images[page.id] = StoredImage(data, page.dpi, page.number_in_file)
        bounds = bounds_together(service.settings, len(images))
        found = isolate(service.settings, read_images, service.settings, list(images.values()), bounds=bounds)
    except SohoaError as error:
        logger.warning("%d pages are read one by one, together they failed: %s", len(page_ids), error)
        return {}
    return {page_id: page for page_id, page in zip(images, found, strict=True) if page is not None}


def read_images(settings: Settings, images: Sequence[StoredImage]) -> list[RecognizedPage | None]:
    """The pages as read, decoded and recognized in this process; None for each that cannot be. Raises ReadingFailed
    where the engine fails on any of them.
    """
    decoded = [_decode(settings, image) for image in images]
    whole = [(page, image.number) for page, image in zip(decoded, images, strict=True) if page is not None]
    found = iter(reader_of(settings).read_pages(whole))
    return [None if page is None else next(found) for page in decoded]


def _decode(settings: Settings, image: StoredImage) -> PageImage | None:
    try:
        return load_page_image(image.data, max_pixels=settings.max_page_pixels, dpi=image.dpi)
    except SohoaError:
        return None
