"""Marks put back by lists, and only where a list proves them."""

from __future__ import annotations

import pytest

from ocr.describing.names import (
    complete_title,
    is_province,
    nearest_title,
    restore_marks,
)
from ocr.describing.organs import repair_symbol
from ocr.describing.people_names import has_surname, trim_name


@pytest.mark.parametrize(
    ("read", "right"),
    [
        ("TĨNH QUANG NGÀI", "TỈNH QUẢNG NGÃI"),
        ("UY BAN NHAN DÁN", "ỦY BAN NHÂN DÂN"),
        ("thành phố Hái Phòng", "thành phố Hải Phòng"),
        ("ĐẢNG ỦY XÃ HẢI PHONG", "ĐẢNG ỦY XÃ HẢI PHONG"),
        ("công bô thú tục", "công bố thủ tục"),
        ("để an toàn cho năm định", "để an toàn cho năm định"),
        ("THỦ TRƯỞNG", "THỦ TRƯỞNG"),
        ("quy hoạch cán bổ nhiệm kỳ", "quy hoạch cán bộ nhiệm kỳ"),
        ("tổ chức bộ máy tỉnh gọn", "tổ chức bộ máy tinh gọn"),
    ],
)
def test_restore_marks(read: str, right: str) -> None:
    assert restore_marks(read) == right


@pytest.mark.parametrize(
    ("read", "code", "right"),
    [
        ("QD-UBND", None, "QĐ-UBND"),
        ("KH/BCD", None, "KH/BCĐ"),
        ("HD-XNK", None, "HD-XNK"),
        ("HD-XNK", "HĐ", "HĐ-XNK"),
        ("2020/ND-CP", None, "2020/NĐ-CP"),
        ("CĐ-TTg", "CĐ", "CĐ-TTg"),
    ],
)
def test_repair_symbol(read: str, code: str | None, right: str) -> None:
    assert repair_symbol(read, code) == right


@pytest.mark.parametrize(
    ("read", "right"),
    [
        ("Fsz Trịnh Văn Toàn", "Trịnh Văn Toàn"),
        ("guyễn Hoàng Giang", "Nguyễn Hoàng Giang"),
        ("Đấng Văn Minh", "Đặng Văn Minh"),
        ("Huỳnh Hữu Trí", "Huỳnh Hữu Trí"),
    ],
)
def test_trim_name(read: str, right: str) -> None:
    assert " ".join(trim_name(read.split())) == right


def test_places_and_positions() -> None:
    assert is_province("TP. Hồ Chí Minh") and is_province("Quang Ngai") and not is_province("Bình Sơn")
    assert complete_title("HÁNH VĂN PHÒNG") == "CHÁNH VĂN PHÒNG"
    assert complete_title("TỊCH") is None


@pytest.mark.parametrize(
    ("read", "right"),
    [
        ("PHÓ.CHÿ TỊCH", "PHÓ CHỦ TỊCH"),
        ("1Ó BÍ THƯ", "PHÓ BÍ THƯ"),
        ("FÊNH VĂN PHÒNG", "CHÁNH VĂN PHÒNG"),
        ("THƯ TRƯỞNG", None),
        ("ĐIỆN LỰC", None),
    ],
)
def test_nearest_title(read: str, right: str | None) -> None:
    assert nearest_title(read) == right


def test_surnames_carry_their_marks() -> None:
    assert [has_surname(name) for name in ("Lò Đức Việt", "Lo Đức Việt", "Thị Đào")] == [True, False, False]
