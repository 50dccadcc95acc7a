"""How often values are right that were said with a confidence, with the interval that so few of them leave open."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

EDGES = (0.0, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0)
"""Edges of the bins of confidences; the last one is closed."""
_Z = 1.96
"""Standard deviations of an interval that holds the true share 19 times in 20."""


def wilson(right: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, J. Am. Stat. Assoc. 22, 1927); 0..1 where nothing was counted."""
    if not count:
        return 0.0, 1.0
    share, square = right / count, _Z * _Z
    middle = (share + square / (2 * count)) / (1 + square / count)
    reach = _Z / (1 + square / count) * math.sqrt(share * (1 - share) / count + square / (4 * count * count))
    return max(0.0, middle - reach), min(1.0, middle + reach)


@dataclass(frozen=True, slots=True)
class Bin:
    """Values said with like confidence. said: their mean confidence."""

    low: float
    high: float
    said: float
    right: int
    count: int

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.right, self.count)


def bins_of(said: Sequence[tuple[float, bool]]) -> list[Bin]:
    """The bins that hold a value. said: confidence, and whether the value is right."""
    found = []
    for low, high in pairwise(EDGES):
        inside = [one for one in said if low <= one[0] < high or (one[0] == high == EDGES[-1])]
        if inside:
            mean = fmean(confidence for confidence, _ in inside)
            found.append(Bin(low, high, mean, sum(right for _, right in inside), len(inside)))
    return found


def print_calibration(said: Sequence[tuple[float, bool]]) -> None:
    print(f"{'confidence':>12}{'said':>8}{'right':>8}{'values':>8}   95 % interval")
    for one in bins_of(said):
        low, high = one.interval
        share = one.right / one.count
        print(f"{one.low:6.2f}-{one.high:4.2f} {one.said:8.3f}{share:8.3f}{one.count:8}   {low:.3f}-{high:.3f}")
