"""Real worker processes: they join by starting, and finish what they hold, or give it back, when told to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import select

from cli.processes import broker_command
from core.settings import Settings
from core.stages import Queue, Stage
from core.states import JobState
from flow.dispatch import Dispatcher
from storage.database import Records
from storage.jobs import enqueue
from storage.migrate import upgrade_database
from storage.tables import Job, Worker, now
from tests.running import free_port

DEADLINE = 90


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


@dataclass
class Site:
    """Records, a broker, and worker processes whose one stage waits for a file."""

    folder: Path
    settings: Settings
    records: Records
    dispatcher: Dispatcher
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def begun(self) -> Path:
        return self.folder / "begun"

    @property
    def go(self) -> Path:
        return self.folder / "go"

    def start_worker(self, queues: str = "light") -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "SOHOA_DATA_DIR": str(self.folder),
            "SOHOA_BROKER_PORT": str(self.settings.broker_port),
            "SOHOA_TEST_BEGUN": str(self.begun),
            "SOHOA_TEST_GO": str(self.go),
        }
        command = [sys.executable, "-m", "celery", "-A", "tests.slow_worker", "worker", "-Q", queues, "-c", "1"]
        command += ["--without-gossip", "--without-mingle", "-n", f"w{len(self.processes)}@here"]
        with (self.folder / "worker.log").open("ab") as log:
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def workers(self) -> list[str]:
        with self.records.reading() as session:
            return list(session.scalars(select(Worker.queues)))

    def job(self, job_id: str) -> Job:
        with self.records.reading() as session:
            return session.get_one(Job, job_id)

    def begin_job(self, batch: str) -> str:
        with self.records.writing() as session:
            job_id = enqueue(session, Stage.DESCRIBE, "d1", batch).id
        until(self.begun.exists, (self.folder / "worker.log").read_text())
        return job_id


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    settings = Settings(data_dir=tmp_path, broker_port=free_port())
    upgrade_database(settings.records_url)
    with (tmp_path / "broker.log").open("wb") as log:
        broker = subprocess.Popen(broker_command(settings), stdout=log, stderr=log)
    dispatcher = Dispatcher(settings)
    made = Site(tmp_path, settings, Records(settings.records_url, dispatcher.announce), dispatcher)
    with suppress(ConnectionError):
        until(lambda: _answers(dispatcher), "the broker did not start")
    yield made
    for process in [*made.processes, broker]:
        if process.poll() is None:
            process.kill()
        process.wait(20)
    made.records.close()


def _answers(dispatcher: Dispatcher) -> bool:
    try:
        dispatcher.count_waiting(Queue.LIGHT)
    except ConnectionError:
        return False
    return True


@pytest.fixture
def records(site: Site) -> Records:
    return site.records


def test_a_worker_joins_by_starting_and_leaves_by_stopping(site: Site) -> None:
    worker = site.start_worker("light,read.gpu")
    until(lambda: bool(site.workers()), "no worker appeared")
    assert [set(queues.split(",")) for queues in site.workers()] == [{"light", "read.gpu"}]
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(60) == 0
    assert site.workers() == []


def test_told_to_stop_it_finishes_what_it_holds_and_takes_nothing_more(site: Site, batch: str) -> None:
    worker = site.start_worker()
    job_id = site.begin_job(batch)
    worker.send_signal(signal.SIGTERM)
    time.sleep(1)
    assert worker.poll() is None
    with site.records.writing() as session:
        later = enqueue(session, Stage.DESCRIBE, "d2", batch).id
    site.go.touch()
    assert worker.wait(60) == 0
    assert (site.job(job_id).state, site.job(job_id).attempt) == (JobState.DONE, 1)
    assert site.job(later).state is JobState.READY
    site.start_worker()
    until(lambda: site.job(later).state is JobState.DONE, "the next worker did not take what was left")


def test_told_twice_it_stops_at_once_and_another_takes_over_before_the_lease_is_over(site: Site, batch: str) -> None:
    worker = site.start_worker()
    job_id = site.begin_job(batch)
    held = site.job(job_id)
    worker.send_signal(signal.SIGQUIT)
    worker.wait(60)
    given_back = site.job(job_id)
    assert given_back.lease_until is not None
    assert given_back.lease_until < now() < (held.lease_until or now())
    assert (given_back.attempt, given_back.state) == (0, JobState.LEASED)
    assert site.workers() == []
