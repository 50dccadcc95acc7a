"""State form: Decree 30/2020."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.recognition import RecognizedPage
from ocr.describing import describe

MakePage = Callable[..., RecognizedPage]

HEAD = [
    ("BỘ CÔNG THƯƠNG", 0.14, 0),
    ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 0.48, 0),
    ("CỤC XUẤT NHẬP KHẨU", 0.13, 1),
    ("Độc lập - Tự do - Hạnh phúc", 0.54, 1),
]
DECISION = [
    *HEAD,
    ("Số: 15/QĐ-XNK", 0.15, 2.5),
    ("Hà Nội, ngày 04 tháng 01 năm 2021", 0.52, 2.5),
    ("QUYẾT ĐỊNH", 0.46, 5),
    ("Về việc ban hành Quy chế làm việc của Cục Xuất nhập khẩu", 0.26, 6),
    ("CỤC TRƯỞNG CỤC XUẤT NHẬP KHẨU", 0.38, 8.2),
    ("Căn cứ Nghị định số 96/2022/NĐ-CP ngày 29 tháng 11 năm 2022 của Chính phủ quy định chức năng,", 0.12, 10),
    ("nhiệm vụ, quyền hạn; Quyết định số 11/QĐ-BCT ngày 01 tháng 3 năm 2020 của Bộ trưởng Bộ Công", 0.12, 11),
    ("Thương; giữ gìn bí mật nhà nước, bảo mật thông tin, khẩn trương thực hiện theo quy định hiện hành", 0.12, 12),
    ("Nơi nhận:", 0.12, 30),
    ("KT. CỤC TRƯỞNG", 0.62, 30),
    ("- Như Điều 3;", 0.12, 31),
    ("PHÓ CỤC TRƯỞNG", 0.62, 31),
    ("- Bộ trưởng (để b/c);", 0.12, 32),
    ("- Các đơn vị thuộc Cục và các Phòng", 0.12, 33),
    ("Quản lý xuất nhập khẩu khu vực;", 0.13, 34),
    ("- Lưu: VT, PC.", 0.12, 35),
    ("TS. Nguyễn Văn Bình", 0.63, 37),
]


def values(made: RecognizedPage) -> dict[str, object]:
    return {one.name: one.value for one in describe([made]).fields}


def test_decision_gives_every_field(page: MakePage) -> None:
    assert values(page(DECISION)) == {
        "number": "15",
        "symbol": "QĐ-XNK",
        "issuing_body": "CỤC XUẤT NHẬP KHẨU",
        "superior_body": "BỘ CÔNG THƯƠNG",
        "place": "Hà Nội",
        "date": "2021-01-04",
        "type_code": "QĐ",
        "abstract": "Về việc ban hành Quy chế làm việc của Cục Xuất nhập khẩu",
        "signing_mode": "KT.",
        "on_behalf_of": "CỤC TRƯỞNG",
        "signer_title": "PHÓ CỤC TRƯỞNG",
        "signer_name": "Nguyễn Văn Bình",
        "recipients": (
            "Như Điều 3",
            "Bộ trưởng (để b/c)",
            "Các đơn vị thuộc Cục và các Phòng Quản lý xuất nhập khẩu khu vực",
            "Lưu: VT, PC",
        ),
        "cited_codes": ("96/2022/NĐ-CP", "11/QĐ-BCT"),
    }


def test_type_and_form(page: MakePage) -> None:
    found = describe([page(DECISION)])
    assert (found.form, found.record_type) == ("state", "administrative_document")
    assert found.record_type_confidence > 0.8
    assert found.stamps == ()


def test_boxes_are_the_words_own(page: MakePage) -> None:
    found = describe([page(DECISION)])
    place, abstract = found.suggestion("place"), found.suggestion("abstract")
    assert place and place.box == (1290, 350, 1290 + 22 * 7, 390)
    assert abstract and abstract.box == (645, 560, 645 + 22 * 56, 600)


def test_header_read_as_one_line_is_parted(page: MakePage) -> None:
    joined = [
        ("ỦY BAN NHÂN DÂN      CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 0.14, 0),
        ("TĨNH QUANG NGÀI       Độc lập - Tự do - Hạnh phúc", 0.14, 1),
        ("Số: 15/CT-UBND        Quảng Ngãi, ngày 04 tháng 01 năm 2021", 0.14, 2.5),
        ("CHÍ THỊ", 0.46, 5),
        *DECISION[9:12],
    ]
    found = values(page(joined))
    assert found["issuing_body"] == "ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI"
    assert found["symbol"] == "CT-UBND"
    assert found["place"] == "Quảng Ngãi"
    assert found["type_code"] == "CT"
    assert "superior_body" not in found


LETTER = [
    *HEAD,
    ("Số: 299/XNK-TTHC", 0.15, 2.5),
    ("Hà Nội, ngày 15 tháng 01 năm 2025", 0.52, 2.5),
    ("V/v công bố Danh mục TTHC", 0.12, 3.6),
    ("và xây dựng quy trình nội bộ", 0.12, 4.6),
    ("Kính gửi: Sở Công Thương", 0.4, 8),
    *DECISION[9:12],
    ("Nơi nhận:", 0.12, 30),
    ("TL. CHỦ TỊCH", 0.62, 30),
    ("- Như trên;", 0.12, 31),
    ("KT. CHÁNH VĂN PHÒNG", 0.62, 31),
    ("- Lưu: VT.", 0.12, 32),
    ("PHÓ CHÁNH VĂN PHÒNG", 0.62, 32),
    ("Hà Thị Lê Vân", 0.63, 37),
]


def test_letter_has_its_abstract_under_the_number(page: MakePage) -> None:
    found = values(page(LETTER))
    assert found["type_code"] == "CV"
    assert found["abstract"] == "V/v công bố Danh mục TTHC và xây dựng quy trình nội bộ"
    assert found["symbol"] == "XNK-TTHC"


def test_double_delegation_the_last_mode_counts(page: MakePage) -> None:
    found = values(page(LETTER))
    assert (found["signing_mode"], found["on_behalf_of"]) == ("KT.", "CHÁNH VĂN PHÒNG")
    assert (found["signer_title"], found["signer_name"]) == ("PHÓ CHÁNH VĂN PHÒNG", "Hà Thị Lê Vân")


@pytest.mark.parametrize(
    "row",
    [
        "Số: /QĐ-XNK",
        "Số:0+ /QĐ-XNK",
        "Sô⁄t1 /QĐ-XNK",
        "Số: ...2o95../QĐ-XNK",
        "Số: đ# /QĐ-XNK",
        "Số: 0+ (QĐ-XNK",
        "Số: 0+ QĐ-XNK",
    ],
)
def test_pen_written_number_has_no_value(page: MakePage, row: str) -> None:
    number = describe([page([*HEAD, (row, 0.15, 2.5), *DECISION[5:]])]).suggestion("number")
    assert number and (number.value, number.handwritten, number.confidence) == (None, True, 0.0)
    assert number.box and number.box[0] >= 372 and number.box[3] == 390


@pytest.mark.parametrize("words", ["ngày    tháng   năm 2021", "ngày 2# thángØ† năm 2021", "ngày/{ tháng 5 năm 2021"])
def test_pen_written_date_has_no_value(page: MakePage, words: str) -> None:
    lines = [*HEAD, DECISION[4], (f"Hà Nội, {words}", 0.52, 2.5), *DECISION[6:]]
    date = describe([page(lines)]).suggestion("date")
    assert date and (date.value, date.handwritten) == (None, True)


def test_without_an_image_no_number_or_date_is_sure(page: MakePage) -> None:
    found = describe([page(DECISION)])
    assert max(one.confidence for one in found.fields if one.name in ("number", "date")) <= 0.7


def test_low_confidence_digits_are_not_suggested(page: MakePage) -> None:
    number = describe([page(DECISION, confidence=0.6)]).suggestion("number")
    assert number and (number.value, number.handwritten) == (None, True)


def test_incoming_stamp_is_not_the_documents_own(page: MakePage) -> None:
    stamp = [("ĐẾN Số: 2352", 0.03, 3.4), ("Ngày: 21/3/2018", 0.03, 4.4), ("Chuyển: Phòng TH", 0.03, 5.4)]
    found = values(page([*DECISION, *stamp]))
    assert (found["number"], found["date"]) == ("15", "2021-01-04")
    assert found["abstract"] == "Về việc ban hành Quy chế làm việc của Cục Xuất nhập khẩu"


def test_cited_number_is_not_the_documents_own(page: MakePage) -> None:
    lines = [*HEAD, DECISION[5], *DECISION[6:]]
    found = values(page(lines))
    assert "number" not in found
    assert found["cited_codes"] == ("96/2022/NĐ-CP", "11/QĐ-BCT")


def test_contract_symbol_is_repaired_by_the_title_guidance_is_left(page: MakePage) -> None:
    contract = [*HEAD, ("Số: 15/HD-XNK", 0.15, 2.5), DECISION[5], ("HỢP ĐỒNG", 0.46, 5), *DECISION[7:]]
    guidance = [*HEAD, ("Số: 15/HD-XNK", 0.15, 2.5), DECISION[5], ("HƯỚNG DẪN", 0.46, 5), *DECISION[7:]]
    assert values(page(contract))["symbol"] == "HĐ-XNK"
    assert values(page(guidance))["symbol"] == "HD-XNK"


def test_annex_page_does_not_change_the_head(page: MakePage) -> None:
    annex = page([("PHỤ LỤC", 0.46, 0), ("(Kèm theo Quyết định số 99/QĐ-XNK ngày 05 tháng 5 năm 2022)", 0.3, 1)], 2)
    found = {one.name: one.value for one in describe([page(DECISION), annex]).fields}
    assert (found["number"], found["symbol"], found["date"]) == ("15", "QĐ-XNK", "2021-01-04")


def test_blank_first_page_is_passed_over(page: MakePage) -> None:
    found = describe([page([]), page(DECISION, 2)])
    number = found.suggestion("number")
    assert number and (number.value, number.page) == ("15", 2)


def test_no_pages_no_fields() -> None:
    found = describe([])
    assert (found.record_type, found.fields, found.stamps) == ("administrative_document", (), ())
    assert found.record_type_confidence < 0.5


@pytest.mark.parametrize("left", [0.3, 0.34, 0.38])
def test_national_title_alone_is_no_body(page: MakePage, left: float) -> None:
    title = ("CỘNG  HÒA  XÃ  HỘI  CHỦ  NGHĨA  VIỆT  NAM", left, 0)
    found = describe([page([title, ("SƠ YẾU LÝ LỊCH", 0.4, 3), ("1. Họ và tên: NGUYỄN VĂN BÌNH", 0.12, 6)])])
    assert [one.value for one in found.fields if one.name in ("issuing_body", "superior_body")] == []
