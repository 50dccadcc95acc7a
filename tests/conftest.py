"""What all tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from storage.tables import Batch, CatalogueEntry, Unit, User
from tests.servers import drop_databases, find_servers


@pytest.fixture(scope="session", autouse=True)
def _leave_no_databases() -> Iterator[None]:
    yield
    servers = find_servers()
    # A run of CI throws the whole server away; dropping hundreds of databases takes it a minute.
    if servers and not os.environ.get("CI"):
        drop_databases(servers)


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
