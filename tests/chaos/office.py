"""The service on the real servers, with the means to do harm: for one run of the chaos tests."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from cli.sample import DemoPeople
from core.stages import Queue, Stage
from flow.dispatch import Dispatcher
from storage.database import Nudge
from tests.brokers import REDIS, Broker
from tests.chaos.proxy import FaultProxy
from tests.running import RunningService, children_of, free_port
from tests.servers import Servers, server_settings

REPOSITORY = Path(__file__).resolve().parents[2]
LANDING = "landing"
"""The stage before all others: files are on their way in."""
_DEADLINE = 240


@dataclass(frozen=True)
class Outcome:
    """What a batch came to: each page's text or failure by its file and number; documents by state."""

    pages: dict[tuple[str, int], str]
    documents: dict[str, int]


@dataclass
class Office:
    """The running service, its proxies, and what is asked of it."""

    servers: Servers
    folder: Path
    redis: Broker = field(init=False)
    s3: FaultProxy = field(init=False)
    opensearch: FaultProxy = field(init=False)
    service: RunningService = field(init=False)
    people: DemoPeople = field(init=False)

    def __post_init__(self) -> None:
        self.redis = Broker(REDIS, self.folder)
        self.s3 = FaultProxy(self.servers.minio)
        self.opensearch = FaultProxy(self.servers.opensearch)
        troubled = {"broker_url": self.redis.url, "objects_url": self.s3.url, "search_url": self.opensearch.url}
        bounds = {"workers": "2", "page_megabytes": "900", "page_seconds": "20"}
        settings = server_settings(self.servers, empty=True) | troubled | bounds
        self.service = RunningService(self.folder, overrides=settings)
        self.people = self.service.prepare()
        self._engine = create_engine(settings["database_url"], pool_pre_ping=True)

    def close(self) -> None:
        self.service.stop()
        self.redis.kill()
        self.s3.close()
        self.opensearch.close()
        self._engine.dispose()

    def query(self, sql: str, **values: Any) -> list[Any]:
        """Rows of the records; tried again while the database restarts."""
        deadline = time.monotonic() + 60
        while True:
            try:
                with self._engine.connect() as connection:
                    return list(connection.execute(text(sql), values).fetchall())
            except Exception:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def open_batch(self, code: str) -> None:
        self.service.open_batch(self.people, code)

    def begin_push(self, scans: Path, code: str, port: int | None = None) -> subprocess.Popen[bytes]:
        """A station that pushes in small pieces, to this API or to another one."""
        server = f"http://127.0.0.1:{port}" if port else self.service.url
        return self.service.begin(
            "station", "push", str(scans), "--batch", code, "--chunk-bytes", "30000", "--server", server,
            key=self.people.station_key,
        )  # fmt: skip

    def await_stage(self, code: str, stage: str) -> None:
        """Waits until the batch has come to this stage: bytes have arrived, or a job of it is at work or done."""
        if stage == LANDING:
            sql = (
                "SELECT 1 FROM incoming_files f JOIN batches b ON b.id = f.batch_id "
                "WHERE b.code = :code AND f.received_bytes > 0"
            )
        else:
            sql = (
                "SELECT 1 FROM jobs j JOIN batches b ON b.id = j.batch_id "
                "WHERE b.code = :code AND j.stage = :stage AND j.state IN ('leased', 'done')"
            )
        self._await(lambda: bool(self.query(sql, code=code, stage=stage)), f"{code} never came to {stage}", 0.02)

    def await_review(self, code: str, seconds: float = _DEADLINE) -> None:
        """Waits until the batch is in review and has nothing left to do."""
        left = (
            "SELECT j.stage, j.state, j.attempt, j.reason FROM jobs j JOIN batches b ON b.id = j.batch_id "
            "WHERE b.code = :code AND j.state NOT IN ('done', 'parked')"
        )
        state = "SELECT state FROM batches WHERE code = :code"

        def ended() -> bool:
            return self.query(state, code=code)[0][0] == "in_review" and not self.query(left, code=code)

        self._await(ended, f"{code} did not end", 0.2, seconds, lambda: str(self.query(left, code=code)))

    def await_reading(self) -> None:
        """Waits until every page that has arrived is read."""
        left = "SELECT stage, state, attempt, reason FROM jobs WHERE stage IN ('split', 'read') AND state <> 'done'"
        self._await(lambda: not self.query(left), "pages were not read", 0.5, tell=lambda: str(self.query(left)))

    def await_names(self, worker: int, tell: Callable[[], str]) -> set[str]:
        """Waits until processes of this worker say that they are alive; answers the names by which they take jobs.

        worker: its pid. tell: what it said, for when they never do.
        """
        alive: set[str] = set()

        def look() -> bool:
            mine = {f"{socket.gethostname()}:{pid}" for pid in children_of(worker)}
            alive.update(mine & {row[0] for row in self.query("SELECT name FROM workers")})
            return bool(alive)

        self._await(look, f"the worker {worker} does not say that it is alive", 0.5, 90, tell)
        return alive

    def _await(
        self,
        reached: Callable[[], bool],
        otherwise: str,
        pause: float,
        seconds: float = _DEADLINE,
        tell: Callable[[], str] = str,
    ) -> None:
        deadline = time.monotonic() + seconds
        while not reached():
            assert time.monotonic() < deadline, f"{otherwise} in {seconds:.0f} s: {tell()}"
            time.sleep(pause)

    def outcome(self, code: str) -> Outcome:
        pages = self.query(
            "SELECT f.name, p.number_in_file, r.text, p.failure FROM pages p JOIN batches b ON b.id = p.batch_id "
            "JOIN incoming_files f ON f.id = p.incoming_file_id LEFT JOIN page_readings r ON r.page_id = p.id "
            "WHERE b.code = :code",
            code=code,
        )
        documents = self.query(
            "SELECT d.state, count(*) FROM documents d JOIN batches b ON b.id = d.batch_id "
            "WHERE b.code = :code GROUP BY d.state",
            code=code,
        )
        texts = {(row[0], row[1]): row[2] if row[2] is not None else f"failed: {(row[3] or '')[:20]}" for row in pages}
        return Outcome(texts, {row[0]: row[1] for row in documents})

    def twice(self, code: str) -> list[Any]:
        """What was done more than once: files received, jobs of one stage and subject."""
        received = (
            "SELECT e.target FROM access_events e JOIN incoming_files f ON e.target = 'file:' || f.id "
            "JOIN batches b ON b.id = f.batch_id WHERE b.code = :code AND e.action = 'receive_file' "
            "GROUP BY e.target HAVING count(*) > 1"
        )
        jobs = (
            "SELECT j.stage, j.subject_id FROM jobs j JOIN batches b ON b.id = j.batch_id WHERE b.code = :code "
            "GROUP BY j.stage, j.subject_id, j.subject_revision HAVING count(*) > 1"
        )
        return self.query(received, code=code) + self.query(jobs, code=code)

    def find_worker_child(self) -> int:
        """A process that runs jobs: a child of the worker."""
        return children_of(self.service.pid_of("worker"))[0]

    @contextmanager
    def second_api(self) -> Iterator[int]:
        """Another replica of the API over the same parts; answers its port."""
        port = free_port()
        environment = {**self.service.environment, "SOHOA_PORT": str(port)}
        with (self.folder / "second-api.log").open("ab") as log:
            command = [sys.executable, "-m", "cli", "serve", "api"]
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        self._await(lambda: _answers(port), "the second API does not answer", 0.2, 60)
        try:
            yield port
        finally:
            process.terminate()
            process.wait(30)

    @contextmanager
    def worker_ahead(self, shift: str) -> Iterator[None]:
        """One more worker, whose clock is wrong by the shift; killed with its children at the end of the block."""
        worker = [sys.executable, "-m", "cli", "serve", "worker", "--queues", "read.cpu,light"]
        command = ["faketime", "-f", shift, *worker]
        with (self.folder / "worker-ahead.log").open("ab") as log:
            process = subprocess.Popen(
                command, env=self.service.environment, stdout=log, stderr=log, start_new_session=True
            )
        try:
            time.sleep(8.0)
            yield
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    @contextmanager
    def duplicates(self, code: str) -> Iterator[None]:
        """Every job of the batch is announced again and again for the length of the block."""
        ended = threading.Event()
        dispatcher = Dispatcher(self.service.settings)

        def announce() -> None:
            sql = "SELECT j.id, j.queue FROM jobs j JOIN batches b ON b.id = j.batch_id WHERE b.code = :code"
            while not ended.wait(0.3):
                for job_id, queue in self.query(sql, code=code):
                    dispatcher.announce(Nudge(job_id, Queue(queue)))

        thread = threading.Thread(target=announce, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def control_server(action: str, name: str) -> None:
    """stop-one, start-one or kill-one of a shared server."""
    subprocess.run([str(REPOSITORY / "scripts" / "servers.sh"), action, name], check=True, capture_output=True)


def pause_process(pid: int, seconds: float) -> None:
    """Stops a process for a while, as a machine that hangs does."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGSTOP)
        time.sleep(seconds)
        os.kill(pid, signal.SIGCONT)


STAGES: tuple[str, ...] = (LANDING, *(stage.value for stage in (Stage.SPLIT, Stage.READ, Stage.DESCRIBE, Stage.INDEX)))
