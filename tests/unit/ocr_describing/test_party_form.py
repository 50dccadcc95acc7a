"""Party form, every generation: with and without the colon, T/M and TM, long and short recipients."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.recognition import RecognizedPage
from ocr.describing import describe

MakePage = Callable[..., RecognizedPage]

HEAD = [
    ("ĐẢNG BỘ TỈNH QUẢNG NGÃI", 0.12, 0),
    ("ĐẢNG CỘNG SẢN VIỆT NAM", 0.56, 0),
    ("HUYỆN ỦY BÌNH SƠN", 0.15, 1),
    ("*", 0.22, 2),
]
PLAN = [
    *HEAD,
    ("Số 29-KH/HU", 0.16, 3),
    ("Bình Sơn, ngày 12 tháng 3 năm 2024", 0.54, 2.5),
    ("KẾ HOẠCH", 0.46, 5),
    ("kiểm tra việc thực hiện nghị quyết đại hội", 0.32, 6),
    ("-----", 0.48, 7),
    ("Thực hiện Quy định số 22-QĐ/TW ngày 28/7/2021 của Ban Chấp hành Trung ương về công tác kiểm tra,", 0.12, 9),
    ("giám sát và kỷ luật của Đảng; Hướng dẫn số 02-HD/UBKTTW, Ban Thường vụ Huyện ủy xây dựng kế", 0.12, 10),
    ("hoạch kiểm tra việc thực hiện nghị quyết đại hội đảng bộ các cấp trong toàn huyện năm nay.", 0.12, 11),
    ("Nơi nhận:", 0.12, 30),
    ("T/M BAN THƯỜNG VỤ", 0.62, 30),
    ("- Tỉnh ủy (báo cáo),", 0.12, 31),
    ("PHÓ BÍ THƯ", 0.65, 31),
    ("- Các chi, đảng bộ trực thuộc,", 0.12, 32),
    ("- Lưu Văn phòng Huyện ủy.", 0.12, 33),
    ("Trần Thị Thanh Hà", 0.63, 36),
]


def test_plan_gives_every_field(page: MakePage) -> None:
    found = describe([page(PLAN)])
    assert (found.form, found.record_type) == ("party", "party_document")
    assert {one.name: one.value for one in found.fields} == {
        "number": "29",
        "symbol": "KH/HU",
        "issuing_body": "HUYỆN ỦY BÌNH SƠN",
        "superior_body": "ĐẢNG BỘ TỈNH QUẢNG NGÃI",
        "place": "Bình Sơn",
        "date": "2024-03-12",
        "type_code": "KH",
        "abstract": "kiểm tra việc thực hiện nghị quyết đại hội",
        "signing_mode": "T/M",
        "on_behalf_of": "BAN THƯỜNG VỤ",
        "signer_title": "PHÓ BÍ THƯ",
        "signer_name": "Trần Thị Thanh Hà",
        "recipients": ("Tỉnh ủy (báo cáo)", "Các chi, đảng bộ trực thuộc", "Lưu Văn phòng Huyện ủy"),
        "cited_codes": ("22-QĐ/TW", "02-HD/UBKTTW"),
    }


@pytest.mark.parametrize(
    ("row", "number", "symbol"),
    [
        ("Số 204-QĐ/TW", "204", "QĐ/TW"),
        ("Số: 01-QĐ/BTCTW", "01", "QĐ/BTCTW"),
        ("Số 127 - QĐ/TW", "127", "QĐ/TW"),
        ("Số: 15-QD/HU", "15", "QĐ/HU"),
        ("Số 03-KH/BCD", "03", "KH/BCĐ"),
    ],
)
def test_numbers_of_all_generations(page: MakePage, row: str, number: str, symbol: str) -> None:
    found = {one.name: one.value for one in describe([page([*HEAD, (row, 0.16, 3), *PLAN[5:6]])]).fields}
    assert (found["number"], found["symbol"]) == (number, symbol)


def test_blank_number_has_no_value(page: MakePage) -> None:
    number = describe([page([*HEAD, ("Số   -KH/HU", 0.16, 3), *PLAN[5:]])]).suggestion("number")
    assert number and (number.value, number.handwritten) == (None, True)


def test_blank_day_has_no_value(page: MakePage) -> None:
    lines = [*HEAD, PLAN[4], ("Hà Nội, ngày      /02/2026", 0.54, 2.5), *PLAN[6:]]
    date = describe([page(lines)]).suggestion("date")
    assert date and (date.value, date.handwritten) == (None, True)


def test_regulation_and_decision_share_a_code_the_title_decides(page: MakePage) -> None:
    for title, code in (("QUY ĐỊNH", "QyĐ"), ("QUYẾT ĐỊNH", "QĐ")):
        lines = [*HEAD, ("Số 29-QĐ/HU", 0.16, 3), PLAN[5], (title, 0.46, 5), *PLAN[7:]]
        found = {one.name: (one.value, one.printed) for one in describe([page(lines)]).fields}
        assert found["type_code"] == (code, title)
        assert found["symbol"] == ("QĐ/HU", "QĐ/HU")


def test_letter_names_its_subject_under_the_number(page: MakePage) -> None:
    lines = [*HEAD, ("Số 29-CV/HU", 0.16, 3), PLAN[5], ("Về việc rà soát hồ sơ", 0.14, 4)]
    lines += [("đảng viên năm 2024", 0.15, 5), ("Kính gửi: Ban Tổ chức Tỉnh ủy", 0.3, 7)]
    found = {one.name: one.value for one in describe([page(lines)]).fields}
    assert (found["type_code"], found["abstract"]) == ("CV", "Về việc rà soát hồ sơ đảng viên năm 2024")
