"""Skew is found to a fraction of a degree, and boxes find their way back through every transform."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from core.recognition import Rotation
from ocr.images import Pixels
from ocr.preprocess import even_paper, find_lines, find_skew, has_even_paper, make_upright, soften

DrawPage = Callable[..., Pixels]


def tilt(page: Pixels, degrees: float) -> Pixels:
    """Turns counter-clockwise."""
    height, width = page.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return cv2.warpAffine(page, matrix, (width, height), borderValue=(250.0,)).astype(np.uint8)


@pytest.mark.parametrize("degrees", [-14.0, -5.3, -0.7, 0.0, 0.4, 2.0, 7.0, 15.0])
def test_skew_turns_counter_clockwise(draw_page: DrawPage, degrees: float) -> None:
    assert find_skew(tilt(draw_page(dpi=100), -degrees), 100) == pytest.approx(degrees, abs=0.1)


def test_empty_page_has_no_skew(draw_page: DrawPage) -> None:
    assert find_skew(draw_page(dpi=100, lines=0), 100) == 0.0


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_skew_of_a_page_on_its_side_is_the_same(draw_page: DrawPage, quarters: int) -> None:
    page = np.ascontiguousarray(np.rot90(tilt(draw_page(dpi=100), -3.0), quarters))
    skew, standing = find_lines(page, 100)
    assert skew == pytest.approx(3.0, abs=0.1)
    assert standing == (quarters % 2 == 1)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("skew", [0.0, 4.0, -12.0])
@pytest.mark.parametrize("dpi", [60, 150, 600])
def test_box_comes_back_to_where_its_mark_is(rotation: Rotation, skew: float, dpi: int) -> None:
    stored = np.full((900, 600), 255, np.uint8)
    stored[300:340, 420:460] = 0
    upright = make_upright(stored, dpi, rotation, skew)
    rows, columns = np.nonzero(upright.grey < 128)
    found = (int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
    back = np.array(upright.box_as_stored(found))
    grown = 40 * abs(np.sin(2 * np.radians(skew))) + 4
    assert np.all(back[:2] <= (421, 301)) and np.all(back[2:] >= (459, 339))
    assert np.all(np.abs(back - (420, 300, 460, 340)) <= grown)


def test_boxes_stay_inside_the_page() -> None:
    upright = make_upright(np.full((200, 100), 255, np.uint8), 150, 90, 8.0)
    x0, y0, x1, y1 = upright.box_as_stored((-50, -50, 900, 900))
    assert (x0, y0, x1, y1) == (0, 0, 100, 200)


def test_levelling_loses_no_corner() -> None:
    page = np.full((300, 200), 255, np.uint8)
    page[:20, :20] = page[-20:, -20:] = 0
    level = make_upright(page, 150, 0, 15.0).grey
    assert int((level < 128).sum()) == pytest.approx(800, rel=0.05)


def test_nearly_level_page_is_left_as_it_is(draw_page: DrawPage) -> None:
    page = draw_page(dpi=150)
    assert np.array_equal(make_upright(page, 150, 0, 1.4).grey, page)


@pytest.mark.parametrize(("dpi", "expected"), [(600, 300), (300, 300), (150, 150), (75, 150)])
def test_far_resolutions_are_brought_near(dpi: int, expected: int) -> None:
    upright = make_upright(np.full((dpi, dpi), 255, np.uint8), dpi, 0, 0.0)
    assert upright.dpi == expected
    assert upright.grey.shape == (expected, expected)


def test_only_fine_scans_are_softened(draw_page: DrawPage) -> None:
    page = draw_page(dpi=150)
    assert np.array_equal(soften(page, 150), page)
    assert not np.array_equal(soften(page, 300), page)


def test_uneven_light_is_seen_and_evened(draw_page: DrawPage) -> None:
    page = draw_page(dpi=150)
    shaded = (page * np.linspace(0.4, 1.0, page.shape[1])).astype(np.uint8)
    assert has_even_paper(page)
    assert not has_even_paper(shaded)
    evened = even_paper(shaded)
    assert has_even_paper(evened)
    assert float(np.percentile(evened, 20)) == 255
