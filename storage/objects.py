"""Objects: originals and page images, content-addressed by SHA-256, never overwritten."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from core.errors import HashMismatch, NotFound, ObjectLocked

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BLOCK = 1 << 20
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


class Area(StrEnum):
    """Where an object belongs. Originals are the truth; pages can be made again from them."""

    ORIGINALS = "originals"
    PAGES = "pages"


class ObjectStore(ABC):
    """What the service asks of a store of objects. Whatever it asks can raise StoreUnavailable: try again later."""

    @abstractmethod
    def has(self, area: Area, sha256: str) -> bool:
        """Whether the object is there."""

    @abstractmethod
    def keep(self, area: Area, sha256: str, pieces: Iterable[bytes]) -> None:
        """Stores the pieces under this name, unless it is taken. If one of them raises, nothing is ever seen of them.

        The caller answers for their hash: use `put_file` or `put_bytes`.
        """

    @abstractmethod
    def replace(self, area: Area, sha256: str, pieces: Iterable[bytes]) -> None:
        """As `keep`, in the place of a damaged object; its lock stays. Only mending does this."""

    @abstractmethod
    def open(self, area: Area, sha256: str, offset: int = 0, length: int | None = None) -> BinaryIO:
        """The object's bytes from the offset on, `length` of them at most. Raises NotFound."""

    @abstractmethod
    def delete(self, area: Area, sha256: str) -> None:
        """Removes the object in all its versions; only a purge does this. Does nothing if it is gone already.

        Raises ObjectLocked, and then has removed nothing.
        """

    @abstractmethod
    def list_hashes(self, area: Area) -> Iterator[str]:
        """The SHA-256 of everything in the area, ascending, as it is found."""

    @abstractmethod
    def lock(self, sha256: str, until: datetime) -> None:
        """Holds an original against deletion until then; never for less long than it is held already. Raises NotFound.

        A lock is put, and told, to the second.
        """

    @abstractmethod
    def locked_until(self, sha256: str) -> datetime | None:
        """Until when the original is locked; None if it is not, or no more. Raises NotFound."""

    @abstractmethod
    def tidy(self, before: datetime) -> int:
        """Removes what writes that were cut off before this moment have left; answers how many."""

    def presign(self, area: Area, sha256: str, disposition: str, seconds: int) -> str | None:  # noqa: ARG002
        """A URL from which anybody can read the object for so long, with this Content-Disposition; None: it has none.

        The caller has checked that they may.
        """
        return None

    def close(self) -> None:  # noqa: B027
        """Lets go of connections."""

    def put_file(self, area: Area, path: Path, sha256: str) -> None:
        """Stores a copy of the file. Raises HashMismatch if its bytes are not what `sha256` says. Idempotent."""
        with path.open("rb") as source:
            pieces = checked(read_blocks(source), sha256)
            if self.has(area, sha256):
                for _ in pieces:
                    pass
            else:
                self.keep(area, sha256, pieces)

    def put_bytes(self, area: Area, data: bytes) -> str:
        """Stores the bytes and answers their SHA-256. Idempotent."""
        sha256 = hashlib.sha256(data).hexdigest()
        if not self.has(area, sha256):
            self.keep(area, sha256, (data,))
        return sha256

    @contextmanager
    def local(self, area: Area, sha256: str) -> Iterator[Path]:
        """The object as a file on this machine for the length of the block. Raises NotFound."""
        with tempfile.NamedTemporaryFile(prefix="sohoa-") as copy, self.open(area, sha256) as stream:
            shutil.copyfileobj(stream, copy, BLOCK)
            copy.flush()
            yield Path(copy.name)

    def read(self, area: Area, sha256: str) -> bytes:
        """All of the object's bytes. Raises NotFound, or HashMismatch if they have changed."""
        return b"".join(self.pieces(area, sha256))

    def verify(self, area: Area, sha256: str) -> None:
        """Reads the object to its end. Raises NotFound, or HashMismatch if its bytes have changed."""
        for _ in self.pieces(area, sha256):
            pass

    def pieces(self, area: Area, sha256: str) -> Iterator[bytes]:
        """The object piece by piece; after the last one raises HashMismatch if they are not what its name says."""
        with self.open(area, sha256) as stream:
            digest = hashlib.sha256()
            for piece in read_blocks(stream):
                digest.update(piece)
                yield piece
        if digest.hexdigest() != sha256:
            raise changed(sha256)


def hash_file(path: Path) -> str:
    """SHA-256 of the file's bytes."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def require_sha256(sha256: str) -> str:
    """The name itself. Raises NotFound for anything that is not a SHA-256, so that no name leads elsewhere."""
    if not _SHA256.match(sha256):
        raise NotFound(f"'{sha256}' names no object.")
    return sha256


def is_sha256(name: str) -> bool:
    """Whether it can be an object's name."""
    return _SHA256.match(name) is not None


def changed(sha256: str) -> HashMismatch:
    """The error for an object whose bytes are no longer those that it was named after."""
    return HashMismatch(f"Object {sha256} has changed in the store.", "Run 'sohoa audit', or restore the backup.")


def missing(sha256: str) -> NotFound:
    """The error for an object that is not there."""
    return NotFound(f"Object {sha256} is not in the store.", "Run 'sohoa check'.")


def locked(sha256: str, until: datetime) -> ObjectLocked:
    """The error for an object that is held."""
    return ObjectLocked(
        f"Original {sha256} was accepted and is locked until {until.date()}.",
        "It can be deleted only after the administrator of the object store has lifted the lock: docs/objects.md.",
    )


def still_held(until: datetime | None) -> bool:
    """Whether a lock until then holds now."""
    return until is not None and until > datetime.now(UTC)


def read_blocks(source: BinaryIO) -> Iterator[bytes]:
    """What is left of a file, block by block."""
    while block := source.read(BLOCK):
        yield block


def checked(pieces: Iterable[bytes], sha256: str) -> Iterator[bytes]:
    """The pieces; after the last one raises HashMismatch if they are not what `sha256` says."""
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
        yield piece
    if digest.hexdigest() != sha256:
        raise HashMismatch(f"The bytes are {digest.hexdigest()}, not {sha256}.", "Send the file again.")


class _Pieces(io.RawIOBase):
    def __init__(self, pieces: Generator[bytes, None, None], source: BinaryIO) -> None:
        self._pieces = pieces
        self._source = source
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, target: WriteableBuffer, /) -> int:
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left = memoryview(piece)
        view = memoryview(target).cast("B")
        size = min(len(view), len(self._left))
        view[:size] = self._left[:size]
        self._left = self._left[size:]
        return size

    def close(self) -> None:
        self._pieces.close()
        self._source.close()
        super().close()


def as_stream(pieces: Generator[bytes, None, None], source: BinaryIO) -> BinaryIO:
    """Pieces that are made from a source, to be read as a file; closing it closes the source."""
    return io.BufferedReader(_Pieces(pieces, source), BLOCK)
