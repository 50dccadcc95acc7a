"""What only OpenSearch has: indexes that come and go, other versions of them, files that a merge empties.

Left out of a run without servers, see conftest.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from core.errors import SearchRefused, SearchUnavailable
from indexing.opensearch.backend import OpenSearchBackend
from indexing.opensearch.bulk import make_write, send
from indexing.opensearch.connection import Access, Connection, NotThere
from indexing.opensearch.indexes import Indexes
from indexing.opensearch.mapping import SCHEMA_VERSION
from tests.search_backends import fresh_prefix, open_opensearch
from tests.search_records import find, make_record
from tests.servers import find_servers

SERVERS = find_servers()
assert SERVERS is not None


@pytest.fixture
def prefix() -> Iterator[str]:
    with fresh_prefix(SERVERS) as name:
        yield name


@pytest.fixture
def connection() -> Iterator[Connection]:
    with closing(Connection(Access(SERVERS.opensearch))) as made:
        yield made


@pytest.fixture
def indexes(connection: Connection, prefix: str) -> Indexes:
    return Indexes(connection, prefix, shards=1, replicas=0)


@pytest.fixture
def backend(prefix: str) -> Iterator[OpenSearchBackend]:
    with closing(open_opensearch(SERVERS, prefix)) as made:
        yield made


def test_many_write_first_and_one_index_comes_of_it(prefix: str, indexes: Indexes, backend: OpenSearchBackend) -> None:
    start = threading.Barrier(6)

    def write(number: int) -> None:
        with closing(open_opensearch(SERVERS, prefix)) as own:
            start.wait()
            own.write([make_record(f"d{number}", "đất")])

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [index.current for index in indexes.list_all()] == [True]
    assert [name for name, _ in backend.revisions()] == [f"d{number}" for number in range(6)]


def test_a_late_write_to_a_dropped_index_does_not_bring_it_back(connection: Connection, indexes: Indexes) -> None:
    (index,) = indexes.list_written()
    indexes.drop(index)
    with pytest.raises(NotThere):
        send(connection, index.writable, [make_write("a", 2, {"document_id": "a"})], refresh=False)
    assert indexes.list_all() == []


def test_an_index_of_another_version_is_neither_searched_nor_written_until_the_rebuild(
    connection: Connection, indexes: Indexes, backend: OpenSearchBackend, prefix: str
) -> None:
    other = f"{prefix}_v999_first"
    connection.request("PUT", f"/{other}", {"aliases": {f"{prefix}_current_v999": {}}})
    for use in (lambda: find(backend, "đất"), lambda: backend.write([make_record("a", "đất")])):
        with pytest.raises(SearchUnavailable, match="sohoa reindex --rebuild"):
            use()
    with backend.rebuild() as fresh:
        fresh.write([make_record("a", "đất")])
        backend.write([make_record("b", "đất")])
    assert find(backend, "đất") == ["a", "b"]
    assert [index.version for index in indexes.list_all()] == [SCHEMA_VERSION]


def test_nothing_is_written_while_another_version_fills_its_index(
    connection: Connection, backend: OpenSearchBackend, prefix: str
) -> None:
    backend.write([make_record("a", "đất")])
    other = f"{prefix}_v999_coming"
    connection.request("PUT", f"/{other}", {"aliases": {f"{prefix}_next": {}}})
    for use in (lambda: backend.write([make_record("b", "đất")]), lambda: backend.remove("a", 2)):
        with pytest.raises(SearchUnavailable, match="version before"):
            use()
    backend.refresh()
    assert find(backend, "đất") == ["a"]


def test_what_a_killed_rebuild_left_is_dropped_by_the_next(indexes: Indexes, backend: OpenSearchBackend) -> None:
    backend.write([make_record("a", "đất")])
    left = indexes.make_next()
    backend.write([make_record("b", "đất")])
    with pytest.raises(SearchUnavailable, match="another rebuild"), backend.rebuild() as overtaken:
        with backend.rebuild() as fresh:
            fresh.write([make_record("c", "đất")])
        overtaken.write([make_record("d", "đất")])
    assert find(backend, "đất") == ["c"]
    assert [(index.current, index.name == left.name) for index in indexes.list_all()] == [(True, False)]


def test_documents_that_opensearch_refuses_are_named_and_the_others_are_taken(
    connection: Connection, indexes: Indexes, backend: OpenSearchBackend
) -> None:
    (index,) = indexes.list_written()
    good = {"document_id": "good", "revision": 1, "gone": True}
    bad = {**good, "document_id": "bad", "revision": "kín"}
    writes = [make_write("bad", 3, bad), make_write("good", 3, good)]
    with pytest.raises(SearchRefused, match=r"1 documents \(bad\): 400 mapper_parsing_exception") as refused:
        send(connection, index.writable, writes, refresh=True)
    assert "kín" not in str(refused.value)
    assert backend.standing("good") is not None
    assert backend.standing("bad") is None


def test_compacting_takes_removed_documents_out_of_the_segments(
    connection: Connection, indexes: Indexes, backend: OpenSearchBackend
) -> None:
    backend.write([make_record(name, "bí mật") for name in ("a", "b", "c")])
    backend.refresh()
    backend.remove("a", 2)
    (index,) = indexes.list_all()

    def documents() -> tuple[int, int]:
        stats = connection.request("GET", f"/{index.name}/_stats/docs")["indices"][index.name]["primaries"]["docs"]
        return stats["count"], stats["deleted"]

    assert documents()[1] > 0
    backend.compact()
    # A document is itself, its content and its page; of the removed one its revision stays.
    assert documents() == (3 + 3 + 1, 0)
    assert find(backend, "bí mật") == ["b", "c"]
