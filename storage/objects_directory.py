"""Objects in a folder, with a marker beside each that is locked."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from core.errors import StoreUnavailable
from storage.objects import (
    BLOCK,
    Area,
    ObjectStore,
    as_stream,
    is_sha256,
    locked,
    missing,
    require_sha256,
    still_held,
)

_PARTS = ".parts"
"""Folder of each area in which its objects are written."""
_PASSING = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.ESTALE, errno.ENODEV})
"""What can be wrong with a disk or a mounted folder today and be well tomorrow."""


@contextmanager
def disk_errors(what: str) -> Iterator[None]:
    """Names a full or failing disk. Raises StoreUnavailable."""
    try:
        yield
    except OSError as error:
        if error.errno not in _PASSING:
            raise
        raise StoreUnavailable(
            f"{what} cannot be written: {error.strerror}.", "Make room, or mend the disk."
        ) from error


class DirectoryStore(ObjectStore):
    """Objects as AREA/ab/cd/SHA256, written apart put into place when complete and synced; SHA256.lock holds one."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, area: Area, sha256: str) -> Path:
        """Where the object lies. Raises NotFound for anything that is not a SHA-256."""
        require_sha256(sha256)
        return self._root / area / sha256[:2] / sha256[2:4] / sha256

    def has(self, area: Area, sha256: str) -> bool:
        return self.path(area, sha256).exists()

    def keep(self, area: Area, sha256: str, pieces: Iterable[bytes]) -> None:
        target = self.path(area, sha256)
        with self._written(area, target, pieces) as part:
            if not target.exists():
                part.replace(target)

    def replace(self, area: Area, sha256: str, pieces: Iterable[bytes]) -> None:
        target = self.path(area, sha256)
        with self._written(area, target, pieces) as part:
            if _marker(target).exists():
                part.chmod(0o400)
            part.replace(target)

    def open(self, area: Area, sha256: str, offset: int = 0, length: int | None = None) -> BinaryIO:
        try:
            source = self.path(area, sha256).open("rb")
        except FileNotFoundError:
            raise missing(sha256) from None
        if length is not None:
            return as_stream(_part_of(source, offset, length), source)
        source.seek(offset)
        return source

    @contextmanager
    def local(self, area: Area, sha256: str) -> Iterator[Path]:
        path = self.path(area, sha256)
        if not path.exists():
            raise missing(sha256)
        yield path

    def delete(self, area: Area, sha256: str) -> None:
        target = self.path(area, sha256)
        until = _held_until(target)
        if still_held(until):
            assert until is not None
            raise locked(sha256, until)
        target.unlink(missing_ok=True)
        _marker(target).unlink(missing_ok=True)

    def list_hashes(self, area: Area) -> Iterator[str]:
        root = self._root / area
        for first in sorted(root.glob("??")):
            for second in sorted(first.iterdir()):
                yield from sorted(path.name for path in second.iterdir() if is_sha256(path.name))

    def lock(self, sha256: str, until: datetime) -> None:
        target = self.path(Area.ORIGINALS, sha256)
        if not target.exists():
            raise missing(sha256)
        wanted, present = until.astimezone(UTC).replace(microsecond=0), _held_until(target)
        if present is None or present < wanted:
            marker = _marker(target)
            with self._written(Area.ORIGINALS, marker, (wanted.isoformat().encode(),)) as part:
                part.chmod(0o400)
                part.replace(marker)
        target.chmod(0o400)

    def locked_until(self, sha256: str) -> datetime | None:
        target = self.path(Area.ORIGINALS, sha256)
        if not target.exists():
            raise missing(sha256)
        until = _held_until(target)
        return until if still_held(until) else None

    @contextmanager
    def _written(self, area: Area, target: Path, pieces: Iterable[bytes]) -> Iterator[Path]:
        """A synced file of the pieces, to be put in the target's place in the block; gone after it."""
        parts = self._root / area / _PARTS
        with disk_errors("The folder of objects"):
            parts.mkdir(parents=True, exist_ok=True)
            target.parent.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=parts)
            part = Path(name)
            try:
                with os.fdopen(descriptor, "wb") as sink:
                    for piece in pieces:
                        sink.write(piece)
                    sink.flush()
                    os.fsync(sink.fileno())
                part.chmod(0o440)
                yield part
                _sync_directory(target.parent)
            finally:
                part.unlink(missing_ok=True)

    def tidy(self, before: datetime) -> int:
        removed = 0
        for part in self._root.glob(f"*/{_PARTS}/*"):
            if part.stat().st_mtime < before.timestamp():
                part.unlink(missing_ok=True)
                removed += 1
        return removed


def _marker(target: Path) -> Path:
    return target.with_name(f"{target.name}.lock")


def _held_until(target: Path) -> datetime | None:
    try:
        text = _marker(target).read_text("ascii")
    except FileNotFoundError:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        # Somebody wrote something else: held for good, until a person looks.
        return datetime.max.replace(tzinfo=UTC)


def _part_of(source: BinaryIO, offset: int, length: int) -> Generator[bytes, None, None]:
    source.seek(offset)
    while block := source.read(min(BLOCK, length)):
        length -= len(block)
        yield block


def _sync_directory(directory: Path) -> None:
    """Makes a rename survive a power cut; Windows needs and knows no such call."""
    if os.name == "nt":
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
