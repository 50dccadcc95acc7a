"""Where a head's pen-written values stand, and which days there are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from ocr.images import Pixels
from ocr.lines.shapes import TextLine
from ocr.pen import _DATES, _NUMBER, _YEARS, Cut, CutLine, Head, _Forms, _legal_days, _weigh_cut
from ocr.recognizer.alphabet import BLANK, CHARACTERS, INDEX
from ocr.recognizer.ctc import decode_letters
from ocr.recognizer.session import LineOutput


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


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Huế, ngày 4 tháng 1 năm 2021", ("4", "1", "2021")),
        ("Huế, ngày    tháng 02 năm 2026.", ("", "02", "2026")),
        ("Huế, ngày 4 tháng 1 năm 202 1", ("4", "1", "202 1")),
        ("Huế, ngày 4 tháng 1 năm 20", ("4", "1", "20")),
        ("Huế, ngày   /02/2026", ("", "02", "2026")),
        ("Huế, ngày 4/1/2021 Mật", ("4", "1", "2021")),
        ("Huế 4/1/2021", None),
    ],
)
def test_parts_of_a_date_stand_between_its_words_or_its_slashes(text: str, parts: tuple[str, ...] | None) -> None:
    found = next((match for pattern in _DATES if (match := pattern.search(text))), None)
    assert (tuple(found[name].strip(" .") for name in ("day", "month", "year")) if found else None) == parts


def _even(*years: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Odds of days, months and years: all alike, of the years these."""
    odds = np.zeros(len(_YEARS))
    odds[[_YEARS.index(year) for year in years]] = 1 / len(years)
    return np.full(31, 1 / 31), np.full(12, 1 / 12), odds


def test_only_days_that_exist_are_candidates() -> None:
    days, months, years = _even(2023, 2024)
    ranked = _legal_days(days, months, years)
    assert len(ranked) == 365 + 366
    assert "2023-02-29" not in {one.value for one in ranked}
    assert "2024-02-29" in {one.value for one in ranked}
    assert sum(one.confidence for one in ranked) == pytest.approx(1)
    days[29] = 5.0
    months[1] = 5.0  # the thirtieth of February is likeliest, and is none
    assert _legal_days(days, months, years)[0].value[5:] in ("01-30", "02-01", "03-30")


def test_a_day_that_may_not_be_written_makes_no_date_sure() -> None:
    days, months, years = _even(2024)
    assert sum(one.confidence for one in _legal_days(days / 10, months, years)) == pytest.approx(0.1, abs=0.01)


def _steps(*letters: str) -> np.ndarray:
    """Steps of a line: each letter nearly sure, with blanks between."""
    rows = []
    for letter in letters:
        for sign in (letter, None):
            row = np.full(len(CHARACTERS) + 1, 1e-6, np.float32)
            row[BLANK if sign is None else INDEX[sign]] = 0.99
            rows.append(row)
    return np.array(rows)


@pytest.mark.parametrize(("written", "odds"), [("...", 0.0), ("  ", 0.0), (".4.", 1.0), ("14", 1.0)])
def test_leaders_are_as_good_as_nothing_and_nothing_is_no_number(written: str, odds: float) -> None:
    probabilities = _steps("ố", ":", *written, "/")
    letters = decode_letters(probabilities)
    found = _weigh_cut(probabilities, letters, (2, len(letters) - 1), _Forms.of(["4", "14", "1"]))
    assert found.sum() == pytest.approx(odds, abs=0.01)
    if odds:
        assert ["4", "14", "1"][int(found.argmax())] == written.strip(".")


class _Recognizer:
    """Reads the same in every image, and says how many it was given at a time."""

    def __init__(self, steps: np.ndarray) -> None:
        self.output, self.asked = LineOutput(steps, np.zeros(len(steps), np.float32)), list[int]()

    def run(self, images: Sequence[Pixels]) -> list[LineOutput]:
        self.asked.append(len(images))
        return [self.output] * len(images)


@pytest.mark.parametrize(("odds", "asked"), [(0.99, [1]), (0.6, [1, 2])])
def test_only_a_line_in_doubt_is_cut_out_again(odds: float, asked: list[int]) -> None:
    steps = _steps(*"Số:42/Q")
    steps[6, INDEX["4"]], steps[6, INDEX["1"]] = odds, 0.99 - odds
    recognizer = _Recognizer(steps)
    line = TextLine(np.array([(10.0, 40.0), (150.0, 40.0)]), 15.0, (10, 17, 150, 48))
    ranked = Head.read(recognizer, np.full((60, 160), 255, np.uint8), [line]).rank_number()  # type: ignore[arg-type]
    assert ranked[0].value == "42"
    assert recognizer.asked == asked


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Số: 42/QĐ-UBND", [("number", "42")]),
        ("Huế, ngày 24 tháng 10 năm 2021", [("date", "2021-10-24")]),
        ("ngày 24 tháng 10 năm 2021", [("date", "2021-10-24")]),
        ("Số: 42/QĐ-UB Huế, ngày 24 tháng 10 năm 2021", [("number", "42"), ("date", "2021-10-24")]),
        ("Luật Đất đai ngày 18 tháng 01 năm 2024;", []),
        ("Huế, ngày 24 tháng 10 năm 2021 của Bộ", []),
        ("Về việc nâng lương", []),
    ],
)
def test_of_a_page_the_lines_are_ranked_that_are_set_as_in_a_head(text: str, places: list[tuple[str, str]]) -> None:
    steps = _steps(*text)
    recognizer = _Recognizer(steps)
    cut = Cut.of(recognizer.output)
    lines = [CutLine(TextLine(np.array([(10.0, 40.0), (150.0, 40.0)]), 15.0, (10, 17, 150, 48)), cut)]
    ranked = Head(recognizer, np.full((60, 160), 255, np.uint8), lines).rank_places()  # type: ignore[arg-type]
    assert [(one.kind, one.candidates[0].value) for one in ranked] == places
    assert {one.box for one in ranked} <= {(10, 17, 150, 48)}
    assert recognizer.asked == []
