"""Uploads to an S3 server that fails on the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import StoreUnavailable
from core.states import FileState
from tests.contract.faulty_proxy import Proxy
from tests.contract.landings import (
    CHUNK,
    LARGE,
    Yard,
    assert_received_but_for_strays,
    open_yard,
)
from tests.contract.stores import PLAIN_SERVERS
from tests.servers import find_servers


@pytest.fixture(params=PLAIN_SERVERS)
def server_yard(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Yard, Proxy]]:
    proxy = Proxy(getattr(find_servers(), request.param))
    proxy.start()
    with open_yard(request.param, tmp_path) as made:
        yield made, proxy
    proxy.stop()


@pytest.mark.parametrize("fault", ["503", "cut", "lose answer"])
def test_faults_of_the_server_that_pass_are_not_noticed(server_yard: tuple[Yard, Proxy], fault: str) -> None:
    yard, proxy = server_yard
    file = yard.announce({"a.png": LARGE})["a.png"]
    service = yard.replica(proxy.url)
    for offset in range(0, len(LARGE), CHUNK):
        for place in range(0, 12, 3):
            proxy.faults.extend([*[""] * place, fault])
        yard.send(service, file.id, offset, LARGE[offset : offset + CHUNK])
        proxy.faults.clear()
    assert_received_but_for_strays(yard, file.id)


def test_a_server_that_is_away_costs_the_piece_and_no_more(server_yard: tuple[Yard, Proxy]) -> None:
    yard, proxy = server_yard
    file = yard.announce({"a.png": LARGE})["a.png"]
    service = yard.replica(proxy.url)
    for offset in range(0, len(LARGE), CHUNK):
        proxy.always = "503"
        with pytest.raises(StoreUnavailable):
            yard.send(service, file.id, offset, LARGE[offset : offset + CHUNK])
        proxy.always = ""
        assert yard.row(file.id).received_bytes == offset
        yard.send(service, file.id, offset, LARGE[offset : offset + CHUNK])
    assert_received_but_for_strays(yard, file.id)


def test_a_server_that_fails_while_the_file_is_judged_is_asked_again(server_yard: tuple[Yard, Proxy]) -> None:
    yard, proxy = server_yard
    file = yard.announce({"a.png": LARGE})["a.png"]
    service = yard.replica(proxy.url)
    last = len(LARGE) - len(LARGE) % CHUNK
    for offset in range(0, last, CHUNK):
        yard.send(service, file.id, offset, LARGE[offset : offset + CHUNK])
    for working in range(30):  # one more request than before gets through
        proxy.faults.extend([""] * working)
        proxy.always = "503"
        come = yard.row(file.id).received_bytes
        try:
            answer = yard.send(service, file.id, come, LARGE[come:])
        except StoreUnavailable:
            proxy.faults.clear()
            continue
        assert answer.state is FileState.RECEIVED
        break
    proxy.always = ""
    proxy.faults.clear()
    assert working > 4
    assert_received_but_for_strays(yard, file.id)
