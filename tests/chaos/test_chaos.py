"""Faults on the real servers, at every stage: each batch ends as on a calm day, with nothing lost and nothing twice.

The faults are seeded and bounded, one a batch, in one running service. A table is printed: fault, stage, outcome. Every
run has each fault at the stages where it hurts most; SOHOA_CHAOS=all has each at every stage.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from PIL import Image

from tests.chaos.office import LANDING, STAGES, Office, Outcome, control_server, pause_process
from tests.chaos.proxy import Trouble
from tests.servers import find_servers

_LEASE_SECONDS = 35
_MINUTE = 60
_codes = count(1)

pytestmark = [
    pytest.mark.skipif(find_servers() is None, reason="the real servers are not started: make test-servers"),
    pytest.mark.timeout(600),
]


@dataclass(frozen=True)
class Fault:
    """What is done once the batch has come to the stage."""

    name: str
    stage: str
    do: Callable[[Office, str], None]

    @property
    def title(self) -> str:
        return f"{self.name}, {self.stage}"


def kill(part: str) -> Callable[[Office, str], None]:
    return lambda office, _code: office.service.kill(part)


def restart_broker(office: Office, _code: str) -> None:
    office.redis.kill()
    time.sleep(1.0)
    office.redis.start()


def flush_broker(office: Office, _code: str) -> None:
    office.redis.flush()


def trouble_objects(kind: Trouble, seconds: float) -> Callable[[Office, str], None]:
    def do(office: Office, _code: str) -> None:
        with office.s3.trouble(kind):
            time.sleep(seconds)

    return do


def stop_search(office: Office, _code: str) -> None:
    with office.opensearch.trouble(Trouble.REFUSE):
        time.sleep(_MINUTE)


def restart_database(action: str) -> Callable[[Office, str], None]:
    def do(_office: Office, _code: str) -> None:
        control_server(action, "postgres")
        time.sleep(1.0)
        control_server("start-one", "postgres")

    return do


def hang_worker(office: Office, _code: str) -> None:
    """A worker stands still for longer than its lease, and then goes on as if nothing had been."""
    pause_process(office.find_worker_child(), _LEASE_SECONDS)


def deliver_twice(office: Office, code: str) -> None:
    with office.duplicates(code):
        office.await_review(code)


def at(stages: str, every: tuple[str, ...] = STAGES) -> list[str]:
    """The stages of every run by their names, or all where SOHOA_CHAOS=all asks for them."""
    return list(every) if os.environ.get("SOHOA_CHAOS") == "all" else stages.split()


FAULTS = [
    *(Fault("kill -9 worker", stage, kill("worker")) for stage in STAGES),
    *(Fault("kill -9 api", stage, kill("api")) for stage in at("landing read")),
    *(Fault("kill -9 beat", stage, kill("beat")) for stage in at("read")),
    *(Fault("kill -9 broker", stage, restart_broker) for stage in at("split index")),
    *(Fault("broker flushed", stage, flush_broker) for stage in at("read", STAGES[1:])),
    *(Fault("S3 answers 503", stage, trouble_objects(Trouble.BUSY, 6)) for stage in at("landing read", STAGES[:4])),
    *(Fault("S3 cuts connections", stage, trouble_objects(Trouble.CUT, 6)) for stage in at("landing", STAGES[:4])),
    Fault("OpenSearch down for a minute", "describe", stop_search),
    Fault("PostgreSQL restarted", LANDING, restart_database("stop-one")),
    Fault("PostgreSQL restarted", "read", restart_database("stop-one")),
    Fault("kill -9 PostgreSQL", "read", restart_database("kill-one")),
    Fault("a worker hangs beyond its lease", "read", hang_worker),
    Fault("every message again and again, two workers", "split", deliver_twice),
]


@pytest.fixture(scope="module")
def calm(office: Office, scans: Path) -> Outcome:
    """What a batch comes to when nothing happens."""
    office.open_batch("CALM")
    assert office.begin_push(scans, "CALM").wait(120) == 0
    office.await_review("CALM")
    return office.outcome("CALM")


@pytest.fixture(scope="module")
def table(request: pytest.FixtureRequest) -> Iterator[list[tuple[str, str, str]]]:
    """What became of each fault, printed at the end."""
    rows: list[tuple[str, str, str]] = []
    yield rows
    capture = request.config.pluginmanager.get_plugin("capturemanager")
    reporter = request.config.pluginmanager.get_plugin("terminalreporter")
    assert capture is not None and reporter is not None
    with capture.global_and_fixture_disabled():
        reporter.write_line("")
        for row in [("fault", "stage", "outcome"), *rows]:
            reporter.write_line(f"{row[0]:46} {row[1]:10} {row[2]}")


@pytest.fixture(scope="module")
def poison(office: Office, calm: Outcome, scans: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A batch with a page that kills whoever reads it, under way while all else happens; answers that page's id."""
    folder = tmp_path_factory.mktemp("poison")
    shutil.copytree(scans, folder, dirs_exist_ok=True)
    place = next(folder.rglob("1.jpg")).parent
    Image.new("1", (11_500, 11_500), 1).save(place / "9.png", dpi=(600, 600))
    office.open_batch("POISON")
    assert office.begin_push(folder, "POISON").wait(120) == 0
    find = "SELECT p.id FROM pages p JOIN incoming_files f ON f.id = p.incoming_file_id WHERE f.name LIKE '%9.png'"
    return str(office.query(find)[0][0])


def require_sound(office: Office, code: str, calm: Outcome, poison: str) -> None:
    """The batch is what it is on a calm day; nothing was done twice; the check finds nothing but the killing page."""
    assert office.outcome(code) == calm
    assert office.twice(code) == []
    checked = office.service.run("check")
    assert [line for line in checked.stdout.splitlines() if poison not in line] == [], checked.stderr


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.title)
def test_after_a_fault_the_batch_is_as_on_a_calm_day(
    fault: Fault, office: Office, scans: Path, calm: Outcome, poison: str, table: list[tuple[str, str, str]]
) -> None:
    code = f"F{next(_codes)}"
    office.open_batch(code)
    started = time.monotonic()
    pushing = office.begin_push(scans, code)
    office.await_stage(code, fault.stage)
    fault.do(office, code)
    assert pushing.wait(240) == 0
    office.await_review(code)
    took = time.monotonic() - started
    table.append((fault.name, fault.stage, "NOT as on a calm day"))
    require_sound(office, code, calm, poison)
    table[-1] = (fault.name, fault.stage, f"as on a calm day, {took:.0f} s")


def test_two_replicas_take_one_upload(office: Office, scans: Path, calm: Outcome, poison: str) -> None:
    code = f"F{next(_codes)}"
    office.open_batch(code)
    with office.second_api() as port:
        pushing = [office.begin_push(scans, code), office.begin_push(scans, code, port)]
        ends = sorted(one.wait(240) for one in pushing)
    # One of two senders may find the batch sealed by the other and say so; none may lose or double a file.
    assert ends[0] == 0
    office.await_review(code)
    require_sound(office, code, calm, poison)


def test_a_worker_whose_clock_is_two_hours_ahead_dies_and_holds_nothing(
    office: Office, scans: Path, calm: Outcome, poison: str
) -> None:
    if shutil.which("faketime") is None:
        pytest.skip("faketime is not installed")
    code = f"F{next(_codes)}"
    office.open_batch(code)
    with office.worker_ahead("+2h"):
        pushing = office.begin_push(scans, code)
        office.await_stage(code, "read")
        time.sleep(2.0)
    assert pushing.wait(240) == 0
    office.await_review(code, seconds=150)
    require_sound(office, code, calm, poison)


def test_a_page_that_kills_its_reader_fails_alone(office: Office, calm: Outcome, poison: str) -> None:
    office.await_review("POISON", seconds=560)
    found = office.outcome("POISON").pages
    (killing,) = [key for key in found if key[0].endswith("9.png")]
    assert found.pop(killing).startswith("failed: ")
    assert found == calm.pages
    assert office.query("SELECT state, attempt FROM jobs WHERE subject_id = :page", page=poison) == [("parked", 5)]


def test_in_the_end_every_hash_is_right(office: Office, calm: Outcome, poison: str) -> None:
    checked = office.service.run("check", "--deep")
    assert [line for line in checked.stdout.splitlines() if poison not in line] == []
