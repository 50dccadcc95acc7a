"""Runs the real service as its users do: `sohoa up` on a folder of its own, with free ports on loopback."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cli.remote import Remote
from cli.sample import CATALOGUE, STATION, DemoPeople, prepare_demo
from core.settings import Settings
from storage.migrate import upgrade_database

PARTS = ("broker", "api", "worker", "beat")
_START_SECONDS = 60


def free_port() -> int:
    """A port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class RunningService:
    """A service on a folder; its people are the demo's."""

    folder: Path
    sweep_seconds: float = 0.5
    port: int = field(default_factory=free_port)
    broker_port: int = field(default_factory=free_port)
    overrides: Mapping[str, str] = field(default_factory=dict)
    """Further settings by name, of the server way for example."""
    process: subprocess.Popen[bytes] | None = None

    @property
    def settings(self) -> Settings:
        mine = {"data_dir": self.folder, "port": self.port, "broker_port": self.broker_port}
        return Settings.model_validate({**mine, "sweep_seconds": self.sweep_seconds, **self.overrides})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        mine = {
            "SOHOA_DATA_DIR": str(self.folder),
            "SOHOA_PORT": str(self.port),
            "SOHOA_BROKER_PORT": str(self.broker_port),
            "SOHOA_SWEEP_SECONDS": str(self.sweep_seconds),
            "SOHOA_SERVER": self.url,
            "SOHOA_STATION_SERVER": self.url,
            "XDG_CONFIG_HOME": str(self.folder / "config"),
        }
        return {**os.environ, **mine, **{f"SOHOA_{name.upper()}": value for name, value in self.overrides.items()}}

    def prepare(self) -> DemoPeople:
        """The database with the demo's people, station and catalogue entry."""
        upgrade_database(self.settings.records_url)
        return prepare_demo(self.settings)

    def start(self) -> None:
        """Starts it and waits until the API answers."""
        with (self.folder / "up.log").open("ab") as log:
            command = [sys.executable, "-m", "cli", "up"]
            self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            assert self.process.poll() is None, (self.folder / "up.log").read_text()
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("the service did not start: " + (self.folder / "up.log").read_text())

    def stop(self) -> int:
        """Stops it as an administrator does; answers its exit code."""
        if self.process is None or self.process.poll() is not None:
            return self.process.returncode if self.process else 0
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def pid_of(self, part: str) -> int:
        return int((self.folder / f"{part}.pid").read_text())

    def kill(self, part: str) -> None:
        """kill -9 of one part, of the supervisor ("up"), or of everything ("all"), workers' children too."""
        if part == "up":
            assert self.process is not None
            self.process.kill()
            self.process.wait()
            return
        for name in PARTS if part == "all" else (part,):
            if part == "all" and self.process is not None and self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            pid = self.pid_of(name)
            for victim in [pid, *children_of(pid)]:
                _kill(victim)

    def run(self, *arguments: str, key: str = "", token: str = "") -> subprocess.CompletedProcess[str]:
        """A `sohoa` command against this service."""
        environment = {**self.environment, "SOHOA_STATION_KEY": key, "SOHOA_TOKEN": token}
        return subprocess.run(
            [sys.executable, "-m", "cli", *arguments], env=environment, capture_output=True, text=True, timeout=180
        )

    def open_batch(self, people: DemoPeople, code: str) -> None:
        """Opens an empty batch for the demo's station. Raises RuntimeError."""
        credentials = {"username": "quet", "password": people.password}
        token = Remote(self.url, token=None).post("/api/v1/sign-in", credentials)["token"]
        opened = self.run("batch", "open", code, "--catalogue", CATALOGUE, "--station", STATION, token=token)
        if opened.returncode:
            raise RuntimeError(opened.stderr)

    def begin(self, *arguments: str, key: str) -> subprocess.Popen[bytes]:
        """A `sohoa` command that goes on while the test does something else."""
        environment = {**self.environment, "SOHOA_STATION_KEY": key}
        with (self.folder / "command.log").open("ab") as log:
            return subprocess.Popen([sys.executable, "-m", "cli", *arguments], env=environment, stdout=log, stderr=log)


def children_of(pid: int) -> list[int]:
    """The pids of a process's own children; none of a process that is gone."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in children.read_text().split()] if children.exists() else []


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


__all__ = ["PARTS", "RunningService", "children_of", "free_port"]
