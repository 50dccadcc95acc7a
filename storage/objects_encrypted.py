"""Objects that are encrypted before they reach the store below. Their name is still the SHA-256 of the plain bytes."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from datetime import datetime
from typing import BinaryIO

from storage.encryption import HEADER, MAGIC, SEALED, SEGMENT, Cipher, ObjectKey, Tampered, decrypt_segments
from storage.objects import Area, ObjectStore, as_stream, changed


class EncryptedStore(ObjectStore):
    """Objects encrypted in another store. What lay there in the clear before stays readable, and in the clear."""

    def __init__(self, below: ObjectStore, cipher: Cipher) -> None:
        self._below = below
        self._cipher = cipher

    def keep(self, area: Area, sha256: str, pieces: Iterable[bytes]) -> None:
        self._below.keep(area, sha256, self._cipher.encrypt(pieces, _context(area, sha256)))

    def replace(self, area: Area, sha256: str, pieces: Iterable[bytes]) -> None:
        self._below.replace(area, sha256, self._cipher.encrypt(pieces, _context(area, sha256)))

    def open(self, area: Area, sha256: str, offset: int = 0, length: int | None = None) -> BinaryIO:
        with self._below.open(area, sha256, 0, HEADER) as stream:
            header = stream.read(HEADER)
        if not header.startswith(MAGIC):
            return self._below.open(area, sha256, offset, length)
        try:
            key = self._cipher.open_key(header, _context(area, sha256))
        except Tampered as error:
            raise changed(sha256) from error
        first = offset // SEGMENT
        count = None if length is None else max(0, -(-(offset + length) // SEGMENT) - first)
        # A byte more than the segments tells whether the last of them ends the object.
        most = None if count is None else count * SEALED + 1
        source = self._below.open(area, sha256, HEADER + first * SEALED, most)
        if offset == 0 and count is None:
            return as_stream(_plain(source, key, sha256, 0, None), source)
        return as_stream(_cut(_plain(source, key, sha256, first, count), offset - first * SEGMENT, length), source)

    def has(self, area: Area, sha256: str) -> bool:
        return self._below.has(area, sha256)

    def delete(self, area: Area, sha256: str) -> None:
        self._below.delete(area, sha256)

    def list_hashes(self, area: Area) -> Iterator[str]:
        return self._below.list_hashes(area)

    def lock(self, sha256: str, until: datetime) -> None:
        self._below.lock(sha256, until)

    def locked_until(self, sha256: str) -> datetime | None:
        return self._below.locked_until(sha256)

    def tidy(self, before: datetime) -> int:
        return self._below.tidy(before)

    def close(self) -> None:
        self._below.close()


def _context(area: Area, sha256: str) -> str:
    return f"{area}/{sha256}"


def _plain(
    source: BinaryIO, key: ObjectKey, sha256: str, first: int, count: int | None
) -> Generator[bytes, None, None]:
    try:
        # Beyond the end there is nothing to read, and nothing wrong.
        yield from decrypt_segments(source, key, first=first, count=count)
    except Tampered as error:
        raise changed(sha256) from error


def _cut(pieces: Iterable[bytes], skip: int, length: int | None) -> Generator[bytes, None, None]:
    for piece in pieces:
        part = piece[skip:] if length is None else piece[skip : skip + length]
        skip = max(0, skip - len(piece))
        length = None if length is None else length - len(part)
        if part:
            yield part
