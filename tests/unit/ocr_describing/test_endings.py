"""Ends of documents: over two pages, recipients in two columns, delegation in every shape, seals and overlays."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.recognition import RecognizedPage
from ocr.describing import describe

MakePage = Callable[..., RecognizedPage]
Line = tuple[str, float, float]

HEAD: list[Line] = [
    ("ỦY BAN NHÂN DÂN", 0.14, 0),
    ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 0.48, 0),
    ("TỈNH GIA LAI", 0.16, 1),
    ("Độc lập - Tự do - Hạnh phúc", 0.54, 1),
    ("Số: 15/QĐ-UBND", 0.15, 2.5),
    ("QUYẾT ĐỊNH", 0.46, 5),
    ("Về việc phê duyệt kế hoạch", 0.39, 6),
]
LEFT: list[Line] = [("Nơi nhận:", 0.12, 30), ("- Như Điều 3;", 0.12, 31), ("- Lưu: VT, NC.", 0.12, 32)]
NAME: Line = ("Trần Thị Thanh Hà", 0.63, 37)


def centred(*rows: str, first: float = 30) -> list[Line]:
    """Rows of capitals centred on 0.72 of the width; a letter is 22 pixels of 2480 wide."""
    return [(row, 0.72 - len(row) * 22 / 2480 / 2, first + at) for at, row in enumerate(rows)]


def values(*pages: RecognizedPage) -> dict[str, object]:
    return {one.name: one.value for one in describe(pages).fields}


def signer(found: dict[str, object]) -> tuple[object, ...]:
    return tuple(found.get(name) for name in ("signing_mode", "on_behalf_of", "signer_title", "signer_name"))


@pytest.mark.parametrize(
    ("rows", "mode", "behalf", "title"),
    [
        (("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), "KT.", "CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
        (("TLHIỆU TRƯỞNG", "TRƯỞNG PHÒNG ĐÀO TẠO"), "TL.", "HIỆU TRƯỞNG", "TRƯỞNG PHÒNG ĐÀO TẠO"),
        (("FL. HIỆU TRƯỞNG", "4RƯỞNG PHÒNG CTSV"), "TL.", "HIỆU TRƯỞNG", "TRƯỞNG PHÒNG CTSV"),
        (("TL. HIỆU TRƯỞNG", "TRƯỞNG RHÒNG ĐÀO TẠO"), "TL.", "HIỆU TRƯỞNG", "TRƯỞNG PHÒNG ĐÀO TẠO"),
        (("KT. CHỦ TỊCH", "HỨ TỊCH"), "KT.", "CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
        (("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH 7"), "KT.", "CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
        (("TUQ. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"), "TUQ.", "CHỦ TỊCH", "CHÁNH VĂN PHÒNG"),
        (("Q. GIÁM ĐỐC",), "Q.", None, "GIÁM ĐỐC"),
        (("T/M BAN THƯỜNG VỤ", "PHÓ BÍ THƯ", "kiêm", "TRƯỞNG BAN TỔ CHỨC"), "T/M", "BAN THƯỜNG VỤ",
         "PHÓ BÍ THƯ kiêm TRƯỞNG BAN TỔ CHỨC"),
        (("T/L BAN THƯỜNG VỤ", "CHÁNH VĂN PHÒNG"), "T/L", "BAN THƯỜNG VỤ", "CHÁNH VĂN PHÒNG"),
    ],
)  # fmt: skip
def test_modes_and_positions(page: MakePage, rows: tuple[str, ...], mode: str, behalf: str | None, title: str) -> None:
    made = page([*HEAD, *LEFT, *centred(*rows), NAME])
    assert signer(values(made)) == (mode, behalf, title, "Trần Thị Thanh Hà")


def test_a_seals_print_is_no_part_of_the_position(page: MakePage) -> None:
    seal = [("TRƯỜNG", 0.61, 32), ("ĐẠI HỌC", 0.60, 33), ("ĐIỆN LỰC", 0.60, 34)]
    made = page([*HEAD, *LEFT, *centred("TL. HIỆU TRƯỞNG", "TRƯỞNG PHÒNG CTSV"), *seal, NAME])
    assert signer(values(made)) == ("TL.", "HIỆU TRƯỞNG", "TRƯỞNG PHÒNG CTSV", "Trần Thị Thanh Hà")


def test_an_electronic_signatures_print_is_not_text(page: MakePage) -> None:
    overlay = [("Ký bởi: Nguyễn Văn Nam", 0.62, 38), ("Ngày ký: 04-01-2021 10:11:12 +07:00", 0.60, 39)]
    made = page([*HEAD, *LEFT, *centred("CHỦ TỊCH"), NAME, *overlay])
    assert signer(values(made)) == (None, None, "CHỦ TỊCH", "Trần Thị Thanh Hà")


def test_signer_on_the_page_after_the_recipients(page: MakePage) -> None:
    first, second = page([*HEAD, *LEFT]), page([*centred("CHỦ TỊCH", first=2), ("Trần Thị Thanh Hà", 0.63, 8)], 2)
    found = describe([first, second])
    assert signer({one.name: one.value for one in found.fields})[2:] == ("CHỦ TỊCH", "Trần Thị Thanh Hà")
    name = found.suggestion("signer_name")
    assert name and name.page == 2


def test_recipients_go_on_on_the_next_page(page: MakePage) -> None:
    first = page([*HEAD, *LEFT[:2], *centred("CHỦ TỊCH"), NAME])
    second = page([("- Sở Nội vụ;", 0.12, 0), ("- Lưu: VT, NC.", 0.12, 1)], 2)
    assert values(first, second)["recipients"] == ("Như Điều 3", "Sở Nội vụ", "Lưu: VT, NC")


def test_recipients_in_two_columns(page: MakePage) -> None:
    under = [
        ("Nơi nhận:", 0.12, 40),
        ("- Như Điều 3;", 0.12, 41),
        ("- Công an tỉnh;", 0.52, 41),
        ("- Sở Nội vụ;", 0.12, 42),
        ("- Lưu: VT.", 0.52, 42),
    ]
    made = page([*HEAD, *centred("CHỦ TỊCH"), NAME, *under])
    assert values(made)["recipients"] == ("Như Điều 3", "Sở Nội vụ", "Công an tỉnh", "Lưu: VT")


@pytest.mark.parametrize(
    ("read", "right"),
    [
        ("- CT, PCT UBND tiỉnh;", "CT, PCT UBND tỉnh"),
        ("- Ban Chỉ huy PCTT và TKCN tinh;", "Ban Chỉ huy PCTT và TKCN tỉnh"),
        ("- Phòng KSTTHC (TrP, các CY);", "Phòng KSTTHC (TrP, các CV)"),
        ("- Văn phòng Chính phủ (b/c)s", "Văn phòng Chính phủ (b/c)"),
        ("- Như Điễều 3;", "Như Điều 3"),
        ("- Đảng ủy Công an (phối hợp),", "Đảng ủy Công an (phối hợp)"),
    ],
)
def test_recipients_are_put_right_where_only_one_word_was_meant(page: MakePage, read: str, right: str) -> None:
    made = page([*HEAD, LEFT[0], (read, 0.12, 31), LEFT[2], *centred("CHỦ TỊCH"), NAME])
    assert values(made)["recipients"] == (right, "Lưu: VT, NC")


def test_annex_numbers_are_not_the_documents_own(page: MakePage) -> None:
    annex: list[Line] = [
        ("PHỤ LỤC", 0.46, 0),
        ("(Kèm theo Quyết định số 99/QĐ-XNK ngày 05 tháng 5 năm 2022)", 0.3, 1),
        ("Số: 31/BC-VP", 0.12, 3),
        ("KẾ HOẠCH", 0.46, 4),
        *centred("GIÁM ĐỐC", first=20),
        ("Lê Văn Nam", 0.66, 26),
    ]
    found = values(page([*HEAD, *LEFT, *centred("CHỦ TỊCH"), NAME]), page(annex, 2))
    assert (found["number"], found["symbol"], found["type_code"]) == ("15", "QĐ-UBND", "QĐ")
    assert signer(found)[2:] == ("CHỦ TỊCH", "Trần Thị Thanh Hà")


@pytest.mark.parametrize("row", ["Số: 2095/QĐ-UBND", "Số: 2095 /QĐ-UBND"])
def test_a_number_that_looks_like_a_year_is_no_part_of_the_symbol(page: MakePage, row: str) -> None:
    assert values(page([*HEAD[:4], (row, 0.15, 2.5), *HEAD[5:]]))["symbol"] == "QĐ-UBND"


def test_the_year_of_a_legal_document_is_part_of_the_symbol(page: MakePage) -> None:
    assert values(page([*HEAD[:4], ("Số: 15/2020/QĐ-UBND", 0.15, 2.5), *HEAD[5:]]))["symbol"] == "2020/QĐ-UBND"


def test_an_abstract_beside_a_stamp_of_incoming_papers(page: MakePage) -> None:
    lines = [
        *HEAD[:6],
        ("Về việc tăng cường công tác thi hành án", 0.34, 6),
        ("Số: 2352", 0.10, 7.1),
        ("trên địa bàn tỉnh", 0.426, 7),
        ("Căn cứ Luật Thi hành án dân sự và đề nghị của Giám đốc Sở Tư pháp, nay quyết định như sau:", 0.12, 10),
    ]
    assert values(page(lines))["abstract"] == "Về việc tăng cường công tác thi hành án trên địa bàn tỉnh"


def test_who_fills_in_a_form_signs_for_no_office(page: MakePage) -> None:
    declared = [*HEAD, *centred("NGƯỜI KHAI"), NAME]
    assert signer(values(page(declared))) == (None, None, None, None)
    attested = [*HEAD, *centred("NGƯỜI KHAI"), *centred("TM. CẤP ỦY", "BÍ THƯ", first=40), (*NAME[:2], 46)]
    assert signer(values(page(attested))) == ("TM.", "CẤP ỦY", "BÍ THƯ", NAME[0])
