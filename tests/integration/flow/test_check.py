"""`sohoa check` on a sound installation finds nothing, and names each kind of damage, once and exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from core.keys import OpenKey, SigningKey
from core.settings import Settings
from core.stages import Stage
from core.states import BatchState, DocumentState, JobState
from flow.check import check_installation
from flow.dictionaries import Dictionaries
from flow.index import index_document
from flow.service import Service
from flow.withhold import withhold_document
from indexing.fts5 import Fts5Backend
from storage.access_log import append_event
from storage.jobs import enqueue
from storage.landing_directory import DirectoryLanding
from storage.objects import Area
from storage.objects_directory import DirectoryStore
from storage.tables import AccessEvent, Batch, Document, IncomingFile, Job, Page, PageReading, now
from tests.factories import (
    add_archival_file,
    add_batch,
    add_document,
    add_entry,
    add_office,
    add_values,
    fake_sha256,
    make_records,
)


@dataclass(frozen=True)
class Sound:
    """A service with one batch, one document, one file, one page; all of it stored and indexed."""

    service: Service
    store: DirectoryStore
    document_id: str
    page_id: str
    original: str
    image: str

    def findings(self, *, deep: bool = False) -> list[tuple[str, str, str]]:
        return [(one.part, one.kind, one.where) for one in check_installation(self.service, deep=deep)]

    def park(self, stage: Stage, subject_id: str) -> None:
        with self.service.records.writing() as session:
            job = enqueue(session, stage, subject_id, session.scalars(select(Batch.id)).one())
            job.state, job.attempt, job.reason = JobState.PARKED, 5, "ReadingFailed: no word\ntrace"


@pytest.fixture
def sound(tmp_path: Path) -> Iterator[Sound]:
    store = DirectoryStore(tmp_path / "objects")
    service = Service(
        settings=Settings(data_dir=tmp_path),
        records=make_records(tmp_path),
        objects=store,
        landing=DirectoryLanding(tmp_path / "landing"),
        search=Fts5Backend(tmp_path / "search.db"),
        dictionaries=Dictionaries(),
        signing_key=SigningKey.generate(),
        package_key=OpenKey.generate(),
    )
    original, image = store.put_bytes(Area.ORIGINALS, b"original"), store.put_bytes(Area.PAGES, b"image")
    with service.records.writing() as session:
        office = add_office(session)
        batch = add_batch(session, add_entry(session, office.unit, office["owner"]), office["owner"])
        batch.manifest = {"files": [None]}
        document = add_document(session, batch, add_archival_file(session, batch))
        add_values(session, document, {"abstract": "kế hoạch"}, office["typist"])
        session.execute(update(IncomingFile).values(sha256=original))
        session.execute(update(Page).values(image_sha256=image))
        document.search_revision = 1
        for action in ("announce", "seal_batch", "view_document"):
            append_event(session, "system", action, "", allowed=True)
        page_id = session.scalars(select(Page.id)).one()
    note = index_document(service, document.id)
    with service.records.writing() as session:
        note(session)
    yield Sound(service, store, document.id, page_id, original, image)
    service.close()


def test_a_sound_installation_has_no_findings(sound: Sound) -> None:
    assert sound.findings(deep=True) == []


def test_lost_and_stray_objects(sound: Sound) -> None:
    sound.store.delete(Area.ORIGINALS, sound.original)
    assert sound.findings() == [("objects", "missing", f"originals/{sound.original}")]
    assert sound.store.put_bytes(Area.ORIGINALS, b"original") == sound.original
    sound.store.delete(Area.PAGES, sound.image)
    stray = sound.store.put_bytes(Area.ORIGINALS, b"stray")
    assert sound.findings() == [
        ("objects", "orphaned", f"originals/{stray}"),
        ("objects", "missing", f"pages/{sound.image}"),
    ]


@pytest.mark.parametrize("area", list(Area))
def test_one_changed_byte_is_found_by_the_deep_check_alone(sound: Sound, area: Area) -> None:
    sha256 = sound.original if area is Area.ORIGINALS else sound.image
    path = sound.store.path(area, sha256)
    data = bytearray(path.read_bytes())
    data[0] ^= 1
    path.chmod(0o640)
    path.write_bytes(data)
    assert sound.findings() == []
    assert sound.findings(deep=True) == [("objects", "changed", f"{area}/{sha256}")]


def test_a_lost_file_row_breaks_the_file_equation_and_a_lost_page_row_that_of_pages(sound: Sound) -> None:
    with sound.service.records.writing() as session:
        session.execute(delete(PageReading))
        session.execute(update(Page).values(image_sha256=None))
        page = session.get_one(Page, sound.page_id)
        session.delete(page)
    sound.store.delete(Area.PAGES, sound.image)
    assert sound.findings() == [("records", "pages_equation", "batch LO-01")]
    with sound.service.records.writing() as session:
        session.execute(delete(IncomingFile))
    sound.store.delete(Area.ORIGINALS, sound.original)
    assert sound.findings() == [("records", "files_equation", "batch LO-01")]


def test_what_the_index_lacks_or_has_too_much(sound: Sound) -> None:
    place = f"document {sound.document_id}"
    with sound.service.search.rebuild():
        pass
    assert sound.findings() == [("index", "out_of_step", place)]
    note = index_document(sound.service, sound.document_id)
    with sound.service.records.writing() as session:
        note(session)
        session.execute(update(Document).values(search_revision=2))
    assert sound.findings() == [("index", "out_of_step", place)]
    with sound.service.records.writing() as session:
        withhold_document(session, session.get_one(Document, sound.document_id), "Dấu mật")
        session.execute(update(Job).values(state=JobState.DONE))
    assert sound.findings() == [("index", "out_of_step", place)]


def test_a_batch_with_nothing_left_to_do_and_a_lease_that_nobody_took_up(sound: Sound) -> None:
    with sound.service.records.writing() as session:
        batch = session.scalars(select(Batch)).one()
        batch.state = BatchState.PROCESSING
    assert sound.findings() == [("records", "stuck", "batch LO-01")]
    with sound.service.records.writing() as session:
        job = enqueue(session, Stage.READ, sound.page_id, batch.id)
        job.state, job.lease_until = JobState.LEASED, now() - timedelta(minutes=11)
    assert sound.findings() == [("jobs", "stuck", f"read of {sound.page_id}")]


def test_a_parked_reading_is_a_finding_until_somebody_decided_about_its_page(sound: Sound) -> None:
    sound.park(Stage.READ, sound.page_id)
    with sound.service.records.writing() as session:
        session.get_one(Page, sound.page_id).failure = "ReadingFailed: no word"
    (finding,) = check_installation(sound.service, deep=False)
    assert (finding.part, finding.kind, finding.where) == ("jobs", "parked", f"read of {sound.page_id}")
    assert finding.what == "read gave up after 5 attempts: ReadingFailed: no word"
    with sound.service.records.writing() as session:
        session.get_one(Page, sound.page_id).failure_settled_by = session.scalars(
            select(Document.entered_by).where(Document.id == sound.document_id)
        ).one()
    assert sound.findings() == []


def test_a_parked_splitting_is_a_finding_until_its_pages_are_decided_about(sound: Sound) -> None:
    with sound.service.records.writing() as session:
        file_id = session.scalars(select(IncomingFile.id)).one()
        session.get_one(Page, sound.page_id).failure = "HashMismatch: changed"
    sound.park(Stage.SPLIT, file_id)
    assert sound.findings() == [("jobs", "parked", f"split of {file_id}")]
    with sound.service.records.writing() as session:
        session.get_one(Page, sound.page_id).failure = None
    assert sound.findings() == []


def test_a_parked_description_is_a_finding_until_the_security_officer_decided(sound: Sound) -> None:
    sound.park(Stage.DESCRIBE, sound.document_id)
    with sound.service.records.writing() as session:
        session.get_one(Document, sound.document_id).state = DocumentState.WITHHELD
    assert sound.findings() == [("jobs", "parked", f"describe of {sound.document_id}")]
    with sound.service.records.writing() as session:
        session.get_one(Document, sound.document_id).state = DocumentState.DESCRIBED
    assert sound.findings() == []


def test_a_parked_indexing_is_a_finding_until_the_index_is_in_step(sound: Sound) -> None:
    sound.park(Stage.INDEX, sound.document_id)
    with sound.service.records.writing() as session:
        session.execute(update(Document).values(search_revision=2))
    where = f"document {sound.document_id}"
    assert sound.findings() == [
        ("jobs", "parked", f"index of {sound.document_id}"),
        ("index", "out_of_step", where),
    ]
    note = index_document(sound.service, sound.document_id)
    with sound.service.records.writing() as session:
        note(session)
    assert sound.findings() == []


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (update(AccessEvent).where(AccessEvent.sequence == 2).values(actor="user:other"), "event 2"),
        (delete(AccessEvent).where(AccessEvent.sequence == 2), "event 2"),
        (update(AccessEvent).where(AccessEvent.sequence == 1).values(hash=fake_sha256("x")), "event 1"),
    ],
)
def test_a_broken_log_names_the_first_event_that_was_touched(sound: Sound, change: object, where: str) -> None:
    with sound.service.records.writing() as session:
        session.execute(change)  # type: ignore[call-overload]
    assert sound.findings() == [("log", "broken_chain", where)]
