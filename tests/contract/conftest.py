"""What the contract suites share: the same tests for every backend of a part.

Backends that need a server are in the list only where this run of the tests has servers.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.database import Nudge, Records, keep_silent
from storage.objects import ObjectStore
from tests.contract.landings import Yard, open_yard
from tests.contract.stores import KINDS, Shelf, open_shelf
from tests.factories import make_sqlite_records
from tests.servers import find_servers, make_database

_ON_SERVERS = [
    "test_opensearch_server.py",
    "test_objects_on_servers.py",
    "test_landing_on_servers.py",
    "test_search_secured.py",
]
collect_ignore = [] if find_servers() else _ON_SERVERS


@pytest.fixture(scope="session", params=["sqlite", "postgresql"] if find_servers() else ["sqlite"])
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database."""
    return request.param


@pytest.fixture(scope="session")
def new_records(database: str) -> Callable[[Path, Callable[[Nudge], None]], Records]:
    """Makes empty records in a database of this kind; a folder serves SQLite."""

    def make(folder: Path, announce: Callable[[Nudge], None] = keep_silent) -> Records:
        if database == "sqlite":
            return make_sqlite_records(folder, announce)
        return Records(make_database(find_servers()), announce)

    return make


@pytest.fixture(params=KINDS)
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shelf]:
    """A store of each kind, seen past our own code too."""
    with open_shelf(request.param, tmp_path) as made:
        yield made


@pytest.fixture
def store(shelf: Shelf) -> ObjectStore:
    """The store alone."""
    return shelf.store


@pytest.fixture(params=KINDS)
def yard(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Yard]:
    """A landing of each kind, with a batch to send files for."""
    with open_yard(request.param, tmp_path) as made:
        yield made
