"""A page stored turned gives the same values, with boxes as stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from core.recognition import RecognizedPage
from ocr.describing import describe
from ocr.describing.upright import turn_box_back, turn_image, turn_page

MakePage = Callable[..., RecognizedPage]

LINES = [
    ("ỦY BAN NHÂN DÂN", 0.14, 0),
    ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 0.48, 0),
    ("Độc lập - Tự do - Hạnh phúc", 0.54, 1),
    ("Số: 24/QĐ-UBND", 0.15, 2.5),
    ("Huế, ngày 24 tháng 10 năm 2021", 0.52, 2.5),
]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_turned_page_gives_the_same_values(page: MakePage, rotation: int) -> None:
    upright = page(LINES)
    turned = replace(turn_page(replace(upright, rotation=(360 - rotation) % 360)), rotation=rotation)
    expected, found = describe([upright]), describe([turned])
    assert [(one.name, one.value) for one in found.fields] == [(one.name, one.value) for one in expected.fields]
    for one, other in zip(found.fields, expected.fields, strict=True):
        assert one.box and other.box and other.box == _upright_box(one.box, turned)


def _upright_box(box: tuple[int, int, int, int], turned: RecognizedPage) -> tuple[int, int, int, int]:
    word = replace(turned.words[0], box=box)
    line = replace(turned.lines[0], words=(word,))
    return turn_page(replace(turned, lines=(line,))).words[0].box


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_boxes_follow_the_image(page: MakePage, rotation: int) -> None:
    image = np.zeros((40, 60), np.uint8)
    image[5:9, 10:30] = 1
    made = replace(page(LINES), width=60, height=40, rotation=rotation)
    turned = turn_image(image, rotation)
    rows, columns = np.nonzero(turned)
    box = (int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
    assert turn_box_back(box, made) == (10, 5, 30, 9)
