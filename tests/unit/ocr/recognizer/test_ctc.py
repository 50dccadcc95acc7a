"""From steps to letters, and the scores of candidates against counting every path."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.engines.base import VIETNAMESE_LETTERS
from ocr.recognizer.alphabet import BLANK, CHARACTERS, CLASSES, INDEX
from ocr.recognizer.ctc import decode_letters, score_candidates, spell, split_words


def path_of(text: str) -> npt.NDArray[np.float32]:
    """Steps that spell each character with 0.9 on it; "_" is the blank."""
    steps = np.full((len(text), CLASSES), 0.1 / (CLASSES - 1), np.float32)
    for at, letter in enumerate(text):
        steps[at, BLANK if letter == "_" else INDEX[letter]] = 0.9
    return steps


def test_the_alphabet_has_every_vietnamese_letter_once_and_ascii() -> None:
    assert set(CHARACTERS) >= VIETNAMESE_LETTERS | {chr(code) for code in range(0x20, 0x7F)}
    assert len(set(CHARACTERS)) == len(CHARACTERS) == CLASSES - 1
    assert CHARACTERS[-1] == " "


@pytest.mark.parametrize(
    ("steps", "text"),
    [("_SSố__::_ _11_1_", "Số: 11"), ("", ""), ("___", ""), ("aaa", "a"), ("a_a", "aa"), ("ấ ớ", "ấ ớ")],
)
def test_repetitions_and_blanks_fall_away(steps: str, text: str) -> None:
    letters = decode_letters(path_of(steps))
    assert "".join(letter.text for letter in letters) == text
    assert all(
        steps[letter.first : letter.last + 1] == letter.text * (letter.last + 1 - letter.first) for letter in letters
    )


def test_words_are_what_stands_between_spaces() -> None:
    words = split_words(decode_letters(path_of(" _Độc  lập_ - ")))
    assert ["".join(letter.text for letter in word) for word in words] == ["Độc", "lập", "-"]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(st.text("12", max_size=4), min_size=1, max_size=4))
def test_a_candidates_score_is_the_sum_over_all_its_paths(seed: int, candidates: list[str]) -> None:
    length, outputs = 5, (BLANK, INDEX["1"], INDEX["2"])
    odds = np.random.default_rng(seed).dirichlet((1.0, 1.0, 1.0), length)
    steps = np.zeros((length, CLASSES), np.float32)
    steps[:, outputs] = odds
    sums: dict[str, float] = {}
    for path in product(range(3), repeat=length):
        spelled = "".join("_12"[one] for at, one in enumerate(path) if at == 0 or path[at - 1] != one).replace("_", "")
        sums[spelled] = sums.get(spelled, 0.0) + math.prod(odds[at, one] for at, one in enumerate(path))
    for candidate, score in zip(candidates, score_candidates(steps, spell(candidates)), strict=True):
        assert math.exp(score) == pytest.approx(sums.get(candidate, 0.0), rel=1e-4, abs=1e-25)


def test_a_candidate_with_an_unknown_letter_is_impossible() -> None:
    assert score_candidates(path_of("1_2"), spell(["12", "1ж"]))[1] == -math.inf
