"""What the chaos tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scans import write_scans


@pytest.fixture(scope="session")
def scans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six documents of a page or two."""
    return write_scans(tmp_path_factory.mktemp("scans"))
