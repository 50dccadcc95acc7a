"""A backup's folder: the records' tables, every object that they name, the keys, and a list with the hash of each file.

backup.json            the list; it is written last, so that a backup that was cut off leaves the one before whole
records-MOMENT/        a file a table, and objects-AREA.txt.gz: the SHA-256 of each object, a line each
objects/               the objects, shared by all backups into this folder
keys/                  the installation's own keys
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from core.errors import BackupDamaged, HashMismatch, NotFound
from storage.dump import TableDump, verify_dumps
from storage.objects import Area, ObjectStore, hash_file

LIST = "backup.json"
RECORDS, OBJECTS, KEYS = "records", "objects", "keys"
_OTHER = "Use another backup."


class _Listed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ObjectsFile(_Listed):
    """The file that names the objects of an area, and how many they are."""

    area: Area
    file: str
    count: int
    sha256: str


class KeyFile(_Listed):
    """One of the installation's keys."""

    file: str
    sha256: str


class BackupList(_Listed):
    """What a backup holds. `revision`: of the database's schema. `folder`: of the tables. `encrypted`: the objects."""

    made_at: datetime
    revision: str
    folder: str
    encrypted: bool
    tables: tuple[TableDump, ...]
    objects: tuple[ObjectsFile, ...]
    keys: tuple[KeyFile, ...]


def write_hashes(path: Path, hashes: Iterable[str]) -> int:
    """Writes the names of objects, a line each; answers how many."""
    count = 0
    with path.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0) as packed:
        for sha256 in hashes:
            packed.write(f"{sha256}\n".encode("ascii"))
            count += 1
    return count


def read_hashes(path: Path) -> Iterator[str]:
    """The names that `write_hashes` wrote."""
    with gzip.open(path, "rt", encoding="ascii") as source:
        for line in source:
            yield line.rstrip("\n")


def write_list(target: Path, listed: BackupList) -> None:
    """Makes the folder hold this backup."""
    part = target / f".{LIST}.part"
    part.write_text(listed.model_dump_json(indent=1), "utf-8")
    part.replace(target / LIST)


def read_list(source: Path) -> BackupList:
    """What the backup in this folder says it holds. Raises BackupDamaged if there is none."""
    try:
        return BackupList.model_validate_json((source / LIST).read_bytes())
    except OSError as error:
        raise BackupDamaged(f"{source} holds no backup: {error.strerror}.", "Name the folder of one.") from error
    except ValidationError as error:
        raise BackupDamaged(f"{source / LIST} is not the list of a backup.", _OTHER) from error


def verify_backup(source: Path, listed: BackupList, store: ObjectStore) -> None:
    """Compares every hash; `store` is the backup's. Raises BackupDamaged naming the first thing missing or changed."""
    folder = source / listed.folder
    verify_dumps(folder, listed.tables)
    for key in listed.keys:
        _verify_file(source / KEYS / key.file, key.sha256)
    for one in listed.objects:
        _verify_file(folder / one.file, one.sha256)
        for sha256 in read_hashes(folder / one.file):
            try:
                store.read(one.area, sha256)
            except (NotFound, HashMismatch) as error:
                raise BackupDamaged(f"{one.area}/{sha256}: {error.message}", _OTHER) from error


def _verify_file(path: Path, sha256: str) -> None:
    if not path.is_file() or hash_file(path) != sha256:
        raise BackupDamaged(f"{path} is missing or has changed since the backup was made.", _OTHER)
