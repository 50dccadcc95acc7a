"""Vietnamese text rules, the same for the search index, for queries and for comparing values.

Folding keeps every letter at its place: one character of normalised text stays one character of folded text, so that
offsets found in the folded text point into the normalised one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import product

_ZERO_WIDTH = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD])
_DASHES = dict.fromkeys([0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212], "-")
_SPACES = re.compile(r"[^\S\n]+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_WORD = re.compile(r"[^\W_]+")
_OLD_TONE = re.compile(rf"(?<![qQ])([oOuU])([aAeEyY])([{_TONES}])(?![\u0300-\u036f])(?!\w)")
_NOT_KEY = re.compile(r"[^a-z0-9]+")
_SMALL = (
    *(unicodedata.normalize("NFC", vowel + tone) for vowel, tone in product("aăâeêioôơuưy", ("", *_TONES))),
    "đ",
)
VIETNAMESE_LETTERS = "".join(letter for small in _SMALL for letter in (small, small.upper()) if not letter.isascii())
"""The 134 precomposed letters in both cases that ASCII lacks, in an order that the recognizer's outputs keep to."""


def _place_tones(text: str) -> str:
    """Moves the tone of a syllable-final oa, oe, uy to its first vowel: hoà → hòa. `qu` is a consonant: quý stays."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", _OLD_TONE.sub(r"\1\3\2", apart))


def normalize(text: str) -> str:
    """NFC, no zero-width characters, one kind of dash and space, canonical tone placement. Lines are kept."""
    text = unicodedata.normalize("NFC", text.translate(_ZERO_WIDTH).translate(_DASHES))
    return _place_tones(_SPACES.sub(" ", text)).strip()


def fold_letter(letter: str) -> str:
    """One letter without marks, lower-case; always exactly one character."""
    if letter in "đĐ":
        return "d"
    base = unicodedata.normalize("NFD", letter)[0].lower()
    return base if len(base) == 1 else letter


class _Folded(dict[int, str]):
    """A table for `str.translate` that learns each letter when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = fold_letter(chr(code))
        return folded


_FOLDED = _Folded()


def fold_letters(text: str) -> str:
    """Text that is normalised already, letter for letter without marks and lower-case."""
    return text.translate(_FOLDED)


def fold(text: str) -> str:
    """Normalised text without tones and marks, lower-case; same length as `normalize(text)`."""
    return fold_letters(normalize(text))


def words_of(text: str) -> Iterator[re.Match[str]]:
    """Matches of the words of normalised text, with their offsets: runs of letters and digits."""
    return _WORD.finditer(text)


def document_number_key(text: str) -> str:
    """A document number as one word, whatever its spacing and marks: `03 - KH/BCĐ` → `03khbcd`."""
    return _NOT_KEY.sub("", fold(text))


def has_tones(text: str) -> bool:
    """Whether the text carries any Vietnamese mark, so that exact matches are meant."""
    return fold(text) != normalize(text).lower()
