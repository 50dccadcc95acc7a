"""Text to tokens: the one analysis of the index, of queries and of highlights.

A word is a run of letters and digits. It has two forms: exact (lower-case, tones kept) and folded (no marks). What may
stand for a word at low weight (spelling variants, abbreviations and their full forms) is asked for by the query, so
that the index holds what the page says and nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from core.abbreviations import EQUIVALENTS
from core.text import document_number_key, fold, normalize, words_of

BREAK = "\ue000"
"""A token that stands between two fields, so that no phrase reaches across. No word can contain it."""
_JOINT = "\ue001"
_LONGEST_WORD = 64
_OFTEN = 3

_NUMBER = re.compile(r"(?<!\w)\d{1,6}[a-zA-Z]?(?:[ \n]{0,2}[-/][ \n]{0,2}[^\W_]+)+")
_YEAR_PART = re.compile(r"[ \n]{0,2}[-/][ \n]{0,2}(?:19|20)\d\d(?=[ \n]{0,2}[-/])")
_COMPACT_NUMBER = re.compile(r"\d{1,6}[a-z][a-z0-9]{1,40}")
_I_OR_Y = re.compile(r"(qu|[hklmst])([iy])")


@dataclass(frozen=True, slots=True)
class Token:
    """A word at text[start:end]."""

    start: int
    end: int
    exact: str
    folded: str


@lru_cache(maxsize=50_000)
def _forms(word: str) -> tuple[str, str]:
    word = word[:_LONGEST_WORD]
    return normalize(word).lower(), fold(word)


def analyze(text: str) -> tuple[Token, ...]:
    """The tokens of normalised text, with their offsets."""
    return tuple(Token(match.start(), match.end(), *_forms(match.group())) for match in words_of(text))


def shingles(words: Sequence[str]) -> list[str]:
    """Every two neighbours as one token: Vietnamese words mostly have two syllables."""
    return [f"{first}{_JOINT}{second}" for first, second in pairwise(words)]


def frequent(words: Sequence[str]) -> list[str]:
    """Words and shingles that come at least three times: term frequency in the one step that ranking uses."""
    counts = Counter(words)
    counts.update(shingles(words))
    return sorted(token for token, count in counts.items() if count >= _OFTEN)


def number_keys(number: str) -> tuple[str, ...]:
    """The tokens of a document number: its key without leading zeros, and that without a year part.

    `03 - KH/BCĐ` → `3khbcd`; `15/2024/QĐ-BNV` → `152024qdbnv`, `15qdbnv`. Nothing for what has no digit or no letter.
    """
    number = normalize(number)
    keys = [document_number_key(form).lstrip("0") for form in (number, _YEAR_PART.sub("", number))]
    return tuple(dict.fromkeys(key for key in keys if not key.isdigit() and not key.isalpha() and key))


def is_compact_number(folded: str) -> bool:
    """Whether one folded word looks like a document number typed without marks, as `03khbcd`."""
    return _COMPACT_NUMBER.fullmatch(folded) is not None


def find_numbers(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Document numbers in normalised text: start, end, and keys. Dates and ranges, which have no letter, are none."""
    for match in _NUMBER.finditer(text):
        if keys := number_keys(match.group()):
            yield match.start(), match.end(), keys


def spelling_variants(folded: str) -> tuple[str, ...]:
    """Other spellings of one folded syllable: i and y after h k l m s t, qui and quy."""
    if match := _I_OR_Y.fullmatch(folded):
        return (match[1] + ("y" if match[2] == "i" else "i"),)
    return ()


def _equivalents_by_form() -> dict[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    forms = [tuple(tuple(form.split()) for form in group) for group in EQUIVALENTS]
    return {form: tuple(other for other in group if other != form) for group in forms for form in group}


_BY_FORM = _equivalents_by_form()
_LONGEST_FORM = max(map(len, _BY_FORM))


def equivalents(folded: Sequence[str]) -> tuple[int, tuple[tuple[str, ...], ...]]:
    """How many of the first folded words make a known form, longest first, and the other forms of it; else 0, ()."""
    for length in range(min(_LONGEST_FORM, len(folded)), 0, -1):
        if others := _BY_FORM.get(tuple(folded[:length])):
            return length, others
    return 0, ()
