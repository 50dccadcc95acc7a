"""Pages a second, from the station's first byte to the last search record, as worker processes are added."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from sqlalchemy import create_engine, text

from benchmarks.scale_service import run_service
from synthesis.sample import make_sample_batch
from tests.servers import Servers

_POLL = 0.2


def measure_workers(servers: Servers | None, counts: list[int]) -> None:
    """Prints pages a second for each number of workers, and the ratio to the first."""
    first = 0.0
    for count in counts:
        pages, seconds = run_batch(servers, count)
        rate = pages / seconds
        first = first or rate
        kind = "servers" if servers else "embedded"
        print(
            f"workers ({kind}): {count}: {rate:.2f} pages/s ({pages} pages, {seconds:.0f} s), {rate / first:.2f}x",
            flush=True,
        )


def run_batch(servers: Servers | None, workers: int) -> tuple[int, float]:
    """How many pages the sample batch has, and the seconds until all of it is in review and in the index."""
    with tempfile.TemporaryDirectory() as name, run_service(servers, workers) as (service, people):
        scans = make_sample_batch(Path(name), seed=7).scans
        service.open_batch(people, "L1")
        engine = create_engine(service.settings.records_url)
        started = time.perf_counter()
        pushed = service.run("station", "push", str(scans), "--batch", "L1", key=people.station_key)
        if pushed.returncode not in (0, 6):  # the sample has files that are refused
            raise RuntimeError(pushed.stderr)
        left = "SELECT count(*) FROM jobs WHERE state NOT IN ('done', 'parked')"
        while True:
            with engine.connect() as connection:
                state = connection.execute(text("SELECT state FROM batches WHERE code = 'L1'")).scalar_one()
                if state == "in_review" and not connection.execute(text(left)).scalar_one():
                    break
            time.sleep(_POLL)
        seconds = time.perf_counter() - started
        with engine.connect() as connection:
            pages = int(connection.execute(text("SELECT count(*) FROM pages")).scalar_one())
        engine.dispose()
        return pages, seconds
