"""The search backends that this run of the tests has, each with an index that nothing else uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from indexing.backend import SearchBackend
from indexing.fts5 import Fts5Backend
from indexing.opensearch.backend import OpenSearchBackend
from indexing.opensearch.connection import Access, Connection
from tests.servers import Servers, find_servers, unique_name

BACKENDS = ("fts5", "opensearch") if find_servers() else ("fts5",)

Opener = Callable[[], SearchBackend]
"""Opens the same index once more, as another process does."""


def open_opensearch(servers: Servers, prefix: str) -> OpenSearchBackend:
    """A backend on indexes of this prefix, which drops an index at once when it is replaced."""
    return OpenSearchBackend(Access(servers.opensearch), prefix, shards=1, replicas=0, grace_seconds=0.0)


@contextmanager
def fresh_index(kind: str, folder: Path) -> Iterator[Opener]:
    """An index of this kind, deleted at the end."""
    servers = find_servers()
    if kind == "fts5" or servers is None:
        yield lambda: Fts5Backend(folder / "deep" / "search.db")
        return
    with fresh_prefix(servers) as prefix:
        yield lambda: open_opensearch(servers, prefix)


@contextmanager
def fresh_prefix(servers: Servers) -> Iterator[str]:
    """A prefix of indexes, which are deleted at the end."""
    prefix = unique_name()
    try:
        yield prefix
    finally:
        _delete_indexes(servers, prefix)


def _delete_indexes(servers: Servers, prefix: str) -> None:
    with closing(Connection(Access(servers.opensearch))) as connection:
        connection.request("DELETE", f"/{prefix}_v*", parameters={"expand_wildcards": "all"})
