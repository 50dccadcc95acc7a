"""Which line of a batch's register is this document's: by symbol, by abstract, by its place in the archive."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from core.known_facts import KnownFacts, RegisterRow
from core.text import document_number_key, fold

_LIKE_SYMBOL, _OTHER_SYMBOL, _NO_SYMBOL = 0.3, 0.01, 0.3
_OTHER_PLACE, _NO_PLACE = 0.05, 0.3
_OTHER_ABSTRACT, _NO_ABSTRACT = 0.05, 0.4
_ALIKE = 0.75
"""Share of letter pairs in common from which two abstracts, or two symbols, are one with some letters misread."""
_UNLIKE = 0.35
_LEAST = 0.02
"""A line that fits less well is some other document's."""
_UNLISTED = 0.05
"""How well "none of the lines" fits."""
_LEGAL_NUMBER = re.compile(r"0[1-9]|[1-9]\d{0,3}")


@dataclass(frozen=True, slots=True)
class Printed:
    """What is printed on the page and well read; empty where it is not there."""

    symbol: str = ""
    issuer: str = ""
    abstract: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A line of the register and the probability that it is this document's."""

    row: RegisterRow
    probability: float

    @property
    def number(self) -> int | None:
        return int(self.row.number) if is_legal_number(self.row.number) else None


def is_legal_number(text: str) -> bool:
    """Whether a document's number is written so: 1 to 9999, a zero before single digits alone."""
    return _LEGAL_NUMBER.fullmatch(text) is not None


def match_register(printed: Printed, known: KnownFacts) -> tuple[Match, ...]:
    """The lines that may be this document's, likeliest first; the rest of the probability is for none of them."""
    fits = [(row, _fit(row, printed, known)) for row in known.register]
    fits = [(row, fit) for row, fit in fits if fit >= _LEAST]
    total = _UNLISTED + sum(fit for _, fit in fits)
    return tuple(Match(row, fit / total) for row, fit in sorted(fits, key=lambda one: -one[1]))


def _fit(row: RegisterRow, printed: Printed, known: KnownFacts) -> float:
    """The product of how well symbol, abstract and place fit, each in 0..1."""
    return (
        _fit_symbol(row.symbol, printed.symbol) * _fit_abstract(row.abstract, printed.abstract) * _fit_place(row, known)
    )


@lru_cache(maxsize=1024)
def _key(symbol: str) -> str:
    return document_number_key(symbol)


def _fit_symbol(listed: str, printed: str) -> float:
    one, other = _key(listed), _key(printed)
    if not one or not other:
        return _NO_SYMBOL
    if one == other:
        return 1.0
    return _LIKE_SYMBOL if likeness(one, other) >= _ALIKE else _OTHER_SYMBOL


def _fit_abstract(listed: str, printed: str) -> float:
    if not listed.strip() or not printed.strip():
        return _NO_ABSTRACT
    share = (likeness(fold(listed), fold(printed)) - _UNLIKE) / (_ALIKE - _UNLIKE)
    return _OTHER_ABSTRACT + (1 - _OTHER_ABSTRACT) * min(1.0, max(0.0, share))


def _fit_place(row: RegisterRow, known: KnownFacts) -> float:
    """The place in the archive, where both name it: an ordinal counts only within one archival file."""
    if row.file_code and known.file_code and fold(row.file_code) != fold(known.file_code):
        return _OTHER_PLACE
    if row.ordinal is None or known.ordinal is None or not row.file_code:
        return _NO_PLACE
    return 1.0 if row.ordinal == known.ordinal else _OTHER_PLACE


def likeness(one: str, other: str) -> float:
    """Sørensen-Dice coefficient of the pairs of neighbouring letters, 0..1."""
    pairs, others = _pairs(one), _pairs(other)
    total = sum(pairs.values()) + sum(others.values())
    return 2 * sum((pairs & others).values()) / total if total else 0.0


def _pairs(text: str) -> Counter[tuple[str, str]]:
    return Counter(pairwise(re.sub(r"\s+", " ", text)))
