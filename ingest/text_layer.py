"""The visible text of a PDF page, with the place of each word on the page's image."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import pypdfium2 as pdfium

from core.recognition import Box
from core.text_layer import LayerWord, TextLayer

_Row = tuple[float, float, float]
_Map = tuple[_Row, _Row]
"""2 x 3: (x, y, 1) in points to pixels."""

_MOST_LETTERS = 60_000
"""A page with more is no page of text; it is read from its image."""
_WIDE_GAP = 2.5
"""Of the letters' height: what stands further apart on a level is another line, of another column."""
_UPRIGHT = 0.9
"""Share of the words that run from left to right; a stamp may stand askew."""
_UNKNOWN = "\ufffd"
_UNSEEN_MODES = (pdfium.raw.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.raw.FPDF_TEXTRENDERMODE_CLIP)
_FINE = 1000
"""Steps of PDFium's whole-numbered device to a pixel."""


@dataclass(frozen=True, slots=True)
class _Letter:
    """One visible sign. box: left, top, right, bottom in pixels of the image."""

    sign: str
    box: tuple[float, float, float, float]
    font: str


@dataclass(slots=True)
class _Words:
    """Words being put together from letters, and lines from words."""

    lines: list[tuple[LayerWord, ...]] = field(default_factory=list)
    line: list[LayerWord] = field(default_factory=list)
    letters: list[_Letter] = field(default_factory=list)
    level: list[bool] = field(default_factory=list)
    """Of each word of several letters: whether it runs from left to right."""

    def end_word(self) -> None:
        if self.letters:
            word = _make_word(self.letters)
            if len(self.letters) > 2:
                self.level.append(_runs_level(self.letters))
            if self.line and not _continues(self.line[-1].box, word.box):
                self.end_line()
            self.line.append(word)
            self.letters = []

    def end_line(self) -> None:
        if self.line:
            self.lines.append(tuple(self.line))
            self.line = []


def find_text_layer(page: pdfium.PdfPage, width: int, height: int) -> TextLayer | None:
    """The page's visible text on its image of that size, upright by the page's rotation.

    None where it has none, and where it does not stand upright on the image.
    """
    text = page.get_textpage()
    try:
        if not 0 < text.count_chars() <= _MOST_LETTERS:
            return None
        words = _Words()
        for letter in _letters(text, _to_pixels(page, width, height)):
            if letter is None or letter.sign.isspace():
                words.end_word()
                if letter is None:
                    words.end_line()
            else:
                words.letters.append(letter)
        words.end_word()
        words.end_line()
        upright = sum(words.level) >= _UPRIGHT * len(words.level)
        return TextLayer(tuple(words.lines)) if words.lines and upright else None
    finally:
        text.close()


def _letters(text: pdfium.PdfTextPage, to_pixels: _Map) -> Iterator[_Letter | None]:
    """Visible signs and the spaces between them; None for the end of a line."""
    looks: dict[int, tuple[bool, str]] = {}
    for at in range(text.count_chars()):
        code = pdfium.raw.FPDFText_GetUnicode(text, at)
        sign = chr(code) if code and not pdfium.raw.FPDFText_HasUnicodeMapError(text, at) > 0 else _UNKNOWN
        if pdfium.raw.FPDFText_IsGenerated(text, at) > 0:
            yield None if sign in "\r\n" else _Letter(" ", (0, 0, 0, 0), "")
            continue
        drawn = pdfium.raw.FPDFText_GetTextObject(text, at)
        address = ctypes.addressof(drawn.contents) if drawn else 0
        if address not in looks:
            looks[address] = _is_seen(text, at, drawn), _font_of(text, at)
        seen, font = looks[address]
        if seen:
            yield _Letter(sign, _box_of(text, at, to_pixels), font)


def _is_seen(text: pdfium.PdfTextPage, at: int, drawn: object) -> bool:
    if drawn and pdfium.raw.FPDFTextObj_GetTextRenderMode(drawn) in _UNSEEN_MODES:
        return False
    tones = [ctypes.c_uint() for _ in range(4)]
    known = pdfium.raw.FPDFText_GetFillColor(text, at, *tones)
    return not known or tones[3].value > 0


def _font_of(text: pdfium.PdfTextPage, at: int) -> str:
    name, flags = ctypes.create_string_buffer(256), ctypes.c_int()
    size = pdfium.raw.FPDFText_GetFontInfo(text, at, name, len(name), flags)
    return name.value.decode("utf-8", "replace") if 0 < size <= len(name) else ""


def _box_of(text: pdfium.PdfTextPage, at: int, to_pixels: _Map) -> tuple[float, float, float, float]:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium.raw.FPDFText_GetCharBox(text, at, left, right, bottom, top)
    (xx, xy, x), (yx, yy, y) = to_pixels
    x0, x1 = (xx * across + xy * up + x for across, up in ((left.value, bottom.value), (right.value, top.value)))
    y0, y1 = (yx * across + yy * up + y for across, up in ((left.value, bottom.value), (right.value, top.value)))
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _to_pixels(page: pdfium.PdfPage, width: int, height: int) -> _Map:
    """Points of the page's own space to pixels of its image, as PDFium draws it: cropped, turned, in its unit."""

    def place(x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        fine = (width * _FINE, height * _FINE)
        pdfium.raw.FPDF_PageToDevice(page, 0, 0, *fine, 0, x, y, across, down)
        return across.value / _FINE, down.value / _FINE

    (x, y), (xx, yx), (xy, yy) = place(0, 0), place(100, 0), place(0, 100)
    return ((xx - x) / 100, (xy - x) / 100, x), ((yx - y) / 100, (yy - y) / 100, y)


def _make_word(letters: list[_Letter]) -> LayerWord:
    x0, y0 = (math.floor(min(letter.box[side] for letter in letters)) for side in (0, 1))
    x1, y1 = (math.ceil(max(letter.box[side] for letter in letters)) for side in (2, 3))
    text = "".join(letter.sign for letter in letters)
    return LayerWord(text, (x0, y0, max(x1, x0 + 1), max(y1, y0 + 1)), letters[0].font)


def _runs_level(letters: list[_Letter]) -> bool:
    first, last = letters[0].box, letters[-1].box
    across, down = last[0] + last[2] - first[0] - first[2], last[1] + last[3] - first[1] - first[3]
    return across > abs(down)


def _continues(before: Box, after: Box) -> bool:
    """Whether a word stands on the line of the one before it."""
    height = max(before[3] - before[1], after[3] - after[1])
    level = min(before[3], after[3]) - max(before[1], after[1]) > 0.2 * min(before[3] - before[1], after[3] - after[1])
    return level and -height < after[0] - before[2] < _WIDE_GAP * height
