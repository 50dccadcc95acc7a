"""Damage: boxes follow rotation, skew and resolution; tones keep size and type."""

from __future__ import annotations

import math
from random import Random

import numpy as np
import pytest

from core.recognition import Rotation
from synthesis.damage import DAMAGES, VARIANTS, damage_page, make_blank_back, resample_page, skew_page, turn_page
from synthesis.fonts import find_fonts
from synthesis.forms import make_document
from synthesis.truth import RenderedPage, TruthLine, TruthWord

BOXES = ((200, 150, 260, 190), (700, 900, 790, 950), (120, 1000, 170, 1030))


def marked_page() -> RenderedPage:
    """White with black rectangles exactly where its words are."""
    image = np.full((1169, 827, 3), 255, np.uint8)
    for x0, y0, x1, y1 in BOXES:
        image[y0:y1, x0:x1] = 0
    words = tuple(TruthWord(str(at), box) for at, box in enumerate(BOXES))
    return RenderedPage(image, 100, (TruthLine(words, "body"),))


def ink_bounds(page: RenderedPage, box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """Bounds of what is dark in the neighbourhood of the box."""
    x0, y0, x1, y1 = box
    left, top = max(0, x0 - 15), max(0, y0 - 15)
    dark = page.image[top : y1 + 15, left : x1 + 15, 0] < 128
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    return left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_quarter_turns_map_boxes_exactly(rotation: Rotation) -> None:
    page = turn_page(marked_page(), rotation)
    assert page.rotation == rotation
    assert [word.box for word in page.words] == [ink_bounds(page, word.box) for word in page.words]
    upright = np.rot90(page.image, -rotation // 90)  # negative: clockwise
    assert np.array_equal(upright, marked_page().image)


@pytest.mark.parametrize("degrees", [-4.0, -0.7, 0.3, 2.5])
@pytest.mark.parametrize("rotation", [0, 270])
def test_skew_maps_boxes_to_two_pixels(degrees: float, rotation: Rotation) -> None:
    page = turn_page(skew_page(marked_page(), degrees), rotation)
    assert page.skew == degrees
    for word in page.words:
        assert np.abs(np.subtract(word.box, ink_bounds(page, word.box))).max() <= 2


def test_positive_skew_is_undone_counter_clockwise() -> None:
    image = np.full((1000, 1000, 3), 255, np.uint8)
    image[498:502, 100:900] = 0
    page = skew_page(RenderedPage(image, 100, ()), 3.0)
    left, right = (float(np.flatnonzero(page.image[:, x, 0] < 128).mean()) for x in (150, 850))
    assert math.degrees(math.atan2(right - left, 700)) == pytest.approx(3.0, abs=0.1)  # lines fall to the right


def test_resampling_scales_boxes() -> None:
    page = resample_page(marked_page(), 200)
    assert page.dpi == 200
    for word, box in zip(page.words, BOXES, strict=True):
        assert np.abs(np.subtract(word.box, [2 * edge for edge in box])).max() <= 1


@pytest.mark.parametrize("name", DAMAGES)
def test_tones_keep_size_and_grow_with_strength(name: str) -> None:
    page = make_document(Random(3), find_fonts(), "state", "TB", dpi=100).pages[0].image
    weak, strong = (DAMAGES[name](page, strength, np.random.default_rng(1)) for strength in (0.1, 0.9))
    assert strong.shape == page.shape and strong.dtype == np.uint8
    far, near = (float(np.abs(image.astype(int) - page).mean()) for image in (strong, weak))
    assert far > near or name == "bilevel"


@pytest.mark.parametrize("name", VARIANTS)
def test_variants_are_deterministic_and_keep_every_word(name: str) -> None:
    page = make_document(Random(4), find_fonts(), "party", "TB", dpi=100).pages[0]
    first, second = (damage_page(page, name, np.random.default_rng(9)) for _ in range(2))
    assert np.array_equal(first.image, second.image) and first.lines == second.lines
    assert len(first.words) == len(page.words)
    assert first.rotation == VARIANTS[name].rotation
    low, high = VARIANTS[name].skew
    assert low <= abs(first.skew) <= high


@pytest.mark.parametrize("name", [name for name in VARIANTS if name not in ("faint", "old")])
def test_boxes_hold_ink_after_damage(name: str) -> None:
    clean = make_document(Random(4), find_fonts(), "state", "CV", dpi=150).pages[0]
    page = damage_page(clean, name, np.random.default_rng(2))
    held = 0
    for word in page.words:
        x0, y0, x1, y1 = word.box
        around = page.image[max(0, y0 - 20) : y1 + 20, max(0, x0 - 20) : x1 + 20].max(axis=2)
        held += float(np.percentile(around, 90)) - int(page.image[y0:y1, x0:x1].min()) > 40
    assert held / len(page.words) >= 0.99


def test_blank_back_has_no_dark_ink() -> None:
    front = make_document(Random(4), find_fonts(), "state", "TB", dpi=100).pages[0]
    back = make_blank_back(front, np.random.default_rng(1))
    assert back.blank and back.words == ()
    assert int(back.image.min()) > 200
