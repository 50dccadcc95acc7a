"""The landing in a folder: one file for each upload under way."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.orm import Session

from core.errors import StoreUnavailable
from storage.encryption import Cipher
from storage.landing import Clear, Framing, Landed, Landing, Record, local_copy
from storage.objects_directory import disk_errors


class DirectoryLanding(Landing):
    """ID.part in a folder of this machine. Bytes beyond the recorded offset are overwritten."""

    def __init__(self, root: Path, cipher: Cipher | None = None) -> None:
        self._root = root
        self._framing = Framing(cipher)

    def path(self, file_id: str) -> Path:
        return self._root / f"{file_id}.part"

    @contextmanager
    def locked(self, file_id: str) -> Iterator[None]:
        """Holds the upload for this process and thread alone, so that two senders cannot write across each other."""
        self._root.mkdir(parents=True, exist_ok=True)
        path = self._root / f"{file_id}.lock"
        while True:
            with path.open("a+b") as guard:
                fcntl.flock(guard, fcntl.LOCK_EX)
                # Whoever held it before may have cleared it away: then it guards nothing any more.
                if path.exists() and path.stat().st_ino == os.fstat(guard.fileno()).st_ino:
                    yield
                    return

    @contextmanager
    def placed(self, file_id: str, offset: int, chunk: bytes) -> Iterator[Record]:
        with disk_errors("The landing"):
            self._write(self.path(file_id), file_id, offset, chunk)
        yield _nothing

    def _write(self, path: Path, file_id: str, offset: int, chunk: bytes) -> None:
        if not offset:
            path.touch(exist_ok=True)
        elif not path.exists():
            raise _lacking()
        with path.open("r+b") as sink:
            place = self._framing.find(sink, offset)
            if sink.seek(0, os.SEEK_END) < place:
                raise _lacking()
            sink.truncate(place)
            sink.seek(place)
            sink.write(self._framing.wrap(file_id, offset, chunk))
            sink.flush()
            os.fsync(sink.fileno())

    @contextmanager
    def landed(self, file_id: str) -> Iterator[Landed]:
        path = self.path(file_id)
        if self._framing.plain:
            path.touch(exist_ok=True)
            yield Landed(path)
            return
        with ExitStack() as stack:
            stream: BinaryIO = stack.enter_context(path.open("rb")) if path.exists() else BytesIO()
            yield Landed(stack.enter_context(local_copy(self._framing.unwrap(file_id, stream))))

    def release(self, session: Session, file_id: str, untouched_since: datetime | None = None) -> Clear | None:  # noqa: ARG002
        if untouched_since is not None and self._touched(file_id) >= untouched_since.timestamp():
            return None
        return partial(self._clear, file_id)

    def _touched(self, file_id: str) -> float:
        try:
            return self.path(file_id).stat().st_mtime
        except FileNotFoundError:
            return 0.0

    def _clear(self, file_id: str) -> None:
        self.path(file_id).unlink(missing_ok=True)
        (self._root / f"{file_id}.lock").unlink(missing_ok=True)

    def find_stale(self, before: datetime) -> list[str]:
        return [file_id for file_id in self.list_ids() if self._touched(file_id) < before.timestamp()]

    def tidy(self, before: datetime) -> int:
        removed = 0
        for guard in self._root.glob("*.lock"):
            if not self.path(guard.stem).exists() and guard.stat().st_mtime < before.timestamp():
                guard.unlink(missing_ok=True)
                removed += 1
        return removed

    def list_ids(self) -> list[str]:
        return sorted(path.stem for path in self._root.glob("*.part"))


def _lacking() -> StoreUnavailable:
    return StoreUnavailable("What came before is not in this landing.", "Send it again in a while.")


def _nothing(_session: Session) -> None:
    """A file needs no bookkeeping: where a piece lies follows from its offset."""
