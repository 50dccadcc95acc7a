"""S3 servers that fail for a while or for long, that start empty, that were set up wrongly."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from core.errors import SettingsError, StoreUnavailable
from storage.objects import Area
from storage.s3 import S3Store
from storage.s3_client import connect
from tests.contract.faulty_proxy import Proxy
from tests.contract.samples import DATA, SHA, SOON, big
from tests.contract.stores import PLAIN_SERVERS, Bucketful, address_of
from tests.servers import find_servers, unique_name


@pytest.fixture(params=PLAIN_SERVERS)
def faulty(request: pytest.FixtureRequest) -> Iterator[tuple[S3Store, Proxy]]:
    """A store whose server can be told to fail."""
    servers, prefix = find_servers(), unique_name()
    proxy = Proxy(getattr(servers, request.param))
    proxy.start()
    store = S3Store(address_of(request.param, proxy.url), prefix)
    store.prepare()
    yield store, proxy
    store.close()
    proxy.stop()
    buckets = Bucketful(connect(address_of(request.param)), prefix)
    buckets.remove()
    buckets.client._http.clear()


@pytest.mark.parametrize("fault", ["503", "cut", "lose answer"])
def test_a_fault_that_passes_is_not_noticed(faulty: tuple[S3Store, Proxy], fault: str) -> None:
    store, proxy = faulty
    data = b"".join(big(20))
    for place in range(6):  # at each request of a put in several parts
        name = hashlib.sha256(data + bytes((place,))).hexdigest()
        proxy.faults.extend([*[""] * place, fault, fault])
        store.keep(Area.ORIGINALS, name, (data, bytes((place,))))
        proxy.faults.clear()
        store.verify(Area.ORIGINALS, name)
    proxy.faults.extend([fault, fault])
    small = store.put_bytes(Area.PAGES, DATA)
    proxy.faults.extend([fault, fault])
    assert store.read(Area.PAGES, small) == DATA


def test_a_connection_that_is_cut_while_reading_is_taken_up_again(faulty: tuple[S3Store, Proxy]) -> None:
    store, proxy = faulty
    data = b"".join(big(5))
    name = store.put_bytes(Area.ORIGINALS, data)
    proxy.requests.clear()
    proxy.faults.extend(["cut body", "cut body", "503"])
    assert store.read(Area.ORIGINALS, name) == data
    assert proxy.requests == ["GET cut body", "GET cut body", "GET 503", "GET"]
    proxy.faults.extend(["cut body"])
    with store.open(Area.ORIGINALS, name, 1_000_000, 3_000_000) as stream:
        assert stream.read() == data[1_000_000:4_000_000]


@pytest.mark.parametrize("fault", ["503", "cut"])
def test_a_server_that_stays_away_is_named_in_bounded_time(faulty: tuple[S3Store, Proxy], fault: str) -> None:
    store, proxy = faulty
    store.put_bytes(Area.ORIGINALS, DATA)
    proxy.always, before = fault, time.monotonic()
    with pytest.raises(StoreUnavailable):
        store.put_bytes(Area.ORIGINALS, b"more")
    with pytest.raises(StoreUnavailable):
        store.read(Area.ORIGINALS, SHA)
    with pytest.raises(StoreUnavailable):
        list(store.list_hashes(Area.ORIGINALS))
    with pytest.raises(StoreUnavailable):
        store.lock(SHA, datetime.now(UTC) + SOON)
    with pytest.raises(StoreUnavailable):
        store.delete(Area.ORIGINALS, SHA)
    assert time.monotonic() - before < 60
    proxy.always = ""
    proxy.faults = deque()
    assert list(store.list_hashes(Area.ORIGINALS)) == [SHA]


@pytest.mark.parametrize("server", PLAIN_SERVERS)
def test_buckets_are_made_once_however_many_start_at_once(server: str) -> None:
    prefix = unique_name()
    stores = [S3Store(address_of(server), prefix) for _ in range(4)]
    threads = [threading.Thread(target=store.prepare) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    buckets = Bucketful(connect(address_of(server)), prefix)
    try:
        made = sorted(one.name for one in buckets.client.list_buckets() if one.name.startswith(prefix))
        assert made == [f"{prefix}-originals", f"{prefix}-pages"]
        assert buckets.client.get_bucket_versioning(f"{prefix}-originals").status == "Enabled"
    finally:
        for store in stores:
            store.close()
        buckets.remove()
        buckets.client._http.clear()


@pytest.mark.parametrize("server", PLAIN_SERVERS)
def test_a_bucket_without_object_lock_is_refused(server: str) -> None:
    buckets = Bucketful(connect(address_of(server)), unique_name())
    buckets.client.make_bucket(f"{buckets.prefix}-originals")
    store = S3Store(address_of(server), buckets.prefix)
    try:
        with pytest.raises(SettingsError, match="without object lock"):
            store.prepare()
        with pytest.raises(SettingsError):
            store.put_bytes(Area.ORIGINALS, DATA)
    finally:
        store.close()
        buckets.remove()
        buckets.client._http.clear()


@pytest.mark.parametrize("server", PLAIN_SERVERS)
def test_a_wrong_key_is_a_matter_of_settings(server: str) -> None:
    right = address_of(server)
    store = S3Store(type(right)(right.url, right.access_key, "wrong-secret", right.region), unique_name())
    with pytest.raises(SettingsError):
        store.prepare()
    store.close()
