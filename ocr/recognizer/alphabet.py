"""The characters that the recognizer writes, in the order of its outputs."""

from __future__ import annotations

from core.text import VIETNAMESE_LETTERS

_ASCII = "".join(map(chr, range(0x21, 0x7F)))
_SIGNS = "–—‘’“”«»…•·°±×÷≤≥≠≈§©®™€£¥№†¼½¾²³¹µ√→←↑↓☐☑☒■□●○✓✗"

CHARACTERS = _ASCII + VIETNAMESE_LETTERS + _SIGNS + " "
"""Output k + 1 of the network stands for CHARACTERS[k]; output 0 is the blank of CTC. The space is last, where
PaddleOCR expects it."""

INDEX = {character: at + 1 for at, character in enumerate(CHARACTERS)}
"""From a character to its output."""
CLASSES = len(CHARACTERS) + 1
BLANK = 0

LOOKALIKES = str.maketrans({"‐": "-", "‑": "-", "−": "-", "‒": "–", "―": "—", "\u00a0": " ", "ﬁ": "fi", "ﬂ": "fl"})
"""Characters of texts that print like one of ours."""
