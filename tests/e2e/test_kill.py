"""kill -9 of any part of the service, or of all, at random moments: the next start finishes every batch rightly."""

from __future__ import annotations

import random
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.running import PARTS, RunningService
from tests.scans import write_scans

_DEADLINE = 150


@dataclass(frozen=True)
class Outcome:
    """What a finished batch came to: the text of each page by its image, and how often each was read."""

    texts: dict[str, str]
    readings: int
    pages: int
    states: dict[str, int]


@pytest.fixture(scope="module")
def scans(tmp_path_factory) -> Path:
    """Six documents of a page or two."""
    return write_scans(tmp_path_factory.mktemp("scans"))


@pytest.fixture
def service(tmp_path):
    made = RunningService(tmp_path)
    yield made
    made.stop()


def push(service, scans, key, batch="L1"):
    return service.run("station", "push", str(scans), "--batch", batch, key=key)


def query(service, sql):
    with sqlite3.connect(service.folder / "records.db", timeout=30) as connection:
        return connection.execute(sql).fetchall()


def await_review(service) -> None:
    deadline = time.monotonic() + _DEADLINE
    while time.monotonic() < deadline:
        if query(service, "SELECT state FROM batches") == [("in_review",)] and not query(
            service, "SELECT 1 FROM jobs WHERE state <> 'done'"
        ):
            return
        time.sleep(0.3)
    raise AssertionError(query(service, "SELECT stage, state, attempt, reason FROM jobs WHERE state <> 'done'"))


def outcome(service) -> Outcome:
    pages = query(service, "SELECT p.image_sha256, r.text FROM pages p JOIN page_readings r ON r.page_id = p.id")
    return Outcome(
        texts=dict(pages),
        readings=len(pages),
        pages=query(service, "SELECT COUNT(*) FROM pages")[0][0],
        states=dict(query(service, "SELECT state, COUNT(*) FROM documents GROUP BY state")),
    )


@pytest.fixture(scope="module")
def calm(scans, tmp_path_factory) -> Outcome:
    """The same batch on a day on which nothing dies."""
    service = RunningService(tmp_path_factory.mktemp("calm"))
    people = service.prepare()
    service.start()
    try:
        service.open_batch(people, "L1")
        pushed = push(service, scans, people.station_key)
        assert pushed.returncode == 0, pushed.stderr
        await_review(service)
    finally:
        assert service.stop() == 0
    return outcome(service)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_is_killed_the_batch_ends_as_on_a_calm_day(seed, scans, calm, service):
    rng = random.Random(seed)
    people = service.prepare()
    service.start()
    service.open_batch(people, "L1")
    victims = [*rng.sample(PARTS, 3), "up", "all"]
    pushing = service.begin(
        "station", "push", str(scans), "--batch", "L1", "--chunk-bytes", "9000", key=people.station_key
    )
    for victim in victims:
        time.sleep(rng.uniform(0.2, 2.5))
        service.kill(victim)
        if victim in ("up", "all"):
            service.start()
    assert pushing.wait(180) == 0
    await_review(service)
    found = outcome(service)
    assert found == calm
    assert found.readings == found.pages
    checked = service.run("check", "--deep")
    assert (checked.returncode, checked.stdout) == (0, "")


def test_a_station_gets_its_receipt_though_the_service_dies_under_it(scans, calm, service):
    people = service.prepare()
    service.start()
    service.open_batch(people, "L1")
    service.kill("api")
    pushed = push(service, scans, people.station_key)
    assert pushed.returncode == 0, pushed.stderr
    again = push(service, scans, people.station_key)
    assert again.returncode == 0
    await_review(service)
    assert outcome(service) == calm


def test_stopping_in_the_middle_is_clean(scans, calm, service):
    people = service.prepare()
    service.start()
    service.open_batch(people, "L1")
    assert push(service, scans, people.station_key).returncode == 0
    assert service.stop() == 0
    service.start()
    await_review(service)
    assert outcome(service) == calm
