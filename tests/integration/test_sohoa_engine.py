"""Our own engine with its real weights: drawn pages always, real scanned pages where the evaluation data is."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import cv2
import edlib
import numpy as np
import pytest

from core.recognition import Box, RecognizedPage, RecognizedWord
from ocr.describing import SecondLook, describe
from ocr.engines.base import VIETNAMESE_LETTERS
from ocr.engines.sohoa import SohoaEngine
from ocr.images import PageImage, Pixels, load_page_image
from ocr.reading import Reader
from synthesis.blocks import Looks
from synthesis.fonts import find_fonts
from synthesis.forms import make_document
from synthesis.truth import RenderedPage

EVAL = Path(__file__).resolve().parents[2].parent / "shared" / "eval"
real_pages = pytest.mark.skipif(not EVAL.is_dir(), reason="the evaluation data is not on this machine")


@pytest.fixture(scope="module")
def engine() -> SohoaEngine:
    return SohoaEngine()


@pytest.fixture(scope="module")
def reader(engine: SohoaEngine) -> Reader:
    return Reader(engine)


@pytest.fixture(scope="module")
def page() -> RenderedPage:
    looks = Looks(number_by_pen=False, date_by_pen=False, table=False, seal=False, length=2)
    return make_document(Random(31), find_fonts(), "state", "KH", looks, dpi=300).pages[0]


def fold(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def grey_of(page: RenderedPage) -> Pixels:
    return np.asarray(cv2.cvtColor(page.image, cv2.COLOR_RGB2GRAY), np.uint8)


def error_rate(truth: RenderedPage, found: RecognizedPage) -> float:
    """Edit distance of the page's running text at its best place in what was read, over its length."""
    body = fold(" ".join(line.text for line in truth.lines if line.kind == "body"))
    return float(edlib.align(body, fold(found.text), mode="HW", task="distance")["editDistance"]) / len(body)


def shrink(grey: Pixels, dpi: int) -> Pixels:
    return np.asarray(cv2.resize(grey, None, fx=dpi / 300, fy=dpi / 300, interpolation=cv2.INTER_AREA), np.uint8)


def tilt(grey: Pixels) -> Pixels:
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), 3.0, 1.0)
    return np.asarray(cv2.warpAffine(grey, matrix, (width, height), borderValue=(250,)), np.uint8)


def make_bilevel(grey: Pixels) -> Pixels:
    return np.asarray(cv2.threshold(grey, 150, 255, cv2.THRESH_BINARY)[1], np.uint8)


def test_it_writes_every_vietnamese_letter_and_knows_its_models(engine: SohoaEngine) -> None:
    assert engine.alphabet >= VIETNAMESE_LETTERS
    assert [model.name for model in engine.models] == ["detector.onnx", "recognizer.onnx"]
    assert all(len(model.sha256) == 64 for model in engine.models)
    assert engine.device == "cpu"


@pytest.mark.parametrize(
    ("change", "dpi"),
    [
        (lambda grey: grey, 300),
        (lambda grey: shrink(grey, 100), 100),
        (lambda grey: shrink(grey, 150), 150),
        (tilt, 300),
        (make_bilevel, 300),
    ],
    ids=["300 dpi", "100 dpi", "150 dpi", "askew", "bilevel"],
)
def test_a_page_of_office_text_is_read(
    reader: Reader, page: RenderedPage, change: Callable[[Pixels], Pixels], dpi: int
) -> None:
    assert error_rate(page, reader.read(PageImage(change(grey_of(page)), None, dpi), 1)) <= 0.02


def test_a_smeared_page_is_read(reader: Reader, page: RenderedPage) -> None:
    streak = np.zeros((9, 9), np.float32)
    for at in np.linspace(-3.75, 3.75, 64):
        streak[round(4 + at * np.sin(np.radians(35))), round(4 + at * np.cos(np.radians(35)))] += 1 / 64
    smeared = np.asarray(cv2.filter2D(grey_of(page), -1, streak), np.uint8)
    wanted = Counter(word for line in page.lines for word in fold(line.text).split())
    found = Counter(word.text for word in reader.read(PageImage(smeared, None, 300), 1).words)
    assert (wanted & found).total() >= 0.97 * wanted.total()


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_on_any_side_is_read_with_its_boxes(reader: Reader, page: RenderedPage, quarters: int) -> None:
    found = reader.read(PageImage(np.ascontiguousarray(np.rot90(grey_of(page), -quarters)), None, 300), 1)
    assert found.rotation == 360 - 90 * quarters
    assert error_rate(page, found) <= 0.02
    wide = [word.box[2] - word.box[0] > word.box[3] - word.box[1] for word in found.words if len(word.text) > 4]
    assert np.mean(wide) > 0.95 if quarters == 2 else np.mean(wide) < 0.05


def test_words_boxes_are_where_their_ink_is(reader: Reader, page: RenderedPage) -> None:
    found = reader.read(PageImage(grey_of(page), None, 300), 1)
    misses = [
        abs(one - other)
        for word in page.words
        if (box := nearest(word.text, word.box, found.words)) is not None
        for one, other in zip(word.box, box, strict=True)
    ]
    assert len(misses) > 4 * 0.95 * len(page.words)
    assert np.mean(misses) <= 3.0


def nearest(text: str, place: Box, words: tuple[RecognizedWord, ...]) -> Box | None:
    """The box of the same word within a letter's height of the place."""
    same = [word.box for word in words if word.text == text and max(map(abs, np.subtract(word.box, place))) < 40]
    return min(same, key=lambda box: float(np.abs(np.subtract(box, place)).sum()), default=None)


def test_sure_words_are_right(reader: Reader, page: RenderedPage) -> None:
    found = reader.read(PageImage(shrink(grey_of(page), 150), None, 150), 1)
    said = [word.confidence for word in found.words]
    assert 0.9 < np.mean(said) <= 1.0
    assert all(0.0 <= one <= 1.0 for one in said)


def test_a_crop_of_one_line_is_read(engine: SohoaEngine) -> None:
    sheet = np.full((60, 420), 245, np.uint8)
    cv2.putText(sheet, "QD-UBND 2024", (20, 44), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (20,), 3)
    assert engine.recognize_line(sheet, 200).replace(" ", "") in ("QD-UBND2024", "QĐ-UBND2024")


def test_a_large_fine_scan_is_read(reader: Reader, page: RenderedPage) -> None:
    grey = grey_of(page)
    sheet = np.full((9920, 7016), 250, np.uint8)  # A3 at 600 dpi
    large = cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    sheet[: large.shape[0], : large.shape[1]] = large
    assert error_rate(page, reader.read(PageImage(sheet, None, 600), 1)) <= 0.03


def test_values_by_pen_are_ranked(reader: Reader) -> None:
    right: list[bool] = []
    for seed in range(8):
        looks = Looks(number_by_pen=True, date_by_pen=True, length=1)
        document = make_document(Random(seed), find_fonts(), ("state", "party")[seed % 2], None, looks, dpi=200)
        page = PageImage(grey_of(document.pages[0]), document.pages[0].image, 200)
        found = describe(
            [reader.read(page, 1)], [page.seen], SecondLook(reader.read_crop, reader.rank_pen, reader.see_words)
        )
        for name in ("number", "date"):
            one = found.suggestion(name)
            if one is None or not one.handwritten:
                continue  # the generator's hand may look like print: not this test's question
            assert sum(candidate.confidence for candidate in one.candidates) <= 1.001
            assert one.value is None or one.value == one.candidates[0].value
            right.append(document.fields[name] in [candidate.value for candidate in one.candidates])
    assert len(right) >= 12 and np.mean(right) >= 0.6


@real_pages
@pytest.mark.eval
@pytest.mark.parametrize("name", ["qn_01ct_p1.jpg", "tt_430_p2.jpg", "ep_0003_p1.jpg"])
def test_real_pages_are_read(reader: Reader, name: str) -> None:
    found = reader.read(load_page_image(EVAL / "pages" / name, max_pixels=150_000_000), 1)
    truth = fold((EVAL / "gt" / f"{name.split('.')[0]}.body.txt").read_text("utf8"))
    edits = edlib.align(truth, fold(found.text), mode="HW", task="distance")["editDistance"]
    assert edits / len(truth) <= 0.004
