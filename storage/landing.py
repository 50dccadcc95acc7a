"""The landing: where uploads arrive in pieces, apart from the objects, until their hash is right.

How far an upload has come is what the database says; bytes beyond that are from a write that was cut off, and count for
nothing.
"""

from __future__ import annotations

import struct
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.orm import Session

from core.errors import StoreUnavailable
from storage.encryption import Cipher, Tampered
from storage.objects import Area, ObjectStore, read_blocks

Record = Callable[[Session], None]
"""Notes where a piece lies. Runs in the transaction that moves the upload's offset on."""

Clear = Callable[[], None]
"""Removes the bytes of a forgotten upload. What it cannot remove now, `tidy` removes later."""


class Landed:
    """A file whose bytes are all here. `path`: to look at them, on this machine."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def store(self, objects: ObjectStore, sha256: str) -> None:
        """Makes an original of it. Raises HashMismatch. Idempotent."""
        objects.put_file(Area.ORIGINALS, self.path, sha256)


class Landing(ABC):
    """What receiving asks of the landing. Whatever it asks can raise StoreUnavailable: send the piece again."""

    @abstractmethod
    def locked(self, file_id: str) -> AbstractContextManager[None]:
        """Keeps senders who would write across each other apart, where the landing cannot otherwise."""

    @abstractmethod
    def placed(self, file_id: str, offset: int, chunk: bytes) -> AbstractContextManager[Record]:
        """Puts the chunk down, for the length of the block; call it under `locked`.

        The block runs the record and commits it together with the new offset; if it raises, the chunk is taken away.
        Raises OffsetMismatch if somebody else was quicker.
        """

    @abstractmethod
    def landed(self, file_id: str) -> AbstractContextManager[Landed]:
        """The upload as a whole, once all of it has arrived. Raises NotFound if another process has settled it."""

    @abstractmethod
    def release(self, session: Session, file_id: str, untouched_since: datetime | None = None) -> Clear | None:
        """Forgets the upload in the caller's transaction; answers what removes its bytes once that is committed.

        None, and the upload stays, if a piece came after `untouched_since`.
        """

    @abstractmethod
    def find_stale(self, before: datetime) -> list[str]:
        """Uploads that no piece has come for since that moment."""

    @abstractmethod
    def tidy(self, before: datetime) -> int:
        """Removes what lies here since before that moment and belongs to no upload; answers how many."""

    @abstractmethod
    def list_ids(self) -> list[str]:
        """The uploads that have bytes here."""

    def close(self) -> None:  # noqa: B027
        """Lets go of connections."""


_FRAME = struct.Struct(">II")
"""Before an encrypted chunk: its length here, and in the clear."""


class Framing:
    """How chunks lie one after another: as they came; or, with a cipher, each encrypted for its file and offset."""

    def __init__(self, cipher: Cipher | None) -> None:
        self._cipher = cipher

    @property
    def plain(self) -> bool:
        """Whether what lies there is the file itself."""
        return self._cipher is None

    def wrap(self, file_id: str, offset: int, chunk: bytes) -> bytes:
        """The chunk as it is put down."""
        if self._cipher is None:
            return chunk
        sealed = b"".join(self._cipher.encrypt((chunk,), _context(file_id, offset)))
        return _FRAME.pack(len(sealed), len(chunk)) + sealed

    def unwrap(self, file_id: str, stream: BinaryIO) -> Generator[bytes, None, None]:
        """The file's bytes. Raises StoreUnavailable if they cannot be made out: the upload has to begin anew."""
        if self._cipher is None:
            yield from read_blocks(stream)
            return
        offset = 0
        try:
            while head := stream.read(_FRAME.size):
                sealed, size = _FRAME.unpack(head)
                yield from self._cipher.decrypt(BytesIO(stream.read(sealed)), _context(file_id, offset))
                offset += size
        except (Tampered, struct.error) as error:
            raise StoreUnavailable(
                f"What has arrived of upload {file_id} cannot be decrypted.", "It is dropped in time; send it again."
            ) from error

    def find(self, stream: BinaryIO, offset: int) -> int:
        """Where in the stream the chunk at this offset of the file begins. Raises StoreUnavailable if none does."""
        if self._cipher is None:
            return offset
        place = passed = 0
        while passed < offset:
            stream.seek(place)
            head = stream.read(_FRAME.size)
            if len(head) < _FRAME.size:
                break
            sealed, size = _FRAME.unpack(head)
            place, passed = place + _FRAME.size + sealed, passed + size
        if passed != offset:
            raise StoreUnavailable("The upload cannot go on from there.", "It is dropped in time; send it again.")
        return place


def _context(file_id: str, offset: int) -> str:
    return f"landing/{file_id}/{offset}"


@contextmanager
def local_copy(pieces: Iterable[bytes]) -> Iterator[Path]:
    """The pieces as a file of this machine, for the length of the block."""
    with tempfile.NamedTemporaryFile(prefix="sohoa-") as copy:
        for piece in pieces:
            copy.write(piece)
        copy.flush()
        yield Path(copy.name)
