"""A grey page in a scanner: laid askew, turned, at another resolution, with the map that moves its boxes along."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2
import numpy as np
import numpy.typing as npt

from core.recognition import Box
from ocr.images import Pixels

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A grey page. matrix: 3 x 3, from pixel edges of the page as it was to those of the page as it is.

    rotation: degrees clockwise that make it upright. skew: degrees counter-clockwise that make it level.
    """

    grey: Pixels
    dpi: int
    matrix: Matrix = field(default_factory=lambda: np.eye(3))
    rotation: int = 0
    skew: float = 0.0

    def place(self, box: Box) -> Box:
        """Where a box of the page as it was lies now."""
        x0, y0, x1, y1 = box
        corners = self.matrix @ np.array([[x0, x1, x0, x1], [y0, y0, y1, y1], [1, 1, 1, 1]], np.float64)
        (left, top), (right, bottom) = corners[:2].min(axis=1), corners[:2].max(axis=1)
        return round(left), round(top), round(right), round(bottom)

    @property
    def unit(self) -> float:
        """A pixel at 300 dpi in pixels of this page."""
        return self.dpi / 300


def _moved(sheet: Sheet, matrix: Matrix, width: int, height: int, paper: float) -> Pixels:
    """The page drawn anew; OpenCV maps centres of pixels where the matrix maps their edges."""
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    centres = np.linalg.inv(half) @ matrix @ half
    return np.asarray(
        cv2.warpAffine(sheet.grey, centres[:2], (width, height), flags=cv2.INTER_CUBIC, borderValue=(paper,)), np.uint8
    )


def tilt(sheet: Sheet, degrees: float) -> Sheet:
    """The page laid askew on a larger bed: turning it counter-clockwise by `degrees` would make it level again."""
    height, width = sheet.grey.shape
    angle = np.deg2rad(degrees)
    cos, sin = np.cos(angle), np.sin(angle)
    wide, high = (round(a * cos + b * abs(sin)) for a, b in ((width, height), (height, width)))
    turn = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
    centre = turn @ np.array([width / 2, height / 2, 1])
    turn[:2, 2] = wide / 2 - centre[0], high / 2 - centre[1]
    paper = float(np.percentile(sheet.grey[::8, ::8], 90))
    grey = _moved(sheet, turn, wide, high, paper)
    return replace(sheet, grey=grey, matrix=turn @ sheet.matrix, skew=sheet.skew + degrees)


def turn(sheet: Sheet, quarters: int) -> Sheet:
    """The page turned clockwise by quarters."""
    matrix, grey = sheet.matrix, sheet.grey
    for _ in range(quarters % 4):
        matrix = np.array([[0, -1, grey.shape[0]], [1, 0, 0], [0, 0, 1]], np.float64) @ matrix
        grey = np.rot90(grey, -1)
    rotation = (sheet.rotation - 90 * quarters) % 360
    return replace(sheet, grey=np.ascontiguousarray(grey), matrix=matrix, rotation=rotation)


def resize(sheet: Sheet, across: float, down: float) -> Sheet:
    """The page drawn anew with other numbers of pixels across and down; its resolution is the caller's to say."""
    height, width = sheet.grey.shape
    wide, high = max(1, round(width * across)), max(1, round(height * down))
    how = cv2.INTER_AREA if min(across, down) < 1 else cv2.INTER_CUBIC
    grey = np.asarray(cv2.resize(sheet.grey, (wide, high), interpolation=how), np.uint8)
    return replace(sheet, grey=grey, matrix=np.diag([wide / width, high / height, 1]) @ sheet.matrix)


def scan_at(sheet: Sheet, dpi: int) -> Sheet:
    """The page at a lower resolution; one that is lower already stays."""
    if dpi >= sheet.dpi:
        return sheet
    return replace(resize(sheet, dpi / sheet.dpi, dpi / sheet.dpi), dpi=dpi)
