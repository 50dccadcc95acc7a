"""A line's words, each with the steps of its own, and what else may stand there."""

from __future__ import annotations

import numpy as np

from ocr.recognizer.alphabet import BLANK, CLASSES, INDEX
from ocr.recognizer.seen_words import see_words


def steps_of(*letters: str) -> np.ndarray:
    """A step for each entry, its probability shared among the entry's letters; "_" is the blank."""
    steps = np.full((len(letters), CLASSES), 1e-6, np.float32)
    for at, either in enumerate(letters):
        for rank, letter in enumerate(either):
            steps[at, BLANK if letter == "_" else INDEX[letter]] = 0.6 if rank == 0 else 0.39
    return steps


def test_every_word_is_scored_on_its_own_ink() -> None:
    line = see_words(steps_of("L", "ò", "_", " ", "_", "Aa", "nv", "h", "_"))
    assert [word.text for word in line] == ["Lò", "Anh"]
    assert sum(len(word.steps) for word in line) == 9
    first, second = line
    assert first.score(["Lò", "Lê"]).argmax() == 0
    assert list(second.score(["Anh", "anh", "Avh", "Nga"]).argsort()[::-1][:2]) == [0, 1]


def test_a_line_without_letters_has_no_words() -> None:
    assert see_words(steps_of("_", "_")) == () == see_words(np.zeros((0, CLASSES), np.float32))
