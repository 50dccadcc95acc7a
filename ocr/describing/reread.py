"""A second reading of places that the page's reading lost: print under a red seal, line by line."""

from __future__ import annotations

import cv2
import numpy as np

from core.recognition import Box, RecognizedWord
from ocr.describing.rows import Row
from ocr.describing.stamps import CropReader

_CONFIDENCE = 0.7
"""A crop's reader gives no confidence of its own."""
_MAX_LINES = 10


def without_red(image: np.ndarray) -> np.ndarray:
    """Grey values in which red ink is as light as paper: the red channel, in which a red seal is bright. uint8 HxW."""
    return np.ascontiguousarray(image[..., 0]) if image.ndim == 3 else image


def reread_region(image: np.ndarray, region: Box, page: int, text_height: float, read_crop: CropReader) -> list[Row]:
    """The region's text lines as rows, each read by itself, words placed in proportion to their letters."""
    x0, y0, x1, y1 = region
    grey = without_red(image)[max(0, y0) : y1, max(0, x0) : x1]
    if grey.size == 0:
        return []
    rows = []
    for top, bottom, left, right in find_lines(grey, text_height)[:_MAX_LINES]:
        crop = cv2.copyMakeBorder(grey[top:bottom, left:right], 8, 8, 8, 8, cv2.BORDER_CONSTANT, value=255)
        words = read_crop(cv2.merge([crop, crop, crop])).split()
        length = sum(map(len, words)) + len(words) - 1
        if not words:
            continue
        placed, at, step = [], float(left + max(0, x0)), (right - left) / length
        for word in words:
            end = at + len(word) * step
            box = (round(at), top + max(0, y0), round(end), bottom + max(0, y0))
            placed.append(RecognizedWord(word, _CONFIDENCE, box))
            at = end + step
        rows.append(Row(tuple(placed), page))
    return rows


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
    return sorted(found)
