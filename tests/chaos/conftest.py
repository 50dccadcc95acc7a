"""What a station delivers, again and again."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from synthesis.blocks import Looks
from synthesis.fonts import find_fonts
from synthesis.forms import make_document
from synthesis.writers import write_jpeg, write_pdf

_DPI = 110


@pytest.fixture(scope="session")
def scans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six documents of a page or two."""
    folder = tmp_path_factory.mktemp("scans") / "VP-TU" / "01" / "H1" / "HS01"
    folder.mkdir(parents=True)
    fonts = find_fonts()
    for number in range(1, 7):
        looks = Looks(number_by_pen=False, date_by_pen=False, table=False, length=1)
        document = make_document(Random(number), fonts, "state" if number % 2 else "party", "TB", looks, _DPI)
        if number % 3:
            write_jpeg(document.pages[0], folder / f"{number}.jpg")
        else:
            write_pdf(document.pages, folder / f"{number}.pdf")
    return folder.parents[3]
