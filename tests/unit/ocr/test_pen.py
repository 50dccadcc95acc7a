"""Where a head's pen-written values stand, and which days there are."""

from __future__ import annotations

import numpy as np
import pytest

from ocr.pen import _NUMBER, _legal_days


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Số: 15/QĐ-UBND", "15"),
        ("Số: 2/0/QĐ-UBND", "2/0"),
        ("Số: 47 /CT-UBND", "47"),
        ("Số: 04 (CT-UBND", "04"),
        ("Số 127-QĐ/TW", "127"),
        ("Số: /CT-UBND", ""),
        ("Số: 15/2020/NĐ-CP", "15"),
        ("Số: 01", "01"),
        ("SỐ TƯ PHÁP", None),
        ("SỞ Y TẾ", None),
        ("Số điện thoại: 15/A", None),
    ],
)
def test_a_number_stands_between_its_label_and_its_symbol(text: str, number: str | None) -> None:
    found = _NUMBER.match(text)
    assert (found["number"].strip() if found else None) == number


def test_only_days_that_exist_are_candidates() -> None:
    days, months = np.full(31, 1 / 31), np.full(12, 1 / 12)
    ranked = _legal_days(days, months, 2023)
    assert len(ranked) == 365
    assert "2023-02-29" not in {one.value for one in ranked}
    assert sum(one.confidence for one in ranked) == pytest.approx(1)
    days[29] = 5.0
    months[1] = 5.0  # the thirtieth of February is likeliest, and is none
    assert _legal_days(days, months, 2024)[0].value in ("2024-01-30", "2024-02-01", "2024-03-30")
