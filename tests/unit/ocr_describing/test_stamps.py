"""Stamps: words that stand alone near the top, red frames; and words of running text that are none."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from core.recognition import RecognizedPage
from ocr.describing import CropReader, SecondLook, describe
from ocr.describing.stamps import red_frames

MakePage = Callable[..., RecognizedPage]


def _look(read_crop: CropReader) -> SecondLook:
    return SecondLook(read_crop, lambda *_: ())


HEAD = [
    ("ỦY BAN NHÂN DÂN", 0.14, 0),
    ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 0.48, 0),
    ("Độc lập - Tự do - Hạnh phúc", 0.54, 1),
    ("Số: 15/QĐ-UBND", 0.15, 2.5),
]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("MẬT", "secrecy", "mật"),
        ("MAT", "secrecy", "mật"),
        ("TỐI MẬT", "secrecy", "tối mật"),
        ("TOI MAT", "secrecy", "tối mật"),
        ("| TUYỆT MẬT |", "secrecy", "tuyệt mật"),
        ("HỎA TỐC", "urgency", "HỎA TỐC"),
        ("HOẢ TỐC", "urgency", "HỎA TỐC"),
        ("THƯỢNG KHẨN", "urgency", "THƯỢNG KHẨN"),
        ("KHẨN", "urgency", "KHẨN"),
    ],
)
def test_words_alone_near_the_top_are_a_stamp(page: MakePage, text: str, kind: str, value: str) -> None:
    found = describe([page([*HEAD, (text, 0.12, 4)])])
    assert [(one.kind, one.value, one.page) for one in found.stamps] == [(kind, value, 1)]
    field = found.suggestion(kind)
    assert field and (field.value, field.box) == (value, found.stamps[0].box)


@pytest.mark.parametrize(
    ("text", "left", "row"),
    [
        ("Về việc bảo mật thông tin", 0.3, 6),
        ("BẢO MẬT", 0.12, 6),
        ("Bí mật", 0.12, 6),
        ("BÍ MẬT NHÀ NƯỚC", 0.12, 6),
        ("khẩn trương", 0.12, 6),
        ("mật", 0.12, 6),
        ("Mặt", 0.12, 6),
        ("MẶT", 0.7, 6),
        ("MẬT", 0.12, 40),
        ("giữ gìn bí mật nhà nước, bảo mật thông tin, khẩn trương", 0.12, 8),
    ],
)
def test_other_words_are_no_stamp(page: MakePage, text: str, left: float, row: float) -> None:
    assert describe([page([*HEAD, (text, left, row)])]).stamps == ()


def test_stamp_on_a_later_page_counts(page: MakePage) -> None:
    found = describe([page(HEAD), page([("MẬT", 0.12, 1)], 2)])
    assert [(one.value, one.page) for one in found.stamps] == [("mật", 2)]


def _paper(angle: float, width: int = 520, height: int = 150) -> np.ndarray:
    """A white page with a red frame, turned by `angle`, that carries letter-sized blots."""
    image = np.full((3508, 2480, 3), 255, np.uint8)
    frame = np.full((700, 700, 3), 255, np.uint8)
    left, top = 350 - width // 2, 350 - height // 2
    cv2.rectangle(frame, (left, top), (left + width, top + height), (200, 20, 20), 7)
    for number in range(5):
        x = left + 70 + number * 80
        cv2.rectangle(frame, (x, top + 40), (x + 40, top + height - 40), (200, 20, 20), -1)
    turned = cv2.warpAffine(
        frame, cv2.getRotationMatrix2D((350, 350), angle, 1.0), (700, 700), borderValue=(255, 255, 255)
    )
    image[300:1000, 200:900] = turned
    return image


@pytest.mark.parametrize("angle", [0.0, 12.0, -20.0, 40.0])
def test_tilted_red_frame_is_cut_out_level(angle: float) -> None:
    crops = list(red_frames(_paper(angle)[:1500]))
    assert len(crops) == 1
    crop, box = crops[0]
    assert 2.4 < crop.shape[1] / crop.shape[0] < 4.5
    assert box[0] >= 200 and box[2] <= 900 and box[1] >= 300 and box[3] <= 1000
    dark = crop[..., 0] < 128
    filled = dark[:, crop.shape[1] // 4 : -crop.shape[1] // 4].sum(axis=1)
    # Level blots fill whole rows and leave the rows above and below them empty.
    assert filled.max() > 0.25 * crop.shape[1] / 2 and filled[:20].max() == 0


def test_framed_stamp_is_read_from_its_crop(page: MakePage) -> None:
    read: list[tuple[int, ...]] = []

    def read_crop(crop: np.ndarray) -> str:
        read.append(crop.shape)
        return "TỐI MẬT\n"

    found = describe([page(HEAD)], [_paper(12.0)], _look(read_crop))
    assert [(one.value, one.confidence) for one in found.stamps] == [("tối mật", 0.9)]
    assert len(read) >= 1
    assert describe([page(HEAD)], [_paper(12.0)], _look(lambda _: "SAO Y")).stamps == ()
    assert describe([page(HEAD)], [np.full((3508, 2480, 3), 255, np.uint8)], _look(read_crop)).stamps == ()


@pytest.mark.parametrize(
    ("text", "stamps"),
    [
        ("THƯỢNG KH4N", [("urgency", "THƯỢNG KHẨN")]),
        ("HOA TỌC HEN GIO", [("urgency", "HỎA TỐC HẸN GIỜ")]),
        ("TƯYET MAT", [("secrecy", "tuyệt mật")]),
        ("MẠT", [("secrecy", "mật")]),
        ("MAI", []),
        ("SAO Y BẢN CHÍNH", []),
        ("ĐẾN", []),
    ],
)
def test_misread_letters_in_a_frame(page: MakePage, text: str, stamps: list[tuple[str, str]]) -> None:
    found = describe([page(HEAD)], [_paper(12.0)], _look(lambda _: text))
    assert [(one.kind, one.value) for one in found.stamps] == stamps


def test_two_frames_close_together_are_cut_apart() -> None:
    image = np.full((1500, 2480, 3), 255, np.uint8)
    for top in (400, 525):
        cv2.rectangle(image, (300, top), (700, top + 105), (225, 90, 100), 3)
        cv2.rectangle(image, (340, top + 30), (660, top + 75), (225, 90, 100), -1)
    boxes = [box for _, box in red_frames(image)]
    apart = [box for box in boxes if box[3] - box[1] < 130]
    assert sorted((round(box[1], -1), round(box[3], -1)) for box in apart) == [(400, 510), (520, 630)]


def test_rest_of_a_longer_stamp_is_no_stamp_of_its_own(page: MakePage) -> None:
    readings = iter(["KHẨN", "THƯỢNG KHẨN"] * 4)
    lines = [*HEAD, ("KHẨN", 0.19, 7)]
    found = describe([page(lines)], [_paper(0.0)], _look(lambda _: next(readings, "THƯỢNG KHẨN")))
    assert {one.value for one in found.stamps} <= {"KHẨN", "THƯỢNG KHẨN"} and len(found.stamps) == 1


def test_round_seal_is_no_frame() -> None:
    image = np.full((1500, 2480, 3), 255, np.uint8)
    cv2.circle(image, (600, 600), 200, (210, 30, 30), 8)
    cv2.circle(image, (600, 600), 130, (210, 30, 30), 4)
    assert list(red_frames(image)) == []
