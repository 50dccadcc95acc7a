"""Words of a read line with the places of their ink in the line's image."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr.images import Pixels
from ocr.recognizer.ctc import Letter

STRIDE = 4
"""Pixels of a line's image to one step of the network."""
_REACH = 28
"""How far from its outer letters' steps a word's ink may reach, in pixels of the line's image."""
_LETTER_GAP = 7
"""Empty pixels within a word beyond which the ink that follows is another word's."""
_MARK_GAP = 3
"""Empty rows between a letter and its marks, at most."""
_INK = 0.35
"""Share of the way from paper to ink from which a pixel is ink."""
_DARK, _PAPER, _DARKEST = 3, 80, 6
"""Percentiles of a line's pixels that are ink and paper, of a word's that are ink."""
_OWN_ROWS = (0.14, 0.9)
"""Rows, as shares of the image's height, in which hardly any ink is the neighbouring lines'."""
_LETTER_ROWS = (0.45, 0.78)
"""Rows of the x-height."""


@dataclass(frozen=True, slots=True)
class LineWord:
    """A word of a line. x0, x1, y0, y1: where its ink is, in pixels of the line's image. probability: that all its
    letters are right as the network says, not yet calibrated. pen: probability that it was written by hand.
    darkness: the share of the paper's light that the word's ink takes.
    """

    text: str
    x0: float
    x1: float
    y0: float
    y1: float
    probability: float
    pen: float
    darkness: float


def place_words(
    image: Pixels, words: Sequence[tuple[Letter, ...]], pens: npt.NDArray[np.float32]
) -> tuple[LineWord, ...]:
    """The words' boxes: between two words the widest empty gap divides their ink. pens: probability of pen, a step."""
    if not words:
        return ()
    calm = np.asarray(cv2.GaussianBlur(image, (3, 3), 0), np.uint8)
    dark, paper = (float(level) for level in np.percentile(calm[::2, ::3], (_DARK, _PAPER)))
    ink = calm < paper - _INK * max(12.0, paper - dark)
    own = ink[round(_OWN_ROWS[0] * len(ink)) : round(_OWN_ROWS[1] * len(ink))]
    edges = _find_edges(own.sum(axis=0).tolist(), words)
    by_pen = pens.tolist()
    placed = []
    for (left, right), letters in zip(edges, words, strict=True):
        top, bottom = _find_rows(ink[:, left:right].max(axis=1).tolist())
        steps = [step for letter in letters for step in by_pen[letter.first : letter.last + 1]]
        placed.append(
            LineWord(
                text="".join(letter.text for letter in letters),
                x0=left,
                x1=right,
                y0=top,
                y1=bottom,
                probability=math.prod(letter.probability for letter in letters),
                pen=sum(steps) / len(steps),
                darkness=1 - _find_darkest(calm[top:bottom, left:right]) / max(1.0, paper),
            )
        )
    return tuple(placed)


def _find_darkest(part: Pixels) -> int:
    """The grey level of a word's ink."""
    place = _DARKEST * part.size // 100
    return int(np.partition(part, place, axis=None)[place])


def _find_edges(columns: list[int], words: Sequence[tuple[Letter, ...]]) -> list[tuple[int, int]]:
    """x from and to of each word. columns: how much ink there is in each."""
    firsts = [letters[0].first * STRIDE for letters in words]
    lasts = [(letters[-1].last + 1) * STRIDE for letters in words]
    starts, ends = [_first_ink(columns, firsts[0])], []
    for last, following in zip(lasts, firsts[1:], strict=False):
        end, start = _widest_gap(columns, min(last, following), max(last, following))
        ends.append(end)
        starts.append(start)
    ends.append(len(columns) - _first_ink(columns[::-1], max(0, len(columns) - lasts[-1])))
    for at in range(len(words) - 1):
        if starts[at] >= starts[at + 1] or ends[at] > starts[at + 1]:
            # A sign too light to have ink: it stands where the network saw it, not in the word that follows.
            starts[at], ends[at] = min(firsts[at], starts[at + 1] - 1), min(lasts[at], starts[at + 1])
    return [(start, max(end, start + 1)) for start, end in zip(starts, ends, strict=True)]


def _widest_gap(columns: list[int], left: int, right: int) -> tuple[int, int]:
    """Begin and end of the emptiest run of columns between two letters' steps, a step further on either side."""
    left, right = max(0, left - STRIDE), min(len(columns), right + STRIDE)
    part = columns[left:right]
    if not part:
        return left, left
    emptiest = min(part)
    best, begun = (0, 0), 0
    for at, count in enumerate([*part, emptiest + 1]):
        if count > emptiest:
            if at - begun > best[1] - best[0]:
                best = begun, at
            begun = at + 1
    return left + best[0], left + best[1]


def _first_ink(columns: list[int], step: int) -> int:
    """The first column of the ink around a word's first step: to its left without a gap, or else to its right."""
    step = min(step, len(columns) - 1)
    first = _grow(columns, step, max(0, step - _REACH), -1, _LETTER_GAP)
    if columns[first] == 0:  # the step lies before the letter's ink
        first = next((at for at in range(step, min(len(columns), step + _REACH)) if columns[at]), step)
    return first


def _grow(filled: Sequence[int], start: int, end: int, direction: int, most: int) -> int:
    """The last filled place from `start` to `end` that is reached without a gap of more than `most`."""
    reached, gap = start, 0
    for at in range(start, end + direction, direction):
        if filled[at]:
            reached, gap = at, 0
        else:
            gap += 1
            if gap > most:
                break
    return reached


def _find_rows(rows: list[bool]) -> tuple[int, int]:
    """Top and bottom of the ink around the middle of the line: neighbours' feet and heads are not the word's."""
    first, last = (round(share * len(rows)) for share in _LETTER_ROWS)
    inside = [at for at in range(first, last) if rows[at]]
    if not inside:
        return round(0.3 * len(rows)), round(0.8 * len(rows))
    top = _grow(rows, inside[0], 0, -1, _MARK_GAP)
    return top, _grow(rows, inside[-1], len(rows) - 1, 1, _MARK_GAP) + 1
