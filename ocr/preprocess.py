"""Making a page upright, level and clean before it is read, with the way back for every box.

On real scans most treatment harms, so a page is touched only where `benchmarks/reading.py` showed a gain on real pages
and on damaged copies of them: levelled from one and a half degrees on, softened a little at 250 dpi and more, enlarged
below 90 dpi, and evened out where its paper is not equally light everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from core.recognition import Box, Rotation
from ocr.images import Pixels

Matrix = npt.NDArray[np.float64]
"""2 x 3: an affine map of pixel coordinates, which are edges of pixels, not their centres."""

_FIRST_SEARCH = (40, 16.0, 1.0)
_FINER_SEARCHES = ((75, 1.0, 0.25), (100, 0.25, 0.05))
"""Of the search for skew: dpi, reach on both sides of the best angle so far, step; the last two in degrees."""
_SKEW_DPI = 100
_LEVEL_ENOUGH = 1.5
"""Degrees up to which Tesseract reads a page as well untouched."""
_READING_DPI = 300
_TOO_FINE, _TOO_COARSE = 450, 90
_SOFTENED_FROM = 250
_EVEN_PAPER = 0.8


@dataclass(frozen=True, slots=True)
class Upright:
    """A page turned, levelled and scaled for reading.

    dpi: of `grey`. back: from its pixels to those of the page as stored. stored_size: width, height of that.
    """

    grey: Pixels
    dpi: int
    back: Matrix
    rotation: Rotation
    skew: float
    stored_size: tuple[int, int]

    def box_as_stored(self, box: Box) -> Box:
        """The smallest box in the stored page around this one, inside the page."""
        x0, y0, x1, y1 = box
        corners = np.array([(x0, y0, 1), (x1, y0, 1), (x1, y1, 1), (x0, y1, 1)], float) @ self.back.T
        width, height = self.stored_size
        low = np.floor(corners.min(axis=0) + 1e-6).astype(int).clip((0, 0), (width - 1, height - 1))
        high = np.ceil(corners.max(axis=0) - 1e-6).astype(int).clip(low + 1, (width, height))
        return int(low[0]), int(low[1]), int(high[0]), int(high[1])


def make_upright(grey: Pixels, dpi: int, rotation: Rotation, skew: float) -> Upright:
    """Turns the page by `rotation` clockwise, levels it by `skew` counter-clockwise if it is not level enough already,
    and scales it where its dpi is far from what engines read best."""
    height, width = grey.shape
    page, matrix = np.ascontiguousarray(np.rot90(grey, -rotation // 90)), _turning(rotation, width, height)
    if abs(skew) > _LEVEL_ENOUGH:
        page, levelling = _level(page, skew)
        matrix = _join(levelling, matrix)
    if dpi > _TOO_FINE or dpi < _TOO_COARSE:
        before = page.shape
        page = resize(page, _READING_DPI / dpi if dpi > _TOO_FINE else 2.0)
        x_scale, y_scale = page.shape[1] / before[1], page.shape[0] / before[0]
        matrix = _join([[x_scale, 0, 0], [0, y_scale, 0]], matrix)
        dpi = round(dpi * x_scale)
    back = np.asarray(cv2.invertAffineTransform(matrix), np.float64)
    return Upright(page, dpi, back, rotation, skew, (width, height))


def _turning(rotation: Rotation, width: int, height: int) -> Matrix:
    """The clockwise turn of a page of this size."""
    turns = {
        0: [[1, 0, 0], [0, 1, 0]],
        90: [[0, -1, height], [1, 0, 0]],
        180: [[-1, 0, width], [0, -1, height]],
        270: [[0, 1, 0], [-1, 0, width]],
    }
    return np.array(turns[rotation], float)


def _level(page: Pixels, skew: float) -> tuple[Pixels, Matrix]:
    """The page turned by a few degrees, on a canvas that holds all of it."""
    height, width = page.shape
    cosine, sine = np.cos(np.radians(abs(skew))), np.sin(np.radians(abs(skew)))
    wide, high = round(width * cosine + height * sine), round(width * sine + height * cosine)
    matrix = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0), np.float64)
    matrix[:, 2] += (wide - width) / 2, (high - height) / 2
    paper = (float(np.percentile(page[::4, ::4], 90)),)
    level = cv2.warpAffine(page, matrix, (wide, high), flags=cv2.INTER_CUBIC, borderValue=paper)
    return level.astype(np.uint8, copy=False), matrix


def _join(second: npt.ArrayLike, first: npt.ArrayLike) -> Matrix:
    """The map that does `first`, then `second`."""
    below = [[0.0, 0.0, 1.0]]
    joined = np.vstack([np.asarray(second, float), below]) @ np.vstack([np.asarray(first, float), below])
    return np.asarray(joined[:2], float)


def resize(grey: Pixels, scale: float) -> Pixels:
    """The page at another size: averaged when smaller, cubic when larger."""
    if scale == 1.0:
        return grey
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(grey, None, fx=scale, fy=scale, interpolation=method).astype(np.uint8, copy=False)


def find_skew(grey: Pixels, dpi: int) -> float:
    """Degrees counter-clockwise that make the lines level, by the sharpness of the row profile (Postl, 1986)."""
    small = resize(grey, min(1.0, _SKEW_DPI / dpi))
    return _refine(small, min(dpi, _SKEW_DPI), _search(small, min(dpi, _SKEW_DPI), 0.0, _FIRST_SEARCH)[0])


def find_lines(grey: Pixels, dpi: int) -> tuple[float, bool]:
    """The skew of a page that may lie on its side, and whether its lines run up and down.

    The skew is the same before and after a quarter turn.
    """
    small, work = resize(grey, min(1.0, _SKEW_DPI / dpi)), min(dpi, _SKEW_DPI)
    turned = np.ascontiguousarray(np.rot90(small))
    level, across = _search(small, work, 0.0, _FIRST_SEARCH)
    upright, along = _search(turned, work, 0.0, _FIRST_SEARCH)
    return (_refine(turned, work, upright), True) if along > across else (_refine(small, work, level), False)


def _refine(grey: Pixels, dpi: int, skew: float) -> float:
    for search in _FINER_SEARCHES:
        skew = _search(grey, dpi, skew, search)[0]
    return round(skew, 2)


def _search(grey: Pixels, dpi: int, around: float, search: tuple[int, float, float]) -> tuple[float, float]:
    """The angle with the sharpest row profile, and that sharpness; where nothing is sharp, the angle given."""
    work, reach, step = search
    ink = _find_ink(resize(grey, min(1.0, work / dpi)))
    angles = around + np.arange(-reach, reach + step / 2, step)
    sharpness = [_row_sharpness(ink, float(angle)) for angle in angles]
    best = int(np.argmax(sharpness))
    return (float(angles[best]), sharpness[best]) if sharpness[best] > 0 else (around, 0.0)


def _find_ink(small: Pixels) -> npt.NDArray[np.float32]:
    """How dark each pixel is against the paper around it, 0..1, without the edges of the page."""
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), 15).astype(np.float32)
    ink = 1 - small / np.maximum(paper, 1)
    ink[ink < 0.15] = 0
    margin_y, margin_x = (max(1, side // 40) for side in ink.shape)
    ink[:margin_y], ink[-margin_y:], ink[:, :margin_x], ink[:, -margin_x:] = 0, 0, 0, 0
    # Blurred, so that an angle of which the turning itself blurs less, 0 above all, is not preferred for that.
    return np.asarray(cv2.GaussianBlur(ink, (0, 0), 0.8), np.float32)


def _row_sharpness(ink: npt.NDArray[np.float32], degrees: float) -> float:
    height, width = ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    turned = cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_LINEAR)
    rows = cv2.reduce(turned, 1, cv2.REDUCE_SUM).ravel()
    return float(np.square(np.diff(rows)).sum())


def soften(grey: Pixels, dpi: int) -> Pixels:
    """Takes the grain off a finely scanned page; a coarse one is left as it is, for it would lose its marks."""
    if dpi < _SOFTENED_FROM:
        return grey
    return cv2.GaussianBlur(grey, (0, 0), 0.8).astype(np.uint8, copy=False)


def has_even_paper(grey: Pixels) -> bool:
    """Whether the paper is about equally light everywhere: no shadow, stain or fading light."""
    darkest, lightest = np.percentile(_find_paper(grey), (5, 95))
    return bool(darkest >= _EVEN_PAPER * lightest)


def even_paper(grey: Pixels) -> Pixels:
    """Divides the page by its own paper, so that stains, shadow and yellow go."""
    paper = cv2.resize(_find_paper(grey), (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    even = grey.astype(np.float32) / np.maximum(paper, 1) * 255
    # A soft white point: what is nearly paper becomes paper, ink keeps its shades.
    return np.clip(even * 1.06, 0, 255).astype(np.uint8)


def _find_paper(grey: Pixels) -> Pixels:
    """The lightness of the paper, at an eighth of the size."""
    small = resize(grey, 1 / 8)
    paper = cv2.GaussianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), (0, 0), 5)
    return paper.astype(np.uint8, copy=False)
