"""Boxes of forms on an image: ticks, one digit a box, and the ink of a value."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from core.recognition import RecognizedWord
from ocr.describing.form_boxes import differs_in_ink, find_cells, read_cells, read_ticked
from ocr.describing.rows import Row
from synthesis.fonts import find_fonts, load_font

WORDS = {"Nam": (300, 100, 370, 130), "Nữ": (520, 100, 560, 130)}
LABEL = (100, 100, 280, 130)


def font() -> ImageFont.FreeTypeFont:
    return load_font(find_fonts().serif[0].path(False, False), 30)


def row(*words: str) -> Row:
    return Row(tuple(RecognizedWord(word, 0.95, WORDS[word]) for word in words), 1)


def draw_ticks(ticked: str | None, shape: Literal["cross", "tick"]) -> np.ndarray:
    sheet = Image.new("RGB", (900, 240), "white")
    draw = ImageDraw.Draw(sheet)
    for word, box in WORDS.items():
        draw.text((box[0], box[3]), word, font=font(), fill=(20, 20, 20), anchor="ls")
        left, top = box[2] + 14, box[1] + 2
        draw.rectangle((left, top, left + 28, top + 28), outline=(20, 20, 20), width=2)
        if word == ticked and shape == "cross":
            draw.line((left + 4, top + 4, left + 24, top + 24), fill=(20, 20, 60), width=4)
            draw.line((left + 4, top + 24, left + 24, top + 4), fill=(20, 20, 60), width=4)
        elif word == ticked:
            draw.line((left + 5, top + 14, left + 12, top + 23), fill=(20, 20, 60), width=4)
            draw.line((left + 12, top + 23, left + 26, top + 4), fill=(20, 20, 60), width=4)
    return np.asarray(sheet)


@pytest.mark.parametrize("shape", ["cross", "tick"])
@pytest.mark.parametrize(("ticked", "value"), [("Nam", "nam"), ("Nữ", "nữ"), (None, None)])
def test_the_ticked_box(ticked: str | None, value: str | None, shape: Literal["cross", "tick"]) -> None:
    assert read_ticked(draw_ticks(ticked, shape), row("Nam", "Nữ")) == value


def test_words_without_boxes_say_nothing() -> None:
    assert read_ticked(np.full((240, 900, 3), 255, np.uint8), row("Nam", "Nữ")) is None


def draw_cells(digits: str) -> np.ndarray:
    sheet = Image.new("RGB", (1000, 240), "white")
    draw = ImageDraw.Draw(sheet)
    for at, digit in enumerate(digits):
        x = 300 + 42 * at
        draw.rectangle((x, 92, x + 42, 138), outline=(20, 20, 20), width=2)
        draw.text((x + 21, 129), digit, font=font(), fill=(20, 20, 20), anchor="ms")
    return np.asarray(sheet)


def test_cells_are_found_and_their_digits_stand_in_one_line() -> None:
    image = draw_cells("051063001234")
    cells = find_cells(image, LABEL, image.shape[1])
    assert len(cells) == 12 and cells == sorted(cells)
    seen: list[np.ndarray] = []

    def read(crop: np.ndarray) -> str:
        seen.append(crop)
        return "0510 6300 1234"

    assert read_cells(image, cells, read) == "051063001234"
    assert read_cells(image, cells, lambda _: "05106300123") == ""
    assert seen[0].dtype == np.uint8 and seen[0].shape[1] < 0.8 * (cells[-1][2] - cells[0][0])


def test_no_cells_no_boxes() -> None:
    image = draw_cells("05")
    assert find_cells(image, LABEL, image.shape[1]) == []
    assert find_cells(image, (990, 100, 1000, 130), 1000) == []


def test_blue_ink_beside_black_print() -> None:
    image = np.full((200, 600, 3), 250, np.uint8)
    image[100:130, 100:200:4] = (25, 25, 28)
    image[100:130, 300:400:4] = (30, 45, 130)
    image[100:130, 450:550:4] = (28, 26, 30)
    label, pen, print_ = (100, 100, 200, 130), (300, 100, 400, 130), (450, 100, 550, 130)
    assert differs_in_ink(image, label, pen)
    assert not differs_in_ink(image, label, print_)
    assert not differs_in_ink(image[..., 0], label, pen)
