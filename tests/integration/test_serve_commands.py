"""`sohoa migrate`, `sohoa serve` and the health checks of single processes."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from cli.alive import main as alive
from cli.processes import api_command, beat_command, broker_command, process_environment, worker_command
from cli.serve_commands import parse_queues
from cli.supervisor import plan_children
from core.errors import SettingsError
from core.settings import Settings, load_settings
from core.stages import Queue
from storage.database import Records, keep_silent
from storage.migrate import upgrade_database
from storage.tables import now
from storage.workers import SWEEP, note_alive
from tests.running import free_port


def test_the_supervisor_runs_what_can_be_run_one_by_one(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    assert {child.name: child.command for child in plan_children(settings)} == {
        "broker": broker_command(settings),
        "api": api_command(settings),
        "worker": worker_command(settings),
        "beat": beat_command(settings),
    }
    there = Settings(data_dir=tmp_path, broker_url="redis://elsewhere:6379/0")
    assert [child.name for child in plan_children(there)] == ["api", "worker", "beat"]


@pytest.mark.parametrize(
    ("queues", "workers", "expected"),
    [
        ("light,read.cpu", 3, ("light,read.cpu", "3")),
        ("read.gpu", 0, ("read.gpu", "1")),
        ("read.gpu", 2, ("read.gpu", "2")),
        ("light, read.cpu", 0, ("light,read.cpu", str(os.cpu_count()))),
    ],
)
def test_a_worker_takes_the_queues_that_it_is_told(queues: str, workers: int, expected: tuple[str, str]) -> None:
    command = worker_command(Settings(workers=workers), parse_queues(queues))
    assert (command[command.index("-Q") + 1], command[command.index("-c") + 1]) == expected


def test_an_unknown_queue_is_told() -> None:
    with pytest.raises(SettingsError, match=r"read\.tpu.*There are: read\.cpu, read\.gpu, light"):
        parse_queues("read.tpu")


def test_each_process_has_one_tesseract_thread(tmp_path: Path) -> None:
    environment = process_environment(Settings(data_dir=tmp_path))
    assert (environment["OMP_THREAD_LIMIT"], environment["SOHOA_DATA_DIR"]) == ("1", str(tmp_path.resolve()))


def test_migrate_makes_schema_and_keys_and_can_be_run_again(tmp_path: Path) -> None:
    environment = {**os.environ, "SOHOA_DATA_DIR": str(tmp_path)}
    kept = []
    for _ in range(2):
        ran = subprocess.run(
            [sys.executable, "-m", "cli", "migrate"], env=environment, capture_output=True, text=True, timeout=120
        )
        assert ran.returncode == 0, ran.stderr
        kept.append({path.name: path.read_bytes() for path in (tmp_path / "keys").iterdir()})
    assert set(kept[0]) == {"receipts.pem", "packages.pem"}
    assert kept[0] == kept[1]
    assert (tmp_path / "records.db").exists()


def test_the_web_server_runs_alone_and_ends_when_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    environment = {**os.environ, "SOHOA_DATA_DIR": str(tmp_path), "SOHOA_PORT": str(port), "SOHOA_LOG_FORMAT": "json"}
    upgrade_database(Settings(data_dir=tmp_path).records_url)
    monkeypatch.setenv("SOHOA_PORT", str(port))
    load_settings.cache_clear()
    assert alive(["api"]) == 9
    with (tmp_path / "api.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "cli", "serve", "api"], env=environment, stderr=log)
    try:
        deadline = time.monotonic() + 90
        while alive(["api"]) != 0:
            assert process.poll() is None, (tmp_path / "api.log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.2)
        assert httpx.get(f"http://127.0.0.1:{port}/health/ready").status_code == 200
        assert httpx.get(f"http://127.0.0.1:{port}/api/v1/search?q=Nguyen-Van-A").status_code == 401
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) in (0, -signal.SIGTERM)
        load_settings.cache_clear()
    lines = [json.loads(line) for line in (tmp_path / "api.log").read_text().splitlines()]
    assert {"uvicorn.error", "api.observing"} <= {line["logger"] for line in lines}
    assert "Nguyen-Van-A" not in (tmp_path / "api.log").read_text()


def test_beyond_this_machine_it_does_not_start_without_tls(tmp_path: Path) -> None:
    environment = {**os.environ, "SOHOA_DATA_DIR": str(tmp_path), "SOHOA_HOST": "0.0.0.0"}
    ran = subprocess.run(
        [sys.executable, "-m", "cli", "serve", "api"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 3
    assert "without TLS" in ran.stderr


@pytest.fixture
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SOHOA_DATA_DIR", str(tmp_path))
    load_settings.cache_clear()
    upgrade_database(load_settings().records_url)
    made = Records(load_settings().records_url, keep_silent)
    yield made
    made.close()
    load_settings.cache_clear()


@pytest.mark.parametrize(
    ("part", "name", "age", "code"),
    [
        ("worker", f"{socket.gethostname()}:77", 5, 0),
        ("worker", f"{socket.gethostname()}:77", 60, 9),
        ("worker", "elsewhere:77", 5, 9),
        ("sweep", SWEEP, 60, 0),
        ("sweep", SWEEP, 200, 9),
    ],
)
def test_a_part_is_alive_if_it_said_so_lately(records: Records, part: str, name: str, age: int, code: int) -> None:
    with records.writing() as session:
        note_alive(session, name, (Queue.LIGHT,), now() - timedelta(seconds=age))
    assert alive([part]) == code


def test_nobody_alive_and_nobody_named(records: Records) -> None:
    assert (alive(["worker"]), alive(["sweep"]), alive(["kitchen"]), alive([])) == (9, 9, 3, 3)
