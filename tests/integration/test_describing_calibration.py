"""Printed fields, read with our own engine: how many are right, and whether values are right as often as they are said
to be, on generated documents and, where they are at hand, on real ones together with them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.calibration import bins_of, wilson
from benchmarks.describing import PRINTED, Counts, Tally, measure, measure_generated
from benchmarks.generated_documents import read_generated

pytestmark = pytest.mark.timeout(1200)

EVAL = Path(__file__).resolve().parents[2].parent / "shared" / "eval"
SEED, DOCUMENTS = 9, 6
"""Every fifth document is a personal paper, which is measured elsewhere."""


@pytest.fixture(scope="module")
def generated() -> list[Tally]:
    """State and Party form."""
    read = (read_generated(at, SEED, None) for at in range(DOCUMENTS) if at % 5 < 4)
    return [tally for _, tally in measure_generated(read)]


@pytest.fixture(scope="module")
def real() -> Tally:
    if not (EVAL / "fields.json").exists():
        pytest.skip("the evaluation data is not on this machine")
    return measure(EVAL, None)


def f1(*tallies: Tally) -> float:
    counts = [tally.counts.get(name, Counts()) for tally in tallies for name in PRINTED]
    right, found, wanted = (sum(getattr(one, key) for one in counts) for key in ("right", "found", "wanted"))
    return 2 * right / (found + wanted)


def check_calibration(said: list[tuple[float, bool]]) -> None:
    """No bin says more than its interval allows; of values around 0.9 nine in ten are right; of sure ones hardly any is
    wrong."""
    too_sure = [one for one in bins_of(said) if one.said > one.interval[1]]
    assert too_sure == []
    near = [right for confidence, right in said if 0.85 <= confidence < 0.95]
    assert wilson(sum(near), len(near))[0] >= 0.85
    sure = [right for confidence, right in said if confidence >= 0.9]
    assert len(sure) - sum(sure) <= 0.01 * len(sure)


def test_generated_fields_are_found(generated: list[Tally]) -> None:
    assert f1(*generated) >= 0.98


def test_generated_values_are_as_sure_as_they_are_right(generated: list[Tally]) -> None:
    check_calibration([one for tally in generated for one in tally.said])


@pytest.mark.eval
def test_real_fields_are_found(real: Tally) -> None:
    assert f1(real) >= 0.95


@pytest.mark.eval
def test_real_and_generated_values_are_as_sure_as_they_are_right(real: Tally, generated: list[Tally]) -> None:
    check_calibration([*real.said, *(one for tally in generated for one in tally.said)])
