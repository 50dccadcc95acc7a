"""The arithmetic of measuring what was read: letters, words, boxes, confidences. Text is NFC, white space folded."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from statistics import fmean

import edlib

from core.recognition import Box

BINS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
"""Edges of the bins of confidences; the last one is closed."""
_FARTHEST = 3.0
"""Heights of a word beyond which an equal word is another one."""


def fold(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def strip_marks(text: str) -> str:
    """The text without Vietnamese marks."""
    parts = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def count_edits(truth: str, found: str) -> int:
    """Letters to change in `truth` placed at its best position inside `found`."""
    return int(edlib.align(truth, found, mode="HW", task="distance")["editDistance"]) if found else len(truth)


@dataclass(frozen=True, slots=True)
class WordCounts:
    """Words in common, words found and words wanted, order ignored."""

    hits: int = 0
    found: int = 0
    wanted: int = 0

    def __add__(self, other: WordCounts) -> WordCounts:
        return WordCounts(self.hits + other.hits, self.found + other.found, self.wanted + other.wanted)

    @property
    def recall(self) -> float:
        return self.hits / max(1, self.wanted)

    @property
    def f1(self) -> float:
        return 2 * self.hits / max(1, self.found + self.wanted)


def count_words(wanted: Iterable[str], found: Iterable[str], optional: Iterable[str] = ()) -> WordCounts:
    """`optional` words may be found or not: neither is right or wrong."""
    want, got = Counter(wanted), Counter(found)
    hits = (want & got).total()
    return WordCounts(hits, got.total() - ((got - want) & Counter(optional)).total(), want.total())


def judge_words(truth: Sequence[str], found: Sequence[str]) -> list[bool]:
    """Whether each found word is right: in its place by alignment, or one that the alignment left over elsewhere, as
    columns have no single order."""
    right = [False] * len(found)
    rest = Counter(truth)
    for at, start, length in SequenceMatcher(None, truth, found, autojunk=False).get_matching_blocks():
        right[start : start + length] = [True] * length
        rest.subtract(truth[at : at + length])
    for at, word in enumerate(found):
        if not right[at] and rest[word] > 0:
            right[at] = True
            rest[word] -= 1
    return right


def wilson(right: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """The interval in which a share lies with 95 %."""
    if not of:
        return 0.0, 1.0
    share, square = right / of, z * z / of
    middle = (share + square / 2) / (1 + square)
    half = z * math.sqrt(share * (1 - share) / of + square / (4 * of)) / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)


def bin_of(confidence: float) -> int:
    """The bin of BINS in which a confidence lies."""
    return max(at for at in range(len(BINS) - 1) if confidence >= BINS[at])


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word and where it stands."""

    text: str
    box: Box


def _distance(one: Box, other: Box) -> float:
    return fmean(abs(a - b) for a, b in zip(one, other, strict=True))


def measure_boxes(truth: Sequence[PlacedWord], found: Sequence[PlacedWord]) -> list[float]:
    """Mean distance of the four sides in pixels, for each true word that was found; the nearest equal word counts."""
    by_text: dict[str, list[Box]] = {}
    for word in found:
        by_text.setdefault(word.text, []).append(word.box)
    errors = []
    for word in truth:
        boxes = by_text.get(word.text, [])
        if not boxes:
            continue
        nearest = min(boxes, key=lambda box: _distance(box, word.box))
        error = _distance(nearest, word.box)
        if error <= _FARTHEST * min(word.box[2] - word.box[0], word.box[3] - word.box[1]):
            boxes.remove(nearest)
            errors.append(error)
    return errors


def lies_in(box: Box, places: Iterable[Box], margin: int) -> bool:
    """Whether the middle of a box lies in one of the places or within `margin` pixels of it."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return any(x0 - margin <= x < x1 + margin and y0 - margin <= y < y1 + margin for x0, y0, x1, y1 in places)
