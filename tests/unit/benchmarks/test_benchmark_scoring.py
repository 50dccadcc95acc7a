"""The arithmetic of the reading benchmark."""

from __future__ import annotations

import pytest

from benchmarks.page_sets import group_words, running_texts
from benchmarks.scoring import (
    BINS,
    PlacedWord,
    bin_of,
    count_edits,
    count_words,
    judge_words,
    lies_in,
    measure_boxes,
    strip_marks,
    wilson,
)
from synthesis.truth import TruthLine, TruthWord


def test_running_text_is_placed_at_its_best_position() -> None:
    assert count_edits("quyết định", "Số: 1 quyết định ngày") == 0
    assert count_edits("quyết định", "Số: 1 quyêt dinh ngày") == 3
    assert count_edits(strip_marks("quyết định"), strip_marks("x quyêt dinh")) == 0
    assert count_edits("quyết định", "") == 10


def test_optional_words_are_neither_right_nor_wrong() -> None:
    counts = count_words(["một", "hai"], ["một", "MẬT", "rác"], optional=["MẬT", "KHẨN"])
    assert (counts.hits, counts.found, counts.wanted) == (1, 2, 2)
    assert counts.recall == 0.5
    assert counts.f1 == 0.5


def test_words_of_swapped_columns_are_right_once() -> None:
    truth = ["a", "b", "c", "d", "e"]
    assert judge_words(truth, ["d", "e", "a", "b", "c"]) == [True] * 5
    assert judge_words(truth, ["a", "a", "b", "x", "d"]) == [False, True, True, False, True]


@pytest.mark.parametrize(("right", "of", "low", "high"), [(30, 30, 0.886, 1.0), (90, 100, 0.826, 0.945), (0, 0, 0, 1)])
def test_wilson(right: int, of: int, low: float, high: float) -> None:
    assert wilson(right, of) == pytest.approx((low, high), abs=0.001)


def test_every_confidence_has_a_bin() -> None:
    assert [bin_of(edge) for edge in BINS] == [0, 1, 2, 3, 4, 5, 6, 7, 7]


def test_the_nearest_equal_word_counts() -> None:
    truth = [PlacedWord("và", (100, 100, 150, 120)), PlacedWord("của", (200, 100, 260, 120))]
    found = [
        PlacedWord("và", (900, 900, 950, 920)),
        PlacedWord("và", (102, 100, 152, 124)),
        PlacedWord("cua", (0,) * 4),
    ]
    assert measure_boxes(truth, found) == [2.0]


def test_a_place_has_a_margin() -> None:
    assert lies_in((10, 10, 20, 20), [(17, 10, 40, 20)], margin=3)
    assert not lies_in((10, 10, 20, 20), [(19, 10, 40, 20)], margin=3)


def test_joined_words_are_one_and_by_pen_where_a_part_is() -> None:
    words = (
        TruthWord("Số:", (0, 0, 10, 10)),
        TruthWord("15", (12, 0, 20, 12), pen=True),
        TruthWord("/QĐ-BNV", (21, 0, 60, 10), joined=True),
    )
    first, second = group_words(TruthLine(words, "header"))
    assert (first.text, first.pen) == ("Số:", False)
    assert (second.text, second.pen, second.box) == ("15/QĐ-BNV", True, (12, 0, 60, 12))


def test_a_table_ends_the_running_text() -> None:
    word = TruthWord("chữ" * 40, (0, 0, 10, 10))
    lines = [TruthLine((word,), kind) for kind in ("body", "body", "table", "body")]
    assert [len(text) for text in running_texts(lines)] == [241, 120]
