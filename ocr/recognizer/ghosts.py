"""Print of the sheet's other side: it is faint beside the page's own print and reads, mirrored, as no word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ocr.recognizer.words import LineWord

_FAINT = 0.5
"""Share of the page's own ink below which a word may be a ghost: paper lets at most two fifths of the back's ink pass,
and what is printed in front and read well is darker than 0.55 of the page's median but for dashes and single signs."""
_SURE = 0.9
_MANY = 3
"""Ghosts from which the sheet is known to show through, so that faint scraps of one or two letters are no text either.
"""
_SCRAP = 2


def drop_ghosts(lines: Sequence[Sequence[LineWord]]) -> list[tuple[LineWord, ...]]:
    """The page's lines without the words that only show through; a line of nothing else becomes empty."""
    limit = _FAINT * _typical_darkness(lines)
    shows = sum(_is_ghost(word, limit, shows=False) for line in lines for word in line) >= _MANY
    return [_keep(line, limit, shows) for line in lines]


def _typical_darkness(lines: Sequence[Sequence[LineWord]]) -> float:
    """The median over the letters of words that were read well enough to be the page's own."""
    read = [word for line in lines for word in line if word.probability > 0.5]
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
