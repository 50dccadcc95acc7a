"""Two stores as one: objects live in the first, a second copy of the originals in the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from storage.objects import Area, ObjectStore


class CopiedStore(ObjectStore):
    """Writes and reads go to the first store; what deletes or locks an original does so in both.

    The copy is made by `replicate`, apart from receipt: a copy that is slow or away holds nobody up.
    """

    def __init__(self, first: ObjectStore, copy: ObjectStore) -> None:
        self._first = first
        self.copy = copy

    def replicate(self, sha256: str) -> None:
        """Makes the second copy of an original, unless it is there. Raises NotFound, HashMismatch."""
        if not self.copy.has(Area.ORIGINALS, sha256):
            self.copy.keep(Area.ORIGINALS, sha256, self._first.pieces(Area.ORIGINALS, sha256))

    def delete(self, area: Area, sha256: str) -> None:
        # The first store knows best whether it is locked; the copy goes only once it is gone there.
        self._first.delete(area, sha256)
        if area is Area.ORIGINALS:
            self.copy.delete(area, sha256)

    def lock(self, sha256: str, until: datetime) -> None:
        self._first.lock(sha256, until)
        self.replicate(sha256)
        self.copy.lock(sha256, until)

    def tidy(self, before: datetime) -> int:
        return self._first.tidy(before) + self.copy.tidy(before)

    def close(self) -> None:
        self._first.close()
        self.copy.close()

    def has(self, area: Area, sha256: str) -> bool:
        return self._first.has(area, sha256)

    def keep(self, area: Area, sha256: str, pieces: Iterable[bytes]) -> None:
        self._first.keep(area, sha256, pieces)

    def replace(self, area: Area, sha256: str, pieces: Iterable[bytes]) -> None:
        self._first.replace(area, sha256, pieces)

    def open(self, area: Area, sha256: str, offset: int = 0, length: int | None = None) -> BinaryIO:
        return self._first.open(area, sha256, offset, length)

    @contextmanager
    def local(self, area: Area, sha256: str) -> Iterator[Path]:
        with self._first.local(area, sha256) as path:
            yield path

    def list_hashes(self, area: Area) -> Iterator[str]:
        return self._first.list_hashes(area)

    def locked_until(self, sha256: str) -> datetime | None:
        until = self._first.locked_until(sha256)
        if until is None and self.copy.has(Area.ORIGINALS, sha256):
            return self.copy.locked_until(sha256)
        return until

    def presign(self, area: Area, sha256: str, disposition: str, seconds: int) -> str | None:
        return self._first.presign(area, sha256, disposition, seconds)
