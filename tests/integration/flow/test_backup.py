"""A backup restores into an empty installation with every row, every object and every hash; a damaged one into none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import func, select

from core.errors import BackupDamaged, BackupRefused, HashMismatch, NotFound
from core.settings import Settings
from core.states import DocumentState, FileState
from flow.backup import make_backup
from flow.restore import restore_backup
from flow.service import Service, open_service
from storage.database import keep_silent
from storage.migrate import migration_config, upgrade_database
from storage.objects import Area
from storage.tables import Base, Document, IncomingFile, Page, Unit
from tests.contract.stores import write_keys
from tests.factories import (
    add_archival_file,
    add_batch,
    add_document,
    add_entry,
    add_office,
    add_station,
    add_unit,
    make_service,
)
from tests.servers import find_servers, server_settings

TRANSIENT = {"landing_parts", "landing_uploads", "workers"}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """An office with two documents whose objects are stored, and a file on its way."""
    made = make_service(Settings(data_dir=tmp_path / "office"))
    command.stamp(migration_config(made.settings.records_url), "head")
    with made.records.writing() as session:
        office = add_office(session)
        child = add_unit(session, "A-XA", office.unit)
        # Its row comes before that of the unit above it.
        child.id = "0" * 32
        station = add_station(session, office.unit, office["scanner"])
        batch = add_batch(session, add_entry(session, office.unit, office["owner"]), office["owner"], station=station)
        batch.manifest = {"files": [{}, {}, {}]}
        archival = add_archival_file(session, batch)
        documents = [add_document(session, batch, archival, number, pages=2) for number in (1, 2)]
        arriving = add_document(
            session, batch, archival, 3, state=DocumentState.RECEIVED, file_state=FileState.ARRIVING
        )
        for document in documents:
            document.search_revision = 1
        for file in session.scalars(select(IncomingFile).where(IncomingFile.document_id != arriving.id)):
            file.sha256 = made.objects.put_bytes(Area.ORIGINALS, f"bản gốc {file.name}".encode())
        for page in session.scalars(select(Page)):
            page.image_sha256 = made.objects.put_bytes(Area.PAGES, f"ảnh {page.id}".encode())
    yield made
    made.close()


def count_rows(service: Service) -> dict[str, int]:
    with service.records.reading() as session:
        tables = [table for table in Base.metadata.sorted_tables if table.name not in TRANSIENT]
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def all_rows(service: Service) -> dict[str, list[tuple[object, ...]]]:
    with service.records.reading() as session:
        return {
            table.name: sorted(map(tuple, session.execute(select(table))), key=str)
            for table in Base.metadata.sorted_tables
            if table.name not in TRANSIENT | {"documents", "incoming_files", "access_events"}
        }


@pytest.mark.parametrize("kind", ["embedded", "servers"] if find_servers() else ["embedded"])
def test_what_was_backed_up_comes_back_on_other_parts(service: Service, tmp_path: Path, kind: str) -> None:
    report = make_backup(service, tmp_path / "backup")
    assert (report.objects, report.copied) == (6, 6)
    assert report.rows == sum(count_rows(service).values())
    target = Settings(data_dir=tmp_path / "restored")
    if kind == "servers":
        target = target.model_copy(update=server_settings(find_servers(), empty=True))
    restored = restore_backup(target, tmp_path / "backup")
    assert (restored.rows, restored.objects, restored.indexed) == (report.rows, 6, 2)
    assert restored.findings == ()
    back = open_service(target, keep_silent)
    assert all_rows(back) == all_rows(service)
    with back.records.reading() as session:
        assert session.get_one(Unit, "0" * 32).parent_id is not None
        # What was on its way is announced again, so that the station starts over.
        states = set(map(tuple, session.execute(select(IncomingFile.state, IncomingFile.received_bytes))))
    assert (FileState.ANNOUNCED, 0) in states
    assert back.signing_key.text == service.signing_key.text
    back.close()


def test_a_second_backup_copies_what_is_new_alone(service: Service, tmp_path: Path) -> None:
    make_backup(service, tmp_path / "backup")
    with service.records.writing() as session:
        page = session.scalars(select(Page)).first()
        assert page is not None
        page.image_sha256 = service.objects.put_bytes(Area.PAGES, b"moi")
    again = make_backup(service, tmp_path / "backup")
    assert (again.objects, again.copied) == (6, 1)
    assert len(list((tmp_path / "backup").glob("records-*"))) == 1


def test_a_damaged_backup_restores_nothing(service: Service, tmp_path: Path) -> None:
    make_backup(service, tmp_path / "backup")
    (victim,) = list((tmp_path / "backup").glob("records-*/documents.jsonl.gz"))
    victim.write_bytes(victim.read_bytes()[:-1] + b"x")
    with pytest.raises(BackupDamaged, match=r"documents\.jsonl\.gz has changed"):
        restore_backup(Settings(data_dir=tmp_path / "restored"), tmp_path / "backup")
    assert not (tmp_path / "restored").exists()


def test_a_damaged_object_of_a_backup_is_named(service: Service, tmp_path: Path) -> None:
    make_backup(service, tmp_path / "backup")
    victim = next(path for path in (tmp_path / "backup" / "objects" / "pages").rglob("*") if path.is_file())
    victim.chmod(0o600)
    victim.write_bytes(b"x")
    with pytest.raises(BackupDamaged, match=victim.name):
        restore_backup(Settings(data_dir=tmp_path / "restored"), tmp_path / "backup")


def test_an_installation_that_is_not_empty_is_left_alone(service: Service, tmp_path: Path) -> None:
    make_backup(service, tmp_path / "backup")
    before = count_rows(service)
    with pytest.raises(BackupRefused, match="has rows"):
        restore_backup(service.settings, tmp_path / "backup")
    assert count_rows(service) == before


def test_an_object_that_the_records_miss_stops_the_backup_and_the_one_before_stands(
    service: Service, tmp_path: Path
) -> None:
    make_backup(service, tmp_path / "backup")
    before = json.loads((tmp_path / "backup" / "backup.json").read_text("utf-8"))
    with service.records.writing() as session:
        page = session.scalars(select(Page)).first()
        assert page is not None
        page.image_sha256 = "ab" * 32
    with pytest.raises(NotFound):
        make_backup(service, tmp_path / "backup")
    assert json.loads((tmp_path / "backup" / "backup.json").read_text("utf-8")) == before
    assert restore_backup(Settings(data_dir=tmp_path / "restored"), tmp_path / "backup").findings == ()


def test_what_was_purged_since_is_left_out(service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with service.records.reading() as session:
        document = session.scalars(select(Document).order_by(Document.ordinal)).first()
        assert document is not None
        page = session.scalars(select(Page).where(Page.document_id == document.id)).first()
        assert page is not None
        victim = page.image_sha256 or ""
    pieces = service.objects.pieces

    def purge_first(area: Area, sha256: str) -> Iterator[bytes]:
        if sha256 == victim:
            service.objects.delete(area, sha256)
            with service.records.writing() as writing:
                writing.get_one(Page, page.id).image_sha256 = None
        return pieces(area, sha256)

    monkeypatch.setattr(service.objects, "pieces", purge_first)
    assert make_backup(service, tmp_path / "backup").objects == 5


def test_a_damaged_object_is_not_taken_into_a_backup(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = service.objects.open

    def damage(area: Area, sha256: str, offset: int = 0, length: int | None = None) -> object:
        found = opened(area, sha256, offset, length)
        found.read(1)
        return found

    monkeypatch.setattr(service.objects, "open", damage)
    with pytest.raises(HashMismatch):
        make_backup(service, tmp_path / "backup")


def test_an_encrypted_backup_without_its_key_is_refused(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "office", objects_key_file=str(write_keys(tmp_path / "keys.txt", "k1")))
    upgrade_database(settings.records_url)
    with closing(open_service(settings, keep_silent)) as service:
        make_backup(service, tmp_path / "backup")
    with pytest.raises(BackupRefused) as refused:
        restore_backup(Settings(data_dir=tmp_path / "other"), tmp_path / "backup")
    assert "SOHOA_OBJECTS_KEY_FILE" in refused.value.advice
    assert not (tmp_path / "other").exists()
