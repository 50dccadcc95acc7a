"""When a document was signed electronically, as the signature's own print says it: evidence for a date by pen.

The office's clerk signs on the day that is written into the head, or within days of it; a copy may be signed years
later.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from core.text import fold
from ocr.describing.dates import iso_date

_SAID = re.compile(
    r"(?:thoi gian|ngay) ky(?: so)?\s*:?\s*(?P<day>\d\d)[./7-]{0,2}(?P<month>\d\d)[./7-]{0,2}(?P<year>20\d\d)"
)
"""In folded text. The print is small: marks between the numbers get lost, and a slash is read as a 7."""
_WEIGHTS = ((0, 1, 1.0), (2, 4, 0.3), (5, 10, 0.1), (-3, -1, 0.05))
"""First and last day of signing after the paper's date, and how likely such a day is beside the likeliest one: on
signed papers of several offices the first signature came 0 days after the date (12), 1 (10), 3, 4 and 65."""
FAR = 0.01
"""How likely any other day is: a copy may be signed years later."""


def find_signing_days(text: str) -> tuple[date, ...]:
    """The days that signatures on a page give as their own. text: the page's."""
    words = " ".join(fold(text).split())
    found = (iso_date(*map(int, said.group("day", "month", "year"))) for said in _SAID.finditer(words))
    return tuple(date.fromisoformat(iso) for iso in found if iso is not None)


def weigh_day(written: date, signed: Sequence[date]) -> float:
    """How likely a date is beside the likeliest ones, by the days of signing; 1 where there is none."""
    if not signed:
        return 1.0
    later = [(day - written).days for day in signed]
    return max((weight for first, last, weight in _WEIGHTS if any(first <= one <= last for one in later)), default=FAR)
