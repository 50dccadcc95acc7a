"""Originals on one S3 server, their second copies on one of another make: copied, locked, mended, purged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select, update

from core.errors import ObjectLocked
from core.settings import Settings
from core.stages import Stage
from core.states import DocumentState
from flow.audit import audit_stores
from flow.purge import purge_document
from flow.run_job import run_job
from flow.service import Service, open_service
from flow.withhold import withhold_document
from storage.database import keep_silent
from storage.jobs import enqueue
from storage.objects import Area
from storage.tables import Document, IncomingFile, Page
from tests.factories import Office, add_archival_file, add_batch, add_document, add_entry, add_office
from tests.servers import find_servers, server_settings

pytestmark = pytest.mark.skipif(find_servers() is None, reason="the real servers are not started: make test-servers")


@dataclass(frozen=True)
class Archive:
    """An accepted document and one that is described, with their originals."""

    service: Service
    office: Office
    accepted: str
    described: str
    batch_id: str
    hashes: dict[str, str]

    def run(self, stage: Stage, subject_id: str) -> None:
        with self.service.records.writing() as session:
            job_id = enqueue(session, stage, subject_id, self.batch_id).id
        assert run_job(self.service, job_id, "worker")

    def copy_all(self) -> None:
        with self.service.records.reading() as session:
            files = session.scalars(select(IncomingFile.id)).all()
        for file_id in files:
            self.run(Stage.COPY, file_id)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    servers = find_servers()
    assert servers is not None
    first = server_settings(servers)
    second = {
        "copy_url": servers.versitygw,
        "copy_access_key_file": servers.access_key_file,
        "copy_secret_key_file": servers.secret_key_file,
        "copy_bucket": f"{first['objects_bucket']}-copy",
    }
    with closing(open_service(Settings(data_dir=tmp_path, lock_days=1, **first, **second), keep_silent)) as service:
        with service.records.writing() as session:
            office = add_office(session)
            batch = add_batch(session, add_entry(session, office.unit, office["owner"]), office["owner"])
            shelf = add_archival_file(session, batch)
            ids = [
                add_document(session, batch, shelf, ordinal, state=state).id
                for ordinal, state in enumerate((DocumentState.ACCEPTED, DocumentState.DESCRIBED), 1)
            ]
            session.execute(update(Page).values(image_sha256=None))
            hashes = {one: service.objects.put_bytes(Area.ORIGINALS, f"bản gốc {one}".encode()) for one in ids}
            for one, sha256 in hashes.items():
                session.execute(update(IncomingFile).where(IncomingFile.document_id == one).values(sha256=sha256))
        yield Archive(service, office, ids[0], ids[1], batch.id, hashes)


def test_copies_and_locks_are_on_both_servers(archive: Archive) -> None:
    copy = archive.service.copy
    assert copy is not None
    archive.copy_all()
    assert sorted(copy.list_hashes(Area.ORIGINALS)) == sorted(archive.hashes.values())
    archive.run(Stage.LOCK, archive.batch_id)
    locked = archive.hashes[archive.accepted]
    assert copy.locked_until(locked) == archive.service.objects.locked_until(locked)
    with pytest.raises(ObjectLocked):
        copy.delete(Area.ORIGINALS, locked)
    assert audit_stores(archive.service, mend=False) == []


def test_the_audit_mends_each_server_from_the_other(archive: Archive) -> None:
    copy, free = archive.service.copy, archive.hashes[archive.described]
    assert copy is not None
    archive.copy_all()
    archive.run(Stage.LOCK, archive.batch_id)
    copy.delete(Area.ORIGINALS, free)
    assert [(one.part, one.kind, one.mended) for one in audit_stores(archive.service, mend=True)] == [
        ("copy", "missing", True)
    ]
    # Only in the first store: the service's own deletion would take the copy with it.
    data = copy.read(Area.ORIGINALS, free)
    archive.service.objects.delete(Area.ORIGINALS, free)
    copy.put_bytes(Area.ORIGINALS, data)
    assert [(one.part, one.kind, one.mended) for one in audit_stores(archive.service, mend=True)] == [
        ("objects", "missing", True)
    ]
    assert audit_stores(archive.service, mend=False) == []


def test_a_purge_leaves_nothing_on_either(archive: Archive) -> None:
    copy = archive.service.copy
    assert copy is not None
    archive.copy_all()
    with archive.service.records.writing() as session:
        document = session.get_one(Document, archive.described)
        withhold_document(session, document, "Dấu mật")
        session.flush()
        purge_document(
            session, archive.office["officer"], archive.service.objects, document.id, document.revision, "Theo lệnh"
        )
    kept = [archive.hashes[archive.accepted]]
    assert (list(archive.service.objects.list_hashes(Area.ORIGINALS)), list(copy.list_hashes(Area.ORIGINALS))) == (
        kept,
        kept,
    )
