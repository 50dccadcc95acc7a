"""Pages read in one go are, to the last digit, the pages read alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from core.errors import ReadingFailed
from core.recognition import RecognizedPage
from ocr.engines.registry import EngineOptions
from ocr.images import PageImage, Pixels
from ocr.reading import Reader
from synthesis.fonts import find_fonts, load_font

ROWS = (
    "ỦY BAN NHÂN DÂN TỈNH QUẢNG NINH",
    "Số: 15/QĐ-UBND ngày 07 tháng 3 năm 2019",
    "Về việc ban hành",
    "Quy chế làm việc của Ủy ban nhân dân tỉnh nhiệm kỳ 2016 - 2021",
)


def write_page(rows: Sequence[str], size: tuple[int, int] = (1654, 2339)) -> Pixels:
    """A page at 200 dpi. size: width and height, of A4 where none is said."""
    page, font = Image.new("L", size, 250), load_font(find_fonts().serif[0].regular, 40)
    for row, text in enumerate(rows):
        ImageDraw.Draw(page).text((140, 160 + 110 * row), text, fill=30, font=font)
    return np.asarray(page)


def lean(page: Pixels, degrees: float) -> Pixels:
    high, wide = page.shape
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1.0)
    return cv2.warpAffine(page, matrix, (wide, high), borderValue=250).astype(np.uint8)


def shade(page: Pixels) -> Pixels:
    """Paper that darkens to one side."""
    return (page * np.linspace(0.55, 1.0, page.shape[1])).astype(np.uint8)


def different_pages() -> list[Pixels]:
    """Of four sizes, some of which the detector sees as one; on their sides, upside down, leaning, shaded and blank."""
    whole = write_page(ROWS * 3)
    return [
        whole,
        write_page(ROWS[2:3]),
        np.ascontiguousarray(np.rot90(whole, 1)),
        write_page(ROWS[:2] * 2, (1648, 2330)),
        np.ascontiguousarray(np.rot90(write_page(ROWS[1:] * 2), 2)),
        write_page(ROWS, (1654, 900)),
        lean(whole, 1.7),
        write_page(()),
        shade(write_page(ROWS * 2)),
        np.ascontiguousarray(np.rot90(write_page(ROWS[:3], (1169, 827)), 3)),
    ]


@pytest.fixture(scope="module")
def reader(options: EngineOptions) -> Iterator[Reader]:
    """Our recognizer in PaddleOCR."""
    yield Reader.open(replace(options, paddle_recognition="", paddle_recognition_sha256=""))


def without_time(page: RecognizedPage | None) -> RecognizedPage | None:
    return page and replace(page, seconds=0.0)


def test_texts_boxes_and_confidences_do_not_depend_on_the_neighbours(reader: Reader) -> None:
    images = [(PageImage(page, None, 200), number) for number, page in enumerate(different_pages(), start=1)]
    alone = [without_time(reader.read(*image)) for image in images]
    assert [len(page.lines) for page in alone if page] == [12, 1, 12, 4, 6, 4, 12, 0, 8, 3]
    assert alone[2] and alone[2].rotation == 90
    assert alone[4] and alone[4].rotation == 180 and "Quy chế làm việc" in alone[4].text
    for some in (images[::-1], images[3:7]):
        assert list(map(without_time, reader.read_pages(some))) == [alone[number - 1] for _, number in some]


def test_pages_of_about_one_size_go_through_the_detector_together(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    detector = reader._engine._detector  # type: ignore[attr-defined]
    shown: list[list[tuple[int, ...]]] = []

    def predict(pages: list[Pixels], **named: object) -> object:
        shown.append([page.shape[:2] for page in pages])
        return type(detector).predict(detector, pages, **named)

    monkeypatch.setattr(detector, "predict", predict)
    sizes = [(1654, 2339), (1648, 2330), (1654, 900), (1654, 2339)]
    reader.read_pages([(PageImage(write_page(ROWS, size), None, 200), 1) for size in sizes])
    assert shown == [[(2339, 1654), (2330, 1648), (2339, 1654)], [(900, 1654)]]


def test_an_engine_that_fails_on_one_fails_on_all_of_them(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no memory on the card")

    monkeypatch.setattr(reader._engine._detector, "predict", fail)  # type: ignore[attr-defined]
    with pytest.raises(ReadingFailed, match="no memory on the card"):
        reader.read_pages([(PageImage(write_page(ROWS), None, 200), 1)] * 2)
