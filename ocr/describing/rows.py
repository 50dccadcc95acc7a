"""Rows of words with their place on the page: what the rules of description work on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from statistics import median

from core.recognition import Box, RecognizedPage, RecognizedWord, union_box
from core.text import fold_letters, normalize

_GAP = 2.2
"""A gap this many times the row's height parts two columns."""


def middle_x(box: Box) -> float:
    return (box[0] + box[2]) / 2


def middle_y(box: Box) -> float:
    return (box[1] + box[3]) / 2


@dataclass(frozen=True)
class Row:
    """Words side by side, from left to right, normalised; never empty. `page` is the page's number."""

    words: tuple[RecognizedWord, ...]
    page: int

    @cached_property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @cached_property
    def folded(self) -> str:
        """Without marks, lower-case, letter for letter as `text`."""
        return fold_letters(self.text)

    @cached_property
    def box(self) -> Box:
        return union_box(word.box for word in self.words)

    @cached_property
    def height(self) -> float:
        """Median height of the words in pixels, at least 1."""
        return max(1.0, median(word.box[3] - word.box[1] for word in self.words))

    @property
    def confidence(self) -> float:
        """Mean over the words, 0..1."""
        return sum(word.confidence for word in self.words) / len(self.words)

    @property
    def upper_share(self) -> float:
        """Share of capitals among the letters, 0..1."""
        return sum(map(str.isupper, self.text)) / max(1, sum(map(str.isalpha, self.text)))

    @cached_property
    def letters(self) -> str:
        """Folded text with single spaces between runs of letters; all else is dropped."""
        return " ".join("".join(one if one.isalpha() else " " for one in self.folded).split())

    def words_between(self, start: int, end: int) -> tuple[RecognizedWord, ...]:
        """The words that share a letter with `text[start:end]`."""
        found, offset = [], 0
        for word in self.words:
            if offset < end and offset + len(word.text) > start:
                found.append(word)
            offset += len(word.text) + 1
        return tuple(found)

    def box_between(self, start: int, end: int) -> Box | None:
        """Box of `text[start:end]`, cut inside a word in proportion to its letters; None for no letters."""
        boxes, offset = [], 0
        for word in self.words:
            length = len(word.text)
            first, last = max(start - offset, 0), min(end - offset, length)
            if first < last:
                x0, y0, x1, y1 = word.box
                step = (x1 - x0) / length
                boxes.append((round(x0 + first * step), y0, round(x0 + last * step), y1))
            offset += length + 1
        return union_box(boxes) if boxes else None

    def keep(self, wanted: Callable[[RecognizedWord], bool]) -> Row | None:
        """The row with only such words, or None when there are none."""
        words = tuple(word for word in self.words if wanted(word))
        return Row(words, self.page) if words else None


@lru_cache(maxsize=20_000)
def _clean(text: str) -> str:
    """Normalised; look-alikes of Đ and of the slash become these, and a doubled Đ is one."""
    return normalize(text).replace("Ð", "Đ").replace("ĐĐ", "Đ").replace("⁄", "/")


def _cleaned(word: RecognizedWord) -> RecognizedWord:
    text = _clean(word.text)
    return word if text == word.text else replace(word, text=text)


def rows_of(page: RecognizedPage) -> list[Row]:
    """The page's lines as rows, from top to bottom."""
    rows = []
    for line in page.lines:
        words = [_cleaned(word) for word in line.words]
        words = sorted((word for word in words if word.text), key=lambda word: word.box[0])
        if words:
            rows.append(Row(tuple(words), page.number))
    return sorted(rows, key=lambda row: middle_y(row.box))


def split_row(row: Row) -> list[Row]:
    """The row's parts between gaps as wide as those between columns."""
    parts = [[row.words[0]]]
    for before, word in pairwise(row.words):
        if word.box[0] - before.box[2] > _GAP * row.height:
            parts.append([])
        parts[-1].append(word)
    return [Row(tuple(part), row.page) for part in parts]


def join_level(rows: Sequence[Row]) -> list[Row]:
    """Rows that stand on one level become one: a frame printed with a gap is read as several lines."""
    joined: list[Row] = []
    for row in sorted(rows, key=lambda one: middle_y(one.box)):
        last = joined[-1] if joined else None
        if last is not None and abs(middle_y(last.box) - middle_y(row.box)) < 0.45 * min(last.height, row.height):
            words = sorted(last.words + row.words, key=lambda word: word.box[0])
            joined[-1] = Row(tuple(words), row.page)
        else:
            joined.append(row)
    return joined


def text_margins(rows: Sequence[Row]) -> tuple[int, int]:
    """Left and right edge of the running text in pixels, from the rows with the most letters."""
    wide = sorted(rows, key=lambda row: len(row.text), reverse=True)[: max(1, len(rows) // 3)]
    return int(median(row.box[0] for row in wide)), int(median(row.box[2] for row in wide))


def outer_margins(rows: Sequence[Row]) -> tuple[int, int]:
    """As `text_margins`, but of rows that are neither indented nor short: what one in five of the long rows reaches."""
    wide = sorted(rows, key=lambda row: len(row.text), reverse=True)[: max(1, len(rows) // 3)]
    fifth = len(wide) // 5
    return sorted(row.box[0] for row in wide)[fifth], sorted(row.box[2] for row in wide)[-1 - fifth]


def row_pitch(rows: Sequence[Row]) -> float:
    """Median distance between the tops of neighbouring rows in pixels."""
    steps = [after.box[1] - before.box[1] for before, after in pairwise(rows)]
    return median([step for step in steps if step > 0] or [1])
