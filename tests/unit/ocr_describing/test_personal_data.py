"""Personal values: found where they stand, hidden as the rules say, and not seen in what is no person's."""

from __future__ import annotations

import pytest

from core.personal_data import SURE, PersonalKind
from core.recognition import PersonalDatum
from ocr.describing.personal_data import find_personal_data, mask_text
from tests.unit.ocr_describing.conftest import MakePage

KINDS = {kind.value: kind for kind in PersonalKind}


def found(page: MakePage, *texts: str) -> tuple[PersonalDatum, ...]:
    return find_personal_data([page([(text, 0.1, row) for row, text in enumerate(texts)])])


def sure(data: tuple[PersonalDatum, ...]) -> list[tuple[str, str]]:
    return [(one.kind.value, " ".join(word.shown for word in one.words)) for one in data if one.confidence >= SURE]


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("Số CCCD: 001085012345", "citizen_number", "*********345"),
        ("số 0 0 1 0 8 5 0 1 2 3 4 5 cấp", "citizen_number", "* * * * * * * * * 3 4 5"),
        ("căn cước công dân số 999 999 999 999", "citizen_number", "*** *** *** 999"),
        ("CCCD:001085012345.", "citizen_number", "CCCD:*********345."),
        ("CMND số 151234567 do Công an tỉnh cấp", "identity_card", "******567"),
        ("Số thẻ đảng viên: 12345678", "party_card", "*****678"),
        ("thẻ Đảng số 12 345 678", "party_card", "** *** 678"),
        ("ĐT: 0912345678", "phone", "09******78"),
        ("liên hệ ông A, +84 912 345 678", "phone", "+84 9** *** *78"),
        ("Sinh ngày: 12/03/1958 tại", "birth_date", "**/**/1958"),
        ("sinh ngày 2 tháng 9 năm 1945", "birth_date", "* tháng * năm 1945"),
        ("Ngày, tháng, năm sinh: 2-9-1945", "birth_date", "*-*-1945"),
        ("Quê quán: thôn 3, xã An Bình, tỉnh Bắc Ninh", "address", "**** *, xã An Bình, tỉnh Bắc Ninh"),
        ("thường trú tại số 5 phố Huế, phường Láng, Hà Nội", "address", "** * *** ***, phường Láng, Hà Nội"),
        ("Hộ chiếu số: C1234567", "passport", "*****567"),
    ],
)  # fmt: skip
def test_a_value_is_found_and_its_tail_shown(page: MakePage, text: str, kind: str, shown: str) -> None:
    ((name, words),) = sure(found(page, text))
    assert (name, words) == (kind, shown)


@pytest.mark.parametrize(
    "text",
    [
        "Số: 123456789/QĐ-UBND ngày 12/03/2021",
        "Căn cứ Luật Căn cước số 26/2023/QH15 ngày 27/11/2023;",
        "tổng kinh phí 123.456.789.012 đồng",
        "Hà Nội, ngày 12 tháng 3 năm 2024",
        "kỷ niệm 135 năm Ngày sinh Chủ tịch Hồ Chí Minh (19/5/1890 - 19/5/2025)",
        "ngày sinh hoạt chi bộ 03/02/2024",
        "Bộ Y tế, Bảo hiểm xã hội Việt Nam; bảo hiểm y tế; phòng, chống HIV/AIDS",
        "Bệnh viện Tâm thần Trung ương và người khuyết tật",
        "Mã số thuế: 0312345678",
        "Tài khoản số 9523.1.1234567 tại Kho bạc Nhà nước tỉnh",
        "Điện thoại: 024.38256789, Fax: 024.38256788",
        "hộ khẩu thường trú tại xã đặc biệt khó khăn",
        "phóng viên thường trú",
        "1 2 3 4 5 6 7 8 9 10 11 12",
        "sinh năm 1958",
    ],
)
def test_what_is_no_persons_is_not_found(page: MakePage, text: str) -> None:
    assert sure(found(page, text)) == []


def test_health_needs_a_person_or_a_value(page: MakePage) -> None:
    assert [one.kind for one in found(page, "Chẩn đoán: viêm gan B")] == [PersonalKind.HEALTH]
    assert [one.kind for one in found(page, "ông Nguyễn Văn Hùng mắc bệnh hiểm nghèo")] == [PersonalKind.HEALTH]
    assert found(page, "công tác chẩn đoán tại cơ sở") == ()


def test_place_of_a_form_is_hidden_where_nothing_was_read(page: MakePage) -> None:
    (one,) = found(page, "Số thẻ đảng viên: l2E4S Giới tính: Nam")
    assert (one.kind, one.confidence < SURE) == (PersonalKind.PARTY_CARD, True)
    assert [word.shown for word in one.words if "*" in word.shown] == ["*****"]
    ((x0, _, x1, _),) = one.areas
    assert (x0, x1) == (248 + 16 * 22, 248 + 23 * 22)


def test_cells_below_a_head_are_found(page: MakePage) -> None:
    rows = [("Họ và tên  Ngày sinh  Số thẻ", 0.1, 0), ("Nguyễn Văn A  2/9/1945  12345678", 0.1, 1)]
    assert sure(find_personal_data([page(rows)])) == [("birth_date", "*/*/1945"), ("party_card", "*****678")]


def test_value_on_the_next_row_goes_by_the_row_above(page: MakePage) -> None:
    assert sure(found(page, "Số chứng minh nhân dân:", "151234567")) == [("identity_card", "******567")]


def test_titles_are_masked_too() -> None:
    assert mask_text("Hồ sơ ông A, sinh ngày 2/9/1945, CCCD 001085012345") == (
        "Hồ sơ ông A, sinh ngày */*/1945, CCCD *********345"
    )
