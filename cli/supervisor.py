"""`sohoa up`: broker, API, workers and beat as one process group, restarted when one dies, stopped cleanly.

If the supervisor itself is killed, the kernel stops its children (PR_SET_PDEATHSIG); what they were doing is found by
the next start, for the database alone knows what is to be done.
"""

from __future__ import annotations

import ctypes
import fcntl
import logging
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from cli.processes import api_command, beat_command, broker_command, process_environment, worker_command
from core.errors import ServiceUnreachable, SettingsError
from core.settings import Settings

logger = logging.getLogger(__name__)

_PR_SET_PDEATHSIG = 1
_START_SECONDS = 60
_STOP_SECONDS = 30
_RESTART_PAUSES = (0.5, 2.0, 10.0, 30.0)
_STABLE_SECONDS = 60


@dataclass(slots=True)
class Child:
    """One process of the service. `deaths`: how often it died without having run for a while."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    due: float = field(default=0.0)


def _die_with_parent() -> None:
    """Runs in the child before its program: it gets SIGTERM when the supervisor dies, however that happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def plan_children(settings: Settings) -> list[Child]:
    """The processes of this installation, in the order in which they start."""
    children = [
        Child("api", api_command(settings)),
        Child("worker", worker_command(settings)),
        Child("beat", beat_command(settings)),
    ]
    if settings.embedded_broker:
        children.insert(0, Child("broker", broker_command(settings)))
    return children


@contextmanager
def hold_data_folder(settings: Settings) -> Iterator[None]:
    """Makes sure that only one service works in the data folder. Raises SettingsError."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with (settings.data_dir / "up.lock").open("a+") as guard:
        try:
            fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingsError(
                f"A service is running in {settings.data_dir.resolve()} already.", "Stop it first, or use its address."
            ) from None
        yield


def require_free_port(host: str, port: int, setting: str) -> None:
    """Raises SettingsError if something else listens there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(
                f"Port {port} on {host} cannot be used: {error.strerror}.", f"Choose another in {setting}."
            ) from None


class Supervisor:
    """Keeps the children running until it is told to stop."""

    def __init__(self, settings: Settings, children: list[Child]) -> None:
        self._settings = settings
        self._children = children
        self._stopping = False
        self._logs = settings.data_dir.resolve() / "logs"

    def run(self, on_ready: Callable[[], None]) -> None:
        """Starts everything, calls `on_ready` once the API answers, and returns when the service has stopped."""
        self._logs.mkdir(parents=True, exist_ok=True)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        try:
            for child in self._children:
                self._start(child)
                if child.name == "broker":
                    self._await_port("127.0.0.1", self._settings.broker_port, child)
            self._await_port(self._settings.host, self._settings.port, self._find("api"))
            if not self._stopping:
                on_ready()
            while not self._stopping:
                self._tend()
                time.sleep(0.2)
        finally:
            self._stop_children()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _find(self, name: str) -> Child:
        return next(child for child in self._children if child.name == name)

    def _start(self, child: Child) -> None:
        log = self._logs / f"{child.name}.log"
        with log.open("ab") as sink:
            child.process = subprocess.Popen(
                child.command,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                env=process_environment(self._settings),
                preexec_fn=_die_with_parent,  # no thread runs in the supervisor
            )
        child.started = time.monotonic()
        (self._logs.parent / f"{child.name}.pid").write_text(str(child.process.pid))

    def _await_port(self, host: str, port: int, child: Child) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not self._stopping:
            try:
                socket.create_connection((host, port), timeout=1).close()
            except OSError:
                died = child.process is not None and child.process.poll() is not None
                if died or time.monotonic() > deadline:
                    raise ServiceUnreachable(
                        f"The {child.name} did not start.", f"Look at {self._logs / child.name}.log."
                    ) from None
                time.sleep(0.1)
            else:
                return

    def _tend(self) -> None:
        """Restarts a child that died, at once the first time, later and later if it keeps dying."""
        moment = time.monotonic()
        for child in self._children:
            if child.process is not None and child.process.poll() is not None:
                logger.warning("%s died with code %s", child.name, child.process.returncode)
                stable = moment - child.started > _STABLE_SECONDS
                child.deaths = 1 if stable else child.deaths + 1
                child.due = moment + _RESTART_PAUSES[min(child.deaths, len(_RESTART_PAUSES)) - 1]
                child.process = None
            if child.process is None and moment >= child.due:
                self._start(child)

    def _stop_children(self) -> None:
        """The newest first, so that nothing loses what it stands on; whoever does not end in time is killed."""
        for child in reversed(self._children):
            if child.process is None or child.process.poll() is not None:
                continue
            child.process.terminate()
            try:
                child.process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                logger.warning("%s did not stop in %s s and is killed", child.name, _STOP_SECONDS)
                child.process.kill()
                child.process.wait()
