"""A form on the page's image: which of two boxes is ticked, numbers one digit a box, and the ink of a value."""

from __future__ import annotations

import re

import cv2
import numpy as np

from core.recognition import Box
from ocr.describing.rows import Row
from ocr.describing.stamps import CropReader

_TICKED = 0.045
"""Share of a box's inside that a cross or a tick covers; an empty one has next to none."""
_CLEARLY = 2.0
_SQUARE = (0.72, 1.4)
_DIGIT_HEIGHT = 44
_OTHER_INK = 22
"""Grey levels between blue and red by which a pen's ink differs from the print's."""


def read_ticked(image: np.ndarray, row: Row) -> str | None:
    """`nam` or `nữ`: the one whose box behind it is ticked. None where that is not clear."""
    found = {}
    for match in re.finditer(r"(?<!\w)(nam|nu)(?!\w)", row.folded):
        box = row.box_between(*match.span())
        if box is not None and match.group() not in found:
            found[match.group()] = box
    inks = {word: _ink_in_square(image, box) for word, box in found.items()}
    if len(found) < 2:
        return next((_shown(word) for word, ink in inks.items() if ink is not None and ink >= _TICKED), None)
    (first, high), (_, low) = sorted(inks.items(), key=lambda one: -(one[1] or 0.0))
    if high is None or low is None or high < _TICKED or high < _CLEARLY * low + 0.02:
        return None
    return _shown(first)


def _shown(word: str) -> str:
    return "nam" if word == "nam" else "nữ"


def has_square(image: np.ndarray, row: Row) -> bool:
    """Whether a box stands behind the row's first word."""
    return _ink_in_square(image, row.words[0].box) is not None


def _binary(image: np.ndarray, box: Box) -> np.ndarray:
    """Ink of the image in a box, 255 on 0; empty outside of the page."""
    x0, y0, x1, y1 = max(0, box[0]), max(0, box[1]), box[2], box[3]
    crop = image[y0:y1, x0:x1]
    if crop.size == 0:
        return np.zeros((0, 0), np.uint8)
    grey = np.ascontiguousarray(crop if crop.ndim == 2 else crop.min(axis=2))
    _, ink = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    return np.asarray(ink, np.uint8)


def _ink_in_square(image: np.ndarray, word: Box) -> float | None:
    """The share of ink within the first square right of the word; None where there is none."""
    height = word[3] - word[1]
    ink = _binary(image, (word[2] - height // 4, word[1] - height // 2, word[2] + 3 * height, word[3] + height // 2))
    if ink.size == 0:
        return None
    contours, _ = cv2.findContours(ink, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    squares = []
    for contour in contours:
        x, y, wide, tall = cv2.boundingRect(contour)
        if 0.45 * height < tall < 1.6 * height and _SQUARE[0] < wide / tall < _SQUARE[1]:
            squares.append((x, y, wide, tall))
    for x, y, wide, tall in sorted(squares):
        if _is_framed(ink[y : y + tall, x : x + wide]):
            edge_x, edge_y = max(3, round(0.22 * wide)), max(3, round(0.22 * tall))
            inside = ink[y + edge_y : y + tall - edge_y, x + edge_x : x + wide - edge_x]
            return float(inside.mean() / 255) if inside.size else None
    return None


def _is_framed(ink: np.ndarray) -> bool:
    """Whether ink runs along all four sides."""
    rim = max(2, round(0.16 * min(ink.shape)))
    sides = (ink[:rim].max(axis=0), ink[-rim:].max(axis=0), ink[:, :rim].max(axis=1), ink[:, -rim:].max(axis=1))
    return all(side.mean() > 0.7 * 255 for side in sides)


def differs_in_ink(image: np.ndarray, label: Box, value: Box) -> bool:
    """Whether the value is written in bluer ink than its label is printed in."""
    if image.ndim == 2:
        return False
    inks = [_blueness(image, box) for box in (label, value)]
    return None not in inks and inks[1] - inks[0] > _OTHER_INK  # type: ignore[operator]


def _blueness(image: np.ndarray, box: Box) -> float | None:
    """Mean of blue minus red over the ink in a box, in grey levels."""
    ink = _binary(image, box)
    if not ink.any():
        return None
    crop = image[max(0, box[1]) : box[3], max(0, box[0]) : box[2]].astype(np.int16)
    return float((crop[..., 2] - crop[..., 0])[ink > 0].mean())


def find_cells(image: np.ndarray, label: Box, right: int) -> list[Box]:
    """Boxes in a row right of a label, from left to right, in the image's pixels; at least 4 of one size, else none."""
    height = label[3] - label[1]
    x0, y0 = label[2], max(0, label[1] - round(0.8 * height))
    ink = _binary(image, (x0, y0, right, label[3] + round(0.8 * height)))
    if ink.size == 0:
        return []
    contours, hierarchy = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    holes = []
    for contour, (_, _, _, parent) in zip(contours, hierarchy[0] if hierarchy is not None else (), strict=True):
        x, y, wide, tall = cv2.boundingRect(contour)
        if parent >= 0 and 0.7 * height < tall < 2.4 * height and 0.5 < wide / tall < 1.5:
            holes.append((x + x0, y + y0, x + wide + x0, y + tall + y0))
    if len(holes) < 4:
        return []
    size = float(np.median([hole[3] - hole[1] for hole in holes]))
    even = sorted(hole for hole in holes if abs(hole[3] - hole[1] - size) < 0.2 * size)
    return even if len(even) >= 4 else []


def read_cells(image: np.ndarray, cells: list[Box], read_crop: CropReader) -> str:
    """The digits in the boxes, read as one line from which the boxes are taken away; empty where they are
    not digits.
    """
    strips = []
    for x0, y0, x1, y1 in cells:
        edge = max(1, round(0.06 * (y1 - y0)))
        crop = image[y0 + edge : y1 - edge, x0 + edge : x1 - edge]
        grey = np.ascontiguousarray(crop if crop.ndim == 2 else crop.min(axis=2))
        columns = np.flatnonzero(_binary(grey, (0, 0, grey.shape[1], grey.shape[0])).max(axis=0))
        if not columns.size or np.ptp(grey) < 60:
            return ""
        scale = _DIGIT_HEIGHT / grey.shape[0]
        margin = max(1, round(0.08 * grey.shape[0]))
        strip = grey[:, max(0, columns[0] - margin) : columns[-1] + 1 + margin]
        size = max(1, round(strip.shape[1] * scale)), _DIGIT_HEIGHT
        strips.append(cv2.resize(np.ascontiguousarray(strip), size, interpolation=cv2.INTER_AREA))
    line = np.pad(np.concatenate(strips, axis=1), 12, mode="edge")
    text = re.sub(r"\s", "", read_crop(np.stack([line] * 3, axis=-1)))
    return text if text.isdigit() and len(text) == len(cells) else ""
