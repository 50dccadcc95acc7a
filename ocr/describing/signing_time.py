"""When a document was signed electronically, as the signature's own print says it: evidence for a date by pen.

The office's clerk signs on the day that is written into the head, or within days of it; a copy may be signed years
later.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from core.recognition import Candidate, RecognizedPage
from core.text import fold
from ocr.describing.dates import iso_date

_SAID = re.compile(
    r"(?:thoi gian|ngay) ky(?: so)?\s*:?\s*(?P<day>\d\d)[./7-]{0,2}(?P<month>\d\d)[./7-]{0,2}(?P<year>20\d\d)"
)
"""In folded text. The print is small: marks between the numbers get lost, and a slash is read as a 7."""
_NEAR_DAYS = 10
_FAR = 0.01
"""How much less likely a day farther away is: one document in seven is taken for a copy that was signed later."""


def find_signing_days(page: RecognizedPage) -> tuple[date, ...]:
    """The days that signatures on the page give as their own."""
    text = fold(" ".join(word.text for line in page.lines for word in line.words))
    found = (iso_date(*map(int, said.group("day", "month", "year"))) for said in _SAID.finditer(text))
    return tuple(date.fromisoformat(iso) for iso in found if iso is not None)


def weigh_by_signing(candidates: Sequence[Candidate], days: Sequence[date]) -> tuple[Candidate, ...]:
    """Dates weighed by how near they lie to a day of signing, likeliest first; as they were where there is none.

    Bayes' rule: the ranker's probabilities times the weights, over their sum; what the ranker gave to dates that are
    not in the list counts as far.
    """
    if not days or not candidates:
        return tuple(candidates)
    weights = [1.0 if _is_near(one, days) else _FAR for one in candidates]
    rest = max(0.0, 1 - sum(one.confidence for one in candidates)) * _FAR
    total = rest + sum(one.confidence * weight for one, weight in zip(candidates, weights, strict=True))
    if total <= 0:
        return tuple(candidates)
    weighed = [
        replace(one, confidence=one.confidence * weight / total)
        for one, weight in zip(candidates, weights, strict=True)
    ]
    return tuple(sorted(weighed, key=lambda one: -one.confidence))


def _is_near(candidate: Candidate, days: Sequence[date]) -> bool:
    written = date.fromisoformat(candidate.value)
    return min(abs((written - day).days) for day in days) <= _NEAR_DAYS
