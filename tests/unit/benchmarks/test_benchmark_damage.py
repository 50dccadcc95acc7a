"""Damage for measuring: the same seed gives the same page, and boxes stay on their ink."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.damage import AS_IT_IS, VARIANTS, damage_sheet
from core.recognition import Box
from ocr.images import Pixels

BOXES: tuple[Box, ...] = ((150, 120, 240, 180), (400, 500, 520, 560), (80, 700, 180, 750))


def marked_page() -> Pixels:
    """White with black rectangles."""
    grey = np.full((877, 620), 255, np.uint8)
    for x0, y0, x1, y1 in BOXES:
        grey[y0:y1, x0:x1] = 0
    return grey


def blank_back() -> Pixels:
    return np.full((877, 620), 255, np.uint8)


@pytest.mark.parametrize("variant", [AS_IT_IS, *VARIANTS])
def test_boxes_stay_on_their_ink(variant: str) -> None:
    sheet = damage_sheet(marked_page(), 150, blank_back(), variant, "page")
    for box in BOXES:
        x0, y0, x1, y1 = sheet.place(box)
        wide, high = (x1 - x0) // 4, (y1 - y0) // 4
        inside = np.median(sheet.grey[y0 + high : y1 - high, x0 + wide : x1 - wide])
        around = np.median(np.concatenate([sheet.grey[y0 - 8 : y0 - 4, x0:x1], sheet.grey[y1 + 4 : y1 + 8, x0:x1]]))
        assert inside < around - 40


@pytest.mark.parametrize("variant", ["yellowed", "fax", "mixed", "mixed turned"])
def test_the_same_seed_gives_the_same_page(variant: str) -> None:
    one, other = (damage_sheet(marked_page(), 150, blank_back(), variant, "page") for _ in range(2))
    assert np.array_equal(one.grey, other.grey)
    assert np.array_equal(one.matrix, other.matrix)


def test_a_turned_page_says_how_it_becomes_upright() -> None:
    sheet = damage_sheet(marked_page(), 150, blank_back(), "turned 90", "page")
    assert sheet.rotation == 270
    assert np.array_equal(np.rot90(sheet.grey, -sheet.rotation // 90), marked_page())


def test_skew_is_what_makes_the_page_level() -> None:
    sheet = damage_sheet(marked_page(), 150, blank_back(), "skew 3-5", "page")
    rows = [np.flatnonzero(sheet.grey[:, x] < 128) for x in _columns_of_the_first_box(sheet.place(BOXES[0]))]
    (left, right), (x_left, x_right) = [row[0] for row in rows], _columns_of_the_first_box(sheet.place(BOXES[0]))
    down_to_the_right = np.rad2deg(np.arctan2(float(right) - float(left), x_right - x_left))
    assert sheet.skew == pytest.approx(down_to_the_right, abs=1.5)


def _columns_of_the_first_box(box: Box) -> tuple[int, int]:
    return box[0] + 15, box[2] - 15


def test_what_shines_through_is_lighter_than_print() -> None:
    back = marked_page()[:, ::-1].copy()
    sheet = damage_sheet(blank_back(), 150, back, "bleed-through", "page")
    assert 100 < sheet.grey.min() < 225
