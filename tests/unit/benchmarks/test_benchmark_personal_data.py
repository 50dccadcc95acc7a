"""What the finder of personal values must reach on generated papers."""

from __future__ import annotations

from benchmarks.personal_data import NUMBERS, measure_papers
from core.personal_data import PersonalKind


def test_numbers_are_found_and_little_else() -> None:
    tally = measure_papers(60, seed=7)
    assert (tally.recall(NUMBERS) >= 0.98, tally.precision >= 0.95) == (True, True), tally.examples
    assert tally.recall([PersonalKind.BIRTH_DATE, PersonalKind.ADDRESS]) >= 0.95, tally.examples
