"""Making a page level and clean before it is read, with the way back for every box.

On real scans most treatment harms, so a page is touched only where measurement says that it helps: turned upright,
levelled from one degree on, and its background is evened out only for a second reading of a page that read badly.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from core.recognition import Box, Rotation
from ocr.images import Pixels

_SKEW_DPI = 75
_MOST_SKEW = 16.0
_COARSE_STEP = 0.5
_FINE_STEP = 0.05
_LEVEL_ENOUGH = 1.0
"""Degrees up to which Tesseract reads a page as well untouched."""


@dataclass(frozen=True, slots=True)
class Upright:
    """A page turned and levelled. `back`: 2 x 3 matrix from its pixels to those of the page as stored."""

    grey: Pixels
    back: npt.NDArray[np.float64]
    rotation: Rotation
    skew: float
    stored_size: tuple[int, int]
    """Width and height of the page as stored."""

    def box_as_stored(self, box: Box) -> Box:
        """The smallest box in the stored page around this one, inside the page."""
        x0, y0, x1, y1 = box
        corners = np.array([(x0, y0, 1), (x1, y0, 1), (x1, y1, 1), (x0, y1, 1)], float) @ self.back.T
        width, height = self.stored_size
        low = np.floor(corners.min(axis=0) + 1e-6).astype(int).clip((0, 0), (width - 1, height - 1))
        high = np.ceil(corners.max(axis=0) - 1e-6).astype(int).clip(low + 1, (width, height))
        return int(low[0]), int(low[1]), int(high[0]), int(high[1])


def make_upright(grey: Pixels, dpi: int, rotation: Rotation) -> Upright:
    """Turns the page by `rotation` clockwise, and levels its lines if they are not level enough already."""
    turned = np.ascontiguousarray(np.rot90(grey, -rotation // 90))
    stored_height, stored_width = grey.shape
    matrix = _turning(rotation, stored_width, stored_height)
    skew = find_skew(turned, dpi)
    if abs(skew) > _LEVEL_ENOUGH:
        height, width = turned.shape
        levelling = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
        paper = int(np.percentile(turned, 90))
        levelled = cv2.warpAffine(
            turned, levelling, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=paper
        )
        turned = levelled.astype(np.uint8, copy=False)
        matrix = _join(levelling, matrix)
    back = cv2.invertAffineTransform(matrix).astype(np.float64)
    return Upright(turned, back, rotation, skew, (stored_width, stored_height))


def _turning(rotation: Rotation, width: int, height: int) -> npt.NDArray[np.float64]:
    """Matrix of the clockwise turn of a page of this size; edges of pixels, not their centres, are the coordinates."""
    turns = {
        0: [[1, 0, 0], [0, 1, 0]],
        90: [[0, -1, height], [1, 0, 0]],
        180: [[-1, 0, width], [0, -1, height]],
        270: [[0, 1, 0], [-1, 0, width]],
    }
    return np.array(turns[rotation], float)


def _join(second: npt.ArrayLike, first: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """The matrix that does `first`, then `second`."""
    below = [[0.0, 0.0, 1.0]]
    joined = np.vstack([np.asarray(second, float), below]) @ np.vstack([np.asarray(first, float), below])
    return np.asarray(joined[:2], float)


def find_skew(grey: Pixels, dpi: int) -> float:
    """Degrees counter-clockwise that make the lines level, by the sharpness of the row profile (Postl, 1986)."""
    scale = min(1.0, _SKEW_DPI / dpi)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), 15)
    ink = ((small < 0.8 * paper) * np.float32(1)).astype(np.float32)
    margin_y, margin_x = (max(1, side // 40) for side in ink.shape)
    ink[:margin_y], ink[-margin_y:], ink[:, :margin_x], ink[:, -margin_x:] = 0, 0, 0, 0
    if ink.sum() < 50:
        return 0.0
    coarse = np.arange(-_MOST_SKEW, _MOST_SKEW + _COARSE_STEP / 2, _COARSE_STEP)
    best = coarse[int(np.argmax([_row_sharpness(ink, float(angle)) for angle in coarse]))]
    fine = np.arange(best - _COARSE_STEP, best + _COARSE_STEP + _FINE_STEP / 2, _FINE_STEP)
    return round(float(fine[int(np.argmax([_row_sharpness(ink, float(angle)) for angle in fine]))]), 2)


def _row_sharpness(ink: npt.NDArray[np.float32], degrees: float) -> float:
    height, width = ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    rows = cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_LINEAR).sum(axis=1)
    return float(np.square(np.diff(rows)).sum())


def even_background(grey: Pixels) -> Pixels:
    """Divides the page by its own paper, found at an eighth of the size, so that stains, shadow and yellow go."""
    small = cv2.resize(grey, None, fx=1 / 8, fy=1 / 8, interpolation=cv2.INTER_AREA)
    paper = cv2.GaussianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), (0, 0), 5)
    full = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    even = grey.astype(np.float32) / np.maximum(full, 1) * 255
    # A soft white point: what is nearly paper becomes paper, ink keeps its shades.
    return np.clip(even * 1.06, 0, 255).astype(np.uint8)
