"""Recognized pages made by hand: a line is its text, its left edge as a share of the page's width, and its row."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from core.recognition import PageQuality, RecognizedLine, RecognizedPage, RecognizedWord

WIDTH, HEIGHT, STEP, LETTER = 2480, 3508, 60, 22
QUALITY = PageQuality(900.0, 200.0, 240.0, 1.0, 0.0, 30.0)

Line = tuple[str, float, float]
MakePage = Callable[..., RecognizedPage]


def _line(text: str, left: float, row: float, confidence: float, block: int) -> RecognizedLine:
    words, x = [], round(left * WIDTH)
    top = round(200 + row * STEP)
    for word in text.split(" "):
        width = max(1, len(word)) * LETTER
        if word:
            words.append(RecognizedWord(word, confidence, (x, top, x + width, top + 40)))
        x += width + LETTER
    box = (words[0].box[0], top, words[-1].box[2], top + 40)
    return RecognizedLine(tuple(words), box, block)


def make_page(lines: Sequence[Line], number: int = 1, confidence: float = 0.96) -> RecognizedPage:
    """A page of 2480x3508 pixels; rows are 60 pixels apart from 200 on; two spaces in a text leave a wider gap."""
    placed = tuple(_line(text, left, row, confidence, at) for at, (text, left, row) in enumerate(lines))
    return RecognizedPage(number, WIDTH, HEIGHT, 300, placed, 0, 0.0, not placed, QUALITY, "by hand", 0.0)


@pytest.fixture
def page() -> MakePage:
    return make_page
