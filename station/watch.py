"""Waits for scanners to finish: a folder is ready when its marker is there and nothing in it changes any more."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from station.scans import CSV_NAME, RECEIPT_PREFIX, list_scans

Snapshot = dict[str, tuple[int, int]]
"""File name → size in bytes, time of change in nanoseconds."""


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """quiet: seconds without any change. marker: file whose presence says that the operator is done."""

    quiet: float = 10.0
    marker: str = CSV_NAME
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def take_snapshot(directory: Path, marker: str) -> Snapshot:
    """The folder as it is now; a file that vanishes meanwhile is left out, so the next snapshot differs."""
    snapshot: Snapshot = {}
    for name, path in (list_scans(directory) | {marker: directory / marker}).items():
        try:
            status = path.stat()
        except FileNotFoundError:
            continue
        snapshot[name] = (status.st_size, status.st_mtime_ns)
    return snapshot


@dataclass(slots=True)
class _Seen:
    snapshot: Snapshot
    since: float


class Watcher:
    """Remembers how each folder looked, and since when."""

    def __init__(self, options: WatchOptions) -> None:
        self._options = options
        self._seen: dict[Path, _Seen] = {}
        self._offered: dict[Path, Snapshot] = {}

    def is_ready(self, directory: Path) -> bool:
        """Whether the marker is there and size and time of every file have stayed for the quiet seconds."""
        now = self._options.clock()
        snapshot = take_snapshot(directory, self._options.marker)
        seen = self._seen.get(directory)
        if seen is None or seen.snapshot != snapshot:
            self._seen[directory] = _Seen(snapshot, now)
            return False
        return self._options.marker in snapshot and len(snapshot) > 1 and now - seen.since >= self._options.quiet

    def wait_for(self, directory: Path) -> None:
        """Returns when the folder is ready."""
        while not self.is_ready(directory):
            self._options.sleep(self._pause)

    def ready_folders(self, parent: Path) -> Iterator[Path]:
        """Folders below `parent`, one for each batch and named by its code, as they become ready. Never ends.

        One that has its receipt is done. One that was yielded comes again only after something in it
        has changed, or after `offer_again`.
        """
        while True:
            for folder in sorted(path for path in parent.iterdir() if path.is_dir() and path.name[0] != "."):
                done = any(folder.glob(f"{RECEIPT_PREFIX}*.json"))
                if done or not self.is_ready(folder) or self._offered.get(folder) == self._seen[folder].snapshot:
                    continue
                self._offered[folder] = self._seen[folder].snapshot
                yield folder
            self._options.sleep(self._pause)

    def offer_again(self, folder: Path) -> None:
        """Has `ready_folders` yield it once more though nothing in it has changed."""
        self._offered.pop(folder, None)

    @property
    def _pause(self) -> float:
        return min(max(self._options.quiet / 4, 0.05), 5.0)
