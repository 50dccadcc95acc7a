"""The characters that the recognizer writes, in the order of its outputs."""

from __future__ import annotations

import unicodedata
from itertools import product

_SMALL = tuple(
    unicodedata.normalize("NFC", vowel + tone)
    for vowel, tone in product("aăâeêioôơuưy", ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"))
)
_VIETNAMESE = "".join(letter for small in (*_SMALL, "đ") for letter in (small, small.upper()) if not letter.isascii())
_ASCII = "".join(map(chr, range(0x21, 0x7F)))
_SIGNS = "–—‘’“”«»…•·°±×÷≤≥≠≈§©®™€£¥№†¼½¾²³¹µ√→←↑↓☐☑☒■□●○✓✗"

CHARACTERS = _ASCII + _VIETNAMESE + _SIGNS + " "
"""Output k + 1 of the network stands for CHARACTERS[k]; output 0 is the blank of CTC. The space is last, where
PaddleOCR expects it."""

INDEX = {character: at + 1 for at, character in enumerate(CHARACTERS)}
"""From a character to its output."""
CLASSES = len(CHARACTERS) + 1
BLANK = 0

LOOKALIKES = str.maketrans({"‐": "-", "‑": "-", "−": "-", "‒": "–", "―": "—", "\u00a0": " ", "ﬁ": "fi", "ﬂ": "fl"})
"""Characters of texts that print like one of ours."""
