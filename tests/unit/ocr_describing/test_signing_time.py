"""The day of an electronic signature as evidence for a date by pen."""

from datetime import date

import pytest

from ocr.describing.signing_time import FAR, find_signing_days, weigh_day


def test_a_paper_is_signed_on_its_day_or_soon_after() -> None:
    signed = [date(2025, 2, 19)]
    days = ("2025-02-19", "2025-02-18", "2025-02-16", "2025-02-10", "2025-02-21", "2025-08-18")
    assert [weigh_day(date.fromisoformat(day), signed) for day in days] == [1.0, 1.0, 0.3, 0.1, 0.05, FAR]


def test_of_several_signatures_the_one_that_fits_best_counts() -> None:
    assert weigh_day(date(2025, 2, 18), [date(2029, 1, 1), date(2025, 2, 19)]) == 1.0
    assert weigh_day(date(2025, 2, 18), []) == 1.0


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Thời gian ký: 19.02.2025 07:55:13 +07:00", (date(2025, 2, 19),)),
        ("Ngày ký: 15/01/72025 17:10", (date(2025, 1, 15),)),
        ("Thời gian ký: 19.022025", (date(2025, 2, 19),)),
        ("Thời gian ký: 39.02.2025", ()),
        ("Thời gian: từ ngày 05/9/2025", ()),
    ],
)
def test_the_day_is_read_from_small_print_and_from_a_signature_alone(text, days):
    assert find_signing_days(text) == days
