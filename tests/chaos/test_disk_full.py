"""A disk that fills up while a batch comes in: nothing half is kept, and with room again the batch ends rightly."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.running import RunningService

_SMALL, _LARGE = "24m", "400m"


def _mount(folder: Path, options: str) -> bool:
    if os.name != "posix" or os.geteuid() != 0:
        return False
    command = ["mount", "-t", "tmpfs", "-o", options, "sohoa-test", str(folder)]
    return subprocess.run(command, capture_output=True).returncode == 0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a small disk of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not _mount(folder, f"size={_SMALL}"):
        pytest.skip("no right to mount a small disk here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.timeout(600)
def test_a_full_disk_loses_nothing(disk: Path, scans: Path) -> None:
    size = sum(path.stat().st_size for path in scans.rglob("*") if path.is_file())
    service = RunningService(disk / "var")
    service.folder.mkdir()
    people = service.prepare()
    service.start()
    try:
        service.open_batch(people, "L1")
        (disk / "ballast").write_bytes(b"x" * (_free(disk) - size // 2))
        pushing = service.begin("station", "push", str(scans), "--batch", "L1", key=people.station_key)
        deadline = time.monotonic() + 60
        while _free(disk) > size // 10 and time.monotonic() < deadline and pushing.poll() is None:
            time.sleep(0.2)
        time.sleep(3.0)
        assert _mount(disk, f"remount,size={_LARGE}")
        pushing.wait(240)
        pushed = service.run("station", "push", str(scans), "--batch", "L1", key=people.station_key)
        assert pushed.returncode == 0, pushed.stderr
        _await_review(service)
        checked = service.run("check", "--deep")
        assert (checked.returncode, checked.stdout) == (0, "")
    finally:
        service.stop()


def _free(folder: Path) -> int:
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


def _await_review(service: RunningService) -> None:
    engine = create_engine(service.settings.records_url)
    deadline = time.monotonic() + 300
    while True:
        with engine.connect() as connection:
            state = connection.execute(text("SELECT state FROM batches")).scalar_one()
            left = connection.execute(text("SELECT stage, reason FROM jobs WHERE state <> 'done'")).fetchall()
        if state == "in_review" and not left:
            break
        assert time.monotonic() < deadline, (state, left)
        time.sleep(0.3)
    engine.dispose()
