"""Smeared pages: the streak's direction is found, and the streak is taken away."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.images import Pixels
from ocr.recognizer.smears import find_smear, take_away_smear


def draw_signs(dpi: int) -> Pixels:
    """A page with strokes as thick as print's in all directions."""
    rng, unit = np.random.default_rng(7), dpi / 300
    page = np.full((round(900 * unit), round(600 * unit)), 245, np.uint8)
    for x, y, angle in zip(rng.uniform(0, 600, 450), rng.uniform(0, 900, 450), rng.uniform(0, 6.3, 450), strict=True):
        across, down = 12 * np.cos(angle), 12 * np.sin(angle)
        start = round((x - across) * unit), round((y - down) * unit)
        end = round((x + across) * unit), round((y + down) * unit)
        cv2.line(page, start, end, (20,), max(1, round(4 * unit)))
    return np.asarray(cv2.GaussianBlur(page, (0, 0), 0.8 * unit), np.uint8)


def smear(page: Pixels, dpi: int, degrees: float, length: float = 7) -> Pixels:
    size = length * dpi / 300
    side = 2 * round(size) + 1
    kernel = np.zeros((side, side), np.float32)
    for at in np.linspace(-size / 2, size / 2, 99):
        y, x = side // 2 + at * np.sin(np.radians(degrees)), side // 2 + at * np.cos(np.radians(degrees))
        kernel[round(y), round(x)] += 1 / 99
    return np.asarray(cv2.filter2D(page, -1, kernel), np.uint8)


def resemble(one: Pixels, other: Pixels) -> float:
    """The correlation of two pages' fine detail."""
    details = [cv2.Laplacian(cv2.GaussianBlur(page, (0, 0), 1.5), cv2.CV_32F).ravel() for page in (one, other)]
    return float(np.corrcoef(details)[0, 1])


@pytest.mark.parametrize("dpi", [200, 300, 400])
@pytest.mark.parametrize("degrees", [0, 35, 90, 150])
def test_direction_is_found_and_the_page_brought_nearer(dpi: int, degrees: int) -> None:
    page = draw_signs(dpi)
    smeared = smear(page, dpi, degrees)
    direction = find_smear(smeared, dpi)
    assert direction is not None
    assert abs((np.degrees(direction) - degrees + 90) % 180 - 90) <= 10
    sharp = take_away_smear(smeared, dpi, direction)
    assert 1 - resemble(sharp, page) < 0.7 * (1 - resemble(smeared, page))


def test_still_pages_and_unfocused_ones_are_not_smeared() -> None:
    page = draw_signs(300)
    assert find_smear(page, 300) is None
    assert find_smear(np.asarray(cv2.GaussianBlur(page, (0, 0), 2.5), np.uint8), 300) is None
    assert find_smear(np.full((1200, 900), 240, np.uint8), 300) is None


def test_coarse_pages_are_left_alone() -> None:
    assert find_smear(smear(draw_signs(150), 150, 35), 150) is None
