from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from station.watch import Watcher, WatchOptions


@dataclass
class Scanner:
    """A clock whose sleeping lets the next thing happen."""

    happenings: list[Callable[[], object]] = field(default_factory=list)
    now: float = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        if self.happenings:
            self.happenings.pop(0)()

    def watcher(self, quiet: float) -> Watcher:
        return Watcher(WatchOptions(quiet=quiet, clock=lambda: self.now, sleep=self.sleep))


def test_a_folder_is_ready_only_after_the_quiet_time_since_its_last_change(tmp_path: Path) -> None:
    page, table = tmp_path / "a.png", tmp_path / "manifest.csv"
    scanner = Scanner(
        [
            lambda: page.write_bytes(b"1"),
            lambda: table.write_text("x"),
            lambda: page.write_bytes(b"12"),
            lambda: page.write_bytes(b"123"),
        ]
    )
    scanner.watcher(quiet=8).wait_for(tmp_path)
    assert scanner.now == 4 * 2 + 8
    assert page.read_bytes() == b"123"


def test_folders_are_offered_once_and_not_when_they_have_their_receipt(tmp_path: Path) -> None:
    for name in ("L01", "L02", "L03"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.png").write_bytes(b"1")
    (tmp_path / "L01" / "manifest.csv").write_text("x")
    (tmp_path / "L03" / "manifest.csv").write_text("x")
    (tmp_path / "L03" / "receipt-L03.json").write_text("{}")
    late = [lambda: None] * 6 + [lambda: (tmp_path / "L02" / "manifest.csv").write_text("x")]
    watcher = Scanner(late).watcher(quiet=4)
    offered = []
    for folder in islice(watcher.ready_folders(tmp_path), 3):
        offered.append(folder.name)
        if folder.name == "L02":
            watcher.offer_again(folder)
    assert offered == ["L01", "L02", "L02"]
