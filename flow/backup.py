"""A backup: the records at one moment, every object that they name, the installation's keys, and a list of hashes.

Objects are named by their content, so a second backup into the same folder copies only what is new. The service goes on
meanwhile: the tables are of one moment, and what is purged after it is left out.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from core.errors import NotFound
from flow.named_objects import HASHES, named_objects
from flow.service import Service
from storage.backup_folder import (
    KEYS,
    OBJECTS,
    RECORDS,
    BackupList,
    KeyFile,
    ObjectsFile,
    read_hashes,
    write_hashes,
    write_list,
)
from storage.dump import dump_tables
from storage.migrate import find_revision
from storage.objects import Area, ObjectStore, hash_file
from storage.stores import open_folder

_ROWS_AT_ONCE = 10_000


@dataclass(slots=True)
class BackupReport:
    """What was done: rows, objects in all, and those of them copied now."""

    rows: int = 0
    objects: int = 0
    copied: int = 0


def make_backup(service: Service, target: Path) -> BackupReport:
    """Writes a backup into the folder, in the place of the one before.

    Raises NotFound for an object that the records name and the store misses, HashMismatch for a damaged one; the backup
    before stands then.
    """
    made_at = datetime.now(UTC)
    folder = target / f"{RECORDS}-{made_at:%Y%m%dT%H%M%S%fZ}"
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    report = BackupReport()
    with service.records.reading() as session:
        dumps = dump_tables(session, folder)
        for area in Area:
            write_hashes(folder / f"{area}.part", _list_objects(session, area))
    report.rows = sum(one.rows for one in dumps)
    store = open_folder(service.settings, target / OBJECTS)
    listed = BackupList(
        made_at=made_at,
        revision=find_revision(service.settings.records_url),
        folder=folder.name,
        encrypted=bool(service.settings.objects_key_file),
        tables=dumps,
        objects=tuple(_copy_area(service, store, area, folder, report) for area in Area),
        keys=tuple(_copy_keys(service.settings.keys_dir, target / KEYS)),
    )
    write_list(target, listed)
    for older in target.glob(f"{RECORDS}-*"):
        if older != folder:
            shutil.rmtree(older)
    return report


def _list_objects(session: Session, area: Area) -> Iterator[str]:
    for sha256, _ in session.execute(named_objects(area).execution_options(yield_per=_ROWS_AT_ONCE)):
        yield sha256 or ""


def _copy_area(service: Service, store: ObjectStore, area: Area, folder: Path, report: BackupReport) -> ObjectsFile:
    part, path = folder / f"{area}.part", folder / f"{OBJECTS}-{area}.txt.gz"
    count = write_hashes(path, _copy_objects(service, store, area, part, report))
    part.unlink()
    report.objects += count
    return ObjectsFile(area=area, file=path.name, count=count, sha256=hash_file(path))


def _copy_objects(
    service: Service, store: ObjectStore, area: Area, listed: Path, report: BackupReport
) -> Iterator[str]:
    for sha256 in read_hashes(listed):
        if not store.has(area, sha256):
            try:
                store.keep(area, sha256, service.objects.pieces(area, sha256))
            except NotFound:
                if _is_named(service, area, sha256):
                    raise
                continue  # purged since
            report.copied += 1
        yield sha256


def _is_named(service: Service, area: Area, sha256: str) -> bool:
    with service.records.reading() as session:
        return session.execute(named_objects(area, HASHES[area] == sha256)).first() is not None


def _copy_keys(source: Path, target: Path) -> Iterator[KeyFile]:
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in sorted(source.glob("*.pem")):
        copy = target / path.name
        copy.touch(mode=0o600)
        copy.write_bytes(path.read_bytes())
        yield KeyFile(file=path.name, sha256=hash_file(copy))
