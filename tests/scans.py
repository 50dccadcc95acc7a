"""What a station delivers again and again: a folder of scans as its people lay them out."""

from __future__ import annotations

from pathlib import Path
from random import Random

from synthesis.blocks import Looks
from synthesis.fonts import find_fonts
from synthesis.forms import make_document
from synthesis.writers import write_jpeg, write_pdf

_DPI = 110


def write_scans(root: Path) -> Path:
    """Six documents of a page or two of one archival file, under this folder; answers the folder."""
    folder = root / "VP-TU" / "01" / "H1" / "HS01"
    folder.mkdir(parents=True)
    fonts = find_fonts()
    for number in range(1, 7):
        looks = Looks(number_by_pen=False, date_by_pen=False, table=False, length=1)
        document = make_document(Random(number), fonts, "state" if number % 2 else "party", "TB", looks, _DPI)
        if number % 3:
            write_jpeg(document.pages[0], folder / f"{number}.jpg")
        else:
            write_pdf(document.pages, folder / f"{number}.pdf")
    return root
