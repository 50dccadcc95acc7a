"""What the contract suites share: the same tests for every backend of a part.

Backends that need a server are in the list only where this run of the tests has servers.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.database import Nudge, Records, keep_silent
from storage.objects import ObjectStore
from storage.tables import Batch, CatalogueEntry, Unit, User
from tests.contract.landings import Yard, open_yard
from tests.contract.stores import KINDS, Shelf, open_shelf
from tests.factories import make_sqlite_records
from tests.servers import find_servers, make_database


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


@pytest.fixture(scope="session")
def make_batch():
    """Makes a batch with its unit, catalogue entry and owner; answers its id."""

    def make(records):
        with records.writing() as session:
            unit = Unit(code="VPTU", name="Văn phòng Tỉnh ủy", level="province")
            user = User(username="a", full_name="A", password_hash="-")
            session.add_all([unit, user])
            session.flush()
            entry = CatalogueEntry(code="DM1", title="Danh mục", unit_id=unit.id, dictionary_version="1")
            session.add(entry)
            session.flush()
            made = Batch(
                code="B1",
                title="Lô",
                catalogue_entry_id=entry.id,
                unit_id=unit.id,
                secrecy=0,
                dictionary_version="1",
                opened_by=user.id,
            )
            session.add(made)
            session.flush()
            return made.id

    return make


@pytest.fixture
def batch(records, make_batch):
    """The id of a batch, for rows that belong to one."""
    return make_batch(records)


collect_ignore = (
    [] if find_servers() else ["test_opensearch_server.py", "test_objects_on_servers.py", "test_landing_on_servers.py"]
)


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
