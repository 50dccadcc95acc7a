"""Numbers and dates by pen are told from printed ones, on generated heads and, where they are at hand, on real ones
together with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.reading_pen import Answer, answer, answer_generated, load_real

pytestmark = pytest.mark.timeout(600)

EVAL = Path(__file__).resolve().parents[2].parent / "shared" / "eval"
HEADS = 12
"""By pen; every second one has a printed one beside it."""


@pytest.fixture(scope="module")
def generated() -> list[Answer]:
    return [one for at in range(HEADS) for one in answer_generated(at, ("page",))]


def precision_and_recall(answers: Sequence[Answer]) -> tuple[float, float]:
    """Of what was called written by pen, how much was; of what was, how much was called so."""
    both = sum(one.by_pen and one.taken_for_pen for one in answers)
    return both / sum(one.taken_for_pen for one in answers), both / sum(one.by_pen for one in answers)


def test_pen_is_told_from_print(generated: list[Answer]) -> None:
    assert {one.by_pen for one in generated} == {True, False}
    assert min(precision_and_recall(generated)) >= 0.95


@pytest.mark.eval
def test_pen_is_told_from_print_on_real_heads_too(generated: list[Answer]) -> None:
    if not (EVAL / "fields.json").exists():
        pytest.skip("the evaluation data is not on this machine")
    real = [one for head in load_real(EVAL) for one in answer(head)]
    assert min(precision_and_recall([*generated, *real])) >= 0.95
