"""The interval of a share, and the bins of confidences."""

from __future__ import annotations

import pytest

from benchmarks.calibration import Bin, bins_of, wilson


@pytest.mark.parametrize(
    ("right", "count", "low", "high"),
    [(0, 0, 0.0, 1.0), (9, 10, 0.5958, 0.9821), (10, 10, 0.7225, 1.0), (0, 10, 0.0, 0.2775)],
)
def test_wilson(right: int, count: int, low: float, high: float) -> None:
    assert wilson(right, count) == pytest.approx((low, high), abs=1e-4)


def test_bins() -> None:
    said = [(0.91, True), (0.93, False), (1.0, True)]
    assert bins_of(said) == [Bin(0.9, 0.95, pytest.approx(0.92), 1, 2), Bin(0.95, 1.0, 1.0, 1, 1)]
