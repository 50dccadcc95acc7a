"""The order of reading: blank pages are not read, unknown orientations are tried, failures are never empty pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.errors import ReadingFailed, SettingsError
from ocr.engines.base import VIETNAMESE_LETTERS, require_vietnamese
from ocr.engines.registry import EngineOptions
from ocr.images import PageImage
from ocr.reading import Reader


def page_of(grey: Any, dpi: int = 100) -> PageImage:
    return PageImage(np.ascontiguousarray(grey), None, dpi)


def test_there_are_134_letters() -> None:
    assert len(VIETNAMESE_LETTERS) == 134
    assert {"ỵ", "Ậ", "đ", "Ữ", "ý"} < VIETNAMESE_LETTERS


def test_engine_without_a_letter_is_refused(fake_engine: Any) -> None:
    with pytest.raises(SettingsError, match="2 Vietnamese letters: Ậế"):
        Reader(fake_engine(missing="ếẬ"))


def test_only_declared_gaps_are_let_through(fake_engine: Any) -> None:
    class Gapped(fake_engine):  # type: ignore[misc]
        @property
        def known_gaps(self) -> frozenset[str]:
            return frozenset("ỵ")

    assert require_vietnamese(Gapped(missing="ỵ")) is None
    with pytest.raises(SettingsError, match="1 Vietnamese letters: Ỵ"):
        require_vietnamese(Gapped(missing="ỵỴ"))


def test_unknown_engine_is_refused() -> None:
    with pytest.raises(SettingsError, match="'abacus'"):
        Reader.open(EngineOptions("abacus"))


def test_blank_page_is_not_read(fake_engine: Any, draw_page: Any) -> None:
    engine = fake_engine()
    page = Reader(engine).read(page_of(draw_page(dpi=100, lines=0)), 3)
    assert (page.number, page.blank, page.text, engine.seen) == (3, True, "", [])


def test_ink_without_text_fails(fake_engine: Any, draw_page: Any) -> None:
    with pytest.raises(ReadingFailed, match="no text"):
        Reader(fake_engine()).read(page_of(draw_page(dpi=100, ink=130)), 1)


def test_page_is_read_once_when_all_is_clear(fake_engine: Any, draw_page: Any) -> None:
    engine = fake_engine()
    page = Reader(engine).read(page_of(draw_page(dpi=100)), 1)
    assert [word.text for word in page.words] == ["chữ"]
    assert engine.seen == [((1169, 827), 100)]
    assert (page.engine, page.rotation, page.width, page.height) == ("fake 1", 0, 827, 1169)


def test_pages_together_are_those_read_alone(fake_engine: Any, draw_page: Any) -> None:
    pages = [draw_page(dpi=100, lines=count, ink=ink) for count, ink in ((20, 40), (0, 40), (20, 130), (9, 40))]
    images = [(page_of(page), number) for number, page in enumerate(pages, start=1)]
    engine = fake_engine(rotation=None, confidence=0.4)
    first, blank, textless, last = Reader(engine).read_pages(images)
    shown = len(engine.seen)
    alone = [Reader(engine).read(*images[at]) for at in (0, 1, 3)]
    assert [replace(page, seconds=0.0) for page in (first, blank, last)] == [replace(one, seconds=0.0) for one in alone]
    assert textless is None
    with pytest.raises(ReadingFailed, match="no text"):
        Reader(engine).read(*images[2])
    assert len(engine.seen) == 2 * shown


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_boxes_are_those_of_the_page_as_stored(fake_engine: Any, draw_page: Any, rotation: int) -> None:
    stored = np.rot90(draw_page(dpi=100), rotation // 90)
    page = Reader(fake_engine(rotation=rotation, confidence=0.4)).read(page_of(stored), 1)
    rows, columns = np.nonzero(stored < 60)
    assert page.rotation == rotation
    assert page.words[0].box == (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    assert page.words[0].box[2] <= page.width == stored.shape[1]


@pytest.mark.parametrize("quarters", [0, 1])
def test_unknown_orientation_is_tried_both_ways(fake_engine: Any, draw_page: Any, quarters: int) -> None:
    stored = np.rot90(draw_page(dpi=100), quarters)
    unsure, sure = fake_engine(rotation=None, confidence=0.4), fake_engine(rotation=None)
    Reader(unsure).read(page_of(stored), 1)
    Reader(sure).read(page_of(stored), 1)
    assert unsure.seen == [((1169, 827), 100)] * 2
    assert sure.seen == [((1169, 827), 100)]


def test_uneven_paper_is_read_both_ways(fake_engine: Any, draw_page: Any) -> None:
    page = draw_page(dpi=100)
    engine = fake_engine()
    Reader(engine).read(page_of((page * np.linspace(0.5, 1.0, page.shape[1])).astype(np.uint8)), 1)
    assert len(engine.seen) == 2


def test_crop_gets_a_frame(fake_engine: Any) -> None:
    reader = Reader(fake_engine())
    assert reader.read_crop(np.zeros((20, 50, 3), np.uint8)) == "74x44"
    assert reader.read_crop(np.zeros((20, 50), np.uint8)) == "74x44"


def test_a_page_that_reads_well_as_it_lies_is_not_turned(fake_engine: Any, draw_page: Any) -> None:
    engine = fake_engine(rotation=180)
    page = Reader(engine).read(page_of(draw_page(dpi=100)), 1)
    assert (page.rotation, len(engine.seen)) == (0, 1)
