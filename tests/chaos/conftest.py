"""What the chaos tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.office import Office
from tests.scans import write_scans
from tests.servers import find_servers


@pytest.fixture(scope="session")
def scans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six documents of a page or two."""
    return write_scans(tmp_path_factory.mktemp("scans"))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The running service on the real servers, without which its tests are skipped."""
    servers = find_servers()
    assert servers is not None
    made = Office(servers, tmp_path_factory.mktemp("office"))
    made.service.start()
    yield made
    made.close()
