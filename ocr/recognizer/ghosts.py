"""Print of the sheet's other side: it is faint beside the page's own print and reads, mirrored as it is, as no word.

Where words of that kind are found, what is as faint is taken away from the page's image, for it crosses the page's own
letters too; the page is then read again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ocr.images import Pixels
from ocr.lines.prepare import find_light
from ocr.recognizer.words import LineWord

_FAINT = 0.5
"""Share of the page's own ink below which a word may be a ghost: paper lets at most two fifths of the back's ink pass,
and what is printed in front and read well is darker than 0.55 of the page's median but for dashes and single signs."""
_SURE = 0.9
_MANY = 3
"""Ghosts from which the sheet is known to show through, so that faint scraps of one or two letters are no text either.
"""
_SCRAP = 2
_ENOUGH = 5
"""Surely read words by which the page's own ink is measured."""
_GONE, _KEPT = 0.42, 0.55
"""Shares of the page's own ink: what is fainter than the one is taken away, what is darker than the other stays."""
_PAPER_STEP = 12.0
"""The paper's light is looked for in steps of so many to the inch."""
_ROWS = 512
"""Rows at a time, for the memory's sake."""


@dataclass(frozen=True, slots=True)
class Own:
    """A page's own words, line by line. ink: the share of light that its print takes. shows: the back shows through."""

    lines: tuple[tuple[LineWord, ...], ...]
    ink: float
    shows: bool


def drop_ghosts(lines: Sequence[Sequence[LineWord]]) -> Own:
    """The page's lines without the words that only show through; a line of nothing else becomes empty."""
    ink = _typical_darkness(lines)
    shows = sum(_is_ghost(word, _FAINT * ink, shows=False) for line in lines for word in line) >= _MANY
    return Own(tuple(_keep(line, _FAINT * ink, shows) for line in lines), ink, shows)


def take_away_ghosts(grey: Pixels, dpi: int, ink: float) -> Pixels:
    """The page without what is fainter than its own ink. ink: the share of light that its print takes."""
    paper = find_light(grey, max(4, round(dpi / _PAPER_STEP)), reach=2, calm=2)
    clean = np.empty_like(grey)
    for top in range(0, len(grey), _ROWS):
        rows = slice(top, top + _ROWS)
        light = np.maximum(paper[rows], 1).astype(np.float32)
        taken = 1 - grey[rows] / light
        kept = np.clip((taken / max(ink, 0.05) - _GONE) / (_KEPT - _GONE), 0, 1)
        clean[rows] = np.clip(light * (1 - taken * kept), 0, 255)
    return clean


def _typical_darkness(lines: Sequence[Sequence[LineWord]]) -> float:
    """The median over the letters of words that were surely read, as ghosts hardly are: there may be more of those than
    of the page's own; where there are few such words, of all that were read.
    """
    words = [word for line in lines for word in line]
    sure = [word for word in words if word.probability >= _SURE and len(word.text) > _SCRAP]
    read = sure if len(sure) >= _ENOUGH else [word for word in words if word.probability > 0.5]
    if not read:
        return 0.0
    return float(np.median(np.repeat([word.darkness for word in read], [len(word.text) for word in read])))


def _is_ghost(word: LineWord, limit: float, shows: bool) -> bool:
    if word.darkness >= limit or not any(letter.isalnum() for letter in word.text):
        return False
    return word.probability < _SURE or (shows and len(word.text) <= _SCRAP)


def _keep(line: Sequence[LineWord], limit: float, shows: bool) -> tuple[LineWord, ...]:
    own = tuple(word for word in line if not _is_ghost(word, limit, shows))
    if len(own) < len(line) and not any(letter.isalnum() for word in own for letter in word.text):
        return ()  # signs that stood among ghosts
    return own
