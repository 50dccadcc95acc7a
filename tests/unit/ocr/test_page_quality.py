"""Quality figures follow the damage, and only pages with nothing to read are blank."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from ocr.images import Pixels
from ocr.quality import assess, is_blank, measure_quality

DPI = 150
DrawPage = Callable[..., Pixels]


def ghost_of_a_seal(page: Pixels) -> Pixels:
    """A seal that came through the paper: rings and letters in a circle, pale and broken."""
    centre, radius = np.array([400, 700]), 95
    for number, angle in enumerate(np.arange(0, 360, 13)):
        spot = centre + radius * np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
        x, y = (int(value) for value in spot)
        cv2.rectangle(page, (x - 4, y - 6), (x + 4, y + 6), 120 + 3 * number, 2)
    cv2.circle(page, (400, 700), 115, 215, 2)
    return page


def signed_page(page: Pixels, ink: int) -> Pixels:
    """The end of a decision that ran over: a seal with a signature across it, and few letters of print around."""
    cv2.putText(page, "CHU TICH", (700, 300), cv2.FONT_HERSHEY_SIMPLEX, 0.9, ink, 2)
    for radius in (100, 96, 60):
        cv2.circle(page, (700, 420), radius, ink, 2)
    for angle in np.arange(0, 360, 13):
        spot = (700, 420) + 80 * np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
        x, y = (int(value) for value in spot)
        cv2.rectangle(page, (x - 4, y - 6), (x + 4, y + 6), ink, 2)
    stroke = np.array([(640, 470), (680, 380), (690, 480), (740, 360), (760, 470), (900, 400)], np.int32)
    cv2.polylines(page, [stroke.reshape(-1, 1, 2)], False, ink, 2)
    return page


def punched_page(page: Pixels) -> Pixels:
    """An empty page with the edge a scanner leaves, punched holes, and a seal that came through."""
    for y in (300, 700, 1100, 1500):
        cv2.circle(page, (70, y), 17, 40, -1)
    page[:, -25:] = 20
    return ghost_of_a_seal(page)


def test_text_is_not_blank(draw_page: DrawPage) -> None:
    assert not is_blank(draw_page(dpi=DPI), DPI)


def test_faint_text_is_not_blank(draw_page: DrawPage) -> None:
    page = draw_page(dpi=DPI, ink=165, paper=235)
    quality, blank = assess(page, DPI)
    assert not blank
    assert quality.defects == ("faint",)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_one_short_line_is_not_blank_however_it_lies(draw_page: DrawPage, quarters: int) -> None:
    page = draw_page(dpi=DPI, lines=1, text="Trang")
    assert not is_blank(np.ascontiguousarray(np.rot90(page, quarters)), DPI)


def test_picture_without_letters_is_not_blank() -> None:
    page = np.full((1754, 1240), 250, np.uint8)
    cv2.circle(page, (600, 600), 220, 90, -1)
    assert not is_blank(page, DPI)


def test_empty_paper_is_blank(draw_page: DrawPage) -> None:
    noise = np.random.default_rng(3).normal(0, 4, (1754, 1240))
    assert is_blank(draw_page(dpi=DPI, lines=0), DPI)
    assert is_blank((225 + noise).astype(np.uint8), DPI)


def test_ghost_of_a_seal_is_blank(draw_page: DrawPage) -> None:
    assert is_blank(ghost_of_a_seal(draw_page(dpi=DPI, lines=0)), DPI)


def test_a_signature_and_a_seal_alone_are_not_blank(draw_page: DrawPage) -> None:
    assert not is_blank(signed_page(draw_page(dpi=DPI, lines=0), 60), DPI)


def test_a_signed_page_that_comes_through_is_blank(draw_page: DrawPage) -> None:
    through = cv2.GaussianBlur(signed_page(draw_page(dpi=DPI, lines=0), 190), (0, 0), 1.5)[:, ::-1]
    assert is_blank(np.ascontiguousarray(through), DPI)


def test_holes_a_scanners_edge_and_a_ghost_are_blank(draw_page: DrawPage) -> None:
    assert is_blank(punched_page(draw_page(dpi=DPI, lines=0)), DPI)


def test_shadow_along_an_edge_is_blank(draw_page: DrawPage) -> None:
    page = draw_page(dpi=DPI, lines=0)
    page[:, :60] = 30
    assert is_blank(page, DPI)


@pytest.mark.parametrize("sigma", [3.0, 10.0])
def test_noise_is_estimated(draw_page: DrawPage, sigma: float) -> None:
    page = draw_page(dpi=DPI, paper=200)
    noisy = page + np.random.default_rng(5).normal(0, sigma, page.shape)
    assert measure_quality(noisy.clip(0, 255).astype(np.uint8), DPI).noise == pytest.approx(sigma, rel=0.15)


def test_contrast_and_brightness_are_grey_levels(draw_page: DrawPage) -> None:
    page = draw_page(dpi=100, paper=180)
    page[: page.shape[0] // 10] = 30
    quality = measure_quality(page, 100)
    assert quality.brightness == 180
    assert quality.contrast == 150


def test_text_height_is_at_300_dpi(draw_page: DrawPage) -> None:
    heights = [measure_quality(draw_page(dpi=dpi), dpi).text_height for dpi in (150, 300)]
    assert heights[0] == pytest.approx(heights[1], rel=0.1)


def test_good_page_has_no_defects(draw_page: DrawPage) -> None:
    assert measure_quality(draw_page(dpi=300), 300).defects == ()


def test_blur_is_seen(draw_page: DrawPage) -> None:
    page = draw_page(dpi=300)
    blurred = cv2.GaussianBlur(page, (0, 0), 2.5).astype(np.uint8)
    assert measure_quality(blurred, 300).defects == ("blurry",)
    assert measure_quality(blurred, 300).sharpness < measure_quality(page, 300).sharpness


def test_darkness_is_seen(draw_page: DrawPage) -> None:
    assert measure_quality(draw_page(dpi=DPI, paper=90, ink=10), DPI).defects == ("dark",)


def test_page_that_runs_out_of_the_picture_is_cut_off(draw_page: DrawPage) -> None:
    page = draw_page(dpi=DPI)
    page[:60], page[:, :60] = 10, 10
    assert measure_quality(page, DPI).defects == ("document_cut_off",)


def test_text_at_the_edge_is_cut_off(draw_page: DrawPage) -> None:
    page = draw_page(dpi=DPI, text="BAN BI THU", lines=26)
    assert "text_cut_off" in measure_quality(np.ascontiguousarray(page[:, 140:]), DPI).defects
