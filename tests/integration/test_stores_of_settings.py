"""Which stores the settings make, and what `sohoa audit` answers."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from cli import check_commands
from core.errors import SettingsError, StoreUnavailable
from core.settings import Settings
from core.states import DocumentState
from flow.service import open_service
from storage.database import keep_silent
from storage.landing_directory import DirectoryLanding
from storage.landing_s3 import S3Landing
from storage.migrate import upgrade_database
from storage.objects import Area
from storage.objects_copied import CopiedStore
from storage.objects_directory import DirectoryStore
from storage.objects_encrypted import EncryptedStore
from storage.s3 import S3Store
from storage.stores import open_stores
from storage.tables import IncomingFile, Page
from tests.contract.stores import write_keys
from tests.factories import add_archival_file, add_batch, add_document, add_entry, add_office, make_records


@pytest.fixture
def records(tmp_path: Path):
    made = make_records(tmp_path)
    yield made
    made.close()


@pytest.fixture
def secrets(tmp_path: Path) -> dict[str, str]:
    for name in ("access", "secret"):
        (tmp_path / name).write_text(f"{name}-key\n", "ascii")
    return {
        "objects_access_key_file": str(tmp_path / "access"),
        "objects_secret_key_file": str(tmp_path / "secret"),
    }


def test_folders_by_default(records, tmp_path):
    stores = open_stores(Settings(data_dir=tmp_path), records)
    assert (type(stores.objects), type(stores.landing), stores.copy) == (DirectoryStore, DirectoryLanding, None)


def test_a_key_encrypts_objects_copy_and_landing(records, tmp_path):
    key = write_keys(tmp_path / "keys.txt", "k1")
    stores = open_stores(
        Settings(data_dir=tmp_path, objects_key_file=str(key), copy_dir=str(tmp_path / "second")), records
    )
    assert (type(stores.objects), type(stores.copy)) == (CopiedStore, EncryptedStore)
    sha256 = stores.objects.put_bytes(Area.ORIGINALS, b"plain text")
    stores.objects.replicate(sha256)
    with stores.landing.locked("f"), stores.landing.placed("f", 0, b"plain text"):
        pass
    files = [path for path in tmp_path.rglob("*") if path.is_file() and "records" not in path.name]
    assert len([path for path in files if b"SOHOA-E1" in path.read_bytes()]) == 3
    assert [path for path in files if b"plain text" in path.read_bytes()] == []


def test_a_copy_beside_itself_is_refused(records, tmp_path):
    with pytest.raises(SettingsError, match="COPY_DIR"):
        open_stores(Settings(data_dir=tmp_path, copy_dir=str(tmp_path / "objects")), records)


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"copy_url": "http://127.0.0.1:9", "copy_dir": "/second"}, "both name"),
        ({"copy_url": "http://127.0.0.1:9"}, "COPY_ACCESS_KEY_FILE"),
        ({"copy_url": "http://127.0.0.1:9", "objects_url": "http://127.0.0.1:9", "copy_bucket": "sohoa"}, "themselves"),
    ],
)
def test_a_second_copy_that_is_none_is_refused(records, tmp_path, secrets, more, named):
    with pytest.raises(SettingsError, match=named):
        open_stores(Settings(data_dir=tmp_path, **secrets, **more), records)


@pytest.mark.parametrize("url", ["s3.tinh.vn", "ftp://s3.tinh.vn", "http://s3.tinh.vn/bucket"])
def test_what_is_no_address_is_named(records, tmp_path, secrets, url):
    with pytest.raises(SettingsError, match="no address"):
        open_stores(Settings(data_dir=tmp_path, objects_url=url, **secrets), records)


def test_a_server_without_its_key_is_refused(records, tmp_path):
    with pytest.raises(SettingsError, match="ACCESS_KEY_FILE"):
        open_stores(Settings(data_dir=tmp_path, objects_url="http://127.0.0.1:9"), records)


def test_a_server_that_is_away_at_the_start_is_told_and_asked_again(records, tmp_path, secrets, caplog):
    with caplog.at_level(logging.WARNING, "storage.stores"):
        stores = open_stores(Settings(data_dir=tmp_path, objects_url="http://127.0.0.1:9", **secrets), records)
    assert [one.levelname for one in caplog.records if one.name == "storage.stores"] == ["WARNING"]
    assert (type(stores.objects), type(stores.landing)) == (S3Store, S3Landing)
    with pytest.raises(StoreUnavailable):
        stores.objects.put_bytes(Area.PAGES, b"x")
    stores.objects.close()
    stores.landing.close()


@pytest.fixture
def installation(tmp_path, monkeypatch):
    """An installation with a second copy and one accepted document, whose original is neither copied nor locked."""
    settings = Settings(data_dir=tmp_path, copy_dir=str(tmp_path / "second"))
    upgrade_database(settings.records_url)
    service = open_service(settings, keep_silent)
    sha256 = service.objects.put_bytes(Area.ORIGINALS, b"original")
    with service.records.writing() as session:
        office = add_office(session)
        batch = add_batch(session, add_entry(session, office.unit, office["owner"]), office["owner"])
        add_document(session, batch, add_archival_file(session, batch), state=DocumentState.ACCEPTED)
        session.execute(update(IncomingFile).values(sha256=sha256))
        session.execute(update(Page).values(image_sha256=None))
    service.close()
    monkeypatch.setattr(check_commands, "load_settings", lambda: settings)
    return sha256


def test_the_audit_is_told_and_mends(installation):
    def audit(*options: str) -> tuple[int, list[tuple[str, str, bool]]]:
        result = CliRunner().invoke(check_commands.audit, ["--json", *options])
        found = [json.loads(line) for line in result.stdout.splitlines()]
        assert {one["where"] for one in found} <= {f"originals/{installation}"}
        return result.exit_code, [(one["part"], one["kind"], one["mended"]) for one in found]

    assert audit() == (10, [("copy", "missing", False), ("objects", "unlocked", False)])
    assert audit("--mend") == (0, [("copy", "missing", True), ("objects", "unlocked", True)])
    assert audit() == (0, [])
