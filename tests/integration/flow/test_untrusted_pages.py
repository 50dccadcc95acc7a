"""Pages made to hurt: each costs its own reading and no more; and pages whose own text can be used are not read."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select, update

from core.settings import Settings
from core.stages import RULES, Queue, Stage
from core.states import BatchState, DocumentState, JobState
from flow import read, read_together
from flow.isolate import isolate
from flow.run_job import run_job
from flow.service import Service
from flow.split import split_incoming_file
from ingest.isolation import Bounds
from storage.jobs import enqueue
from storage.objects import Area
from storage.tables import Document, IncomingFile, Job, Page, PageReading, now
from tests.factories import add_archival_file, add_batch, add_document, add_entry, add_office, make_service
from tests.layered_pdfs import FONT, TEXT, write_text_pdf


@dataclass(frozen=True)
class Shelf:
    """A service with one document whose two pages wait."""

    service: Service
    page_ids: tuple[str, str]
    file_id: str

    def give_image(self, number: int, image: Image.Image) -> str:
        """Stores the page's image and answers its reading's job."""
        out = io.BytesIO()
        image.save(out, "PNG")
        with self.service.records.writing() as session:
            page = session.get_one(Page, self.page_ids[number - 1])
            page.image_sha256 = self.service.objects.put_bytes(Area.PAGES, out.getvalue())
            page.image_type, page.dpi = "image/png", 300
            page.width, page.height = image.size
            return enqueue(session, Stage.READ, page.id, page.batch_id).id

    def give_blank_pages(self) -> tuple[str, str]:
        first, second = (self.give_image(number, Image.new("L", (300, 400), 250)) for number in (1, 2))
        return first, second

    def job(self, job_id: str) -> Job:
        with self.service.records.reading() as session:
            return session.get_one(Job, job_id)

    def readings(self) -> list[PageReading]:
        with self.service.records.reading() as session:
            return list(session.scalars(select(PageReading)))

    def exhaust(self, job_id: str) -> Job:
        """Runs the job until it is parked."""
        for _ in range(RULES[Stage.READ].max_attempts):
            with self.service.records.writing() as session:
                session.get_one(Job, job_id).run_after = now()
            run_job(self.service, job_id, "worker")
        return self.job(job_id)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    service = make_service(Settings(data_dir=tmp_path, page_megabytes=700, max_page_pixels=400_000_000))
    with service.records.writing() as session:
        office = add_office(session)
        entry = add_entry(session, office.unit, office["owner"])
        batch = add_batch(session, entry, office["owner"], state=BatchState.PROCESSING)
        document = add_document(
            session, batch, add_archival_file(session, batch), state=DocumentState.PROCESSING, pages=2
        )
        pages = tuple(session.scalars(select(Page.id).where(Page.document_id == document.id).order_by(Page.number)))
        for page_id in pages:
            session.delete(session.get_one(PageReading, page_id))
        file = session.scalars(select(IncomingFile).where(IncomingFile.document_id == document.id)).one()
        made = Shelf(service, (pages[0], pages[1]), file.id)
    yield made
    service.close()


def test_a_page_that_kills_its_reader_is_parked_by_name_and_the_next_is_read(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    deadly, good = (
        shelf.give_image(1, Image.new("L", (300, 400), 250)),
        shelf.give_image(2, Image.new("L", (300, 400), 250)),
    )
    with monkeypatch.context() as patched:
        patched.setattr(read, "isolate", lambda settings, *_: isolate(settings, os.abort))
        job = shelf.exhaust(deadly)
    assert job.state is JobState.PARKED
    assert (job.reason or "").startswith("ProcessDied: The process that worked on it died (SIGABRT)")
    run_job(shelf.service, good, "worker")
    assert [(one.page_id, one.blank) for one in shelf.readings()] == [(shelf.page_ids[1], True)]
    with shelf.service.records.reading() as session:
        assert "ProcessDied" in (session.get_one(Page, shelf.page_ids[0]).failure or "")
        assert session.scalars(select(Document)).one().state is DocumentState.PROCESSING


def test_a_page_that_needs_too_much_memory_is_named(shelf: Shelf) -> None:
    job_id = shelf.give_image(1, Image.new("RGB", (17_000, 17_000), "white"))
    run_job(shelf.service, job_id, "worker")
    assert (shelf.job(job_id).reason or "").startswith(("MemoryLimit: It needs more memory", "DamagedFile: "))


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Has pages read in one go; holds how many images each go had."""
    goes: list[int] = []

    def count(settings: Settings, work: Any, *arguments: Any, bounds: Bounds) -> object:
        goes.append(len(arguments[-1]))
        assert bounds == Bounds(goes[-1] * settings.page_seconds, settings.page_megabytes)
        return isolate(settings, work, *arguments, bounds=bounds)

    monkeypatch.setattr(read_together, "pages_at_once", lambda _: 4)
    monkeypatch.setattr(read_together, "isolate", count)
    return goes


def test_pages_that_wait_side_by_side_are_read_in_one_go(shelf: Shelf, together: list[int]) -> None:
    first, second = shelf.give_blank_pages()
    assert run_job(shelf.service, first, "worker")
    assert not run_job(shelf.service, second, "worker")
    assert ({one.page_id for one in shelf.readings()}, together) == (set(shelf.page_ids), [2])
    assert [(shelf.job(one).state, shelf.job(one).attempt) for one in (first, second)] == [(JobState.DONE, 1)] * 2


def test_a_page_that_is_no_picture_costs_its_neighbour_nothing(shelf: Shelf, together: list[int]) -> None:
    broken, good = shelf.give_blank_pages()
    with shelf.service.records.writing() as session:
        page = session.get_one(Page, shelf.page_ids[0])
        page.image_sha256 = shelf.service.objects.put_bytes(Area.PAGES, b"no picture")
    run_job(shelf.service, broken, "worker")
    assert (shelf.job(good).state, shelf.job(broken).state) == (JobState.DONE, JobState.FAILED)
    assert (shelf.job(broken).reason or "").startswith("DamagedFile")
    assert shelf.exhaust(broken).state is JobState.PARKED
    assert together == [2]  # tried again alone


def test_pages_whose_process_died_are_read_one_by_one(
    shelf: Shelf, together: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_together, "isolate", lambda settings, *_, **__: isolate(settings, os.abort))
    jobs = shelf.give_blank_pages()
    run_job(shelf.service, jobs[0], "worker")
    assert {shelf.job(one).state for one in jobs} == {JobState.DONE}
    assert len(shelf.readings()) == 2


def test_a_page_that_another_worker_has_taken_meanwhile_is_left_to_it(
    shelf: Shelf, together: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = shelf.give_blank_pages()

    def lose(*arguments: Any, **named: Any) -> object:
        with shelf.service.records.writing() as session:
            session.get_one(Job, second).fence += 1
        return isolate(*arguments, **named)

    monkeypatch.setattr(read_together, "isolate", lose)
    run_job(shelf.service, first, "worker")
    assert (shelf.job(first).state, shelf.job(second).state) == (JobState.DONE, JobState.LEASED)
    assert [one.page_id for one in shelf.readings()] == [shelf.page_ids[0]]


@pytest.mark.parametrize("other", [{"queue": Queue.READ_GPU}, {"attempt": 1}])
def test_pages_that_wait_in_another_queue_or_were_tried_before_are_left(
    shelf: Shelf, together: list[int], other: dict[str, object]
) -> None:
    first, second = shelf.give_blank_pages()
    with shelf.service.records.writing() as session:
        session.execute(update(Job).where(Job.id == second).values(**other))
    run_job(shelf.service, first, "worker")
    assert (shelf.job(first).state, shelf.job(second).state, together) == (JobState.DONE, JobState.READY, [])


@pytest.mark.skipif(not FONT.is_file(), reason="fonts-dejavu-core is not installed")
def test_a_page_with_its_own_text_is_kept_without_being_read(shelf: Shelf, tmp_path: Path) -> None:
    path = write_text_pdf(tmp_path / "two.pdf")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    with shelf.service.records.writing() as session:
        shelf.service.objects.put_file(Area.ORIGINALS, path, digest)
        file = session.get_one(IncomingFile, shelf.file_id)
        file.media_type, file.sha256, file.page_count = "application/pdf", digest, 1
        for page_id in shelf.page_ids:
            session.get_one(Page, page_id).image_sha256 = None
    record = split_incoming_file(shelf.service, shelf.file_id)
    with shelf.service.records.writing() as session:
        record(session)
    (kept,) = shelf.readings()
    assert (kept.page_id, kept.engine, kept.text) == (shelf.page_ids[0], "text layer", "\n".join(TEXT))
    with shelf.service.records.reading() as session:
        assert session.scalars(select(Job).where(Job.stage == Stage.READ)).all() == []
        assert session.get_one(Page, shelf.page_ids[0]).read_at is not None
