"""Lines cut out of drawn pages: straightened, scaled, with the way back to the page."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.images import Pixels
from ocr.lines.crops import cut_line
from ocr.lines.shapes import TextLine, bound_ink

X_HEIGHT = 20.0
LENGTH = 400.0


def draw_bar(start: tuple[float, float], degrees: float) -> tuple[Pixels, TextLine]:
    """A page with a dark band from the base line to the x-height along a line, and that line."""
    page = np.full((700, 700), 255, np.uint8)
    along = np.array((np.cos(np.radians(degrees)), np.sin(np.radians(degrees))))
    down = np.array((-along[1], along[0]))
    begin = np.array(start)
    end = begin + along * LENGTH
    corners = np.array([begin, end, end - down * X_HEIGHT, begin - down * X_HEIGHT])
    cv2.fillPoly(page, [np.round((corners - 0.5) * 16).astype(np.int32)], 0, cv2.LINE_AA, 4)
    baseline = np.array([begin, end])
    return page, TextLine(baseline, X_HEIGHT, bound_ink(baseline, X_HEIGHT, 700, 700))


@pytest.mark.parametrize("degrees", [0.0, 4.0, -6.0, 90.0, 180.0, 270.0, 93.0])
def test_base_line_and_x_height_lie_where_the_recognizer_expects_them(degrees: float) -> None:
    starts = {0.0: (100, 350), 90.0: (350, 100), 180.0: (600, 350), 270.0: (350, 600)}
    x, y = starts.get(degrees // 90 * 90, (150, 350))
    page, line = draw_bar((float(x), float(y)), degrees)
    crop = cut_line(page, line, 48)
    assert crop.image.shape[0] == 48
    unit = 48 / (2.1 + 0.67)
    assert crop.image.shape[1] == pytest.approx(48 * (LENGTH + X_HEIGHT) / (2.77 * X_HEIGHT), abs=1)
    dark = np.flatnonzero(crop.image[:, crop.image.shape[1] // 2] < 128)
    assert dark[0] == pytest.approx(1.1 * unit, abs=1.5)
    assert dark[-1] + 1 == pytest.approx(2.1 * unit, abs=2)
    across = np.flatnonzero(crop.image[round(1.6 * unit)] < 128)
    assert across[0] == pytest.approx(0.5 * unit, abs=1.5)
    assert across[-1] + 1 == pytest.approx(crop.image.shape[1] - 0.5 * unit, abs=1.5)


@pytest.mark.parametrize("degrees", [0.0, 90.0, 180.0, 270.0])
def test_columns_of_the_crop_come_back_to_the_page(degrees: float) -> None:
    start = {0.0: (100, 350), 90.0: (350, 100), 180.0: (600, 350), 270.0: (350, 600)}[degrees]
    page, line = draw_bar((float(start[0]), float(start[1])), degrees)
    crop = cut_line(page, line, 48)
    unit = 48 / 2.77
    # The band's own columns, and the band's height: the box is the band itself.
    places = np.array([(0.5 * unit, crop.image.shape[1] - 0.5 * unit)])
    ((x0, y0, x1, y1),) = crop.boxes_on_page(places, np.array([(1.0, 0.0)]))
    rows, columns = np.nonzero(page < 128)
    assert (x0, y0, x1, y1) == pytest.approx((columns.min(), rows.min(), columns.max() + 1, rows.max() + 1), abs=2)


def test_a_line_at_the_edge_is_cut_with_its_edge_repeated() -> None:
    page = np.full((60, 300), 200, np.uint8)
    baseline = np.array([(0.0, 12.0), (300.0, 12.0)])
    crop = cut_line(page, TextLine(baseline, 14.0, (0, 0, 300, 19)), 48)
    assert crop.image.shape[0] == 48 and (crop.image == 200).all()


def test_a_bent_line_is_straightened() -> None:
    page = np.full((400, 900), 255, np.uint8)
    xs = np.linspace(50, 850, 30)
    ys = 200 + 12 * ((xs - 450) / 400) ** 2
    path = np.stack((xs, ys), axis=1)
    outline = np.vstack([path, (path - (0, X_HEIGHT))[::-1]])
    cv2.fillPoly(page, [np.round(outline).astype(np.int32)], 0)
    crop = cut_line(page, TextLine(path, X_HEIGHT, (50, 180, 850, 212)), 48)
    unit = 48 / 2.77
    for share in (0.05, 0.3, 0.5, 0.95):
        dark = np.flatnonzero(crop.image[:, round(crop.image.shape[1] * share)] < 128)
        assert dark[-1] + 1 == pytest.approx(2.1 * unit, abs=2)
