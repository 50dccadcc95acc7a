"""From what the network says of a word to how often such words are right: a curve measured on generated lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Calibration:
    """Points of a rising curve: said, 0..1, to right, 0..1."""

    said: tuple[float, ...] = (0.0, 1.0)
    right: tuple[float, ...] = (0.0, 1.0)

    def correct(self, probability: float) -> float:
        """The share of words right among those of which the network says this."""
        return float(np.interp(probability, self.said, self.right))


def fit_calibration(said: Sequence[float], right: Sequence[bool], least: int = 60) -> Calibration:
    """The rising step curve nearest to the outcomes (pool adjacent violators, Ayer et al. 1955), in bins of at least
    `least` words; the ends are kept off 0 and 1 by Laplace's rule."""
    order = np.argsort(np.asarray(said))
    values, hits = np.asarray(said, float)[order], np.asarray(right, float)[order]
    pools: list[list[float]] = []  # sum of said, hits, count
    for value, hit in zip(values, hits, strict=True):
        if pools and pools[-1][2] < least:
            pools[-1] = [pools[-1][0] + value, pools[-1][1] + hit, pools[-1][2] + 1]
        else:
            pools.append([value, hit, 1.0])
        while len(pools) > 1 and pools[-2][2] >= least and _share(pools[-2]) >= _share(pools[-1]):
            last = pools.pop()
            pools[-1] = [one + other for one, other in zip(pools[-1], last, strict=True)]
    points = [(0.0, min(0.5, _share(pools[0]) / 2)), *((pool[0] / pool[2], _share(pool)) for pool in pools)]
    points.append((1.0, max(point[1] for point in points)))
    return Calibration(tuple(round(x, 5) for x, _ in points), tuple(round(y, 4) for _, y in points))


def _share(pool: Sequence[float]) -> float:
    return (pool[1] + 0.5) / (pool[2] + 1.0)
