"""Coloured ink among black print: what a stamp left among a title's words is no part of it."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from core.recognition import RecognizedPage
from ocr.describing import describe
from ocr.describing.ink import is_coloured
from ocr.describing.reread import find_lines, without_colour

MakePage = Callable[..., RecognizedPage]

BLACK, RED, BLUE = (30, 30, 30), (206, 24, 38), (35, 55, 150)


@pytest.mark.parametrize(("ink", "coloured"), [(BLACK, False), (RED, True), (BLUE, True), ((60, 55, 40), False)])
def test_ink_is_judged_by_its_darkest_pixels(ink: tuple[int, int, int], coloured: bool) -> None:
    image = np.full((60, 120, 3), (235, 225, 190), np.uint8)
    cv2.rectangle(image, (20, 15), (60, 45), ink, -1)
    assert is_coloured(image, (0, 0, 120, 60)) is coloured


def test_stamp_over_the_title_is_left_out_of_the_abstract(page: MakePage) -> None:
    made = page(
        [
            ("ỦY BAN NHÂN DÂN", 0.14, 0),
            ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 0.48, 0),
            ("Độc lập - Tự do - Hạnh phúc", 0.54, 1),
            ("Số: 24/KH-UBND", 0.15, 2.5),
            ("CÔNG VĂN ĐẾN", 0.12, 4),
            ("KẾ HOẠCH", 0.45, 5),
            ("Ngày: 7/8/20 Về việc rà soát hồ sơ giai đoạn 2021 - 2025", 0.16, 6),
            ("Căn cứ Quyết định số 12/QĐ-UBND ngày 3/2/2021 về việc lưu trữ hồ sơ, tài liệu", 0.12, 9),
        ]
    )
    image = np.full((made.height, made.width, 3), 255, np.uint8)
    for word in made.words:
        x0, y0, x1, y1 = word.box
        ink = RED if word.text in ("CÔNG", "VĂN", "ĐẾN", "Ngày:", "7/8/20") else BLACK
        cv2.rectangle(image, (x0 + 2, y0 + 5), (x1 - 2, y1 - 5), ink, -1)
    found = {one.name: one.value for one in describe([made], [image]).fields}
    assert (found["type_code"], found["abstract"]) == ("KH", "Về việc rà soát hồ sơ giai đoạn 2021 - 2025")


def test_print_under_seal_and_signature_stays() -> None:
    image = np.full((200, 600, 3), 255, np.uint8)
    for at in range(8):
        cv2.rectangle(image, (40 + at * 60, 80), (70 + at * 60, 110), BLACK, -1)
    cv2.line(image, (0, 20), (599, 180), BLUE, 6)
    cv2.circle(image, (300, 100), 80, RED, 5)
    for at in range(8):
        cv2.rectangle(image, (45 + at * 60, 85), (65 + at * 60, 105), BLACK, -1)
    grey = without_colour(image)
    assert grey[95, 55] < 60 and grey[95, 475] < 60
    assert grey[20:40, 0:30].min() == 255 and grey[20, 300] > 190
    assert len(find_lines(grey, 30)) == 1
