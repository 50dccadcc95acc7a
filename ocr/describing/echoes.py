"""Names of the head that the same page says once more in its text, where they were read surely."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from core.recognition import RecognizedWord, Suggestion
from core.text import fold_letters
from ocr.describing.rows import Row
from ocr.describing.word_pairs import WORD, letters_of

_SURE = 0.95
_DOUBTFUL = 0.8
_CONFIDENCE = 0.8
"""Of a word that another place of the page says."""
_COMMUNE = re.compile(r"(?<!\w)(?:xã|phường|thị trấn) ", re.IGNORECASE)


def echo_marks(row: Row, rows: Iterable[Row]) -> Row:
    """The row with doubtful capitals as the page says them elsewhere behind the same word: XÃ CẪM NINH, of which the
    text says xã Cẩm Ninh. Letters stay, marks may change; only where every such place agrees.
    """
    if not any(map(_is_doubtful, row.words)):
        return row
    behind, ahead = _sure_pairs(rows)
    words = list(row.words)
    for at, word in enumerate(words):
        if not _is_doubtful(word):
            continue
        said: set[str] = set()
        if at:
            said |= behind[_plain(words[at - 1]), _plain(word)]
        if at + 1 < len(words):
            said |= ahead[_plain(word), _plain(words[at + 1])]
        if len(said) == 1:
            words[at] = replace(word, text=said.pop().upper(), confidence=_CONFIDENCE, first_reading=word.text)
    return replace(row, words=tuple(words))


def _is_doubtful(word: RecognizedWord) -> bool:
    return word.confidence < _DOUBTFUL and word.text.isupper() and WORD.fullmatch(word.text) is not None


def _plain(word: RecognizedWord) -> str:
    return letters_of(fold_letters(word.text))


Said = defaultdict[tuple[str, str], set[str]]
"""Of two words without marks what one of them is with its marks, lower case."""


def _sure_pairs(rows: Iterable[Row]) -> tuple[Said, Said]:
    """What the second word of a pair is, and what the first is."""
    behind, ahead = Said(set), Said(set)
    for row in rows:
        for first, second in pairwise(row.words):
            pair = _plain(first), _plain(second)
            for word, said in ((second, behind), (first, ahead)):
                if word.confidence > _SURE:
                    said[pair].add(letters_of(word.text))
    return behind, ahead


def keep_commune(place: Suggestion, rows: Sequence[Row]) -> Suggestion:
    """The place as it was printed where the page names a commune so that differs from a province in its marks alone."""
    printed = place.printed.strip(" .,-")
    if place.value == printed or not printed:
        return place
    named = re.compile(_COMMUNE.pattern + re.escape(printed) + r"(?!\w)", re.IGNORECASE)
    return replace(place, value=printed) if any(named.search(row.text) for row in rows) else place
