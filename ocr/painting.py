"""A page image on which personal values are painted over."""

from __future__ import annotations

import re
from collections.abc import Iterator

import cv2

from core.masked_text import PageMask
from core.recognition import Box, HiddenWord
from ocr.images import load_page_image

_INK = (70, 70, 70)
_QUALITY = 90
_RUN = re.compile(r"\*(?:[^\w*]?\*)*")
_AROUND = 0.35
"""Share of a letter that is painted beyond the hidden ones: letters are not equally wide."""


def paint_page(image: bytes, mask: PageMask, rotation: int, max_pixels: int) -> bytes:
    """The image as JPEG, with what the mask hides painted over. Raises DamagedFile, LimitExceeded.

    rotation: degrees that make the page upright; words of a turned page are painted whole.
    """
    page = load_page_image(image, max_pixels=max_pixels)
    pixels = cv2.cvtColor(page.seen, cv2.COLOR_GRAY2BGR if page.colour is None else cv2.COLOR_RGB2BGR)
    for x0, y0, x1, y1 in (*mask.areas, *(box for word in mask.words for box in hidden_boxes(word, rotation))):
        cv2.rectangle(pixels, (x0, y0), (x1 - 1, y1 - 1), _INK, cv2.FILLED)
    _, packed = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return packed.tobytes()


def hidden_boxes(word: HiddenWord, rotation: int) -> Iterator[Box]:
    """Where the hidden letters of a word stand; the whole word where that is not sure."""
    x0, y0, x1, y1 = word.box
    rise = max(1, (y1 - y0) // 8)
    if rotation or any(letter.isalpha() for letter in word.shown):
        yield max(0, x0 - 2), max(0, y0 - rise), x1 + 2, y1 + rise
        return
    step = (x1 - x0) / len(word.shown)
    for run in _RUN.finditer(word.shown):
        left, right = x0 + (run.start() - _AROUND) * step, x0 + (run.end() + _AROUND) * step
        yield max(0, round(left)), max(0, y0 - rise), round(right), y1 + rise
