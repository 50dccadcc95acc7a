"""Print or pen: numbers and dates in printed frames, judged by the digits' ink beside the print of the same row.

Digits of one typeface are equally high to within a pixel or two; digits by pen are not. That and the number of
strokes' components tell them apart without any model. Where there is doubt it is the pen, and there is no value.
"""

from __future__ import annotations

import re
from statistics import median

import cv2
import numpy as np

from core.recognition import Box, Suggestion
from ocr.describing.dates import find_worded, iso_date
from ocr.describing.header import Header, NumberParts
from ocr.describing.rows import Row
from ocr.describing.suggest import suggest, suggest_written

_TOLERANCE = 0.08
"""Share by which a printed digit's height may differ from its neighbours'."""
_SURE_WORD = 0.85
_PRINTED, _UNPROVEN = 0.97, 0.7
_LEADERS = re.compile(r"[\s.:;…_,'’‘⁄-]")


def glyph_boxes(image: np.ndarray, box: Box) -> list[Box]:
    """Boxes of the ink components at least half as high as `box`, from left to right, in the image's pixels.

    image: uint8, HxWx3 or HxW. The search reaches a third of the height above and below. Otsu's threshold.
    """
    height = box[3] - box[1]
    top, left = max(0, box[1] - height // 3), max(0, box[0])
    crop = image[top : box[3] + height // 3, left : max(left, box[2])]
    if crop.size == 0 or height <= 0:
        return []
    grey = crop if crop.ndim == 2 else np.ascontiguousarray(crop.min(axis=2))
    _, ink = cv2.threshold(np.ascontiguousarray(grey), 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    found = [(int(x) + left, int(y) + top, int(w), int(h)) for x, y, w, h, _ in stats[1:] if h >= 0.4 * height]
    return sorted((x, y, x + w, y + h) for x, y, w, h in found)


def looks_printed(image: np.ndarray, digits: Box, reference: Box, count: int) -> bool:
    """Whether `digits` holds `count` glyphs as high as the printed ones of `reference`, on a level of their own."""
    found = glyph_boxes(image, digits)
    printed = [y1 - y0 for _, y0, _, y1 in glyph_boxes(image, reference)]
    if len(found) != count or not printed:
        return False
    height = median(printed)
    slack = max(1.5, _TOLERANCE * height)
    tops, bottoms = [box[1] for box in found], [box[3] for box in found]
    level = max(tops) - min(tops) <= 2 * slack and max(bottoms) - min(bottoms) <= 2 * slack
    same = all(abs((y1 - y0) - height) <= slack for _, y0, _, y1 in found)
    slender = all(x1 - x0 <= 0.85 * height for x0, _, x1, _ in found)
    return level and same and slender


def _ceiling(row: Row, span: tuple[int, int], reference: Box | None, image: np.ndarray | None) -> float | None:
    """How sure digits at `span` may be; None when they are, or may be, by pen."""
    words = row.words_between(*span)
    digits = row.text[span[0] : span[1]].strip()
    if not digits.isascii() or not digits.isdigit() or not words:
        return None
    if min(word.confidence for word in words) < (_SURE_WORD if image is None else 0.5):
        return None
    if image is None:
        return _UNPROVEN
    box = row.box_between(*span)
    if box is None or reference is None or not looks_printed(image, box, reference, len(digits)):
        return None
    return _PRINTED


def describe_number(parts: NumberParts, image: np.ndarray | None) -> Suggestion:
    """The number where it is printed; else its place, to be typed."""
    row, text = parts.row, parts.row.text
    start, end = parts.start, parts.end
    while start < end and _LEADERS.match(text[start]):
        start += 1
    while end > start and _LEADERS.match(text[end - 1]):
        end -= 1
    reference = row.box_between(*parts.symbol_span) if parts.symbol else None
    ceiling = _ceiling(row, (start, end), reference, image) if parts.symbol else None
    if ceiling is not None:
        return suggest("number", text[start:end], row, (start, end), ceiling, "header.number")
    box = _frame(row, parts.start, parts.end)
    return suggest_written("number", text, row.page, box, "header.number_by_pen")


def _frame(row: Row, start: int, end: int) -> Box:
    """The place between what is printed before and after, whether or not anything was read there."""
    before = row.box_between(max(0, start - 1), start) or row.words[0].box
    after = row.box_between(end, end + 1)
    inside = row.box_between(start, end)
    x0 = inside[0] if inside and start == 0 else before[2]
    x1 = after[0] if after else row.box[2]
    return min(x0, row.box[2]), row.box[1], max(x1, min(x0, row.box[2]) + 1), row.box[3]


def describe_date(header: Header, image: np.ndarray | None) -> Suggestion | None:
    """The date where day and month are printed; else its place, to be typed. None where there is no date's row."""
    row = header.date
    found = find_worded(row.folded) if row else None
    if row is None or found is None:
        return None
    reference = _year_box(row, found.span("year"))
    year = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", found["year"])
    spans = [_digits_span(found[name], found.start(name)) for name in ("day", "month")]
    sure = [_ceiling(row, span, reference, image) if span else None for span in spans]
    if year is not None and spans[0] and spans[1] and sure[0] is not None and sure[1] is not None:
        day, month = (int(row.text[start:end]) for start, end in (spans[0], spans[1]))
        value = iso_date(day, month, int(year.group()))
        if value is not None:
            return suggest("date", value, row, found.span(), min(sure[0], sure[1]), "header.date")
    box = row.box_between(found.start(), len(row.text))
    return suggest_written("date", row.text[found.start() :], row.page, box, "header.date_by_pen")


def _digits_span(text: str, offset: int) -> tuple[int, int] | None:
    """Where one or two digits stand alone in what was read between two printed words."""
    found = re.fullmatch(r"\s*(\d{1,2})\s*", text)
    return (offset + found.start(1), offset + found.end(1)) if found else None


def _year_box(row: Row, span: tuple[int, int]) -> Box | None:
    """Box of the year's digits, for their height."""
    digits = re.search(r"\d{4}", row.text[span[0] : span[1]])
    return row.box_between(span[0] + digits.start(), span[0] + digits.end()) if digits else None
