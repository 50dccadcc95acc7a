"""Checking values and records against the built-in dictionary."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue import Fault, FieldRule, check_record, check_value, load_builtin, missing_fields
from core.catalogue.dates import add_years, days_of, parse_date, parse_partial_date, show_date
from core.errors import InvalidValue

DICTIONARY = load_builtin()
MEMBER = DICTIONARY.record_type("member_card_sheet")
DOCUMENT = DICTIONARY.record_type("party_document")
FULL_MEMBER: dict[str, Any] = {
    "full_name": "Nguyễn Thị Hòa",
    "birth_date": "1960-05-17",
    "sex": "female",
    "history_number": "012345",
    "card_number": "12345678",
    "citizen_number": "051160001234",
    "home_place": "xã Bình Minh, tỉnh Quảng Ngãi",
    "admission_date": "1985-02-03",
    "full_member_date": "1986-02-03",
    "cell": "Chi bộ thôn 2",
    "date": "2005-09-02",
}


def rule(name: str, record_type: str = "member_card_sheet") -> FieldRule:
    return DICTIONARY.field(record_type, name)


def check(name: str, value: object, record_type: str = "member_card_sheet") -> str | list[str]:
    return check_value(rule(name, record_type), value, DICTIONARY)


@pytest.mark.parametrize(
    ("name", "value", "stored"),
    [
        ("date", "2/3/2020", "2020-03-02"),
        ("date", "02-03-2020", "2020-03-02"),
        ("date", "2. 3. 2020", "2020-03-02"),
        ("date", "ngày 2 tháng 3 năm 2020", "2020-03-02"),
        ("date", "NGÀY 02\nTHÁNG 03 NĂM 2020", "2020-03-02"),
        ("date", "2020-03-02", "2020-03-02"),
        ("birth_date", "1958", "1958"),
        ("birth_date", "03/1958", "1958-03"),
        ("birth_date", "tháng 3 năm 1958", "1958-03"),
        ("full_name", "  Nguyễn  Thị Hoà ", "Nguyễn Thị Hòa"),
        ("sex", "nữ", "female"),
        ("sex", "NAM", "male"),
        ("citizen_number", "051 160 001 234", "051160001234"),
        ("citizen_number", "212.345.678", "212345678"),
        ("card_number", "12 345 678", "12345678"),
    ],
)
def test_normalises_member_values(name: str, value: str, stored: str) -> None:
    assert check(name, value) == stored


@pytest.mark.parametrize(
    ("name", "value", "stored"),
    [
        ("number", 15, "15"),
        ("number", "15a", "15a"),
        ("symbol", "KH – BTC / TW", "KH-BTC/TW"),
        ("type_code", "QĐ", "QĐ"),
        ("type_code", "quy định", "QyĐ"),
        ("type_code", "Thong tri", "TT"),
        ("type_code", "ttr", "TTr"),
        ("urgency", "Hoả tốc", "HỎA TỐC"),
        ("signing_mode", "k/t", "K/T"),
        ("recipients", "- Các tỉnh ủy;\r\n- Ban Tổ chức (b/c),\n\n- Lưu Văn phòng.", None),
        ("recipients", ["Các tỉnh ủy;", "Ban Tổ chức (b/c)", " Lưu Văn phòng"], None),
        ("abstract", "về công tác  số hóa\r\n năm 2026 ", "về công tác số hóa\nnăm 2026"),
    ],
)
def test_normalises_document_values(name: str, value: object, stored: str | None) -> None:
    expected = ["Các tỉnh ủy", "Ban Tổ chức (b/c)", "Lưu Văn phòng"] if stored is None else stored
    assert check(name, value, "party_document") == expected


@pytest.mark.parametrize(
    ("record_type", "name", "value", "part"),
    [
        ("party_document", "date", "31/02/2020", "Ngày ban hành: '31/02/2020' không phải ngày hợp lệ"),
        ("party_document", "date", "03/1958", "02/03/2020; năm từ 1850 đến 2100"),
        ("party_document", "date", "02/03/20", "không phải ngày hợp lệ"),
        ("member_history", "birth_date", "13/1958", "hoặc chỉ năm (1958)"),
        ("party_document", "type_code", "HD.", "Tên loại: 'HD.' không có trong danh mục 'Loại văn bản của Đảng'"),
        ("party_document", "type_code", "KĐ", "NQ (Nghị quyết), QĐ (Quyết định), QyĐ (Quy định)"),
        ("party_document", "number", "15/QĐ-BNV", "Chỉ ghi số, không ghi ký hiệu"),
        ("party_document", "abstract", "a" * 501, "Trích yếu: dài 501 ký tự, tối đa 500 ký tự."),
        ("party_document", "abstract", "a\x00b", "có ký tự không hiển thị được"),
        ("party_document", "recipients", "-;\n ", "Nơi nhận: chưa có giá trị."),
        ("party_document", "recipients", [1], "mỗi dòng một mục"),
        ("party_document", "abstract", " \u200b ", "Trích yếu: chưa có giá trị."),
        ("party_document", "abstract", None, "cần một giá trị dạng chữ"),
        ("member_history", "citizen_number", "12345678", "12 chữ số (CCCD) hoặc 9 chữ số (CMND cũ)"),
        ("member_history", "citizen_number", "000160001234", "từ 001 đến 096, không phải 000"),
        ("member_history", "citizen_number", "097160001234", "không phải 097"),
        ("member_history", "card_number", "1234567", "đúng 8 chữ số"),
        ("member_history", "full_name", "Nguyễn Văn 4", "chỉ ghi chữ"),
        ("file_cover", "sheets", "0", "Số tờ: 0 nhỏ hơn 1."),
        ("file_cover", "sheets", "100001", "lớn hơn 100000"),
        ("file_cover", "sheets", "mười", "'mười' không phải số nguyên"),
    ],
)
def test_refuses_and_says_what_is_expected(record_type: str, name: str, value: object, part: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        check(name, value, record_type)
    assert part in refused.value.message


def test_a_folded_code_that_is_ambiguous_is_refused() -> None:
    assert check("type_code", "hđ", "administrative_document") == "HĐ"
    assert check("type_code", "hd", "administrative_document") == "HD"
    with pytest.raises(InvalidValue):
        check("type_code", "quyet dinh quy dinh", "administrative_document")


def test_phone_numbers() -> None:
    phone = rule("cell").model_copy(update={"kind": "phone", "title": "Điện thoại"})
    assert check_value(phone, "+84 912.345.678", DICTIONARY) == "0912345678"
    with pytest.raises(InvalidValue, match="10 hoặc 11 chữ số"):
        check_value(phone, "12345", DICTIONARY)


DAYS = st.dates(date(1850, 1, 1), date(2100, 12, 31))
SPELLINGS = [
    "{d}/{m}/{y}",
    "{d:02d}/{m:02d}/{y}",
    "{d}-{m}-{y}",
    "{d} . {m} . {y}",
    "{y}-{m:02d}-{d:02d}",
    "ngày {d:02d} tháng {m} năm {y}",
    "Ngày {d} tháng {m:02d} năm {y}",
    "{d} tháng {m} năm {y}",
]


@given(DAYS, st.sampled_from(SPELLINGS))
def test_every_spelling_of_a_day_gives_its_iso_form(day: date, spelling: str) -> None:
    text = spelling.format(d=day.day, m=day.month, y=day.year)
    assert check("date", text) == day.isoformat()
    assert check("birth_date", text) == day.isoformat()
    assert days_of(day.isoformat()) == (day, day)


@given(st.text(alphabet="0123456789/-. ngàythángăm", max_size=24))
def test_normalised_dates_are_stable(text: str) -> None:
    found = parse_partial_date(text)
    if found is not None:
        first, last = days_of(found) or (date.max, date.min)
        assert parse_partial_date(found) == found
        assert first <= last
        assert 1850 <= first.year == last.year <= 2100
        assert parse_partial_date(show_date(found)) == found
    assert parse_date(text) in (None, found)


def test_partial_dates_reach_over_all_their_days() -> None:
    assert days_of("1960") == (date(1960, 1, 1), date(1960, 12, 31))
    assert days_of("1960-02") == (date(1960, 2, 1), date(1960, 2, 29))
    assert days_of("17/5/1960") is None
    assert add_years(date(1960, 2, 29), 18) == date(1978, 2, 28)


def test_a_sound_record_has_no_faults() -> None:
    assert check_record(MEMBER, FULL_MEMBER) == []
    assert missing_fields(MEMBER, FULL_MEMBER, {}) == []


@pytest.mark.parametrize(
    ("changed", "faults"),
    [
        (
            {"admission_date": "1978-05-16"},
            [Fault("admission_date", "Ngày vào Đảng (16/05/1978) phải sau ít nhất 18 năm Ngày sinh (17/05/1960).")],
        ),
        ({"admission_date": "1978-05-17"}, []),
        ({"birth_date": "1960", "admission_date": "1978"}, []),
        (
            {"birth_date": "1960", "admission_date": "1977"},
            [Fault("admission_date", "Ngày vào Đảng (1977) phải sau ít nhất 18 năm Ngày sinh (1960).")],
        ),
        (
            {"full_member_date": "1985-02-02"},
            [Fault("full_member_date", "Ngày chính thức (02/02/1985) không được trước Ngày vào Đảng (03/02/1985).")],
        ),
        ({"full_member_date": None}, []),
        (
            {"sex": "male"},
            [Fault("citizen_number", "Số CCCD: chữ số thứ 4 không khớp với giới tính đã nhập.")],
        ),
        (
            {"birth_date": "1961"},
            [Fault("citizen_number", "Số CCCD: chữ số thứ 4 đến thứ 6 không khớp với năm sinh đã nhập.")],
        ),
        (
            {"citizen_number": "051360001234"},
            [
                Fault("citizen_number", "Số CCCD: chữ số thứ 4 đến thứ 6 không khớp với năm sinh đã nhập."),
            ],
        ),
        ({"citizen_number": "212345678", "sex": "male"}, []),
    ],
)
def test_rules_between_fields(changed: dict[str, Any], faults: list[Fault]) -> None:
    assert check_record(MEMBER, {**FULL_MEMBER, **changed}) == faults


def test_missing_fields_and_their_reasons() -> None:
    def names(values: dict[str, Any], reasons: dict[str, str]) -> list[str]:
        return [one.name for one in missing_fields(DOCUMENT, values, reasons)]

    assert names({}, {}) == ["type_code", "number", "symbol", "date", "issuing_body", "abstract"]
    reasons = dict.fromkeys(("type_code", "number", "symbol", "date", "issuing_body", "abstract"), "Bản gốc để trống")
    assert names({}, reasons) == ["type_code", "issuing_body", "abstract"]
    assert names({"type_code": "QĐ", "issuing_body": " ", "abstract": "về"}, {"number": " "}) == [
        "number",
        "symbol",
        "date",
        "issuing_body",
    ]
