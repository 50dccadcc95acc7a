"""Whether values of two documents can be true of one person: symmetric, reflexive, however they are written."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue import FieldKind
from core.catalogue.dates import days_of
from core.text import normalize
from review.agreement import agrees

KINDS = st.sampled_from(list(FieldKind))
LETTERS = "aàáảãạăâbcdđeèéêghiìklmnoòóôơpqrstuùúưvxyỳý ABĐNÔƯ,.-0123456789"
TEXTS = st.text(LETTERS, max_size=24)
DAYS = st.dates(date(1900, 1, 1), date(2026, 12, 31))
DATES = st.builds(lambda day, length: day.isoformat()[:length], DAYS, st.sampled_from((4, 7, 10)))
SYLLABLES = st.sampled_from(("Hoà", "Hòa", "Khoẻ", "Thuỷ", "Thúy", "Quý", "Đỗ", "Nguyễn", "Văn", "Mỹ", "Toàn", "Loan"))
NAMES = st.lists(SYLLABLES, min_size=2, max_size=5).map(" ".join)
PLACES = st.lists(
    st.sampled_from(("Tam Giang", "Yên Phong", "Bắc Ninh", "Hòa Vang", "Đà Nẵng")), min_size=1, unique=True
)


@given(KINDS, TEXTS | DATES | NAMES, TEXTS | DATES | NAMES)
def test_agreement_is_symmetric_and_reflexive(kind: FieldKind, one: str, other: str) -> None:
    assert agrees(kind, one, one)
    assert agrees(kind, one, other) == agrees(kind, other, one)


@given(DATES, DATES)
def test_dates_agree_exactly_if_they_share_a_day(one: str, other: str) -> None:
    first, second = days_of(one), days_of(other)
    assert first and second
    shared = max(first[0], second[0]) <= min(first[1], second[1])
    assert agrees(FieldKind.BIRTH_DATE, one, other) == shared


@given(DAYS, st.sampled_from((4, 7)))
def test_a_date_agrees_with_its_own_parts(day: date, length: int) -> None:
    assert agrees(FieldKind.DATE, day.isoformat(), day.isoformat()[:length])


@given(NAMES)
def test_a_name_agrees_with_itself_however_it_is_written(name: str) -> None:
    for other in (name.upper(), name.lower(), unicodedata.normalize("NFD", name), normalize(name), f"  {name} "):
        assert agrees(FieldKind.PERSON_NAME, name, other)


@given(PLACES, st.data())
def test_a_place_agrees_with_itself_when_parts_are_left_out_or_named_by_their_kinds(
    parts: list[str], data: st.DataObject
) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=len(parts), max_size=len(parts)))
    shorter = [part for part, keep in zip(parts, kept, strict=True) if keep] or parts
    kinds = data.draw(st.lists(st.sampled_from(("xã ", "huyện ", "tỉnh ", "H. ", "")), min_size=9, max_size=9))
    named = ", ".join(kind + part for kind, part in zip(kinds, parts, strict=False))
    assert agrees(FieldKind.ADDRESS, " - ".join(shorter), named)


@pytest.mark.parametrize(
    ("kind", "one", "other", "agree"),
    [
        (FieldKind.BIRTH_DATE, "1958", "1958-03-02", True),
        (FieldKind.BIRTH_DATE, "1958-03", "1958-04", False),
        (FieldKind.PERSON_NAME, "NGUYỄN THỊ HOÀ", "Nguyễn Thị Hòa", True),
        (FieldKind.PERSON_NAME, "Nguyễn Thị Hòa", "Nguyễn Thị Hoa", False),
        (FieldKind.CITIZEN_NUMBER, "123456789", "001158000123", True),
        (FieldKind.CITIZEN_NUMBER, "001158000123", "001158000124", False),
        (FieldKind.PARTY_CARD, "12345678", "12345679", False),
        (FieldKind.CODE, "male", "female", False),
        (FieldKind.ADDRESS, "Yên Phong, Bắc Ninh", "xã Tam Giang, huyện Yên Phong, tỉnh Bắc Ninh", True),
        (FieldKind.ADDRESS, "xã Tam Giang, tỉnh Bắc Ninh", "xã Tam Giang, tỉnh Hà Nam", False),
    ],
)
def test_agreement_by_example(kind: FieldKind, one: str, other: str, agree: bool) -> None:
    assert agrees(kind, one, other) is agree
