"""Forms about persons as rows of words: what is read from which layout, and what is left to a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from core.recognition import Mark, RecognizedPage, Suggestion
from ocr.describing.personal import Sight, describe_person
from ocr.describing.rows import rows_of

MakePage = Callable[..., RecognizedPage]
Line = tuple[str, float, float]


@pytest.fixture
def said(page: MakePage) -> Callable[..., dict[str, Suggestion]]:
    def describe(lines: Sequence[Line], record_type: str, pens: Sequence[str] = ()) -> dict[str, Suggestion]:
        made = page(lines)
        by_pen = tuple(
            replace(line, words=tuple(replace(word, pen=word.text in pens) for word in line.words))
            for line in made.lines
        )
        found = describe_person(rows_of(replace(made, lines=by_pen)), record_type)
        return {one.name: one for one in found}

    return describe


Said = Callable[..., dict[str, Suggestion]]


def values(found: dict[str, Suggestion]) -> dict[str, object]:
    return {name: one.value for name, one in found.items()}


def test_numbered_items_with_several_on_a_row(said: Said) -> None:
    found = said(
        [
            ("01) Họ và tên khai sinh: NGUYỄN VĂN AN Giới tính: Nam", 0.1, 5),
            ("02) Sinh ngày: 12/5/1963 Nơi sinh: xã Bình An", 0.1, 6),
            ("03) Quê quán (xã, huyện, tỉnh): xã Bình An, huyện Bình Sơn, tỉnh Quảng Ngãi", 0.1, 7),
            ("04) Dân tộc: Kinh Tôn giáo: Không", 0.1, 8),
            ("05) Ngày vào Đảng: 3/2/1990 Ngày chính thức: 3/2/1991", 0.1, 9),
            ("06) Số CCCD : 051063001234", 0.1, 10),
            ("07) Sinh hoạt tại chi bộ: Chi bộ thôn 3 .......", 0.1, 11),
        ],
        "member_card_sheet",
    )
    assert values(found) == {
        "full_name": "NGUYỄN VĂN AN",
        "sex": "nam",
        "birth_date": "1963-05-12",
        "home_place": "xã Bình An, huyện Bình Sơn, tỉnh Quảng Ngãi",
        "admission_date": "1990-02-03",
        "full_member_date": "1991-02-03",
        "citizen_number": "051063001234",
        "cell": "Chi bộ thôn 3",
    }
    assert all(one.confidence >= 0.9 for one in found.values())


def test_value_under_its_label_and_over_two_rows(said: Said) -> None:
    found = said(
        [
            ("1- Họ và tên:", 0.1, 5),
            ("Lê Thị Hoa", 0.1, 6),
            ("2- Ngày, tháng, năm sinh:", 0.1, 7),
            ("04 tháng 01 năm 1954", 0.1, 8),
            ("3- Chức vụ: Phó Trưởng phòng", 0.1, 9),
            ("4- Cơ quan, đơn vị công tác: Phòng Tổng hợp Văn phòng Ủy ban nhân dân tỉnh Quảng Ngãi và", 0.1, 10),
            ("Trung tâm Lưu trữ", 0.1, 11),
            ("5- Sức khỏe: Tốt", 0.1, 12),
        ],
        "cadre_history",
    )
    assert values(found) == {
        "full_name": "Lê Thị Hoa",
        "birth_date": "1954-01-04",
        "position": "Phó Trưởng phòng",
        "unit": "Phòng Tổng hợp Văn phòng Ủy ban nhân dân tỉnh Quảng Ngãi và Trung tâm Lưu trữ",
    }


def test_table_without_colons(said: Said) -> None:
    found = said(
        [
            ("Họ và tên", 0.1, 5),
            ("Lê Thị Hoa", 0.5, 5),
            ("Ngày sinh", 0.1, 6),
            ("1954", 0.5, 6),
            ("Kết luận", 0.1, 7),
            ("Đủ sức khỏe công tác", 0.5, 7),
        ],
        "health",
    )
    assert values(found) == {"full_name": "Lê Thị Hoa", "birth_date": "1954", "conclusion": "Đủ sức khỏe công tác"}


def test_a_place_left_blank_takes_no_neighbour(said: Said) -> None:
    found = said(
        [
            ("Họ và tên: Lê Thị Hoa", 0.1, 5),
            ("Số thẻ đảng viên: ............", 0.1, 6),
            ("Số điện thoại: 0912345678", 0.1, 7),
            ("Ngày chính thức:", 0.1, 8),
            ("Ngày vào Đoàn TNCS Hồ Chí Minh: 26/03/1980", 0.1, 9),
            ("Chi bộ:", 0.1, 10),
            ("Nơi nhận:", 0.1, 14),
            ("T/M BAN THƯỜNG VỤ", 0.6, 14),
        ],
        "member_history",
    )
    assert values(found) == {"full_name": "Lê Thị Hoa"}


def test_the_birth_of_a_relative_is_not_the_persons(said: Said) -> None:
    found = said(
        [
            ("Họ và tên: Lê Thị Hoa", 0.1, 5),
            ("Họ và tên cha: Lê Văn Võ Năm sinh: 1930", 0.1, 6),
            ("Vợ (chồng): Võ Việt Trung", 0.1, 7),
            ("Sinh năm: 1950", 0.1, 8),
            ("Ngày sinh: 12/5/1963", 0.1, 9),
        ],
        "member_card_sheet",
    )
    assert values(found) == {"full_name": "Lê Thị Hoa", "birth_date": "1963-05-12"}


def test_a_year_of_two_digits_is_not_sure(said: Said) -> None:
    found = said([("Họ và tên: Lê Thị Hoa", 0.1, 5), ("Ngày sinh: 12.5.63", 0.1, 6)], "member_card_sheet")
    assert found["birth_date"].value == "1963-05-12" and found["birth_date"].confidence <= 0.5


def test_contradictions_are_not_sure(said: Said) -> None:
    lines = [
        ("Họ và tên: Lê Thị Hoa Giới tính: Nữ", 0.1, 5),
        ("Ngày sinh: 12/5/1963", 0.1, 6),
        ("Số CCCD: 051063001234", 0.1, 7),
        ("Ngày vào Đảng: 3/2/1991 Ngày chính thức: 3/2/1990", 0.1, 8),
    ]
    found = said(lines, "member_card_sheet")
    doubtful = {name for name, one in found.items() if one.confidence <= 0.5}
    assert doubtful == {"sex", "citizen_number", "admission_date", "full_member_date"}


def test_what_is_filled_in_by_pen_has_a_place_and_no_value(said: Said) -> None:
    found = said(
        [("Họ và tên: Lê Thi Haa", 0.1, 5), ("Ngày sinh: 12/5/1963", 0.1, 6), ("Chi bộ: bhôn 3", 0.1, 7)],
        "member_card_sheet",
        pens=("Lê", "Thi", "Haa", "12/5/1963", "bhôn"),
    )
    assert {name: (one.value, one.handwritten) for name, one in found.items()} == dict.fromkeys(
        ("full_name", "birth_date", "cell"), (None, True)
    )
    assert [one.value for one in found["birth_date"].candidates] == ["1963-05-12"]
    label_ends = 0.1 * 2480 + len("Ngày sinh:") * 22
    assert found["birth_date"].box is not None and found["birth_date"].box[0] >= label_ends


def test_pen_that_left_no_words_is_a_place_too(page: MakePage) -> None:
    made = page([("Họ và tên:", 0.1, 5), ("Ngày sinh: 1963", 0.1, 6)])
    mark = Mark("handwriting", (600, 500, 1100, 545))
    found = describe_person(rows_of(made), "member_card_sheet", Sight(marks={1: [mark]}))
    assert [(one.name, one.value, one.box) for one in found if one.handwritten] == [("full_name", None, mark.box)]


def test_a_decision_in_running_text(said: Said) -> None:
    found = said(
        [
            ("Điều 1. Kết nạp quần chúng Nguyễn Văn An, sinh ngày 12 tháng 5", 0.14, 5),
            ("năm 1983, quê quán: xã Bình An, tỉnh Quảng Ngãi, sinh hoạt tại Chi bộ thôn", 0.1, 6),
            ("Phú Lộc, Đảng bộ xã Bình An, vào Đảng Cộng sản Việt Nam kể từ", 0.1, 7),
            ("ngày 3/2/2010.", 0.1, 8),
            ("Điều 2. Chi bộ thôn Phú Lộc và đồng chí có tên chịu trách nhiệm thi hành.", 0.14, 9),
        ],
        "admission_decision",
    )
    assert values(found) == {
        "full_name": "Nguyễn Văn An",
        "birth_date": "1983-05-12",
        "cell": "Chi bộ thôn Phú Lộc",
        "effective_date": "2010-02-03",
    }


def test_a_decision_filled_in_by_pen(said: Said) -> None:
    found = said(
        [("Điều 1. Kết nạp quần chúng Lê An Bình, sinh ngày 5/5/1983, kể từ ngày 3/2/2010.", 0.14, 5)],
        "admission_decision",
        pens=("Lê", "An", "Bình,", "5/5/1983,"),
    )
    assert {name: (one.value, one.handwritten) for name, one in found.items()} == {
        "full_name": (None, True),
        "birth_date": (None, True),
        "effective_date": ("2010-02-03", False),
    }


def test_a_surname_gets_its_mark_back_and_a_name_read_twice_must_agree(said: Said) -> None:
    mended = said([("Họ và tên: ĐÕ TRỌNG HẬU", 0.1, 5)], "health")["full_name"]
    assert (mended.value, mended.confidence < 0.9) == ("ĐỖ TRỌNG HẬU", True)
    twice = said([("Họ và tên: Vũ Diệu Hăng", 0.1, 5), ("Vũ Diệu Hằng", 0.6, 30)], "petition")["full_name"]
    assert twice.confidence <= 0.6
    alike = said([("Họ và tên: Vũ Diệu Hằng", 0.1, 5), ("Vũ Diệu Hằng", 0.6, 30)], "petition")["full_name"]
    assert alike.confidence >= 0.9


@pytest.mark.parametrize("record_type", ["party_document", "administrative_document", "no such type"])
def test_documents_about_nobody_have_no_such_fields(said: Said, record_type: str) -> None:
    assert said([("Họ và tên: Lê Thị Hoa", 0.1, 5)], record_type) == {}
