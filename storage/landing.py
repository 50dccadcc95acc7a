"""The landing: where uploads arrive in pieces, apart from the objects, until their hash is right.

How far an upload has come is what the database says; bytes beyond that are from a write that was cut off, and are
overwritten.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Landing:
    """A folder with one file for each upload under way."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, file_id: str) -> Path:
        return self._root / f"{file_id}.part"

    @contextmanager
    def locked(self, file_id: str) -> Iterator[Path]:
        """Holds the upload for this process and thread alone, so that two senders cannot write across each other."""
        self._root.mkdir(parents=True, exist_ok=True)
        with (self._root / f"{file_id}.lock").open("a+b") as guard:
            fcntl.flock(guard, fcntl.LOCK_EX)
            yield self.path(file_id)

    def write(self, file_id: str, offset: int, chunk: bytes) -> None:
        """Puts the chunk at the offset and syncs it; call it under `locked`."""
        path = self.path(file_id)
        path.touch(exist_ok=True)
        with path.open("r+b") as sink:
            sink.truncate(offset)
            sink.seek(offset)
            sink.write(chunk)
            sink.flush()
            os.fsync(sink.fileno())

    def clear(self, file_id: str) -> None:
        """Removes what has landed of an upload."""
        self.path(file_id).unlink(missing_ok=True)
        (self._root / f"{file_id}.lock").unlink(missing_ok=True)

    def list_ids(self) -> list[str]:
        """The uploads that have bytes here."""
        return sorted(path.stem for path in self._root.glob("*.part"))
