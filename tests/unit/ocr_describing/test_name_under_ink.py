"""A name under ink: of what the ink allows the usual name, unless the ink speaks clearly for another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from core.recognition import RecognizedPage, Suggestion
from ocr.describing import SecondLook, describe
from ocr.describing.ending import Ending
from ocr.describing.name_under_ink import reread_name
from ocr.describing.rows import rows_of

MakePage = Callable[..., RecognizedPage]


@dataclass(frozen=True)
class Word:
    """What was read with ln P 0, and what else fits."""

    text: str
    others: Mapping[str, float]

    def score(self, candidates: Sequence[str]) -> np.ndarray:
        return np.array([0.0 if one == self.text else self.others.get(one, -40.0) for one in candidates])


def reread(page: MakePage, read: str, *seen: Word, left: float = 0.63) -> Suggestion:
    """The name, read as such at a low confidence under CHỦ TỊCH, and seen so in every cut."""
    made = page([("CHỦ TỊCH", 0.66, 30), (read, left, 33)], confidence=0.5)
    title, row = rows_of(made)
    name = Suggestion("signer_name", read, read, 0.5, 1, row.box, "ending.name")
    image = np.full((made.height, made.width), 255, np.uint8)
    return reread_name(name, Ending(made, (), (title, row)), image, lambda lines: [seen for _ in lines])


def test_the_usual_name_that_fits_the_ink_wins(page: MakePage) -> None:
    found = reread(page, "Đế Hải Đũng", Word("Đố", {"Đỗ": -2.0}), Word("Hải", {}), Word("Đũng", {"Dũng": -3.0}))
    assert (found.value, found.rule) == ("Đỗ Hải Dũng", "ending.name_under_ink")


def test_a_rare_name_stays_where_the_ink_speaks_for_it(page: MakePage) -> None:
    found = reread(page, "Đinh Thùy Lụa", Word("Đinh", {}), Word("Thùy", {}), Word("Lụa", {"La": -14.0}))
    assert found.value == "Đinh Thùy Lụa"


def test_a_lost_surname_comes_back(page: MakePage) -> None:
    found = reread(page, "Đức Việt", Word("Vũ", {}), Word("Đức", {}), Word("Việt", {}))
    assert found.value == "Vũ Đức Việt"


def test_a_name_is_as_unsure_as_its_next_candidate_is_near(page: MakePage) -> None:
    near = reread(page, "Lê Hải Vinh", Word("Lê", {}), Word("Hải", {}), Word("Vinh", {"Vĩnh": -1.0}))
    clear = reread(page, "Lê Hải Vinh", Word("Lê", {}), Word("Hải", {}), Word("Vinh", {}))
    assert (near.confidence, clear.confidence) == (0.6, 0.8)


@pytest.mark.parametrize("seen", [(), (Word("Hải", {}), Word("Vinh", {}))])
def test_where_less_is_seen_than_was_read_the_name_stays(page: MakePage, seen: tuple[Word, ...]) -> None:
    found = reread(page, "Lê Hải Vinh", *seen)
    assert (found.value, found.confidence) == ("Lê Hải Vinh", 0.5)


def test_only_unsure_names_are_looked_at_again(page: MakePage) -> None:
    made = page([("Nơi nhận:", 0.12, 30), ("CHỦ TỊCH", 0.66, 30), ("- Lưu: VT.", 0.12, 31), ("Lê Hải Vinh", 0.63, 33)])
    asked: list[int] = []

    def see(lines: Sequence[np.ndarray]) -> list[list[Word]]:
        asked.append(len(lines))
        return [[Word("Lý", {}), Word("Hải", {}), Word("Vinh", {})] for _ in lines]

    look = SecondLook(lambda _: "", lambda *_: (), see)
    image = np.full((made.height, made.width, 3), 255, np.uint8)
    sure, unsure = describe([made], [image], look), describe([_doubtful(made, "Lê")], [image], look)
    assert [one.suggestion("signer_name").value for one in (sure, unsure)] == ["Lê Hải Vinh", "Lý Hải Vinh"]  # type: ignore[union-attr]
    assert asked == [3]


def _doubtful(made: RecognizedPage, text: str) -> RecognizedPage:
    """The page with that word hardly read."""
    lines = tuple(
        replace(line, words=tuple(replace(one, confidence=0.2) if one.text == text else one for one in line.words))
        for line in made.lines
    )
    return replace(made, lines=lines)
