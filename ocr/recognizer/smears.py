"""Pages that moved while they were scanned: each point became a streak, and dots, accents and hooks look alike.

How sharp a page is in a direction shows in its second derivatives along it: those of fine detail against those of
coarse detail. Where they are few, and in one direction much fewer than in another, the page is smeared in that
direction. The inverse of a streak's filter, which leaves alone what the streak wiped out (Wiener, Extrapolation,
Interpolation, and Smoothing of Stationary Time Series, 1949), makes it sharp again. Lengths are in pixels at 300 dpi.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from ocr.images import Pixels

Floats = npt.NDArray[np.float64]

_LEAST_DPI = 180
"""Below it a streak of the length that is looked for is no longer than a pixel or two."""
_STRIPS, _ROWS = 6, 100
"""Of the page that are looked at; any hundred rows of a page of text hold a line."""
_FINE, _COARSE = 1.5, 3.0
"""Sigmas of both scales."""
_SOFT, _ONE_WAY = 6.2, 1.3
"""Sharpness below which a page is soft, and times by which it is sharper across than along a streak. Scans that lay
still have 6.6 to 10; those out of focus, 4 to 6 in all directions; those smeared by 5 to 8 pixels, 3.5 to 6 along.
"""
_LENGTH = 7.0
"""Of the streak that is taken away. Those of 5 to 8 pixels read better by it; longer ones wipe out the letters."""
_REACH = 16
_LOST = 0.03
"""Share of a frequency's power below which it counts as wiped out."""
_ANGLES = np.radians(np.arange(0, 180, 2.5))
_ALONG = np.stack((np.cos(_ANGLES) ** 2, np.sin(2 * _ANGLES), np.sin(_ANGLES) ** 2), axis=1)


def find_smear(grey: Pixels, dpi: int) -> float | None:
    """The direction in which the page is smeared, in radians from its rows to its columns; None where it is not."""
    if dpi < _LEAST_DPI:
        return None
    unit = dpi / 300
    rows = round(_ROWS * unit)
    fine, coarse = np.zeros((3, 3)), np.zeros((3, 3))
    for top in np.linspace(0, max(0, len(grey) - rows), _STRIPS + 2).astype(int)[1:-1]:
        strip = grey[top : top + rows]
        fine += _sum_curvature(strip, _FINE * unit)
        coarse += _sum_curvature(strip, _COARSE * unit)
    in_coarse = np.einsum("ai,ij,aj->a", _ALONG, coarse, _ALONG)
    sharpness = np.einsum("ai,ij,aj->a", _ALONG, fine, _ALONG) / np.maximum(in_coarse, 1e-9)
    least = int(sharpness.argmin())
    if sharpness[least] > _SOFT or sharpness.max() <= _ONE_WAY * sharpness[least]:
        return None
    return float(_ANGLES[least])


def _sum_curvature(strip: Pixels, sigma: float) -> Floats:
    """Sums over the strip of the products of its second derivatives: along rows, mixed, along columns."""
    calm = cv2.GaussianBlur(strip, (0, 0), sigma)
    line = np.array([[1, -2, 1]], np.float32)
    mixed = np.array([[1, 0, -1], [0, 0, 0], [-1, 0, 1]], np.float32) / 4
    parts = np.stack([cv2.filter2D(calm, cv2.CV_32F, kernel).ravel() for kernel in (line, mixed, line.T)])
    return np.asarray(parts @ parts.T, np.float64)


def take_away_smear(grey: Pixels, dpi: int, direction: float) -> Pixels:
    """The page as it was before it was smeared. direction: in radians, as `find_smear` gives it."""
    return np.asarray(cv2.filter2D(grey, cv2.CV_8U, _invert_streak(direction, dpi / 300)), np.uint8)


def _invert_streak(direction: float, unit: float) -> npt.NDArray[np.float32]:
    """The filter that undoes a streak. unit: pixels for each one at 300 dpi."""
    reach = math.ceil(_REACH * unit)
    side = 4 * reach
    streak = np.zeros((side, side))
    for at in np.linspace(-0.5, 0.5, 64) * _LENGTH * unit:
        streak[round(at * math.sin(direction)) % side, round(at * math.cos(direction)) % side] += 1 / 64
    passed = np.fft.fft2(streak)
    inverse = np.fft.fftshift(np.fft.ifft2(np.conj(passed) / (np.abs(passed) ** 2 + _LOST)).real)
    middle = slice(side // 2 - reach, side // 2 + reach + 1)
    kernel = inverse[middle, middle]
    return np.asarray(kernel / kernel.sum(), np.float32)
