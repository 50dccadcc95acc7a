"""What the ink says of a number and a date by pen, weighed with everything else that is known of the document.

Bayes' rule over number and date together: the ink's probabilities, times how likely each pair is by the days of
signing, by the neighbours (numbers rise with dates within a year) and by the register. None of these excludes a value,
and a value that the ink hardly supports never becomes sure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from core.known_facts import KnownFacts, Neighbour
from core.recognition import Candidate, Suggestion
from core.text import document_number_key, fold
from ocr.describing.register_match import Match, Printed, match_register
from ocr.describing.signing_time import FAR, weigh_day
from ocr.describing.suggest import is_weighed, settle_written

_UNSEEN = 1e-4
"""What the ink is taken to say of a value of the register that is not among its candidates."""
_SPEAKS = 1e-3
"""From here on the ink counts among what speaks for a value."""
_LEAST_INK = 0.2
"""A value that the ink supports less than this is never surer than `_UNSURE`."""
_UNSURE = 0.5
_STRAY = 0.02
"""How likely a number is that is far from its place among its neighbours."""
_SLACK = 0.05
"""Share of a neighbour's number by which this one may be out of order before that tells much."""
_TWICE = 0.1
"""How likely the number of a neighbour is given a second time."""
_NUMBERS, _DAYS = 1000.0, 365.0
"""How many numbers and days there are, roughly: by as much a line of the register makes its own likelier."""
_REGISTER_ERRS = 0.02
_NAMED = 0.2
"""Probability from which a line of the register is named as what speaks for its values."""

_WHOLE = {"number": re.compile(r"[0-9]{1,6}"), "date": re.compile(r"\d{4}-\d\d-\d\d")}
"""Printed values that say something of the other one: not `15a`, nor a year alone."""

Table = npt.NDArray[np.float64]
"""Weights of numbers (rows) and dates (columns)."""


@dataclass(frozen=True, slots=True)
class _Values:
    """What may stand in a place and what the ink says of it; the last, empty, is everything that is not listed."""

    texts: tuple[str, ...]
    ink: Table

    @classmethod
    def of(cls, ink: Sequence[Candidate], more: Iterable[str]) -> _Values:
        listed = {one.value: one.confidence for one in ink}
        rest = max(0.0, 1 - sum(listed.values()))
        for text in more:
            listed.setdefault(text, _UNSEEN)
        return cls((*listed, ""), np.array([*listed.values(), rest if ink else 1.0]))


def weigh_written(fields: Sequence[Suggestion], known: KnownFacts) -> list[Suggestion]:
    """The fields, the number and the date by pen with candidates weighed by all that is known, and their source named.

    A number or date that is printed stays as it is and is evidence for the other.
    """
    number, date_ = (next((one for one in fields if one.name == name), None) for name in ("number", "date"))
    written = [
        one
        for one in (number, date_)
        if one is not None and is_weighed(one.name, one.rule, handwritten=one.handwritten)
    ]
    if not written:
        return list(fields)
    printed = Printed(*(_text(fields, name) for name in ("symbol", "issuing_body", "abstract")))
    numbers, dates = weigh(_ink_of(number), _ink_of(date_), printed, known)
    weighed = {"number": numbers, "date": dates}
    return [settle_written(one, weighed[one.name]) if one in written else one for one in fields]


def _text(fields: Sequence[Suggestion], name: str) -> str:
    return next((one.value for one in fields if one.name == name and isinstance(one.value, str)), "")


def _ink_of(one: Suggestion | None) -> tuple[Candidate, ...]:
    if one is None or one.handwritten:
        return one.ink if one else ()
    whole = isinstance(one.value, str) and _WHOLE[one.name].fullmatch(one.value)
    return (Candidate(str(one.value), 1.0),) if whole else ()


def weigh(
    numbers: Sequence[Candidate], dates: Sequence[Candidate], printed: Printed, known: KnownFacts
) -> tuple[tuple[Candidate, ...], tuple[Candidate, ...]]:
    """Numbers and dates, likeliest first, with what speaks for each.

    numbers, dates: what the ink says. The register adds values only where the layout allows them: dates of a year that
    the ink lists, and numbers that are written as such.
    """
    matches = match_register(printed, known)
    of_number = _Values.of(numbers, _legal_numbers(matches, numbers))
    of_date = _Values.of(dates, _legal_dates(matches, dates))
    whole = [int(text) if text else None for text in of_number.texts]
    days = [date.fromisoformat(text) if text else None for text in of_date.texts]
    signing = np.array([FAR if day is None else weigh_day(day, known.signed_on) for day in days])
    if not known.signed_on or not dates:
        signing[:] = 1.0
    order = _weigh_order(whole, days, _own_neighbours(known.neighbours, printed))
    table = np.outer(of_number.ink, of_date.ink * signing) * order * _weigh_register(whole, days, matches)
    likely_number, likely_day = int(table.sum(axis=1).argmax()), int(table.sum(axis=0).argmax())
    listed = [match for match in matches if match.probability >= _NAMED]
    number_speaks = {
        "register": [value in {match.number for match in listed} for value in whole],
        "neighbours": _stand_out(order[:, likely_day]),
    }
    date_speaks = {
        "signature": [bool(known.signed_on) and near > FAR for near in signing],
        "register": [value in {match.row.dated for match in listed} for value in days],
        "neighbours": _stand_out(order[likely_number]),
    }
    return _rank(of_number, table.sum(axis=1), number_speaks), _rank(of_date, table.sum(axis=0), date_speaks)


def _legal_numbers(matches: Sequence[Match], ink: Sequence[Candidate]) -> list[str]:
    """Numbers of the register that the ink does not list in one way or another: 5 is 05."""
    there = {int(one.value) for one in ink}
    return [match.row.number for match in matches if match.number is not None and match.number not in there]


def _legal_dates(matches: Sequence[Match], ink: Sequence[Candidate]) -> list[str]:
    """Dates of the register; where the page shows a year, of the years that it may be."""
    years = {one.value[:4] for one in ink}
    found = [match.row.dated.isoformat() for match in matches if match.row.dated is not None]
    return [iso for iso in found if not years or iso[:4] in years]


def _own_neighbours(neighbours: Sequence[Neighbour], printed: Printed) -> list[Neighbour]:
    """Those of the same issuer and symbol: their numbers and this one are of one row."""
    symbol, issuer = document_number_key(printed.symbol), fold(printed.issuer)
    return [
        one
        for one in neighbours
        if symbol and issuer and document_number_key(one.symbol) == symbol and fold(one.issuer) == issuer
    ]


def _weigh_order(numbers: Sequence[int | None], days: Sequence[date | None], neighbours: Sequence[Neighbour]) -> Table:
    """How well each number with each date keeps the order of the neighbours of the same year: the worst of them."""
    known_number = np.array([0 if number is None else number for number in numbers], float)[:, None]
    year = np.array([0 if day is None else day.year for day in days])[None, :]
    ordinal = np.array([0 if day is None else day.toordinal() for day in days])[None, :]
    weights = np.ones((len(numbers), len(days)))
    for one in neighbours:
        early, late = ordinal < one.dated.toordinal(), ordinal > one.dated.toordinal()
        wrong = (early & (known_number > one.number)) | (late & (known_number < one.number))
        gap = np.abs(known_number - one.number)
        weight = np.where(wrong, np.maximum(_STRAY, np.exp(-gap / max(2.0, _SLACK * one.number))), 1.0)
        weight = np.where(gap == 0, _TWICE, weight)
        weights = np.minimum(weights, np.where((year == one.dated.year) & (known_number > 0), weight, 1.0))
    return weights


def _weigh_register(numbers: Sequence[int | None], days: Sequence[date | None], matches: Sequence[Match]) -> Table:
    """How much likelier the register makes each number with each date; 1 is what it does for none of its own."""
    weights = np.full((len(numbers), len(days)), 1 - sum(match.probability for match in matches))
    for match in matches:
        by_number = _agree([number == match.number for number in numbers], match.number, _NUMBERS)
        by_date = _agree([day == match.row.dated for day in days], match.row.dated, _DAYS)
        weights += match.probability * np.outer(by_number, by_date)
    return weights


def _agree(same: Sequence[bool], said: object, of: float) -> Table:
    if said is None:
        return np.ones(len(same))
    return np.where(same, of * (1 - _REGISTER_ERRS), _REGISTER_ERRS)


def _stand_out(weights: Table) -> list[bool]:
    """Which values keep an order that others break."""
    return [bool(weight == 1.0 and weights.min() < 1.0) for weight in weights]


def _rank(values: _Values, weights: Table, speaks: Mapping[str, Sequence[bool]]) -> tuple[Candidate, ...]:
    """The listed values, likeliest first; what the ink hardly supports is not sure, whatever else speaks for it."""
    total = float(weights.sum()) or 1.0
    ranked = []
    for at in np.argsort(-weights[:-1], kind="stable"):
        odds = float(weights[at]) / total
        names = ["pen"] if values.ink[at] >= _SPEAKS else []
        names += [name for name, does in speaks.items() if does[at]]
        sure = odds if values.ink[at] >= _LEAST_INK else min(odds, _UNSURE)
        ranked.append(Candidate(values.texts[at], sure, "+".join(names) or "pen"))
    return tuple(ranked)
