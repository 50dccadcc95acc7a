"""Pages a second, from the station's first byte to the last search record, as worker processes are added."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from sqlalchemy import Engine, create_engine, text

from benchmarks.scale_service import run_service
from synthesis.sample import make_sample_batch
from tests.servers import Servers

_POLL = 0.2
_SEEDS = (7, 8, 9)
_OPEN_BATCHES = "SELECT count(*) FROM batches WHERE state <> 'in_review'"
_JOBS_LEFT = "SELECT count(*) FROM jobs WHERE state NOT IN ('done', 'parked')"


def measure_workers(servers: Servers | None, counts: list[int]) -> None:
    """Prints pages a second for each number of workers, and the ratio to the first."""
    first = 0.0
    for count in counts:
        pages, seconds = run_batches(servers, count)
        rate = pages / seconds
        first = first or rate
        kind = "servers" if servers else "embedded"
        print(
            f"workers ({kind}): {count}: {rate:.2f} pages/s ({pages} pages, {seconds:.0f} s), {rate / first:.2f}x",
            flush=True,
        )


def run_batches(servers: Servers | None, workers: int) -> tuple[int, float]:
    """How many pages the sample batches have, and the seconds until all of them are in review and in the index."""
    with tempfile.TemporaryDirectory() as name, run_service(servers, workers) as (service, people):
        batches = {f"L{seed}": make_sample_batch(Path(name) / str(seed), seed=seed).scans for seed in _SEEDS}
        for code in batches:
            service.open_batch(people, code)
        engine = create_engine(service.settings.records_url)
        started = time.perf_counter()
        for code, scans in batches.items():
            # The sample has a damaged file.
            pushed = service.run(
                "station", "push", str(scans), "--batch", code, "--announce-bad", key=people.station_key
            )
            if pushed.returncode:
                raise RuntimeError(pushed.stderr)
        while _count(engine, _OPEN_BATCHES) or _count(engine, _JOBS_LEFT):
            time.sleep(_POLL)
        seconds = time.perf_counter() - started
        pages = _count(engine, "SELECT count(*) FROM pages")
        engine.dispose()
        return pages, seconds


def _count(engine: Engine, query: str) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(query)).scalar_one())
