"""Print and pen told apart by the digits' ink."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from core.recognition import Candidate, PenKind, PenPlace, RecognizedPage
from ocr.describing import SecondLook, describe
from ocr.describing.handwriting import glyph_boxes, looks_printed
from ocr.describing.upright import turn_image, turn_page

MakePage = Callable[..., RecognizedPage]

LINES = [
    ("ỦY BAN NHÂN DÂN", 0.14, 0),
    ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 0.48, 0),
    ("Độc lập - Tự do - Hạnh phúc", 0.54, 1),
    ("Số: 24 /QĐ-UBND", 0.15, 2.5),
    ("Huế, ngày 24 tháng 10 năm 2021", 0.52, 2.5),
]


def _draw(page: RecognizedPage, heights: dict[str, tuple[int, ...]]) -> np.ndarray:
    """A page whose letters are bars 30 high on one level; words in `heights` get bars of those heights."""
    image = np.full((page.height, page.width, 3), 250, np.uint8)
    for word in page.words:
        x0, _, x1, y1 = word.box
        step = (x1 - x0) / len(word.text)
        for at in range(len(word.text)):
            tall = heights.get(word.text, (30,))[at % len(heights.get(word.text, (30,)))]
            left = round(x0 + at * step)
            cv2.rectangle(image, (left + 4, y1 - 5 - tall), (left + 16, y1 - 5), (30, 30, 30), -1)
    return image


def test_print_is_read_and_sure(page: MakePage) -> None:
    made = page(LINES)
    found = describe([made], [_draw(made, {})])
    number, date = found.suggestion("number"), found.suggestion("date")
    assert number and (number.value, number.handwritten) == ("24", False) and number.confidence >= 0.9
    assert date and (date.value, date.handwritten) == ("2021-10-24", False) and date.confidence >= 0.9


@pytest.mark.parametrize("heights", [(38, 36), (30, 38), (24, 30), (36, 30)])
def test_digits_of_uneven_height_are_by_pen(page: MakePage, heights: tuple[int, int]) -> None:
    made = page(LINES)
    found = describe([made], [_draw(made, {"24": heights})])
    for name in ("number", "date"):
        one = found.suggestion(name)
        assert one and (one.value, one.handwritten, one.confidence) == (None, True, 0.0)


def _joined(page: MakePage) -> RecognizedPage:
    """The head of a printed document: number, slash and symbol are one word."""
    return page([*LINES[:3], ("Số: 2636/TB-SVHTTDL", 0.15, 2.5), LINES[4]])


def test_printed_number_joined_to_its_symbol_is_no_pen(page: MakePage) -> None:
    made = _joined(page)
    number = describe([made], [_draw(made, {})]).suggestion("number")
    assert number and (number.value, number.handwritten) == ("2636", False) and number.confidence >= 0.9


def test_blue_ink_is_a_pen_however_even(page: MakePage) -> None:
    made = _joined(page)
    image = _draw(made, {})
    word = next(word for word in made.words if word.text.startswith("2636"))
    step = (word.box[2] - word.box[0]) / len(word.text)
    digits = image[word.box[1] : word.box[3], word.box[0] : round(word.box[0] + 4 * step)]
    digits[digits[..., 0] < 100] = (35, 55, 150)
    number = describe([made], [image]).suggestion("number")
    assert number and (number.value, number.handwritten) == (None, True)


def test_letters_shaped_like_digits_are_read_as_these_and_never_sure(page: MakePage) -> None:
    made = page([*LINES[:4], ("Huế, ngày 2l tháng I0 năm 2021", 0.52, 2.5)])
    date = describe([made], [_draw(made, {})]).suggestion("date")
    assert date and (date.value, date.handwritten) == ("2021-10-21", False) and date.confidence < 0.9


def test_date_above_the_signature_serves_where_the_head_has_none(page: MakePage) -> None:
    lines = [*LINES[:3], ("BẰNG TỐT NGHIỆP", 0.4, 6), ("Huế, ngày 21 tháng 10 năm 2021", 0.52, 30)]
    made = page([*lines, ("HIỆU TRƯỞNG", 0.6, 31)])
    found = {one.name: one.value for one in describe([made], [_draw(made, {})]).fields}
    assert (found["place"], found["date"]) == ("Huế", "2021-10-21")


def test_image_of_another_size_proves_nothing(page: MakePage) -> None:
    made = page(LINES)
    number = describe([made], [np.full((100, 100, 3), 255, np.uint8)]).suggestion("number")
    assert number and number.confidence <= 0.7


def test_glyph_boxes_are_in_the_images_pixels() -> None:
    image = np.full((100, 200, 3), 255, np.uint8)
    cv2.rectangle(image, (50, 40), (59, 69), (0, 0, 0), -1)
    cv2.rectangle(image, (80, 40), (89, 69), (0, 0, 0), -1)
    assert glyph_boxes(image, (40, 35, 100, 75)) == [(50, 40, 60, 70), (80, 40, 90, 70)]
    assert looks_printed(image, (40, 35, 70, 75), (70, 35, 100, 75), 1)
    assert not looks_printed(image, (40, 35, 70, 75), (70, 35, 100, 75), 2)
    assert not looks_printed(image, (300, 35, 340, 75), (70, 35, 100, 75), 1)


@pytest.mark.parametrize(
    ("odds", "number", "date"), [(0.95, "42", "2021-10-24"), (0.94, None, None), (0.6, None, None)]
)
def test_what_is_by_pen_is_ranked_and_suggested_only_where_it_is_sure(
    page: MakePage, odds: float, number: str | None, date: str | None
) -> None:
    made = page(LINES)
    image, strips = _draw(made, {"24": (38, 36)}), []

    def rank(strip: np.ndarray, dpi: int, kind: PenKind) -> tuple[Candidate, ...]:
        strips.append((strip.shape, dpi))
        values = {"number": ("42", "24"), "date": ("2021-10-24", "2021-10-29")}[kind]
        return Candidate(values[0], odds), Candidate(values[1], 1 - odds)

    found = describe([made], [image], SecondLook(lambda _: "", rank))
    for name, value in (("number", number), ("date", date)):
        one = found.suggestion(name)
        assert one and one.handwritten and len(one.candidates) == 2
        assert (one.value, one.confidence) == (value, odds if value else 0.0)
    # Strips are the rows with room around them, not the page.
    assert [dpi for _, dpi in strips] == [made.dpi] * 2
    assert all(60 < height < 300 and width < made.width for (height, width, _), _ in strips)


@pytest.mark.parametrize("rotation", [0, 90, 180])
def test_what_the_pages_reading_ranked_is_not_looked_for_again(page: MakePage, rotation: int) -> None:
    upright = page(LINES)
    number, date = (line.box for line in upright.lines if line.text.startswith(("Số", "Huế")))
    ranked = (
        PenPlace("number", (0, 3000, 500, 3040), (Candidate("1", 1.0),)),  # of another line
        PenPlace("number", number, (Candidate("42", 0.97), Candidate("24", 0.03))),
        PenPlace("date", date, (Candidate("2021-10-29", 0.96),)),
    )
    image = turn_image(_draw(upright, {"24": (38, 36)}), (360 - rotation) % 360)
    read = replace(upright, places=ranked, rotation=(360 - rotation) % 360)

    def fail(*_: object) -> tuple[Candidate, ...]:
        raise AssertionError("a strip was ranked")

    found = describe([replace(turn_page(read), rotation=rotation)], [image], SecondLook(lambda _: "", fail))
    values = {one.name: (one.value, one.confidence) for one in found.fields if one.handwritten}
    assert values == {"number": ("42", 0.97), "date": ("2021-10-29", 0.96)}
