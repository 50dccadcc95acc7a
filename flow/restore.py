"""Restoring a backup into an empty installation, whatever its database and its store of objects are; and the drill.

Every hash of the backup is compared before anything is written, and `sohoa check --deep` follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.errors import BackupRefused
from core.settings import Settings
from flow.check import check_installation
from flow.expire_uploads import expire_uploads
from flow.findings import Finding
from flow.reindex import reindex
from flow.service import open_service
from storage.backup_folder import KEYS, OBJECTS, BackupList, read_hashes, read_list, verify_backup
from storage.database import Records, keep_silent
from storage.dump import load_tables
from storage.migrate import find_revision, upgrade_database
from storage.objects import ObjectStore, hash_file
from storage.stores import open_folder
from storage.tables import now


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What was put back, how many documents were indexed, and what the check that follows found."""

    rows: int
    objects: int
    indexed: int
    findings: tuple[Finding, ...]


def restore_backup(settings: Settings, source: Path) -> RestoreReport:
    """Fills an empty installation from a backup, makes its search index, and checks everything.

    Raises BackupDamaged, with nothing written; BackupRefused for an installation that is not empty, for a backup of
    another version, or for an encrypted one without the key.
    """
    listed = read_list(source)
    if listed.encrypted and not settings.objects_key_file:
        raise BackupRefused(
            f"The objects of the backup in {source} are encrypted.", "Name the key file in SOHOA_OBJECTS_KEY_FILE."
        )
    store = open_folder(settings, source / OBJECTS)
    verify_backup(source, listed, store)
    _restore_keys(source, listed, settings.keys_dir)
    _restore_records(source, listed, settings.records_url)
    service = open_service(settings, keep_silent)
    try:
        objects = _restore_objects(source, listed, store, service.objects)
        expire_uploads(service, now())  # what was on its way when the backup was made never came
        indexed = reindex(service, rebuild=True)
        findings = tuple(check_installation(service, deep=True))
    finally:
        service.close()
    return RestoreReport(sum(one.rows for one in listed.tables), objects, indexed, findings)


def _restore_keys(source: Path, listed: BackupList, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    for key in listed.keys:
        path = target / key.file
        if path.exists() and hash_file(path) != key.sha256:
            raise BackupRefused(f"{path} is another installation's key.", "Restore into an empty data folder.")
        path.touch(mode=0o600)
        path.write_bytes((source / KEYS / key.file).read_bytes())


def _restore_records(source: Path, listed: BackupList, url: str) -> None:
    upgrade_database(url)
    present = find_revision(url)
    if present != listed.revision:
        raise BackupRefused(
            f"The backup's tables are of version {listed.revision}, this program's of {present}.",
            "Restore with the version that made the backup, then upgrade.",
        )
    records = Records(url, keep_silent)
    try:
        with records.writing() as session:
            load_tables(session, source / listed.folder, listed.tables)
    finally:
        records.close()


def _restore_objects(source: Path, listed: BackupList, store: ObjectStore, target: ObjectStore) -> int:
    count = 0
    for one in listed.objects:
        for sha256 in read_hashes(source / listed.folder / one.file):
            if not target.has(one.area, sha256):
                target.keep(one.area, sha256, store.pieces(one.area, sha256))
            count += 1
    return count
