"""The line detector with its real weights on generated pages: how many lines it finds, and how exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import cv2
import numpy as np
import pytest

from ocr.lines.crops import cut_line
from ocr.lines.detector import LineDetector
from synthesis.assorted import make_assorted_page
from synthesis.blocks import Looks
from synthesis.damage import damage_page
from synthesis.fonts import find_fonts
from synthesis.forms import make_document
from synthesis.truth import RenderedPage
from training.detector.measure import Figures, measure

WEIGHTS = Path(__file__).resolve().parents[2] / "ocr" / "weights" / "detector.onnx"


@pytest.fixture(scope="module")
def detector() -> LineDetector:
    return LineDetector(WEIGHTS)


@pytest.fixture(scope="module")
def document() -> tuple[RenderedPage, ...]:
    looks = Looks(number_by_pen=True, date_by_pen=True, table=True, secrecy="MẬT", length=2)
    pages = make_document(Random(41), find_fonts(), "state", "QĐ", looks, dpi=200).pages
    return tuple(replace(page, patches=()) for page in pages)


def worn(pages: tuple[RenderedPage, ...], variants: tuple[str, ...]) -> Iterator[RenderedPage]:
    for at, variant in enumerate(variants):
        for page in pages:
            yield damage_page(page, variant, np.random.default_rng(at))


def grey_of(page: RenderedPage) -> np.ndarray:
    return np.asarray(cv2.cvtColor(page.image, cv2.COLOR_RGB2GRAY), np.uint8)


def check(figures: Figures, words: float, whole: float, precision: float) -> None:
    """Shares of words covered, of lines found whole, and of found lines that are lines."""
    assert figures.covered >= words * figures.words, figures
    assert figures.whole >= whole * figures.lines, figures
    assert figures.false <= (1 - precision) * figures.found, figures


def test_office_pages_as_scanners_deliver_them(detector: LineDetector, document: tuple[RenderedPage, ...]) -> None:
    variants = ("clean", "office", "skewed", "bleed_through", "fax", "faint", "yellowed")
    figures = measure(detector, worn(document, variants))
    check(figures, words=0.995, whole=0.98, precision=0.96)
    assert figures.right_way == figures.pages
    assert abs(np.mean(figures.base)) < 0.05 and np.std(figures.base) < 0.12, figures
    assert abs(np.mean(figures.tall) - 1) < 0.06 and np.std(figures.tall) < 0.1, figures


def test_pages_that_lie_on_their_side_or_head(detector: LineDetector, document: tuple[RenderedPage, ...]) -> None:
    figures = measure(detector, worn(document, ("turned_90", "turned_180", "turned_270")))
    assert figures.right_way == figures.pages
    check(figures, words=0.99, whole=0.97, precision=0.95)


def test_layouts_of_all_kinds(detector: LineDetector) -> None:
    pages = (make_assorted_page(Random(seed), find_fonts(), 150) for seed in range(6000, 6006))
    check(measure(detector, pages), words=0.97, whole=0.93, precision=0.93)


def test_blank_paper_has_no_lines(detector: LineDetector) -> None:
    noise = np.random.default_rng(3).normal(240, 4, (2339, 1654)).clip(0, 255).astype(np.uint8)
    layout = detector.find(noise, 200)
    assert layout.lines == () and layout.marks == () and layout.rotation == 0


def test_a_crop_holds_its_line_s_ink(detector: LineDetector, document: tuple[RenderedPage, ...]) -> None:
    grey = grey_of(document[0])
    lines = detector.find(grey, 200).lines
    for line in lines:
        crop = cut_line(grey, line, 48)
        profile = (crop.image < 128).sum(axis=1)
        assert crop.image.shape[0] == 48
        # Most ink lies between base line and capital height.
        assert profile[10:38].sum() > 0.6 * profile.sum()


def test_marks_are_found_and_values_by_pen_belong_to_their_line(
    detector: LineDetector, document: tuple[RenderedPage, ...]
) -> None:
    first = detector.find(grey_of(document[0]), 200)
    assert sum(line.kind == "mixed" for line in first.lines) >= 1
    last = detector.find(grey_of(document[-1]), 200)
    assert {mark.kind for mark in last.marks} == {"handwriting", "seal"}
