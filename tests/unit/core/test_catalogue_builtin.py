"""The dictionary that comes with the program says what the domain asks for."""

from __future__ import annotations

import pytest

from core.catalogue import AccessRight, FieldKind, Protection, load_builtin
from core.labels import Secrecy, Sensitivity

DICTIONARY = load_builtin()
HEADER = {"type_code", "number", "symbol", "date", "issuing_body", "abstract"}
PERSON = {"full_name", "birth_date", "cell", "effective_date"}
MEMBER = {
    "full_name",
    "birth_date",
    "sex",
    "history_number",
    "card_number",
    "citizen_number",
    "home_place",
    "admission_date",
    "full_member_date",
    "cell",
    "date",
}
REQUIRED = {
    "party_document": HEADER,
    "administrative_document": HEADER,
    "admission_decision": HEADER | PERSON,
    "full_member_decision": HEADER | PERSON,
    "membership_transfer": HEADER | PERSON,
    "party_card_issue": HEADER | PERSON,
    "commendation": HEADER | PERSON,
    "party_badge": HEADER | PERSON,
    "discipline": HEADER | PERSON,
    "member_report": HEADER | PERSON,
    "petition": HEADER | PERSON,
    "member_card_sheet": MEMBER,
    "member_history": MEMBER,
    "cadre_history": {"full_name", "birth_date", "citizen_number", "position", "unit", "date"},
    "diploma": {"full_name", "school", "field_of_study", "diploma_number", "date"},
    "file_cover": {"title", "first_date", "last_date", "sheets", "retention"},
    "internal_protection": {"full_name", "kind", "date", "conclusion"},
    "health": {"full_name", "kind", "date", "conclusion"},
}


def test_these_record_types_with_these_required_fields() -> None:
    found = {one.code: {rule.name for rule in one.fields if rule.required} for one in DICTIONARY.record_types}
    assert found == REQUIRED


@pytest.mark.parametrize("code", [code for code, fields in REQUIRED.items() if fields >= HEADER])
def test_old_documents_may_lack_number_symbol_and_date(code: str) -> None:
    record_type = DICTIONARY.record_type(code)
    header = [record_type.field(name) for name in HEADER]
    excused = {rule.name for rule in header if rule.missing_reason_allowed}
    assert excused - {"issuing_body"} == {"number", "symbol", "date"}
    assert ("issuing_body" in excused) == (code == "petition")
    assert all(rule.descriptive for rule in header)


def test_labels() -> None:
    labels = {one.code: one.labels for one in DICTIONARY.record_types}
    assert {one.secrecy for one in labels.values()} == {Secrecy.THUONG}
    not_sensitive = {code: one.sensitivity for code, one in labels.items() if one.sensitivity < 4}
    assert not_sensitive == {
        "party_document": Sensitivity.INTERNAL,
        "administrative_document": Sensitivity.INTERNAL,
        "diploma": Sensitivity.PERSONAL,
        "file_cover": Sensitivity.PERSONAL,
    }
    named = {code for code, one in labels.items() if one.access is AccessRight.NAMED_PEOPLE}
    assert named == {"internal_protection", "health"}
    assert {code for code, one in labels.items() if one.protection is Protection.NAMED_PEOPLE} == named


def test_no_field_is_more_sensitive_than_its_record_type() -> None:
    for record_type in DICTIONARY.record_types:
        assert max(rule.sensitivity for rule in record_type.fields) <= record_type.labels.sensitivity


def test_a_member_is_of_age_before_admission() -> None:
    for code in ("member_card_sheet", "member_history"):
        rules = [(one.earlier, one.years, one.later) for one in DICTIONARY.record_type(code).rules]
        assert rules == [("birth_date", 18, "admission_date"), ("admission_date", 0, "full_member_date")]


def test_the_words_of_the_offices() -> None:
    titles = {rule.name: rule.title for one in DICTIONARY.record_types for rule in one.fields}
    assert titles["symbol"] == "Ký hiệu"
    assert titles["abstract"] == "Trích yếu"
    assert titles["signer_title"] == "Chức vụ người ký"
    assert titles["citizen_number"] == "Số CCCD"
    assert len(titles) == 38


def test_every_field_name_means_one_thing() -> None:
    kinds: dict[str, set[FieldKind]] = {}
    for record_type in DICTIONARY.record_types:
        for rule in record_type.fields:
            kinds.setdefault(rule.name, set()).add(rule.kind)
    assert {name: len(found) for name, found in kinds.items() if len(found) > 1} == {}


@pytest.mark.parametrize(
    ("code", "count", "first", "last"),
    [
        ("maintenance", 7, ("01", "Vĩnh viễn"), ("07", "Khác")),
        ("mode", 3, ("01", "Công khai"), ("03", "Mật")),
        ("confidenceLevel", 3, ("01", "Gốc điện tử"), ("03", "Hỗn hợp")),
        ("format", 3, ("01", "Tốt"), ("03", "Hỏng")),
        ("typeName", 32, ("01", "Nghị quyết"), ("32", "Loại khác")),
        ("provinces", 34, ("01", "Hà Nội"), ("96", "Cà Mau")),
        ("sexes", 2, ("male", "Nam"), ("female", "Nữ")),
        ("urgency", 3, ("KHẨN", "Khẩn"), ("HỎA TỐC", "Hỏa tốc")),
    ],
)
def test_code_lists(code: str, count: int, first: tuple[str, str], last: tuple[str, str]) -> None:
    items = list(DICTIONARY.code_list(code).values.items())
    assert (len(items), items[0], items[-1]) == (count, first, last)


def test_document_types_of_both_forms() -> None:
    state = "NQ QĐ CT QC QyĐ TC TB HD CTr KH PA ĐA DA BC BB TTr HĐ CĐ BGN BTT GUQ GM GGT GNP PG PC PB SY TrS SL CV"
    party = "NQ QĐ QyĐ CT KL QC TT HD TB BC KH CTr ĐA PA TTr CV BB"
    assert set(state.split()) - set(DICTIONARY.code_list("state_document_types").values) == set()
    assert set(party.split()) - set(DICTIONARY.code_list("party_document_types").values) == set()
    assert DICTIONARY.code_list("party_document_types").values["TT"] == "Thông tri"


def test_compositions() -> None:
    required = {one.code: one.required for one in DICTIONARY.compositions}
    assert required == {
        "party_member_file": ("member_history", "member_card_sheet", "admission_decision"),
        "cadre_file": ("cadre_history",),
        "document_file": (),
    }


def test_every_former_province_has_its_successor() -> None:
    former, present = DICTIONARY.code_list("provinces_until_2025"), DICTIONARY.code_list("provinces")
    assert (len(former.values), len(present.values)) == (63, 34)
    assert set(former.map) == set(former.values)
    assert set(former.map.values()) == set(present.values)
    merged: dict[str, list[str]] = {}
    for old, new in former.map.items():
        merged.setdefault(present.values[new], []).append(former.values[old])
    assert merged["Thành phố Hồ Chí Minh"] == ["Bình Dương", "Bà Rịa - Vũng Tàu", "Thành phố Hồ Chí Minh"]
    assert merged["Lâm Đồng"] == ["Bình Thuận", "Đắk Nông", "Lâm Đồng"]
    assert merged["Huế"] == ["Thừa Thiên Huế"]
    numbers = DICTIONARY.code_list("citizen_number_provinces")
    assert {code: numbers.map[code] for code in numbers.values} == {f"0{code}": code for code in former.values}


def test_every_document_type_has_its_code_of_the_circular() -> None:
    circular, local = DICTIONARY.code_list("typeName"), DICTIONARY.code_list("typeName_party")
    assert list(circular.values) == [f"{number:02d}" for number in range(1, 33)]
    for name in ("state_document_types", "party_document_types"):
        types = DICTIONARY.code_list(name)
        target = DICTIONARY.code_list(types.maps_to)
        assert set(types.map) == set(types.values)
        wrong = {code: target.values[types.map[code]] for code in types.values if types.map[code] != "32"}
        assert {code: types.values[code] for code in wrong} == wrong
    assert set(local.values) - set(circular.values) == {"Đ01", "Đ02"}
    assert {local.map[code] for code in ("Đ01", "Đ02")} == {"32"}


def test_what_only_named_people_read_is_said_of_each_field() -> None:
    named = {
        (one.code, rule.name)
        for one in DICTIONARY.record_types
        for rule in one.fields
        if rule.access is AccessRight.NAMED_PEOPLE
    }
    assert named == {(code, name) for code in ("internal_protection", "health") for name in ("kind", "conclusion")}
