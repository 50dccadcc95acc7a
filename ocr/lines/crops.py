"""Cutting a line out of its page, straightened and scaled to one height."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from core.recognition import Box
from ocr.images import Pixels
from ocr.lines.shapes import ABOVE, BELOW, Points, TextLine, find_directions

_MARGIN = 0.5
"""Beyond both ends of the line, in x-heights."""
_LEVEL = 0.02
"""Slope in x-heights per x-height of length below which a line that strays little is cut as it lies."""
_LONGEST = 120.0
"""Most width over height of a crop: longer ones are cut off."""


@dataclass(frozen=True, slots=True, eq=False)
class LineCrop:
    """A straightened line. image: height x width. path: its base line in page pixels, margins included, one point
    for each column in `at`.
    """

    image: Pixels
    path: Points
    at: np.ndarray
    x_height: float
    page_size: tuple[int, int]

    def boxes_on_page(self, columns: Points, reaches: Points) -> list[Box]:
        """The boxes in page pixels of pieces of the line. columns: n x 2, from and to. reaches: n x 2, how far each
        reaches above and below the base line, in x-heights.
        """
        middles = columns.mean(axis=1, keepdims=True)
        at = np.concatenate((columns[:, :1], middles, columns[:, 1:]), axis=1)
        base = np.stack([np.interp(at, self.at, self.path[:, axis]) for axis in (0, 1)], axis=2)
        along = base[:, -1] - base[:, 0]
        along /= np.maximum(np.hypot(along[:, :1], along[:, 1:]), 1e-9)
        down = np.stack((-along[:, 1], along[:, 0]), axis=1)[:, None] * self.x_height
        corners = np.concatenate((base - down * reaches[:, :1, None], base + down * reaches[:, 1:, None]), axis=1)
        size = np.array(self.page_size)
        low = np.floor(corners.min(axis=1) + 1e-6).astype(int).clip((0, 0), size - 1)
        high = np.ceil(corners.max(axis=1) - 1e-6).astype(int).clip(low + 1, size)
        return [(x0, y0, x1, y1) for (x0, y0), (x1, y1) in zip(low.tolist(), high.tolist(), strict=True)]


def cut_line(grey: Pixels, line: TextLine, height: int) -> LineCrop:
    """The line from 2.1 x-heights above to 0.67 below its base line, half an x-height more at both ends."""
    along = find_directions(line.baseline)
    path = line.baseline.copy()
    path[0] -= along[0] * _MARGIN * line.x_height
    path[-1] += along[-1] * _MARGIN * line.x_height
    steps = np.hypot(*np.diff(path, axis=0).T)
    reach = np.concatenate(([0.0], np.cumsum(steps)))
    tall = (ABOVE + BELOW) * line.x_height
    width = max(8, round(height * min(float(reach[-1]) / tall, _LONGEST)))
    page_size = (grey.shape[1], grey.shape[0])
    piece = _take_level(grey, path, line.x_height) if _is_level(path, line.x_height) else None
    if piece is None:
        piece = _straighten(grey, path, reach, line.x_height)
    method = cv2.INTER_AREA if piece.shape[0] > height else cv2.INTER_CUBIC
    image = np.asarray(cv2.resize(piece, (width, height), interpolation=method), np.uint8)
    return LineCrop(image, path, reach / reach[-1] * width, line.x_height, page_size)


def _is_level(path: Points, x_height: float) -> bool:
    """Whether the line runs to the right and strays from its middle by less than a twentieth of an x-height."""
    level = float(np.ptp(path[:, 1])) < max(0.1 * x_height, 0.8)
    return bool(level and path[-1, 0] > path[0, 0])


def _take_level(grey: Pixels, path: Points, x_height: float) -> Pixels | None:
    """The line's rows and columns as they are; None where they would leave the page."""
    base = float(path[:, 1].mean())
    top, bottom = round(base - ABOVE * x_height), round(base + BELOW * x_height)
    left, right = round(path[0, 0]), round(path[-1, 0])
    if top < 0 or left < 0 or bottom > grey.shape[0] or right > grey.shape[1] or bottom - top < 2 or right - left < 2:
        return None
    return grey[top:bottom, left:right]


def _straighten(grey: Pixels, path: Points, reach: np.ndarray, x_height: float) -> Pixels:
    """The line unrolled at the page's own resolution."""
    high = max(2, round((ABOVE + BELOW) * x_height))
    wide = max(2, round(min(float(reach[-1]), _LONGEST * high)))
    columns = (np.arange(wide) + 0.5) * (reach[-1] / wide)
    base = np.stack([np.interp(columns, reach, path[:, axis]) for axis in (0, 1)], axis=1)
    along = np.stack([np.interp(columns, reach, find_directions(path)[:, axis]) for axis in (0, 1)], axis=1)
    offsets = (np.arange(high) + 0.5) / high * (ABOVE + BELOW) * x_height - ABOVE * x_height
    across = base[None, :, 0] - along[None, :, 1] * offsets[:, None] - 0.5  # OpenCV's whole numbers are pixel centres
    down = base[None, :, 1] + along[None, :, 0] * offsets[:, None] - 0.5
    maps = across.astype(np.float32), down.astype(np.float32)
    return np.asarray(cv2.remap(grey, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)
