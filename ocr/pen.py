"""Numbers and dates written by pen into printed heads: every legal value is a candidate, and the line says how likely.

A candidate is scored on the steps between the printed words around it, so that print which was read well decides where
the pen stands and the pen alone decides between the candidates. Where the line leaves a doubt it is cut out twice more.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.recognition import Candidate, PenPlace
from ocr.images import Pixels
from ocr.lines.crops import cut_line
from ocr.lines.shapes import TextLine
from ocr.recognizer.alphabet import BLANK, INDEX
from ocr.recognizer.ctc import Letter, Spelling, decode_letters, score_candidates, spell
from ocr.recognizer.session import HEIGHT, LineOutput, LineRecognizer

_CUTS = (0.93, 1.08)
"""X-heights of the two other cuts, as shares of the line's."""
_SETTLED = 0.99
"""Probability of the likeliest value on the line as it was found from which the other cuts are not asked."""
_NUMBER = re.compile(
    r"^\W*s[oôốó0]{1,2}\s*[:.;]?(?P<number>[\d\W_OLISZBGQAT]{0,14}?)(?:[/(|-]\s*(?:(?:19|20)\d\d\s*/)?\s*[A-ZĐ]|$)",
    re.I,
)
"""A number's place between its label and its symbol, or the end of the line where the symbol stands apart."""
_YEAR = r"(?P<year>\W{0,3}(?:\w\W{0,2}){0,4})"
_DATES = (
    re.compile(rf"ngày(?P<day>.{{0,14}}?)tháng(?P<month>.{{0,12}}?)năm{_YEAR}", re.I),
    re.compile(rf"ngày(?P<day>[^/]{{0,10}}?)/(?P<month>[^/]{{0,8}}?)/{_YEAR}", re.I),
)
"""`ngày 4 tháng 1 năm 2021`, `ngày 4/1/2021`; any part may be by pen."""
_PLACE = re.compile(r"(.{0,50}[,.;])?\W*$")
"""What a head's date has before it on its line: its place, perhaps the number of the column beside."""
_BEHIND_DATE = 4
"""Letters that may be read behind a head's date."""
_NUMBERS = tuple(f"{value:02d}" for value in range(1, 10)) + tuple(str(value) for value in range(1, 10_000))
MOST = 40
"""How many candidates a place is given at most: what else is known of the document is weighed over them."""
_HARDLY = 5e-3
"""A sign that is less likely than this at every step is no part of a candidate: most numbers need not be weighed."""
_DAYS, _MONTHS, _YEARS = range(1, 32), range(1, 13), range(1930, 2050)
_LIKELY_YEAR = 1e-3
_DIGITS = [INDEX[digit] for digit in "0123456789"]
_LEADERS = [INDEX[sign] for sign in " ._…" if sign in INDEX]
"""Signs that stand in a gap as good as nothing: spaces and the dots that the pen writes over."""

Floats = npt.NDArray[np.float64]
Place = Literal["number", "day", "month", "year"]
"""The groups of the patterns."""


@dataclass(frozen=True, slots=True, eq=False)
class _Forms:
    """How a place may be filled. spelling: with nothing, then each form; digits: whether it has each of the ten."""

    spelling: Spelling
    digits: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, texts: Sequence[str]) -> _Forms:
        spelling = spell(("", *texts))
        return cls(spelling, np.stack([(spelling.labels == digit).any(axis=1) for digit in _DIGITS], axis=1))


@cache
def _forms_of(place: Place) -> _Forms:
    """The place's values: days, months and years with two digits, then those below ten with one."""
    if place == "number":
        return _Forms.of(_NUMBERS)
    values = {"day": _DAYS, "month": _MONTHS, "year": _YEARS}[place]
    return _Forms.of([f"{value:02d}" for value in values] + [str(value) for value in values if value < 10])


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """A line as it was read from one cut; one character of `text` a letter."""

    probabilities: npt.NDArray[np.float32]
    letters: tuple[Letter, ...]
    text: str

    @classmethod
    def of(cls, output: LineOutput) -> Cut:
        letters = decode_letters(output.probabilities)
        return cls(output.probabilities, letters, _join(letters))


@dataclass(frozen=True, slots=True, eq=False)
class CutLine:
    """A found line, cut out and read."""

    line: TextLine
    cut: Cut


class Head:
    """Lines of a head with what was read in each, and the image that they were found in; ready to be asked."""

    def __init__(self, recognizer: LineRecognizer, grey: Pixels, lines: Sequence[CutLine]) -> None:
        self._recognizer, self._grey, self._lines = recognizer, grey, lines

    @classmethod
    def read(cls, recognizer: LineRecognizer, grey: Pixels, lines: Sequence[TextLine]) -> Head:
        """Lines that were only found so far."""
        outputs = recognizer.run([cut_line(grey, line, HEIGHT).image for line in lines])
        return cls(recognizer, grey, [CutLine(*one) for one in zip(lines, map(Cut.of, outputs), strict=True)])

    def rank_places(self) -> tuple[PenPlace, ...]:
        """Every line of a whole page that is set as a head's number or date is, each for itself."""
        places = []
        for one in self._lines:
            if _NUMBER.match(one.cut.text):
                places.append(PenPlace("number", one.line.box, self._settle(one, _rank_numbers)))
            if pattern := next((pattern for pattern in _DATES if _stands_alone(pattern.search(one.cut.text))), None):
                ranked = self._settle(one, partial(_rank_days, pattern=pattern))[:MOST]
                places.append(PenPlace("date", one.line.box, ranked))
        return tuple(place for place in places if place.candidates)

    def rank_number(self, most: int = MOST) -> tuple[Candidate, ...]:
        """The document's number, likeliest first; empty where no line has a place for one."""
        found = [(one, match) for one in self._lines if (match := _NUMBER.match(one.cut.text))]
        if not found:
            return ()
        # An incoming stamp's own number has no symbol behind it.
        line, _ = min(found, key=lambda one: one[1].end() == one[1].end("number"))
        return self._settle(line, _rank_numbers)[:most]

    def rank_date(self, most: int = MOST) -> tuple[Candidate, ...]:
        """The document's date, likeliest first; empty where no line has a place for one, or no year can be read."""
        found = [
            (one, pattern, match)
            for one in self._lines
            for pattern in _DATES
            if (match := pattern.search(one.cut.text))
        ]
        if not found:
            return ()
        # A stamp's own date has no place before it; its row is not the one that the strip was cut around.
        middle = self._grey.shape[0] / 2
        line, pattern, _ = min(
            found, key=lambda one: (not one[2].string[: one[2].start()].strip(), abs(_height_of(one[0].line) - middle))
        )
        return self._settle(line, partial(_rank_days, pattern=pattern))[:most]

    def _settle(self, line: CutLine, rank: Callable[[Sequence[Cut]], tuple[Candidate, ...]]) -> tuple[Candidate, ...]:
        """What the line as it was found says, or, where that leaves a doubt, all its cuts."""
        first = rank([line.cut])
        if first and first[0].confidence >= _SETTLED:
            return first
        tall = line.line.x_height
        cuts = [cut_line(self._grey, replace(line.line, x_height=tall * share), HEIGHT).image for share in _CUTS]
        return rank([line.cut, *map(Cut.of, self._recognizer.run(cuts))])


def _stands_alone(date: re.Match[str] | None) -> bool:
    """Whether it is set as a head's date is: after a place and its comma, if anything, and nothing behind it."""
    return (
        date is not None
        and _PLACE.match(date.string[: date.start()]) is not None
        and len(date.string) - date.end() <= _BEHIND_DATE
    )


def _height_of(line: TextLine) -> float:
    """Row of the middle of the base line."""
    return float(line.baseline[:, 1].mean())


def _rank_numbers(cuts: Sequence[Cut]) -> tuple[Candidate, ...]:
    odds = _weigh(cuts, _NUMBER, "number")
    return tuple(Candidate(_NUMBERS[at], float(odds[at])) for at in np.argsort(-odds)[:MOST])


def _rank_days(cuts: Sequence[Cut], pattern: re.Pattern[str]) -> tuple[Candidate, ...]:
    days = _sum_forms(cuts, pattern, "day", len(_DAYS))
    months = _sum_forms(cuts, pattern, "month", len(_MONTHS))
    return _legal_days(days, months, _sum_forms(cuts, pattern, "year", len(_YEARS)))


def _sum_forms(cuts: Sequence[Cut], pattern: re.Pattern[str], place: Place, count: int) -> Floats:
    """Odds of each value, however it is written: 3 or 03."""
    odds = _weigh(cuts, pattern, place)
    summed = odds[:count].copy()
    summed[: len(odds) - count] += odds[count:]
    return summed


def _weigh(cuts: Sequence[Cut], pattern: re.Pattern[str], place: Place) -> Floats:
    """Probabilities of the place's forms: the mean over the cuts that show the pattern."""
    found = [(cut, match) for cut in cuts if (match := pattern.search(cut.text))]
    forms = _forms_of(place)
    weighed = [_weigh_cut(cut.probabilities, cut.letters, match.span(place), forms) for cut, match in found]
    return np.asarray(np.mean(weighed, axis=0) if weighed else np.zeros(len(forms.digits) - 1), np.float64)


def _legal_days(days: Floats, months: Floats, years: Floats) -> tuple[Candidate, ...]:
    """The days that exist, by the product of their parts, as shares of these and of what may be no date at all."""
    joint = {
        f"{year}-{month:02d}-{day:02d}": float(days[day - 1] * months[month - 1] * odds)
        for year, odds in zip(_YEARS, years, strict=True)
        if odds >= _LIKELY_YEAR
        for month in _MONTHS
        for day in range(1, calendar.monthrange(year, month)[1] + 1)
    }
    blank = max(0.0, 1 - float(days.sum() * months.sum() * years.sum()))
    total = sum(joint.values()) + blank or 1.0
    ordered = sorted(joint.items(), key=lambda one: -one[1])
    return tuple(Candidate(value, weight / total) for value, weight in ordered)


def _weigh_cut(
    probabilities: npt.NDArray[np.float32], letters: Sequence[Letter], span: tuple[int, int], forms: _Forms
) -> Floats:
    """On one cut: between the letters before and after the span. They sum to less than 1 where there may be none."""
    start = letters[span[0] - 1].last + 1 if span[0] else 0
    end = letters[span[1]].first if span[1] < len(letters) else len(probabilities)
    part = probabilities[start : max(end, start + 1)].copy()
    part[:, BLANK] += part[:, _LEADERS].sum(axis=1)
    part[:, _LEADERS] = 0
    unlikely = part[:, _DIGITS].max(axis=0) <= _HARDLY
    able: npt.NDArray[np.bool_] = np.logical_not(forms.digits[:, unlikely].any(axis=1))
    scores = score_candidates(part, forms.spelling.take(able))
    odds = np.zeros(len(able))
    if np.isfinite(scores).any():  # else the place is too narrow for any of them
        shares = np.exp(scores - scores.max())
        odds[able] = shares / shares.sum()
    return odds[1:]


def _join(letters: Sequence[Letter]) -> str:
    """One character a letter, so that places in the text are places among the letters."""
    return unicodedata.normalize("NFC", "".join(letter.text for letter in letters))
