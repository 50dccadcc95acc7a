"""The whole flow, measured: pages a second end to end on all cores, and where the CPU time goes, stage by stage.

    python -m benchmarks.flow [--scans DIR] [--seed N]

Without --scans the sample batch is made. First the real service takes the batch, from the station's first byte to the
last document described and indexed. Then the same batch goes through the same steps in this one process, so that every
stage's CPU time, and the engine's own share of it, can be told apart.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import func, select

from cli.remote import Remote
from cli.sample import CATALOGUE, STATION, prepare_demo
from core.labels import Secrecy
from core.settings import Settings
from core.stages import Queue
from core.states import BatchState, JobState
from flow import describe, read, split
from flow.announce import announce_manifest
from flow.open_batch import open_batch
from flow.receive import find_station_batch, receive_chunk
from flow.run_job import run_job
from flow.seal import seal_batch
from flow.service import Service, open_service
from ingest.checks import Limits
from ocr.engines.base import Reading
from ocr.engines.sohoa import SohoaEngine
from ocr.images import Pixels
from ocr.reading import Reader
from people.persons import find_user, load_person
from people.stations import identify
from station.checking import build_manifest, check_scans
from station.manifest_pattern import DEFAULT_PATTERN, DeclaredLabels
from station.push import make_plan
from station.scans import RECEIPT_PREFIX, STATE_FOLDER, list_scans
from storage.database import keep_silent
from storage.jobs import find_due
from storage.migrate import upgrade_database
from storage.tables import Batch, Job, Page, Station, now
from synthesis.sample import make_sample_batch
from tests.running import RunningService

BATCH = "DO-01"


class TimedEngine(SohoaEngine):
    """The engine with a clock: CPU seconds of its own reading."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0.0

    def read(self, grey: Pixels, dpi: int) -> Reading:
        started = time.process_time()
        try:
            return super().read(grey, dpi)
        finally:
            self.seconds += time.process_time() - started


def measure_service(scans: Path, folder: Path) -> tuple[int, float]:
    """Pages, and seconds from the station's start to the last job's end, with the real service on all cores."""
    service = RunningService(folder)
    people = service.prepare()
    service.start()
    try:
        credentials = {"username": "quet", "password": people.password}
        token = Remote(service.url, token=None).post("/api/v1/sign-in", credentials)["token"]
        Remote(service.url, token).post("/api/v1/batches", {"code": BATCH, "catalogue": CATALOGUE, "station": STATION})
        started = time.monotonic()
        pushed = service.run("station", "push", str(scans), "--batch", BATCH, "--announce-bad", key=people.station_key)
        if pushed.returncode:
            raise SystemExit(pushed.stderr)
        records = open_service(service.settings, keep_silent).records
        while True:
            with records.reading() as session:
                batch = session.scalars(select(Batch)).one()
                left = session.scalar(select(func.count()).select_from(Job).where(Job.state != JobState.DONE))
                pages = session.scalar(select(func.count()).select_from(Page)) or 0
            if batch.state is BatchState.IN_REVIEW and not left:
                return pages, time.monotonic() - started
            time.sleep(0.1)
    finally:
        service.stop()


def run_here(_settings: Settings, work: Callable[..., object], *arguments: object, bounds: object = None) -> object:
    """In place of the process that may die, whose time is not this one's."""
    del bounds
    return work(*arguments)


def measure_stages(scans: Path, folder: Path) -> tuple[dict[str, float], float]:
    """CPU seconds of each stage in this process, and of the engine's reading among them."""
    service = RunningService(folder)
    settings = service.settings
    upgrade_database(settings.records_url)
    prepare_demo(settings)
    opened = open_service(settings, keep_silent)
    engine = TimedEngine()
    reader = Reader(engine)
    read.load_reader = lambda _options: reader  # type: ignore[assignment]
    for step in (describe, read, split):
        step.isolate = run_here  # type: ignore[attr-defined]
    seconds: dict[str, float] = defaultdict(float)
    with opened.records.writing() as session:
        operator = load_person(session, find_user(session, "quet"))
        station = identify(session, session.scalars(select(Station)).one(), now().date())
        open_batch(
            session,
            operator,
            code=BATCH,
            title="",
            catalogue_code=CATALOGUE,
            secrecy=Secrecy.THUONG,
            ceiling=settings.ceiling,
            station_code=STATION,
        )
    clock = time.process_time()
    names = list_scans(scans)
    plan = make_plan(scans, names, DEFAULT_PATTERN, DeclaredLabels())
    good = check_scans(scans, names, Limits(), lambda _name: None)
    manifest = build_manifest(BATCH, STATION, plan, good.facts)
    seconds["check at the station"] = time.process_time() - clock
    clock = time.process_time()
    with opened.records.writing() as session:
        files = announce_manifest(session, station, opened.dictionaries.present(session), settings, manifest)
    for file in files:
        data = names[file.name].read_bytes()
        for offset in range(0, max(1, len(data)), settings.chunk_bytes):
            receive_chunk(opened, station, file.id, offset, data[offset : offset + settings.chunk_bytes])
    with opened.records.writing() as session:
        seal_batch(session, station, find_station_batch(session, station, BATCH), opened.signing_key)
    seconds["receive"] = time.process_time() - clock
    _run_all(opened, seconds)
    opened.close()
    return dict(seconds), engine.seconds


def _run_all(opened: Service, seconds: dict[str, float]) -> None:
    while True:
        with opened.records.reading() as session:
            due = find_due(session, list(Queue), now(), 1000)
            stages = {job.id: job.stage for job in session.scalars(select(Job))}
        if not due:
            return
        for job_id, _ in due:
            clock = time.process_time()
            run_job(opened, job_id, "benchmark")
            seconds[stages[job_id].value] += time.process_time() - clock


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scans", type=Path)
    parser.add_argument("--seed", type=int, default=11)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        given = chosen.scans or make_sample_batch(folder / "sample", chosen.seed).scans
        scans = shutil.copytree(
            given, folder / "scans", ignore=shutil.ignore_patterns(f"{RECEIPT_PREFIX}*", STATE_FOLDER)
        )
        for name in ("service", "stages"):
            (folder / name).mkdir()
        pages, wall = measure_service(scans, folder / "service")
        shutil.rmtree(scans / STATE_FOLDER)  # what the station remembers having checked
        stages, reading = measure_stages(scans, folder / "stages")
    total = sum(stages.values())
    print(f"{pages} pages in {wall:.1f} s on {os.cpu_count()} cores: {pages / wall:.2f} pages a second end to end")
    print(f"CPU in one process: {total:.1f} s, {total / pages:.2f} s a page")
    for name, spent in sorted(stages.items(), key=lambda item: -item[1]):
        print(f"  {name:22}{spent:8.2f} s {100 * spent / total:6.1f} %")
    print(f"the engine's own reading: {reading:.1f} s; not the engine's: {100 * (1 - reading / total):.1f} %")


if __name__ == "__main__":
    main()
