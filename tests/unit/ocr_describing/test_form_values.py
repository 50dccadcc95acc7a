"""What the words of a form's value say."""

from __future__ import annotations

import pytest

from core.text import fold
from ocr.describing.form_values import read_date


@pytest.mark.parametrize(
    ("written", "value", "sure"),
    [
        ("12/5/1963", "1963-05-12", True),
        ("12-05-1963.", "1963-05-12", True),
        ("12.5.1963", "1963-05-12", True),
        (" 12 / 5 / 1963 tại xã An Bình", "1963-05-12", True),
        ("ngày 12 tháng 5 năm 1963", "1963-05-12", True),
        ("12 tháng 05 năm 1963", "1963-05-12", True),
        ("tháng 5 năm 1963", "1963-05", True),
        ("5/1963", "1963-05", True),
        ("1963", "1963", True),
        ("năm 1963", "1963", True),
        ("12.5.63", "1963-05-12", False),
        ("12/5/63", "1963-05-12", False),
        ("1963 12 5", "1963", False),
        ("01 năm 1954 ngày 4", "1954-01", False),
    ],
)
def test_dates_as_people_write_them(written: str, value: str, sure: bool) -> None:
    found = read_date(fold(written), partial=True)
    assert found is not None
    assert (found.text, found.sure) == (value, sure)


@pytest.mark.parametrize("written", ["31/2/1963", "12/13/1963", "0/5/1963", "Không", "12", "số 1963", "45/1963", ""])
def test_what_is_no_date(written: str) -> None:
    assert read_date(fold(written), partial=True) is None


@pytest.mark.parametrize("written", ["1963", "5/1963", "tháng 5 năm 1963"])
def test_a_decision_holds_from_a_whole_day(written: str) -> None:
    assert read_date(fold(written), partial=False) is None
