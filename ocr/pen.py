"""Numbers and dates written by pen into printed heads: every legal value is a candidate, and the line says how likely.

A candidate is scored on the steps between the printed words around it, on three cuts of the line, so that print which
was read well decides where the pen stands and the pen alone decides between the candidates.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt

from core.recognition import Candidate
from ocr.images import Pixels
from ocr.lines.crops import cut_line
from ocr.lines.shapes import TextLine
from ocr.recognizer.alphabet import BLANK, INDEX
from ocr.recognizer.ctc import Letter, decode_letters, score_candidates
from ocr.recognizer.session import HEIGHT, LineOutput, LineRecognizer

_CUTS = (0.93, 1.08)
"""X-heights of the two other cuts, as shares of the line's."""
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
_NUMBERS = tuple(f"{value:02d}" for value in range(1, 10)) + tuple(str(value) for value in range(1, 10_000))
MOST = 40
"""How many candidates a place is given at most: what else is known of the document is weighed over them."""
_HARDLY = 5e-3
"""A sign that is less likely than this at every step is no part of a candidate: most numbers need not be weighed."""
_DAYS, _MONTHS, _YEARS = range(1, 32), range(1, 13), range(1930, 2050)
_LIKELY_YEAR = 1e-3
_LEADERS = [INDEX[sign] for sign in " ._…" if sign in INDEX]
"""Signs that stand in a gap as good as nothing: spaces and the dots that the pen writes over."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """Lines of a head with what was read in each, and the image that they were found in; ready to be asked."""

    recognizer: LineRecognizer
    grey: Pixels
    lines: tuple[tuple[TextLine, LineOutput], ...]

    def rank_number(self, most: int = MOST) -> tuple[Candidate, ...]:
        """The document's number, likeliest first; empty where no line has a place for one."""
        found = [(*one, match) for one in self.lines if (match := _NUMBER.match(_text_of(one[1])))]
        if not found:
            return ()
        # An incoming stamp's own number has no symbol behind it.
        line, output, _ = min(found, key=lambda one: one[2].end() == one[2].end("number"))
        odds = _weigh(self._read_cuts(line, output), _NUMBER, "number", _NUMBERS)
        return tuple(Candidate(_NUMBERS[at], float(odds[at])) for at in np.argsort(-odds)[:most])

    def rank_date(self, most: int = MOST) -> tuple[Candidate, ...]:
        """The document's date, likeliest first; empty where no line has a place for one, or no year can be read."""
        found = [
            (line, output, pattern, match)
            for line, output in self.lines
            for pattern in _DATES
            if (match := pattern.search(_text_of(output)))
        ]
        if not found:
            return ()
        # A stamp's own date has no place before it; its row is not the one that the strip was cut around.
        middle = self.grey.shape[0] / 2
        line, output, pattern, _ = min(
            found, key=lambda one: (not one[3].string[: one[3].start()].strip(), abs(_height_of(one[0]) - middle))
        )
        cuts = self._read_cuts(line, output)
        parts = [_sum_forms(cuts, pattern, *part) for part in (("day", _DAYS), ("month", _MONTHS), ("year", _YEARS))]
        return _legal_days(*parts)[:most]

    def _read_cuts(self, line: TextLine, output: LineOutput) -> list[LineOutput]:
        """The answers for all cuts; that of the line as it was found is there already."""
        tall = line.x_height
        cuts = [cut_line(self.grey, replace(line, x_height=tall * share), HEIGHT) for share in _CUTS]
        return [output, *self.recognizer.run([cut.image for cut in cuts])]


def _height_of(line: TextLine) -> float:
    """Row of the middle of the base line."""
    return float(line.baseline[:, 1].mean())


def _sum_forms(cuts: Sequence[LineOutput], pattern: re.Pattern[str], group: str, values: Sequence[int]) -> Floats:
    """Odds of each value, however it is written: 3 or 03."""
    forms = [f"{value:02d}" for value in values] + [str(value) for value in values if value < 10]
    odds = _weigh(cuts, pattern, group, forms)
    padded = np.zeros(len(values))
    padded[: len(forms) - len(values)] = odds[len(values) :]
    return np.asarray(odds[: len(values)] + padded, np.float64)


def _weigh(cuts: Sequence[LineOutput], pattern: re.Pattern[str], group: str, candidates: Sequence[str]) -> Floats:
    """Probabilities of the candidates at the group's place: the mean over the cuts that show the pattern."""
    weighed = []
    for output in cuts:
        letters = decode_letters(output.probabilities)
        found = pattern.search(_join(letters))
        if found:
            weighed.append(_weigh_cut(output.probabilities, letters, found.span(group), candidates))
    return np.asarray(np.mean(weighed, axis=0) if weighed else np.zeros(len(candidates)), np.float64)


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
    probabilities: npt.NDArray[np.float32], letters: Sequence[Letter], span: tuple[int, int], candidates: Sequence[str]
) -> Floats:
    """On one cut: between the letters before and after the span. They sum to less than 1 where there may be none."""
    start = letters[span[0] - 1].last + 1 if span[0] else 0
    end = letters[span[1]].first if span[1] < len(letters) else len(probabilities)
    part = probabilities[start : max(end, start + 1)].copy()
    part[:, BLANK] += part[:, _LEADERS].sum(axis=1)
    part[:, _LEADERS] = 0
    unlikely = [letter for letter in "0123456789" if part[:, INDEX[letter]].max() <= _HARDLY]
    hardly = _has_digit(tuple(candidates))[:, [int(letter) for letter in unlikely]]
    able: npt.NDArray[np.bool_] = np.logical_not(hardly.any(axis=1))
    scores = score_candidates(part, ["", *(one for one, can in zip(candidates, able, strict=True) if can)])
    odds = np.zeros(len(candidates))
    if np.isfinite(scores).any():  # else the place is too narrow for any of them
        shares = np.exp(scores - scores.max())
        odds[able] = shares[1:] / shares.sum()
    return np.asarray(odds, np.float64)


@cache
def _has_digit(candidates: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """Candidates x ten digits: whether the one has the other."""
    return np.array([[digit in candidate for digit in "0123456789"] for candidate in candidates])


def _text_of(output: LineOutput) -> str:
    return _join(decode_letters(output.probabilities))


def _join(letters: Sequence[Letter]) -> str:
    """One character a letter, so that places in the text are places among the letters."""
    return unicodedata.normalize("NFC", "".join(letter.text for letter in letters))
