"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers import drop_databases, find_servers


@pytest.fixture(scope="session", autouse=True)
def _leave_no_databases() -> Iterator[None]:
    yield
    if servers := find_servers():
        drop_databases(servers)
