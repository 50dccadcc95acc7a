"""Doubtful words of an abstract: what ink and neighbours say together, and nothing of words that were read surely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from core.recognition import RecognizedWord
from ocr.describing.abstract_words import WordReader
from ocr.describing.rows import Row
from ocr.describing.word_pairs import START, office_pairs


@dataclass(frozen=True)
class Word:
    """What was seen with ln P -1, and what else fits."""

    text: str
    others: Mapping[str, float] = field(default_factory=dict)

    def score(self, candidates: Sequence[str]) -> np.ndarray:
        return np.array([-1.0 if one == self.text else self.others.get(one, -40.0) for one in candidates])


def row(text: str, doubtful: Mapping[str, float]) -> Row:
    words = tuple(
        RecognizedWord(word, doubtful.get(word, 0.98), (40 * at, 10, 40 * at + 36, 30))
        for at, word in enumerate(text.split())
    )
    return Row(words, 1)


def reread(text: str, doubtful: Mapping[str, float], *seen: Word, page: Sequence[Row] = ()) -> Row:
    image = np.full((60, 800), 255, np.uint8)
    reader = WordReader(image, page, lambda lines: [seen for _ in lines])
    return reader.reread([row(text, doubtful)])[0]


def seen(text: str, others: Mapping[str, Mapping[str, float]]) -> list[Word]:
    return [Word(word, others.get(word, {})) for word in text.split()]


@pytest.mark.parametrize(
    ("read", "word", "other", "right"),
    [
        ("Về việc gắp xếp, bố trí", "gắp", "sắp", "Về việc sắp xếp, bố trí"),
        ("lvề triển khai kế hoạch", "lvề", "về", "về triển khai kế hoạch"),
        ("Đối mới công tác", "Đối", "Đổi", "Đổi mới công tác"),
    ],
)
def test_the_word_that_ink_allows_and_neighbours_ask_for_wins(read: str, word: str, other: str, right: str) -> None:
    found = reread(read, {word: 0.6}, *seen(read, {word: {other: -2.5}}))
    changed = next(one for one in found.words if one.first_reading)
    assert (found.text, changed.first_reading, changed.confidence) == (right, word, 0.7)


def test_what_the_ink_does_not_allow_stays() -> None:
    text = "Về việc gắp xếp, bố trí"
    assert reread(text, {"gắp": 0.6}, *seen(text, {"gắp": {"sắp": -30.0}})).text == text


def test_a_word_read_surely_stays() -> None:
    text = "Về việc gắp xếp, bố trí"
    assert reread(text, {"xếp,": 0.6}, *seen(text, {"gắp": {"sắp": -1.1}})).text == text


def test_a_name_becomes_only_what_the_document_says() -> None:
    text = "trên địa bàn xã Cẫm Ninh"
    ink = seen(text, {"Cẫm": {"Cẩm": -2.0, "Cầm": -1.5}})
    said = reread(text, {"Cẫm": 0.6}, *ink, page=[row("Ủy ban nhân dân xã Cẩm Ninh", {})])
    assert (reread(text, {"Cẫm": 0.6}, *ink).text, said.text) == (text, "trên địa bàn xã Cẩm Ninh")


def test_lines_that_fell_apart_say_nothing_of_what_follows() -> None:
    text = "Về việc gắp xếp"
    assert reread(text, {"gắp": 0.6}, *seen("V ề v i ệ c xếp", {})).text == text


def test_pairs_of_office_text_weigh_more_than_words() -> None:
    pairs = office_pairs()
    assert pairs.weigh("đổi", None, "mới") > pairs.weigh("đối", None, "mới") + 3
    assert pairs.weigh("về", START, None) > pairs.weigh("là", START, None) + 3
