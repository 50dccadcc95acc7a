"""Masked values never show more than the defaults allow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue import MASKED_KINDS, FieldKind, mask


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (FieldKind.CITIZEN_NUMBER, "051160001123", "*********123"),
        (FieldKind.CITIZEN_NUMBER, "212345678", "******678"),
        (FieldKind.CITIZEN_NUMBER, "123", "***"),
        (FieldKind.PARTY_CARD, "12345678", "*****678"),
        (FieldKind.PHONE, "0912345612", "09*****12"),
        (FieldKind.PHONE, "02553123412", "02*****12"),
        (FieldKind.PHONE, "113", "***"),
        (FieldKind.BIRTH_DATE, "1960-05-17", "1960"),
        (FieldKind.BIRTH_DATE, "1960", "1960"),
        (FieldKind.BIRTH_DATE, "17/05/1960", "***"),
        (
            FieldKind.ADDRESS,
            "Số 12, đường Trần Phú, xã Bình Minh, huyện Bình Sơn, tỉnh Quảng Ngãi",
            "xã Bình Minh, tỉnh Quảng Ngãi",
        ),
        (FieldKind.ADDRESS, "Thôn 2 - Xã Bình Minh - Quảng Ngãi", "Xã Bình Minh, Quảng Ngãi"),
        (FieldKind.ADDRESS, "12 Lê Lợi, Phường 1", "Phường 1"),
        (FieldKind.ADDRESS, "Quảng Ngãi", "Quảng Ngãi"),
        (FieldKind.ADDRESS, "12 Trần Phú Hà Nội", "***"),
        (FieldKind.ADDRESS, "đường Trần Phú", "***"),
        (FieldKind.PERSON_NAME, "Nguyễn Văn An", "Nguyễn Văn An"),
    ],
)
def test_masks_by_kind(kind: FieldKind, value: str, shown: str) -> None:
    assert mask(kind, value) == shown


def test_exactly_these_kinds_are_masked() -> None:
    assert {kind.value for kind in MASKED_KINDS} == {"citizen_number", "party_card", "phone", "birth_date", "address"}


@given(st.sampled_from([FieldKind.CITIZEN_NUMBER, FieldKind.PARTY_CARD, FieldKind.PHONE]), st.text("0123456789"))
def test_masked_numbers_show_at_most_four_digits_and_never_half_the_value(kind: FieldKind, value: str) -> None:
    shown = mask(kind, value).replace("*", "")
    assert len(shown) <= min(4, len(value) // 2)
