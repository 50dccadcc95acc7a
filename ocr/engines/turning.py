"""Reading a page that may lie on any side, skewed and on uneven paper, with an engine that wants it upright and level.

All of it was measured for Tesseract (`benchmarks/reading.py`): on real scans most treatment harms, so the page is read
as it is first, and a treated reading counts only where it is surer.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from core.recognition import RecognizedLine, Rotation
from ocr.engines.base import Reading
from ocr.images import Pixels
from ocr.preprocess import (
    Upright,
    even_paper,
    find_lines,
    find_skew,
    has_even_paper,
    make_upright,
    resize,
    soften,
)

Lines = tuple[RecognizedLine, ...]
Shown = tuple[Pixels, int]
"""A page (height x width) as it is shown to an engine, and its dpi."""
Recognize = Callable[[Sequence[Shown]], list[Lines]]
"""Lines of each of some upright pages, boxes in its pixels."""
FindRotation = Callable[[Pixels, int], Rotation | None]
"""Degrees clockwise that make a page upright; None where that cannot be told."""

_ORIENTATION_DPI = 150

_Turned = tuple[Upright, Lines]
_Result = TypeVar("_Result")
_Steps = Generator[Shown, Lines, _Result]
"""What is to be shown of one page, step by step, each step told the lines before: so several pages go side by side."""


class PageTurner:
    """Turns, levels and cleans a page for an engine as far as that helps it, and brings its boxes back."""

    def __init__(self, recognize: Recognize, find_rotation: FindRotation, read_well: float) -> None:
        """read_well: mean confidence of the engine's words from which a page is surely upright."""
        self._recognize_upright = recognize
        self._find_rotation = find_rotation
        self._read_well = read_well

    def read(self, grey: Pixels, dpi: int) -> Reading:
        """The page as read, boxes in pixels of `grey`. Raises what the engine raises."""
        return self.read_pages([(grey, dpi)])[0]

    def read_pages(self, pages: Sequence[Shown]) -> list[Reading]:
        """Several pages, as `read`: what would be shown of each one after the other is shown of all together."""
        ways = [self._read_upright(grey, dpi) for grey, dpi in pages]
        shown = {at: next(way) for at, way in enumerate(ways)}
        readings: dict[int, Reading] = {}
        while shown:
            read = dict(zip(shown, self._recognize_upright(list(shown.values())), strict=True))
            shown = {}
            for at, lines in read.items():
                try:
                    shown[at] = ways[at].send(lines)
                except StopIteration as end:
                    readings[at] = _as_reading(*end.value)
        return [readings[at] for at in range(len(ways))]

    def _read_upright(self, grey: Pixels, dpi: int) -> _Steps[_Turned]:
        """The page turned upright with its lines. Most pages lie upright already and read well at once, which saves
        looking for their orientation; where that cannot be told, the surer of two readings counts.
        """
        skew, standing = find_lines(grey, dpi)
        as_it_lies = None if standing else (yield from self._read_turned(grey, dpi, 0, skew))
        if as_it_lies is not None and _sureness(as_it_lies[1]) >= self._read_well:
            return as_it_lies
        small = make_upright(resize(grey, min(1.0, _ORIENTATION_DPI / dpi)), min(dpi, _ORIENTATION_DPI), 0, skew)
        rotation = self._find_rotation(small.grey, small.dpi)
        if rotation is None:
            candidates: tuple[Rotation, ...] = (90, 270) if standing else (0, 180)
        else:
            candidates = (rotation,)
            if standing != (rotation in (90, 270)):
                skew = find_skew(np.ascontiguousarray(np.rot90(grey, -rotation // 90)), dpi)
        readings: list[_Turned] = []
        for candidate in candidates:
            known = as_it_lies if candidate == 0 else None
            readings.append(known or (yield from self._read_turned(grey, dpi, candidate, skew)))
            if _sureness(readings[-1][1]) >= self._read_well:
                break
        return max(readings, key=lambda reading: _weight(reading[1]))

    def _read_turned(self, grey: Pixels, dpi: int, rotation: Rotation, skew: float) -> _Steps[_Turned]:
        upright = make_upright(grey, dpi, rotation, skew)
        return upright, (yield from self._recognize(upright))

    def _recognize(self, page: Upright) -> _Steps[Lines]:
        """The reading of the page as it is or, where its paper is uneven, that of the evened one if that is surer."""
        raw = yield soften(page.grey, page.dpi), page.dpi
        if has_even_paper(page.grey):
            return raw
        treated = yield soften(even_paper(page.grey), page.dpi), page.dpi
        return max(raw, treated, key=_weight)


def _sureness(lines: Sequence[RecognizedLine]) -> float:
    """Mean confidence of the words, by their length; 0 where there are none."""
    letters = sum(len(word.text) for line in lines for word in line.words)
    return _weight(lines) / letters if letters else 0.0


def _weight(lines: Sequence[RecognizedLine]) -> float:
    """Letters that were probably read right: sum of length times confidence, what is unsure counting nothing."""
    words = (word for line in lines for word in line.words)
    return sum(len(word.text) * max(0.0, word.confidence) for word in words)


def _as_reading(upright: Upright, lines: Lines) -> Reading:
    return Reading(tuple(_as_stored(line, upright) for line in lines), upright.rotation, upright.skew)


def _as_stored(line: RecognizedLine, upright: Upright) -> RecognizedLine:
    """The line with its boxes in pixels of the page as stored."""
    words = tuple(replace(word, box=upright.box_as_stored(word.box)) for word in line.words)
    return replace(line, words=words, box=upright.box_as_stored(line.box))
