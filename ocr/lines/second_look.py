"""Ink of the size of letters, in rows, that no line covers."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.images import Pixels
from ocr.lines.maps import Maps
from ocr.lines.shapes import outline
from ocr.lines.tracing import Piece

_INK = 60
"""Of 200."""
_LEAST_LETTERS = 3
_LEAST_HINT = 0.2
"""Highest core probability within a row: where the network saw nothing at all, there is seldom text."""
_ALONE_HINT = 0.3
"""The same for one or two letters alone, as in cells of tables."""
_CAPITAL = 1.45
"""Height of digits and capitals in x-heights."""


def find_missed(pieces: list[Piece], maps: Maps, half: Pixels) -> list[Piece]:
    """Rows of letters between the lines found. half: the page's ink at half size, marks hidden."""
    left = _mask_uncovered(pieces, half)
    typical = float(np.median([piece.x_height for piece in pieces])) / 2 if pieces else 4.0
    letters = _keep_letters(left, typical)
    if not letters.any():
        return []
    wide, high = 2 * round(typical * 0.7) + 1, 2 * round(typical * 0.15) + 1
    rows = cv2.morphologyEx(letters, cv2.MORPH_CLOSE, np.ones((high, wide), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(rows, connectivity=8)
    found = []
    for label in range(1, count):
        x, y, width, height, _ = (int(value) for value in stats[label])
        if not 0.7 * typical < height < 4 * typical:
            continue
        part = (labels[y : y + height, x : x + width] == label) & (letters[y : y + height, x : x + width] > 0)
        hint = maps.core[y : y + height, x : x + width]
        own = cv2.connectedComponents(part.astype(np.uint8))[0] - 1
        row = own >= _LEAST_LETTERS and width >= 1.5 * height
        if float(hint.max(initial=0.0)) < (_LEAST_HINT if row else _ALONE_HINT):
            continue
        if not row and not 0.6 * typical < height / _CAPITAL < 1.5 * typical:
            continue
        found.append(_as_piece(part, x, y, typical) if row else _as_sign(x, y, width, height))
    return found


def _mask_uncovered(pieces: list[Piece], half: Pixels) -> Pixels:
    """Ink at half size that belongs to no line or mark, as 0 and 1."""
    ink = (half > _INK).astype(np.uint8)
    for piece in pieces:
        corners = outline(piece.points(), piece.x_height, 2.3, 0.75, beyond=0.4) / 2
        cv2.fillPoly(ink, [np.round(corners).astype(np.int32)], 0)
    return ink


def _keep_letters(ink: Pixels, typical: float) -> Pixels:
    """Only the components that may be letters by their size."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    width, height, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    good = (height > 0.5 * typical) & (height < 3.5 * typical) & (width < 6 * typical)
    good &= (area > 0.12 * width * height) & (area > 2) & (width > 0.1 * height)
    good[0] = False
    return np.asarray(good.astype(np.uint8)[labels] if count > 1 else np.zeros_like(ink), np.uint8)


def _as_sign(x: int, y: int, width: int, height: int) -> Piece:
    """A digit or capital alone: it stands on its line."""
    return Piece(2.0 * x, 2.0 * (x + width), (2.0 * (y + height), 0.0, 0.0), 2 * height / _CAPITAL, 0.5)


def _as_piece(part: np.ndarray, x: int, y: int, typical: float) -> Piece:
    """A row, found at half size: its base line and x-height by its fullest rows."""
    profile = part.sum(axis=1).astype(np.float64)
    full = np.flatnonzero(profile > 0.45 * np.percentile(profile, 90))
    top, bottom = int(full[0]), int(full[-1]) + 1
    tall = float(np.clip(bottom - top, 0.6 * typical, 2 * typical))
    width = part.shape[1]
    return Piece(2.0 * x, 2.0 * (x + width), (2.0 * (y + bottom), 0.0, 0.0), 2 * tall, 0.5)
