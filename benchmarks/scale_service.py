"""A running service for a benchmark, on the embedded parts or on the real servers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.sample import DemoPeople
from tests.running import RunningService
from tests.servers import Servers, server_settings


@contextmanager
def run_service(servers: Servers | None, workers: int) -> Iterator[tuple[RunningService, DemoPeople]]:
    """The service with so many worker processes, stopped and thrown away at the end."""
    overrides = {"workers": str(workers), "max_batch_files": "20000"}
    if servers:
        overrides |= server_settings(servers, empty=True)
    with tempfile.TemporaryDirectory() as folder:
        service = RunningService(Path(folder), overrides=overrides)
        people = service.prepare()
        service.start()
        try:
            yield service, people
        finally:
            service.stop()
