"""A second reading of places that the page's reading lost: print under a red seal, line by line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np

from core.recognition import Box, RecognizedWord
from core.text import normalize
from ocr.describing.rows import Row, middle_x, middle_y
from ocr.describing.stamps import CropReader

_CONFIDENCE = 0.7
"""A crop's reader gives no confidence of its own."""
_AGREED = 0.9
"""Of words that read the same with and without colour this share is right at least."""
_SURE = 0.8
"""Confidence from which the first reading of a word stays against the second."""
_MAX_LINES = 10
_ENOUGH = 4
"""Sure words whose middles tell how a row climbs."""
_LEVEL = 0.15
"""Share of a row's height by which its ends may differ and be read as level."""


_PALE = 0.6
"""Share of the way from ink to paper from which on a pixel is paper."""
_BLUE = 40
"""Grey levels by which a blue pen's ink is bluer than red."""


def without_colour(image: np.ndarray) -> np.ndarray:
    """Grey values in which a red seal and a blue signature are as light as paper; print under them stays. uint8 HxW.

    Red ink is bright in the red channel; what is much bluer than red is made white.
    """
    if image.ndim == 2:
        return image
    blue = image[..., 2].astype(np.int16) - image[..., 0] > _BLUE
    return np.asarray(np.where(blue, 255, image[..., 0]), np.uint8)


def without_pale(grey: np.ndarray) -> np.ndarray:
    """Grey values in which what is paler than print is paper: the rest of a seal whose colour was taken away."""
    if grey.size == 0:
        return grey
    ink, paper = np.percentile(grey, (2, 85))
    full = max(24.0, _PALE * float(paper - ink))
    return np.asarray(np.clip((grey.astype(np.float32) - ink) * (255 / full), 0, 255), np.uint8)


def reread_region(image: np.ndarray, region: Box, page: int, text_height: float, read_crop: CropReader) -> list[Row]:
    """The region's text lines as rows, each read by itself, words placed in proportion to their letters."""
    x0, y0, x1, y1 = region
    grey = without_colour(image[max(0, y0) : y1, max(0, x0) : x1])
    if grey.size == 0:
        return []
    rows = []
    for top, bottom, left, right in find_lines(grey, text_height)[:_MAX_LINES]:
        crop = cv2.copyMakeBorder(grey[top:bottom, left:right], 8, 8, 8, 8, cv2.BORDER_CONSTANT, value=255)
        words = read_crop(cv2.merge([crop, crop, crop])).split()
        if words:
            box = left + max(0, x0), top + max(0, y0), right + max(0, x0), bottom + max(0, y0)
            rows.append(Row(tuple(_place(words, box)), page))
    return rows


RowReader = Callable[[Row, Box], Row]
"""Reads a row again in a box of its page."""


def reread_row(image: np.ndarray, row: Row, box: Box, read_crop: CropReader) -> Row:
    """The row as it reads in `box` without colour: where both readings agree a word is sure, where they do not the
    surer one of the first reading stays; words before it that the first reading lost are put there, what stands left of
    the box is left out. As it was where nothing is read.
    """
    x0, y0, x1, y1 = (max(0, side) for side in box)
    grey = without_pale(without_colour(cut_level(image, row, (x0, y0, x1, y1))))
    if grey.size == 0:
        return row
    texts = [one for one in normalize(read_crop(cv2.merge([grey, grey, grey]))).split() if _says(one)]
    if not texts:
        return row
    inside = [word for word in row.words if word.box[2] > x0] or row.words
    lost = len(texts) - len(inside)
    if lost == 0 or (lost > 0 and texts[-1] == inside[-1].text):
        before = _place(texts[:lost], (x0, y0, max(x0 + 1, inside[0].box[0]), y1)) if lost else []
        words = [_judge(word, text) for word, text in zip(inside, texts[lost:], strict=True)]
        return Row((*before, *words), row.page)
    return Row(tuple(_place(texts, (x0, y0, x1, y1))), row.page)


def _says(text: str) -> bool:
    return text in "-–" or any(map(str.isalnum, text))


def cut_level(image: np.ndarray, row: Row, box: Box) -> np.ndarray:
    """The box of the page, or where the row's words climb or fall, what lies along them."""
    x0, y0, x1, y1 = box
    middles = np.array([(middle_x(word.box), middle_y(word.box)) for word in row.words if word.confidence > _SURE])
    if len(middles) < _ENOUGH:
        return image[y0:y1, x0:x1]
    slope = float(np.polyfit(middles[:, 0], middles[:, 1], 1)[0])
    if abs(slope) * (x1 - x0) < _LEVEL * (y1 - y0):
        return image[y0:y1, x0:x1]
    centre = float(np.median(middles[:, 0]))
    matrix = np.array([[1.0, 0.0, x0], [slope, 1.0, y0 + slope * (x0 - centre)]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(image, matrix, (x1 - x0, y1 - y0), flags=flags, borderMode=cv2.BORDER_REPLICATE)


def _judge(word: RecognizedWord, text: str) -> RecognizedWord:
    if word.text == text:
        return replace(word, confidence=max(word.confidence, _AGREED))
    return (
        word if word.confidence > _SURE else replace(word, text=text, confidence=_CONFIDENCE, first_reading=word.text)
    )


def _place(texts: Sequence[str], box: Box) -> list[RecognizedWord]:
    """Words side by side in a box, in proportion to their letters."""
    x0, y0, x1, y1 = box
    placed, at = [], float(x0)
    step = (x1 - x0) / (sum(map(len, texts)) + len(texts) - 1)
    for text in texts:
        end = at + len(text) * step
        placed.append(RecognizedWord(text, _CONFIDENCE, (round(at), y0, round(end), y1)))
        at = end + step
    return placed


def find_lines(grey: np.ndarray, text_height: float) -> list[tuple[int, int, int, int]]:
    """Top, bottom, left, right of the text lines: letter-sized components joined sideways. Pen strokes are larger."""
    _, ink = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    size = (stats[:, 3] > 0.3 * text_height) & (stats[:, 3] < 1.6 * text_height) & (stats[:, 2] < 3 * text_height)
    size[0] = False
    letters = np.where(size[labels], 255, 0).astype(np.uint8)
    reach = max(3, round(1.5 * text_height))
    joined = cv2.morphologyEx(letters, cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8))
    contours, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    pad = round(0.35 * text_height)
    found = []
    for contour in contours:
        x, y, width, height = cv2.boundingRect(contour)
        if width > 2 * text_height and 0.5 * text_height < height < 2 * text_height:
            found.append((max(0, y - pad), y + height + pad, max(0, x - pad), x + width + pad))
    return _join_pieces(sorted(found), 8 * text_height)


def _join_pieces(lines: list[tuple[int, int, int, int]], reach: float) -> list[tuple[int, int, int, int]]:
    """Pieces of one line that a pen stroke parted, put together."""
    joined: list[tuple[int, int, int, int]] = []
    for top, bottom, left, right in lines:
        at = next((at for at, one in enumerate(joined) if _beside(one, (top, bottom, left, right), reach)), None)
        if at is None:
            joined.append((top, bottom, left, right))
        else:
            one = joined[at]
            joined[at] = min(top, one[0]), max(bottom, one[1]), min(left, one[2]), max(right, one[3])
    return sorted(joined)


def _beside(one: tuple[int, int, int, int], other: tuple[int, int, int, int], reach: float) -> bool:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    gap = max(one[2], other[2]) - min(one[3], other[3])
    return shared > 0.6 * min(one[1] - one[0], other[1] - other[0]) and gap < reach
