"""Print or pen: numbers and dates in printed frames, judged by the digits' ink beside the print of the same row.

Digits of one typeface are equally high to within a pixel or two; digits by pen are not. That and the number of
strokes' components tell them apart without any model. Where there is doubt it is the pen: then the legal values are
ranked on the row's image, and only a sure first one becomes a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from statistics import median

import cv2
import numpy as np

from core.recognition import Box, Candidate, PenKind, PenPlace, Suggestion
from ocr.describing.dates import find_worded, iso_date
from ocr.describing.header import Header, NumberParts
from ocr.describing.rows import Row, middle_x
from ocr.describing.suggest import suggest, suggest_written

_TOLERANCE = 0.08
"""Share by which a printed digit's height may differ from its neighbours'."""
_SLOPE = 0.07
"""Rise of a row that lies 4 degrees askew."""
_OTHER_INK = 35
"""Grey levels between blue and red by which a pen's ink differs from the print's."""
_SURE_WORD = 0.85
_PRINTED, _GUESSED, _UNPROVEN = 0.97, 0.85, 0.7
_ROOM_ABOVE, _ROOM_ASIDE = 3.0, 4.0
"""Room around a row, in its heights, in which its lines are found again."""
_ALIKE = str.maketrans("lI|Oo", "11100")
_LEADERS = re.compile(r"[\s.:;…_,'’‘⁄-]")


StripRanker = Callable[[np.ndarray, PenKind], Sequence[Candidate]]
"""Ranks what is written by pen on an upright strip of a page, uint8 HxWx3 or HxW."""
PenRanker = Callable[[Row, PenKind], Sequence[Candidate]]
"""Ranks what is written by pen in a row."""


def rank_row(
    row: Row, kind: PenKind, places: Sequence[PenPlace], image: np.ndarray | None, ranker: StripRanker | None
) -> Sequence[Candidate]:
    """What may be written in the row: as the page's reading ranked it, else on the strip around it.

    places: of the row's page; image: of that page, upright, or None.
    """
    known = [(_shared_area(place.box, row.box), place) for place in places if place.kind == kind]
    if known and (best := max(known, key=lambda one: one[0]))[0] > 0:
        return best[1].candidates
    if image is None or ranker is None:
        return ()
    x0, y0, x1, y1 = row.box
    above, aside = round(_ROOM_ABOVE * row.height), round(_ROOM_ASIDE * row.height)
    return ranker(image[max(0, y0 - above) : y1 + above, max(0, x0 - aside) : x1 + aside], kind)


def _shared_area(one: Box, other: Box) -> int:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return max(0, wide) * max(0, high)


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
    """Whether at `digits` stand `count` glyphs as high as the printed ones of `reference`, on one level, in one ink.

    The boxes may be off by half a glyph: they are cut from words in proportion to their letters.
    """
    height = digits[3] - digits[1]
    wide = digits[0] - 2 * height, digits[1], digits[2] + 2 * height, digits[3]
    run = _nearest_run([box for box in glyph_boxes(image, wide) if box[0] > max(0, wide[0])], digits, count)
    wide = reference[0] - height, reference[1], reference[2] + height, reference[3]
    others = [box for box in glyph_boxes(image, wide) if reference[0] <= middle_x(box) < reference[2]]
    others = [box for box in others if box not in run]
    if not run or not others:
        return False
    tall = median(y1 - y0 for _, y0, _, y1 in others)
    slack = max(1.5, _TOLERANCE * tall)
    drift = 2 * slack + _SLOPE * (run[-1][2] - run[0][0])
    tops, bottoms = [box[1] for box in run], [box[3] for box in run]
    level = max(tops) - min(tops) <= drift and max(bottoms) - min(bottoms) <= drift
    same = all(abs((y1 - y0) - tall) <= slack for _, y0, _, y1 in run)
    slender = all(x1 - x0 <= 0.85 * tall for x0, _, x1, _ in run)
    return level and same and slender and abs(_tint(image, run) - _tint(image, others)) < _OTHER_INK


def _nearest_run(glyphs: Sequence[Box], place: Box, count: int) -> list[Box]:
    """The `count` neighbouring glyphs whose ends lie nearest the place's; none if one end is off by a glyph."""
    runs = [list(glyphs[at : at + count]) for at in range(len(glyphs) - count + 1)]
    if not runs or not count:
        return []
    miss, run = min((abs(run[0][0] - place[0]) + abs(run[-1][2] - place[2]), run) for run in runs)
    return run if miss < 1.2 * (place[3] - place[1]) else []


def _tint(image: np.ndarray, boxes: Sequence[Box]) -> float:
    """How blue the ink is: median of blue less red over the darker pixels of the boxes; 0 for a grey image."""
    if image.ndim == 2:
        return 0.0
    pixels = np.concatenate([image[y0:y1, x0:x1].reshape(-1, 3) for x0, y0, x1, y1 in boxes]).astype(np.int16)
    dark = pixels.max(axis=1)
    ink = pixels[dark <= np.percentile(dark, 25)]
    return float(np.median(ink[:, 2] - ink[:, 0]))


def _ceiling(row: Row, span: tuple[int, int], reference: Box | None, image: np.ndarray | None) -> float | None:
    """How sure digits at `span` may be; None when they are, or may be, by pen."""
    words = row.words_between(*span)
    digits = _as_digits(row.text[span[0] : span[1]])
    if not digits.isascii() or not digits.isdigit() or not words or any(word.pen for word in words):
        return None
    if min(word.confidence for word in words) < (_SURE_WORD if image is None else 0.3):
        return None
    exact = digits == row.text[span[0] : span[1]].strip()
    if image is None:
        return _UNPROVEN if exact else None
    box = row.box_between(*span)
    if box is None or reference is None or not looks_printed(image, box, reference, len(digits)):
        return None
    return _PRINTED if exact else _GUESSED


def _as_digits(text: str) -> str:
    """Letters that stand for the digits of the same shape, put right: `2l` is 21."""
    return text.strip().translate(_ALIKE)


def describe_number(parts: NumberParts, image: np.ndarray | None, ranker: PenRanker) -> Suggestion:
    """The number where it is printed; else its place and the candidates."""
    row, text = parts.row, parts.row.text
    start, end = parts.start, parts.end
    while start < end and _LEADERS.match(text[start]):
        start += 1
    while end > start and _LEADERS.match(text[end - 1]):
        end -= 1
    reference = row.box_between(*parts.symbol_span) if parts.symbol else None
    ceiling = _ceiling(row, (start, end), reference, image) if parts.symbol else None
    if ceiling is not None:
        return suggest("number", _as_digits(text[start:end]), row, (start, end), ceiling, "header.number")
    box = _frame(row, parts.start, parts.end)
    ink = ranker(row, "number")
    return suggest_written("number", text, row.page, box, "header.number_by_pen", ink)


def _frame(row: Row, start: int, end: int) -> Box:
    """The place between what is printed before and after, whether or not anything was read there."""
    before = row.box_between(max(0, start - 1), start) or row.words[0].box
    after = row.box_between(end, end + 1)
    inside = row.box_between(start, end)
    x0 = inside[0] if inside and start == 0 else before[2]
    x1 = after[0] if after else row.box[2]
    return min(x0, row.box[2]), row.box[1], max(x1, min(x0, row.box[2]) + 1), row.box[3]


def describe_date(header: Header, image: np.ndarray | None, ranker: PenRanker) -> Suggestion | None:
    """The date where day and month are printed; else its place and the candidates. None without a date's row."""
    row = header.date
    found = find_worded(row.folded) if row else None
    if row is None or found is None:
        return None
    reference = _year_box(row, found.span("year"))
    year = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", found["year"])
    spans = [_digits_span(found[name], found.start(name)) for name in ("day", "month")]
    sure = [_ceiling(row, span, reference, image) if span else None for span in spans]
    if year is not None and spans[0] and spans[1] and sure[0] is not None and sure[1] is not None:
        day, month = (int(_as_digits(row.text[start:end])) for start, end in (spans[0], spans[1]))
        value = iso_date(day, month, int(year.group()))
        if value is not None:
            return suggest("date", value, row, found.span(), min(sure[0], sure[1]), "header.date")
    box = row.box_between(found.start(), len(row.text))
    ink = ranker(row, "date")
    return suggest_written("date", row.text[found.start() :], row.page, box, "header.date_by_pen", ink)


def _digits_span(text: str, offset: int) -> tuple[int, int] | None:
    """Where one or two digits stand alone in what was read between two printed words."""
    found = re.fullmatch(r"\s*([\dli|o]{1,2})\s*", text)
    return (offset + found.start(1), offset + found.end(1)) if found else None


def _year_box(row: Row, span: tuple[int, int]) -> Box | None:
    """Box of the year's digits, for their height."""
    digits = re.search(r"\d{4}", row.text[span[0] : span[1]])
    return row.box_between(span[0] + digits.start(), span[0] + digits.end()) if digits else None
