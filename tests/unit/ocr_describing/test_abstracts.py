"""Abstracts beside and under a stamp, and what tells the body from them."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from core.recognition import RecognizedPage
from ocr.describing import describe
from ocr.describing.reread import reread_row
from ocr.describing.rows import Row, rows_of

MakePage = Callable[..., RecognizedPage]

HEAD = [
    ("ỦY BAN NHÂN DÂN", 0.14, 0),
    ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 0.48, 0),
    ("Độc lập - Tự do - Hạnh phúc", 0.54, 1),
    ("Số: 24/KH-UBND", 0.15, 2.5),
    ("KẾ HOẠCH", 0.46, 5),
]
BODY = [
    ("Ủy ban nhân dân tỉnh giao các cơ quan, đơn vị, địa phương tổ chức thực hiện như sau và báo cáo kết quả", 0.1, 10),
    ("về việc lưu trữ hồ sơ, tài liệu của các cơ quan, đơn vị, địa phương trên địa bàn tỉnh và các tổ chức.", 0.1, 11),
]


def abstract_of(made: RecognizedPage) -> object:
    return next((one.value for one in describe([made]).fields if one.name == "abstract"), None)


def test_a_title_with_a_letter_seen_twice_is_one(page: MakePage) -> None:
    head = [*HEAD[:-1], ("KẾỀ HOẠCH", 0.46, 5)]
    assert abstract_of(page([*head, ("Về việc rà soát hồ sơ", 0.42, 6), *BODY])) == "Về việc rà soát hồ sơ"


@pytest.mark.parametrize(
    ("read", "right"),
    [
        ("10/1/24Về việc rà soát hồ sơ", "Về việc rà soát hồ sơ"),
        ("5Phê đúyệt kế hoạch lưu trữ", "Phê duyệt kế hoạch lưu trữ"),
        ("TTổng kết 05 năm lưu trữ", "Tổng kết 05 năm lưu trữ"),
        ("Vrà soát hồ sơ lưu trữ", "rà soát hồ sơ lưu trữ"),
        ("UBND tỉnh lưu trữ hồ sơ", "UBND tỉnh lưu trữ hồ sơ"),
        ("Lưu trữ giai đoạn 2021- 2025", "Lưu trữ giai đoạn 2021 - 2025"),
        ("ề việc rà soát hồ sơ", "Về việc rà soát hồ sơ"),
        ("Sự việc ở kho lưu trữ", "Sự việc ở kho lưu trữ"),
        ("Tổng kết giai đoạn 2021 2025", "Tổng kết giai đoạn 2021 - 2025"),
        ("05 năm lưu trữ, 10 giải pháp", "05 năm lưu trữ, 10 giải pháp"),
        ("Giao dự toán năm 2021 2022 mét vuông", "Giao dự toán năm 2021 2022 mét vuông"),
    ],
)
def test_what_stuck_to_an_abstract_falls_off(page: MakePage, read: str, right: str) -> None:
    half = len(read) * 22 / 2 / 2480
    assert abstract_of(page([*HEAD, (read, 0.4955 - half, 6), *BODY])) == right


def test_a_stamps_row_on_the_level_of_the_second_row_is_no_part_of_it(page: MakePage) -> None:
    stamp = [("Số: 1370", 0.22, 7), ("Ngày: 7/8/20", 0.15, 8)]
    rows = [("Về việc rà soát, sắp xếp hồ sơ", 0.362, 6), ("giai đoạn 2021 - 2025", 0.403, 7)]
    assert abstract_of(page([*HEAD, *rows, *stamp, *BODY])) == "Về việc rà soát, sắp xếp hồ sơ giai đoạn 2021 - 2025"


def test_a_rule_ends_the_abstract(page: MakePage) -> None:
    rows = [("Về việc rà soát hồ sơ", 0.4, 6), ("-----", 0.474, 7), ("theo yêu cầu công tác", 0.4, 8)]
    assert abstract_of(page([*HEAD, *rows, *BODY])) == "Về việc rà soát hồ sơ"


def test_a_row_from_margin_to_margin_under_a_shorter_one_begins_the_body(page: MakePage) -> None:
    body = [(text, left, row - 3) for text, left, row in BODY]
    assert abstract_of(page([*HEAD, ("Về việc rà soát hồ sơ", 0.4, 6), *body])) == "Về việc rà soát hồ sơ"


def test_a_row_that_climbs_is_read_again_as_if_it_were_level(page: MakePage) -> None:
    (flat,) = rows_of(page([("Về việc rà soát hồ sơ của cơ quan", 0.3, 6)]))
    image = np.full((700, 2480), 255, np.uint8)
    words = []
    for at, word in enumerate(flat.words):
        x0, y0, x1, y1 = word.box
        box = x0, y0 - 9 * at, x1, y1 - 9 * at
        cv2.rectangle(image, box[:2], box[2:], 0, -1)
        words.append(type(word)(word.text, word.confidence, box))
    seen: list[np.ndarray] = []

    def read_crop(crop: np.ndarray) -> str:
        seen.append(crop)
        return ""

    row = Row(tuple(words), 1)
    x0, y0, x1, y1 = row.box
    middle = (y0 + y1) // 2
    reread_row(image, row, (x0, middle - 40, x1, middle + 40), read_crop)
    inked = np.flatnonzero((seen[0][..., 0] < 128).any(axis=1))
    assert 40 <= inked[-1] - inked[0] + 1 <= 56  # as high as a word and its own slope, not as the whole row


@pytest.mark.parametrize(
    ("text", "value", "sure"),
    [
        ("về việc rà soát hồ sơ", "về việc rà soát hồ sơ", True),
        ("vè việc rà soát hồ sơ", "Về việc rà soát hồ sơ", True),
        ("Quy hoạch nhiệm kỳ 2025 - 2030", "Quy hoạch nhiệm kỳ 2025 - 2030", True),
        ("Quy hoạch cán bộ nhiệm kỳ 2025", "Quy hoạch cán bộ nhiệm kỳ 2025", False),
    ],
)
def test_an_abstract_keeps_its_first_letter_and_is_not_sure_if_cut_short(
    page: MakePage, text: str, value: str, sure: bool
) -> None:
    (found,) = (one for one in describe([page([*HEAD, (text, 0.4, 6), *BODY])]).fields if one.name == "abstract")
    assert (found.value, found.confidence >= 0.9) == (value, sure)
