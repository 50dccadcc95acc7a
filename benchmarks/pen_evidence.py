"""What an office knows of a generated document beside its page: drawn with the slips that real evidence has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Literal

from core.known_facts import KnownFacts, Neighbour, RegisterRow
from flow.known_facts import VIETNAMESE_TIME
from ingest.checks.inspect import PDF
from ingest.signing_times import find_signing_times
from synthesis.texts import make_abstract

Evidence = Literal["page", "signature", "neighbours", "register", "all"]
EVIDENCE: Mapping[Evidence, tuple[str, ...]] = MappingProxyType(
    {
        "page": (),
        "signature": ("signature",),
        "neighbours": ("neighbours",),
        "register": ("register",),
        "all": ("signature", "neighbours", "register"),
    }
)
_DELAYS = (0,) * 12 + (1,) * 10 + (3, 4, 65)
"""Days from the paper's date to its signature, as they were found on real papers."""
_ROWS = 12
_SLIP = 0.03
"""Share of a register's lines with a wrong number."""


def read_known(path: Path) -> KnownFacts:
    """What a real file says itself: when it was signed."""
    times = find_signing_times(path, PDF) if path.suffix == ".pdf" else ()
    return KnownFacts(tuple(time.astimezone(VIETNAMESE_TIME).date() for time in times))


def draw_known(rng: Random, fields: Mapping[str, object], evidence: Evidence) -> KnownFacts:
    """Facts of these kinds about a generated document. fields: its true values."""
    kinds = EVIDENCE[evidence]
    number, day = int(str(fields["number"])), date.fromisoformat(str(fields["date"]))
    symbol, issuer = str(fields["symbol"]), str(fields["issuing_body"])
    offsets = [sign * rng.randint(1, max(2, number // 10)) for sign in (-1, 1, rng.choice((-1, 1)))]
    neighbours = (Neighbour(issuer, symbol, number + by, _on(day, by, rng)) for by in offsets if number + by > 0)
    return KnownFacts(
        (day + timedelta(days=rng.choice(_DELAYS)),) if "signature" in kinds else (),
        tuple(neighbours) if "neighbours" in kinds else (),
        tuple(_draw_register(rng, fields, number, day)) if "register" in kinds else (),
    )


def _draw_register(rng: Random, fields: Mapping[str, object], number: int, day: date) -> Iterator[RegisterRow]:
    """Lines of one symbol, this document's among them; now and then its number is a slip."""
    for line, by in enumerate(range(-_ROWS // 2, _ROWS // 2), start=2):
        own = by == 0
        written = max(1, number + (10 if own and rng.random() < _SLIP else by))
        abstract = str(fields["abstract"]) if own else make_abstract(rng, "tỉnh Gia Lai")
        yield RegisterRow(line, "", None, f"{written:02d}", str(fields["symbol"]), _on(day, by, rng), abstract)


def _on(day: date, offset: int, rng: Random) -> date:
    """A day on which a number so far from this one's may have been given: a few numbers a day."""
    return day + timedelta(days=round(offset / rng.uniform(1, 4)))
