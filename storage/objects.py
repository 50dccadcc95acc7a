"""Objects: originals and page images, content-addressed by SHA-256, never overwritten."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from core.errors import HashMismatch, NotFound

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_BLOCK = 1 << 20


class Area(StrEnum):
    """Where an object belongs. Originals are the truth; pages can be made again from them."""

    ORIGINALS = "originals"
    PAGES = "pages"


class ObjectStore(ABC):
    """What the service asks of a store of objects."""

    @abstractmethod
    def put_file(self, area: Area, path: Path, sha256: str) -> None:
        """Stores a copy of the file. Raises HashMismatch if its bytes are not what `sha256` says. Idempotent."""

    @abstractmethod
    def put_bytes(self, area: Area, data: bytes) -> str:
        """Stores the bytes and answers their SHA-256. Idempotent."""

    @abstractmethod
    def open(self, area: Area, sha256: str) -> BinaryIO:
        """The object's bytes. Raises NotFound."""

    @abstractmethod
    def delete(self, area: Area, sha256: str) -> None:
        """Removes the object; only a purge does this. Does nothing if it is gone already."""

    @abstractmethod
    def list_hashes(self, area: Area) -> Iterator[str]:
        """The SHA-256 of everything in the area."""

    @contextmanager
    def local(self, area: Area, sha256: str) -> Iterator[Path]:
        """The object as a file on this machine for the length of the block. Raises NotFound."""
        with tempfile.NamedTemporaryFile(prefix="sohoa-") as copy, self.open(area, sha256) as stream:
            shutil.copyfileobj(stream, copy, _BLOCK)
            copy.flush()
            yield Path(copy.name)

    def read(self, area: Area, sha256: str) -> bytes:
        """All of the object's bytes. Raises NotFound, or HashMismatch if they have changed."""
        with self.open(area, sha256) as stream:
            data = stream.read()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise HashMismatch(f"Object {sha256} has changed in the store.", "Restore it from the backup.")
        return data


class DirectoryStore(ObjectStore):
    """Objects in a directory: AREA/ab/cd/SHA256, written apart and linked into place when complete and synced."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, area: Area, sha256: str) -> Path:
        """Where the object lies. Raises NotFound for anything that is not a SHA-256."""
        if not _SHA256.match(sha256):
            raise NotFound(f"'{sha256}' names no object.")
        return self._root / area / sha256[:2] / sha256[2:4] / sha256

    def put_file(self, area: Area, path: Path, sha256: str) -> None:
        with path.open("rb") as source:
            self._put(area, source, sha256)

    def put_bytes(self, area: Area, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        target = self.path(area, sha256)
        if not target.exists():
            with tempfile.SpooledTemporaryFile(max_size=len(data) + 1) as source:
                source.write(data)
                source.seek(0)
                self._put(area, source, sha256)
        return sha256

    def _put(self, area: Area, source: BinaryIO | tempfile.SpooledTemporaryFile[bytes], sha256: str) -> None:
        target = self.path(area, sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".part-")
        part = Path(name)
        try:
            digest = hashlib.sha256()
            with os.fdopen(descriptor, "wb") as sink:
                while block := source.read(_BLOCK):
                    digest.update(block)
                    sink.write(block)
                sink.flush()
                os.fsync(sink.fileno())
            if digest.hexdigest() != sha256:
                raise HashMismatch(f"The bytes are {digest.hexdigest()}, not {sha256}.", "Send the file again.")
            part.chmod(0o440)
            if not target.exists():
                part.replace(target)
                _sync_directory(target.parent)
        finally:
            part.unlink(missing_ok=True)

    def open(self, area: Area, sha256: str) -> BinaryIO:
        try:
            return self.path(area, sha256).open("rb")
        except FileNotFoundError:
            raise NotFound(f"Object {sha256} is not in the store.", "Run 'sohoa check'.") from None

    @contextmanager
    def local(self, area: Area, sha256: str) -> Iterator[Path]:
        path = self.path(area, sha256)
        if not path.exists():
            raise NotFound(f"Object {sha256} is not in the store.", "Run 'sohoa check'.")
        yield path

    def delete(self, area: Area, sha256: str) -> None:
        self.path(area, sha256).unlink(missing_ok=True)

    def list_hashes(self, area: Area) -> Iterator[str]:
        for path in sorted((self._root / area).glob("??/??/*")):
            if _SHA256.match(path.name):
                yield path.name


def _sync_directory(directory: Path) -> None:
    """Makes a rename survive a power cut; Windows needs and knows no such call."""
    if os.name == "nt":
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
