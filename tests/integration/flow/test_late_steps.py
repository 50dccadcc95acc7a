"""Steps that end late, twice or over one another: what they found must not be lost, nor shown unlooked at."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.labels import Clearance, Grant, Role, Secrecy, Sensitivity, Visibility
from core.recognition import Description, PageQuality, RecognizedPage, Stamp
from core.settings import Settings
from core.stages import Stage
from core.states import BatchState, DocumentState, JobState
from flow import describe, index
from flow.decide import retry_page, settle_failed_page
from flow.purge import purge_document
from flow.read import give_up_page, keep_reading
from flow.run_job import run_job
from flow.service import Service
from flow.split import give_up_split, split_incoming_file
from flow.withhold import withhold_document
from indexing.backend import SearchQuery
from storage.jobs import enqueue
from storage.objects import Area
from storage.tables import Batch, Document, IncomingFile, Job, Page, PageReading, now
from tests.factories import (
    Office,
    add_archival_file,
    add_batch,
    add_document,
    add_entry,
    add_office,
    make_service,
)

QUALITY = PageQuality(sharpness=900.0, contrast=200.0, brightness=250.0, noise=1.0, glare=0.0, text_height=30.0)
PLAIN = Description("administrative_document", 0.1, "other", (), ())
STAMPED = Description("administrative_document", 0.1, "other", (), (Stamp("secrecy", "mật", 2, (0, 0, 10, 10), 0.9),))


@dataclass(frozen=True)
class Work:
    """A service with one document of two pages that is being read."""

    service: Service
    office: Office
    document_id: str
    page_ids: tuple[str, str]
    file_id: str

    def document(self) -> Document:
        with self.service.records.reading() as session:
            return session.get_one(Document, self.document_id)

    def page(self, number: int) -> Page:
        with self.service.records.reading() as session:
            return session.get_one(Page, self.page_ids[number - 1])

    def jobs(self, stage: Stage) -> list[tuple[str, int, JobState]]:
        with self.service.records.reading() as session:
            rows = session.scalars(select(Job).where(Job.stage == stage).order_by(Job.created_at, Job.id)).all()
        return [(one.subject_id, one.subject_revision, one.state) for one in rows]

    def job_id(self, stage: Stage, revision: int = 0) -> str:
        with self.service.records.reading() as session:
            return session.scalars(select(Job.id).where(Job.stage == stage, Job.subject_revision == revision)).one()


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Work]:
    service = make_service(Settings(data_dir=tmp_path))
    with service.records.writing() as session:
        office = add_office(session)
        entry = add_entry(session, office.unit, office["owner"])
        batch = add_batch(session, entry, office["owner"], state=BatchState.PROCESSING)
        shelf = add_archival_file(session, batch)
        document = add_document(session, batch, shelf, state=DocumentState.PROCESSING, pages=2)
        pages = tuple(session.scalars(select(Page.id).where(Page.document_id == document.id).order_by(Page.number)))
        session.execute(update(PageReading).values(quality=asdict(QUALITY)))
        file = session.scalars(select(IncomingFile).where(IncomingFile.document_id == document.id)).one()
        made = Work(service, office, document.id, (pages[0], pages[1]), file.id)
    yield made
    service.close()


def store_image(service: Service, image: Image.Image) -> str:
    out = io.BytesIO()
    image.save(out, "PNG")
    return service.objects.put_bytes(Area.PAGES, out.getvalue())


def fail_to_read(session: Session, page_id: str) -> None:
    """The page's reading gave up: no text, a reason, its job parked."""
    job = enqueue(session, Stage.READ, page_id, session.get_one(Page, page_id).batch_id)
    job.state, job.attempt = JobState.PARKED, 5
    session.delete(session.get_one(PageReading, page_id))
    session.flush()
    give_up_page(session, page_id, "ReadingFailed: no word")


def read_as(page_id: str, session: Session) -> None:
    keep_reading(session, page_id, RecognizedPage(2, 2480, 3508, 300, (), 0, 0.0, False, QUALITY, "test 1", 0.1))


def test_a_retried_page_is_looked_at_for_stamps_though_its_document_was_about_to_be_described(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The description that was waiting saw one page of two; it must not pass the document on without the other."""
    monkeypatch.setattr(describe, "_stored_image", lambda *_: None)
    page_id = work.page_ids[1]
    with work.service.records.writing() as session:
        fail_to_read(session, page_id)
    assert work.jobs(Stage.DESCRIBE) == [(work.document_id, 0, JobState.READY)]
    with work.service.records.writing() as session:
        retry_page(session, work.office["typist"], page_id)
    monkeypatch.setattr(describe, "isolate", lambda *_, **__: PLAIN)
    run_job(work.service, work.job_id(Stage.DESCRIBE), "late")
    assert work.document().state is DocumentState.PROCESSING
    with work.service.records.writing() as session:
        read_as(page_id, session)
    assert work.jobs(Stage.DESCRIBE)[1:] == [(work.document_id, 1, JobState.READY)]
    monkeypatch.setattr(describe, "isolate", lambda *_, **__: STAMPED)
    run_job(work.service, work.job_id(Stage.DESCRIBE, 1), "next")
    assert (work.document().state, work.document().visibility) == (DocumentState.WITHHELD, Visibility.WITHHELD)


def test_a_page_that_could_not_be_read_is_looked_at_for_stamps_all_the_same(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, int, bool]] = []

    def look(pages: list[RecognizedPage], images: list[object], *_: object) -> Description:
        seen.extend((page.number, len(page.lines), image is None) for page, image in zip(pages, images, strict=True))
        return STAMPED

    no_eyes = SimpleNamespace(read_crop=None, rank_pen=None, see_words=None)
    monkeypatch.setattr(describe, "reader_of", lambda _: no_eyes)
    monkeypatch.setattr(describe, "describe", look)
    monkeypatch.setattr(describe, "isolate", lambda _settings, work, *arguments, bounds: work(*arguments))
    image = store_image(work.service, Image.new("RGB", (60, 80), (255, 255, 255)))
    with work.service.records.writing() as session:
        session.execute(update(Page).values(image_sha256=image, image_type="image/png", width=60, height=80))
        fail_to_read(session, work.page_ids[1])
    run_job(work.service, work.job_id(Stage.DESCRIBE), "worker")
    assert seen == [(1, 1, False), (2, 0, False)]
    assert work.document().visibility is Visibility.WITHHELD


def test_splitting_a_file_again_leaves_alone_what_was_split_or_settled_before(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Page 2 has its image but could not be read: splitting again for page 1 must not make it wait for ever."""
    image = Image.new("L", (60, 80), 255)
    out = io.BytesIO()
    image.save(out, "TIFF", save_all=True, append_images=[Image.new("L", (60, 80), 250)])
    landed = work.service.settings.data_dir / "two.tif"
    landed.write_bytes(out.getvalue())
    with work.service.records.writing() as session:
        file = session.get_one(IncomingFile, work.file_id)
        file.media_type = "image/tiff"
        digest = hashlib.sha256(out.getvalue()).hexdigest()
        file.sha256 = digest
        work.service.objects.put_file(Area.ORIGINALS, landed, digest)
        first = session.get_one(Page, work.page_ids[0])
        session.delete(session.get_one(PageReading, first.id))
        first.image_sha256, first.failure = None, "split_failed: torn"
        fail_to_read(session, work.page_ids[1])
    before = work.page(2).failure
    with work.service.records.writing() as session:
        retry_page(session, work.office["typist"], work.page_ids[0])
    record = split_incoming_file(work.service, work.file_id)
    with work.service.records.writing() as session:
        record(session)
    assert work.page(2).failure == before == "ReadingFailed: no word"
    waiting = [(one, state) for one, _, state in work.jobs(Stage.READ)]
    assert set(waiting) == {(work.page_ids[1], JobState.PARKED), (work.page_ids[0], JobState.READY)}


def test_a_page_that_was_settled_without_its_image_stays_settled_when_its_file_is_split_again(work: Work) -> None:
    with work.service.records.writing() as session:
        batch = session.scalars(select(Batch)).one()
        for page_id in work.page_ids:
            session.delete(session.get_one(PageReading, page_id))
        session.execute(update(Page).values(image_sha256=None, failure="split_failed: torn"))
        assert batch.state is BatchState.PROCESSING
        settle_failed_page(session, work.office["typist"], work.page_ids[1], "đã gõ từ bản giấy")
    settled = work.page(2).failure
    with work.service.records.writing() as session:
        give_up_split(session, work.file_id, "HashMismatch: changed")
    assert work.page(1).failure == "HashMismatch: changed"
    assert work.page(2).failure == settled


def test_a_reading_that_ends_after_the_purge_brings_nothing_back(work: Work) -> None:
    with work.service.records.writing() as session:
        document = session.get_one(Document, work.document_id)
        withhold_document(session, document, "Dấu mật")
        session.flush()
        officer = work.office["officer"]
        purge_document(session, officer, work.service.objects, document.id, document.revision, "theo lệnh")
    with work.service.records.writing() as session:
        read_as(work.page_ids[1], session)
    with work.service.records.reading() as session:
        assert session.scalars(select(PageReading)).all() == []


def test_an_index_write_that_is_late_does_not_revive_a_withheld_document(work: Work) -> None:
    """The older step writes the index before its fence is looked at: the revision alone must keep it out."""
    service = work.service
    with service.records.writing() as session:
        document = session.get_one(Document, work.document_id)
        document.state, document.search_revision = DocumentState.DESCRIBED, 1
    with service.records.reading() as session:
        document = session.get_one(Document, work.document_id)
        stale = index.build_search_record(session, service.dictionaries.present(session), document)
    with service.records.writing() as session:
        withhold_document(session, session.get_one(Document, work.document_id), "Dấu mật")
    note = index.index_document(service, work.document_id)
    assert service.search.write([stale]) == 0
    with service.records.writing() as session:
        note(session)
    everything = Clearance(
        "x",
        tuple(Grant(role, frozenset({work.office.unit.id})) for role in Role),
        Secrecy.TUYET_MAT,
        Sensitivity.PERSONAL_SENSITIVE,
    )
    assert service.search.search(everything, SearchQuery()).total == 0
    assert work.document().indexed_revision == 2


def test_a_job_whose_lease_was_lost_keeps_nothing(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(describe, "_stored_image", lambda *_: None)

    def slow(*_: object, **__: object) -> Description:
        with work.service.records.writing() as session:  # meanwhile another worker took the job up
            session.execute(update(Job).values(fence=Job.fence + 1, lease_until=now() + timedelta(minutes=1)))
        return PLAIN

    with work.service.records.writing() as session:
        enqueue(session, Stage.DESCRIBE, work.document_id, session.scalars(select(Batch.id)).one())
    monkeypatch.setattr(describe, "isolate", slow)
    run_job(work.service, work.job_id(Stage.DESCRIBE), "slow")
    assert work.document().state is DocumentState.PROCESSING
    assert work.jobs(Stage.DESCRIBE) == [(work.document_id, 0, JobState.LEASED)]
