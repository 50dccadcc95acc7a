"""Locks at acceptance, the second copy, the audit that mends one store from the other; what a purge does to both."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from core.errors import ObjectLocked, StoreUnavailable
from core.labels import Visibility
from core.settings import Settings
from core.stages import RULES, Stage
from core.states import DocumentState, JobState
from flow.audit import audit_stores
from flow.check_objects import check_objects
from flow.copy_original import copy_original
from flow.findings import Finding
from flow.lock_originals import lock_originals, request_lock
from flow.purge import purge_document
from flow.run_job import run_job
from flow.service import Service
from flow.withhold import withhold_document
from storage.jobs import enqueue
from storage.objects import Area, ObjectStore
from storage.objects_copied import CopiedStore
from storage.objects_directory import DirectoryStore
from storage.tables import Batch, Document, IncomingFile, Job, Page, now
from tests.factories import Office, add_archival_file, add_batch, add_document, add_entry, add_office, make_service


@dataclass(frozen=True)
class Archive:
    """Two documents of one batch, the first accepted, the second described; their originals lie in the first store."""

    service: Service
    office: Office
    first: DirectoryStore
    copy: DirectoryStore
    batch_id: str
    accepted: str
    described: str
    hashes: dict[str, str]
    """SHA-256 of each document's original."""

    def file_of(self, document_id: str) -> IncomingFile:
        with self.service.records.reading() as session:
            return session.scalars(select(IncomingFile).where(IncomingFile.document_id == document_id)).one()

    def run(self, stage: Stage, subject_id: str) -> Job:
        """Enqueues the stage and runs it as a worker would; answers the job afterwards."""
        with self.service.records.writing() as session:
            job_id = enqueue(session, stage, subject_id, self.batch_id).id
        assert run_job(self.service, job_id, "worker")
        with self.service.records.reading() as session:
            return session.get_one(Job, job_id)

    def copy_all(self) -> None:
        for document in (self.accepted, self.described):
            assert self.run(Stage.COPY, self.file_of(document).id).state is JobState.DONE

    def findings(self, *, deep: bool = False) -> set[tuple[str, str, str]]:
        return {(one.part, one.kind, one.where) for one in check_objects(self.service, deep=deep)}

    def audit(self, *, mend: bool = False) -> list[Finding]:
        return audit_stores(self.service, mend=mend)

    def purge(self, document_id: str) -> None:
        with self.service.records.writing() as session:
            document = session.get_one(Document, document_id)
            withhold_document(session, document, "Dấu mật")
            session.flush()
            officer, objects = self.office["officer"], self.service.objects
            purge_document(session, officer, objects, document.id, document.revision, "Tiêu hủy theo lệnh")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    first, copy = DirectoryStore(tmp_path / "objects"), DirectoryStore(tmp_path / "second")
    base = make_service(Settings(data_dir=tmp_path, lock_days=30))
    service = replace(base, objects=CopiedStore(first, copy), copy=copy)
    with service.records.writing() as session:
        office = add_office(session)
        batch = add_batch(session, add_entry(session, office.unit, office["owner"]), office["owner"])
        shelf = add_archival_file(session, batch)
        accepted = add_document(session, batch, shelf, 1, state=DocumentState.ACCEPTED).id
        described = add_document(session, batch, shelf, 2, state=DocumentState.DESCRIBED).id
        session.execute(update(Page).values(image_sha256=None))
        hashes = {}
        for document in (accepted, described):
            hashes[document] = first.put_bytes(Area.ORIGINALS, f"bản gốc {document}".encode())
            session.execute(
                update(IncomingFile).where(IncomingFile.document_id == document).values(sha256=hashes[document])
            )
    yield Archive(service, office, first, copy, batch.id, accepted, described, hashes)
    service.close()


def damage(store: DirectoryStore, sha256: str) -> None:
    path = store.path(Area.ORIGINALS, sha256)
    path.chmod(0o600)
    path.write_bytes(b"rot")


def test_accepted_originals_are_locked_in_both_stores_and_no_others(archive: Archive) -> None:
    archive.copy_all()
    assert archive.findings() == {("objects", "unlocked", f"originals/{archive.hashes[archive.accepted]}")}
    assert archive.run(Stage.LOCK, archive.batch_id).state is JobState.DONE
    until = archive.file_of(archive.accepted).locked_until
    assert until is not None
    assert timedelta(days=29) < until - now() <= timedelta(days=30)
    for store in (archive.first, archive.copy):
        assert store.locked_until(archive.hashes[archive.accepted]) == until.replace(microsecond=0)
        assert store.locked_until(archive.hashes[archive.described]) is None
        with pytest.raises(ObjectLocked):
            store.delete(Area.ORIGINALS, archive.hashes[archive.accepted])
    assert archive.file_of(archive.described).locked_until is None
    assert archive.findings(deep=True) == set()


def test_locking_twice_is_locking(archive: Archive) -> None:
    for _ in range(2):
        record = lock_originals(archive.service, archive.batch_id)
        with archive.service.records.writing() as session:
            record(session)
    assert archive.first.locked_until(archive.hashes[archive.accepted]) is not None


def test_while_a_lock_is_to_be_put_yet_the_check_says_nothing(archive: Archive) -> None:
    archive.copy_all()
    with archive.service.records.writing() as session:
        request_lock(session, session.get_one(Batch, archive.batch_id), 1)
    assert archive.findings() == set()


def test_a_lock_that_the_store_lost_is_found_by_the_deep_check_and_mended(archive: Archive) -> None:
    archive.copy_all()
    archive.run(Stage.LOCK, archive.batch_id)
    sha256 = archive.hashes[archive.accepted]
    for store in (archive.first, archive.copy):
        store.path(Area.ORIGINALS, sha256).with_name(f"{sha256}.lock").unlink()
    assert archive.findings() == set()
    assert archive.findings(deep=True) == {("objects", "unlocked", f"originals/{sha256}")}
    assert [(one.kind, one.mended) for one in archive.audit()] == [("unlocked", False)]
    assert [(one.kind, one.mended) for one in archive.audit(mend=True)] == [("unlocked", True)]
    assert archive.audit() == []
    assert archive.copy.locked_until(sha256) is not None


def test_an_accepted_original_is_not_purged_and_nothing_of_its_document_is(archive: Archive) -> None:
    archive.copy_all()
    archive.run(Stage.LOCK, archive.batch_id)
    with pytest.raises(ObjectLocked, match=r"docs/objects\.md"):
        archive.purge(archive.accepted)
    with archive.service.records.reading() as session:
        document = session.get_one(Document, archive.accepted)
        assert (document.state, document.visibility) == (DocumentState.ACCEPTED, Visibility.UNPUBLISHED)
    assert archive.audit() == []


def test_copies_are_made_by_jobs_and_missed_until_then(archive: Archive) -> None:
    missing = {("copy", "missing", f"originals/{sha256}") for sha256 in archive.hashes.values()}
    assert archive.findings() - missing == {("objects", "unlocked", f"originals/{archive.hashes[archive.accepted]}")}
    with archive.service.records.writing() as session:
        enqueue(session, Stage.COPY, archive.file_of(archive.described).id, archive.batch_id)
    assert ("copy", "missing", f"originals/{archive.hashes[archive.described]}") not in archive.findings()
    archive.copy_all()
    assert sorted(archive.copy.list_hashes(Area.ORIGINALS)) == sorted(archive.hashes.values())


@pytest.mark.parametrize("copied", [True, False])
def test_a_purge_takes_the_copy_too(archive: Archive, copied: bool) -> None:
    if copied:
        archive.copy_all()
    archive.purge(archive.described)
    assert list(archive.first.list_hashes(Area.ORIGINALS)) == [archive.hashes[archive.accepted]]
    assert archive.hashes[archive.described] not in set(archive.copy.list_hashes(Area.ORIGINALS))
    # A job that comes late copies nothing back.
    record = copy_original(archive.service, archive.file_of(archive.described).id)
    with archive.service.records.writing() as session:
        record(session)
    assert archive.hashes[archive.described] not in set(archive.copy.list_hashes(Area.ORIGINALS))


def test_a_copy_made_while_the_document_is_purged_goes_again(archive: Archive) -> None:
    record = copy_original(archive.service, archive.file_of(archive.described).id)
    assert archive.copy.has(Area.ORIGINALS, archive.hashes[archive.described])
    data = archive.first.read(Area.ORIGINALS, archive.hashes[archive.described])
    archive.purge(archive.described)
    archive.copy.put_bytes(Area.ORIGINALS, data)  # as if the job had been slower than the purge
    with archive.service.records.writing() as session:
        record(session)
    assert list(archive.copy.list_hashes(Area.ORIGINALS)) == []


def test_a_copy_that_another_living_document_needs_stays(archive: Archive) -> None:
    archive.copy_all()
    shared = archive.hashes[archive.accepted]
    with archive.service.records.writing() as session:
        session.execute(update(IncomingFile).where(IncomingFile.document_id == archive.described).values(sha256=shared))
    record = copy_original(archive.service, archive.file_of(archive.described).id)
    archive.purge(archive.described)
    with archive.service.records.writing() as session:
        record(session)
    assert archive.first.has(Area.ORIGINALS, shared)
    assert archive.copy.has(Area.ORIGINALS, shared)


@pytest.mark.parametrize("broken", ["objects", "copy"])
@pytest.mark.parametrize("kind", ["changed", "missing"])
@pytest.mark.parametrize("is_locked", [True, False])
def test_the_audit_says_which_store_is_damaged_and_mends_it(
    archive: Archive, broken: str, kind: str, is_locked: bool
) -> None:
    archive.copy_all()
    archive.run(Stage.LOCK, archive.batch_id)
    assert archive.audit() == []
    sha256 = archive.hashes[archive.accepted if is_locked else archive.described]
    store = archive.first if broken == "objects" else archive.copy
    if kind == "changed":
        damage(store, sha256)
    else:
        store.path(Area.ORIGINALS, sha256).unlink()
    where = f"originals/{sha256}"
    assert [(one.part, one.kind, one.where, one.mended) for one in archive.audit()] == [(broken, kind, where, False)]
    assert (broken, kind, where) in archive.findings(deep=True)
    mended = [(one.part, one.kind, one.where, one.mended) for one in archive.audit(mend=True)]
    assert mended == [(broken, kind, where, True)]
    assert archive.audit() == []
    assert hashlib.sha256(store.read(Area.ORIGINALS, sha256)).hexdigest() == sha256
    assert (store.locked_until(sha256) is not None) is is_locked


def test_what_is_damaged_in_both_stores_is_lost(archive: Archive) -> None:
    archive.copy_all()
    sha256 = archive.hashes[archive.described]
    damage(archive.first, sha256)
    damage(archive.copy, sha256)
    for mend in (False, True):
        lost = [(one.kind, one.where) for one in archive.audit(mend=mend) if one.kind == "lost"]
        assert lost == [("lost", f"originals/{sha256}")]


def test_a_damaged_original_is_never_copied(archive: Archive) -> None:
    damage(archive.first, archive.hashes[archive.described])
    job = archive.run(Stage.COPY, archive.file_of(archive.described).id)
    assert (job.state, job.attempt) == (JobState.FAILED, 1)
    assert list(archive.copy.list_hashes(Area.ORIGINALS)) == []


class _Away(DirectoryStore):
    def has(self, area: Area, sha256: str) -> bool:
        raise StoreUnavailable("The object store does not answer.", "It is tried again later.")


def test_a_job_waits_for_a_store_that_is_away_and_is_never_parked_for_it(archive: Archive, tmp_path: Path) -> None:
    away: ObjectStore = _Away(tmp_path / "away")
    service = replace(archive.service, copy=away)
    with service.records.writing() as session:
        job_id = enqueue(session, Stage.COPY, archive.file_of(archive.described).id, archive.batch_id).id
    for _ in range(RULES[Stage.COPY].max_attempts + 2):
        with service.records.writing() as session:
            session.get_one(Job, job_id).run_after = now()
        assert run_job(service, job_id, "worker")
        with service.records.reading() as session:
            job = session.get_one(Job, job_id)
        assert (job.state, job.attempt) == (JobState.FAILED, 0)
        assert job.reason is not None
        assert job.reason.startswith("StoreUnavailable")
        assert job.run_after > now()
    with service.records.writing() as session:
        session.get_one(Job, job_id).run_after = now()
    assert run_job(archive.service, job_id, "worker")
    assert archive.copy.has(Area.ORIGINALS, archive.hashes[archive.described])
