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

BACKENDS = ("fts5", "opensearch", "secured") if find_servers() else ("fts5",)
"""`secured`: OpenSearch with its security plugin, TLS and a password, of an older version, and three shards."""

Opener = Callable[[], SearchBackend]
"""Opens the same index once more, as another process does."""


def open_opensearch(servers: Servers, prefix: str) -> OpenSearchBackend:
    """A backend on indexes of this prefix, which drops an index at once when it is replaced."""
    return OpenSearchBackend(Access(servers.opensearch), prefix, shards=1, replicas=0, grace_seconds=0.0)


def secured_access(servers: Servers) -> Access:
    """The way into the secured OpenSearch as the service's user."""
    password = Path(servers.secured_password_file).read_text("ascii")
    return Access(servers.secured_opensearch, "sohoa", password, servers.secured_authority)


@contextmanager
def fresh_index(kind: str, folder: Path) -> Iterator[Opener]:
    """An index of this kind, deleted at the end."""
    servers = find_servers()
    if kind == "fts5" or servers is None:
        yield lambda: Fts5Backend(folder / "deep" / "search.db")
    elif kind == "secured":
        access = secured_access(servers)
        # The service's user has no right to indexes of other names.
        with _deleted_indexes(access, f"sohoa-{unique_name()}") as prefix:
            yield lambda: OpenSearchBackend(access, prefix, shards=3, replicas=0, grace_seconds=0.0)
    else:
        with fresh_prefix(servers) as prefix:
            yield lambda: open_opensearch(servers, prefix)


@contextmanager
def fresh_prefix(servers: Servers) -> Iterator[str]:
    """A prefix of indexes, which are deleted at the end."""
    with _deleted_indexes(Access(servers.opensearch), unique_name()) as prefix:
        yield prefix


@contextmanager
def _deleted_indexes(access: Access, prefix: str) -> Iterator[str]:
    try:
        yield prefix
    finally:
        with closing(Connection(access)) as connection:
            connection.request("DELETE", f"/{prefix}_v*", parameters={"expand_wildcards": "all"})
