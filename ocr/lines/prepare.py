"""What the network sees: the page at its working resolution, as ink against the paper around it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr.images import Pixels

Floats = npt.NDArray[np.float32]

WORKING_DPI = 100
_PAPER_STEP = 8
_NEAR_ENOUGH = 0.12
_LEAST_CONTRAST = 32.0


@dataclass(frozen=True, slots=True, eq=False)
class Small:
    """A page at about the working resolution; pixels of the page across and down for each of its own."""

    grey: Pixels
    x_scale: float
    y_scale: float


def shrink(grey: Pixels, dpi: int) -> Small:
    """The page at about the working resolution. Whole factors are several times as fast as others."""
    factor = max(1, round(dpi / WORKING_DPI))
    high, wide = grey.shape
    if abs(dpi / factor / WORKING_DPI - 1) < _NEAR_ENOUGH and min(high, wide) >= 32 * factor:
        high, wide = high // factor, wide // factor
        if factor == 1:
            return Small(grey, 1.0, 1.0)
        whole = grey[: high * factor, : wide * factor]
        return Small(_resize(whole, wide, high, cv2.INTER_AREA), float(factor), float(factor))
    scale = WORKING_DPI / dpi
    size = max(32, round(wide * scale)), max(32, round(high * scale))
    small = _resize(grey, *size, cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    return Small(small, wide / size[0], high / size[1])


def _resize(grey: np.ndarray, wide: int, high: int, method: int) -> Pixels:
    return np.asarray(cv2.resize(grey, (wide, high), interpolation=method), np.uint8)


def find_light(grey: Pixels, step: int, reach: int, calm: float) -> Pixels:
    """The light of the bare paper at each pixel: the lightest of so many steps around, smoothed over `calm` steps."""
    high, wide = grey.shape
    coarse = cv2.resize(grey, (max(1, wide // step), max(1, high // step)), interpolation=cv2.INTER_AREA)
    around = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    return _resize(cv2.GaussianBlur(cv2.dilate(coarse, around), (0, 0), calm), wide, high, cv2.INTER_LINEAR)


def measure_ink(small: Pixels) -> Floats:
    """How much darker each pixel is than the paper around it: about 0 for paper, 1 for the page's darkest ink."""
    paper = find_light(small, _PAPER_STEP, reach=3, calm=3)
    ink = cv2.subtract(paper.astype(np.float32), small.astype(np.float32))
    full = max(_LEAST_CONTRAST, float(np.percentile(ink[::3, ::3], 99.5)))
    return np.asarray(np.clip(ink / full, -0.25, 1.25), np.float32)
