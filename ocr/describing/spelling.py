"""Syllables that Vietnamese does not have, put right where only one other was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from core.syllables import is_syllable
from core.text import fold_letter, normalize
from ocr.describing.names import BODY_HEADS, OFFICE_PHRASES, TITLE_HEADS

_WORD = re.compile(r"[^\W\d_]+")
_LOOK_ALIKE = frozenset(
    frozenset(pair)
    for pair in ("pr", "cg", "ce", "ei", "il", "ij", "tl", "tf", "hb", "nh", "nu", "vy", "oc", "mn", "od", "ti", "uv")
)
"""Letters without marks that reading takes for one another."""


def mend_syllables(text: str) -> str:
    """The text with every impossible syllable put right where one is nearest: a letter doubled with and without its
    mark (`tiỉnh`), or one letter off a word that offices use (`RHÒNG`). Words in capitals only if a list has them.
    """
    return _WORD.sub(lambda found: _mend(found.group()), text)


def _mend(word: str) -> str:
    if len(word) < 3 or is_syllable(word):
        return word
    if not word.isupper():  # also two letters that are the same but for case
        return next(filter(is_syllable, _merged(word)), word)
    if word.isascii():
        return word
    near = [one for one in _office_syllables() if _is_near(word, one)]
    return near[0] if len(near) == 1 else word


def _merged(word: str) -> Iterator[str]:
    """The word less the first, or else the second, of two neighbouring letters that are the same but for marks or case,
    or less the bare one.
    """
    for at, (one, other) in enumerate(pairwise(word)):
        if one != other and fold_letter(one) == fold_letter(other):
            first, second = word[:at] + word[at + 1 :], word[: at + 1] + word[at + 2 :]
            yield from (second, first) if other.isascii() and not one.isascii() else (first, second)


@cache
def _office_syllables() -> frozenset[str]:
    """Capitals of the words in the lists of positions, bodies and office phrases."""
    phrases = (*TITLE_HEADS, *BODY_HEADS, *OFFICE_PHRASES)
    return frozenset(word for phrase in phrases for word in normalize(phrase).upper().split() if len(word) > 2)


def _is_near(word: str, other: str) -> bool:
    """Whether the words are the same but for one letter that looks alike."""
    if len(word) != len(other):
        return False
    apart = [(one, there) for one, there in zip(word, other, strict=True) if one != there]
    if len(apart) != 1:
        return False
    return frozenset(map(fold_letter, apart[0])) in _LOOK_ALIKE or fold_letter(apart[0][0]) == fold_letter(apart[0][1])
