"""An upgrade while work goes on: processes of the version before run beside those of this one, on the new schema.

The version before is the newest commit that lacks the newest migration; SOHOA_UPGRADE_FROM names another one.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest

from tests.chaos.office import REPOSITORY, Office
from tests.running import free_port
from tests.servers import find_servers

_VERSIONS = "storage/migrations/versions"

pytestmark = [
    pytest.mark.skipif(find_servers() is None, reason="the real servers are not started: make test-servers"),
    pytest.mark.timeout(600),
]


def run_git(*arguments: str) -> bytes:
    """What git answers; skips the test where the history is not there."""
    done = subprocess.run(["git", *arguments], cwd=REPOSITORY, capture_output=True)
    if done.returncode != 0:
        pytest.skip(f"the version before is not at hand: {done.stderr.decode().strip()[:200]}")
    return done.stdout


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code of the version before."""
    newest = sorted((REPOSITORY / _VERSIONS).glob("[0-9]*.py"))[-1]
    made = run_git("log", "--diff-filter=A", "--format=%H", "-1", "--", f"{_VERSIONS}/{newest.name}").decode().strip()
    commit = os.environ.get("SOHOA_UPGRADE_FROM") or f"{made}^"
    folder = tmp_path_factory.mktemp("older")
    with tarfile.open(fileobj=BytesIO(run_git("archive", commit))) as archive:
        archive.extractall(folder, filter="data")
    return folder


@contextmanager
def run_older(office: Office, older: Path, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the version before, against the same servers."""
    environment = {**office.service.environment, "PYTHONPATH": str(older), "SOHOA_PORT": str(free_port())}
    with (office.folder / "older.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "cli", *command], cwd=older, env=environment, stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0, read_log(office)


def read_log(office: Office) -> str:
    """The end of what the version before said."""
    return (office.folder / "older.log").read_text()[-3000:]


def test_workers_of_two_versions_share_the_work(office: Office, older: Path, scans: Path) -> None:
    complete(office, scans, "BEFORE")
    with run_older(office, older, "serve", "worker", "--queues", "read.cpu,light") as worker:
        old = office.await_names(worker.pid, lambda: read_log(office))
        push(office, scans, "BESIDE-1", "BESIDE-2")
        office.await_reading()
    # What the one before cannot index it puts off, and may take again: this version does it once that one has stopped.
    for code in ("BESIDE-1", "BESIDE-2"):
        office.await_review(code)
    took = {row[0] for row in office.query("SELECT DISTINCT worker FROM jobs WHERE state = 'done'")}
    assert took & old != set()
    assert took - old != set()
    complete(office, scans, "AFTER")
    calm = office.outcome("BEFORE")
    assert calm.documents == {"described": 6}
    assert [name for name, text in calm.pages.items() if text.startswith("failed")] == []
    for code in ("BESIDE-1", "BESIDE-2", "AFTER"):
        ended = office.outcome(code)
        assert (set(ended.pages), ended.documents, office.twice(code)) == (set(calm.pages), calm.documents, [])
        assert [name for name, text in ended.pages.items() if text.startswith("failed")] == []
    checked = office.service.run("check", "--deep")
    assert (checked.returncode, checked.stdout) == (0, ""), checked.stderr


def push(office: Office, scans: Path, *codes: str) -> None:
    for code in codes:
        office.open_batch(code)
        assert office.begin_push(scans, code).wait(240) == 0


def complete(office: Office, scans: Path, code: str) -> None:
    """Pushes the batch and waits until nothing of it is left to do."""
    push(office, scans, code)
    office.await_review(code)
