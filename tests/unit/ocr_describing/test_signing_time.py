"""The day of an electronic signature as evidence for a date by pen."""

from datetime import date

import pytest

from core.recognition import Candidate, PageQuality, RecognizedLine, RecognizedPage, RecognizedWord
from ocr.describing.signing_time import find_signing_days, weigh_by_signing

TWO = (Candidate("2025-08-18", 0.7), Candidate("2025-02-18", 0.25))


def test_of_two_like_shapes_the_day_of_signing_decides():
    first, second = weigh_by_signing(TWO, [date(2025, 2, 19)])
    assert (first.value, second.value) == ("2025-02-18", "2025-08-18")
    # 0.25 / (0.25 + 0.01 * (0.7 + 0.05 elsewhere))
    assert first.confidence == pytest.approx(0.25 / 0.2575)
    assert first.confidence + second.confidence < 1


def test_a_copy_signed_years_later_changes_little():
    assert [one.confidence for one in weigh_by_signing(TWO, [date(2029, 1, 1)])] == pytest.approx([0.7, 0.25])


def test_without_a_signature_nothing_changes():
    assert weigh_by_signing(TWO, []) == TWO
    assert weigh_by_signing((), [date(2025, 2, 19)]) == ()


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
    words = tuple(RecognizedWord(word, 0.9, (0, 0, 10, 10)) for word in text.split())
    page = RecognizedPage(
        1,
        2480,
        3508,
        300,
        (RecognizedLine(words, (0, 0, 10, 10)),),
        0,
        0.0,
        False,
        PageQuality(0, 0, 0, 0, 0, 0),
        "",
        0.0,
    )
    assert find_signing_days(page) == days
