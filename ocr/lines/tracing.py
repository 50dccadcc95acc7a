"""From the network's maps to pieces of lines: each connected core with its base line and x-height."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from ocr.lines.maps import Maps
from ocr.lines.shapes import Points

_SURE = 0.5
_LEAST_PIXELS = 6
_SPREAD = 0.28
"""Of a core's own base lines, in x-heights, above which it is two lines grown together."""
_BENT_FROM = 25.0
"""Length in x-heights from which a line may be bent."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A line or a part of one, in pixels of the upright page at working resolution.

    y = c0 + c1 u + c2 u^2 with u = x - middle, for x0 <= x <= x1. sureness: mean probability of its core.
    """

    x0: float
    x1: float
    curve: tuple[float, float, float]
    x_height: float
    sureness: float

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    def y_at(self, x: float) -> float:
        """The base line's height at x, beyond its ends along the tangent."""
        c0, c1, c2 = self.curve
        u = x - (self.x0 + self.x1) / 2
        if c2 == 0:
            return c0 + c1 * u
        inside = min(max(u, -self.width / 2), self.width / 2)
        return c0 + c1 * inside + c2 * inside * inside + (u - inside) * (c1 + 2 * c2 * inside)

    def heights(self, xs: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The base line's height at places within its ends."""
        c0, c1, c2 = self.curve
        u = xs - self.middle
        return np.asarray(c0 + u * (c1 + u * c2), np.float64)

    def points(self) -> Points:
        """The base line as points, two if it is straight."""
        count = 2 if self.curve[2] == 0 else max(3, round(self.width / (8 * self.x_height)))
        xs = np.linspace(self.x0, self.x1, count)
        return np.stack((xs, self.heights(xs)), axis=1)

    def stretch(self, x0: float, x1: float) -> Piece:
        """The piece from x0 to x1 on the same base line."""
        middle = (x0 + x1) / 2
        c2 = self.curve[2]
        slope = self.curve[1] + 2 * c2 * (min(max(middle, self.x0), self.x1) - self.middle)
        return replace(self, x0=x0, x1=x1, curve=(self.y_at(middle), slope, c2))


@dataclass(frozen=True, slots=True, eq=False)
class _Cores:
    """The core's pixels: owner (label from 0), x and y of their own base line, x-height, probability."""

    owner: npt.NDArray[np.int64]
    x: npt.NDArray[np.float64]
    base: npt.NDArray[np.float64]
    x_height: npt.NDArray[np.float64]
    weight: npt.NDArray[np.float64]


def find_median(values: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]) -> float:
    """The value with half of the weight at or below it."""
    order = np.argsort(values)
    return float(values[order][np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2)])


def trace_pieces(maps: Maps) -> list[Piece]:
    """The pieces on the page, in no order."""
    solid = (maps.core > _SURE).astype(np.uint8)
    _, labels, _, _ = cv2.connectedComponentsWithStats(solid, connectivity=4)
    rows, columns = (places.astype(np.int32) for places in np.nonzero(solid))
    if not len(rows):
        return []
    cell = rows >> 1, columns >> 1
    tall = np.asarray(maps.x_height[cell], np.float64)
    base = np.asarray(cell[0] * 4 + 2.0 + maps.drop[cell] * tall, np.float64)
    weight = maps.core[rows, columns].astype(np.float64)
    owner = labels[rows, columns].astype(np.int64) - 1
    cores = _Cores(owner, np.asarray(columns * 2 + 1.0, np.float64), base, tall, weight)
    return _fit(_part(cores))


class _Means:
    """Weighted means over each core's pixels."""

    def __init__(self, cores: _Cores) -> None:
        self.cores = cores
        self.count = int(cores.owner.max()) + 1
        self.total = np.maximum(np.bincount(cores.owner, cores.weight, self.count), 1e-9)

    def __call__(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        sums = np.bincount(self.cores.owner, values * self.cores.weight, self.count)
        return np.asarray(sums / self.total, np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class _Straight:
    """A straight base line through each core: its middle (x, y), slope, and x-height; and each pixel's distance."""

    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    slope: npt.NDArray[np.float64]
    x_height: npt.NDArray[np.float64]
    stray: npt.NDArray[np.float64]


def _draw_straight(cores: _Cores) -> _Straight:
    """Short cores, whose own slope says little, have the page's."""
    mean = _Means(cores)
    x, y, tall = mean(cores.x), mean(cores.base), mean(cores.x_height)
    u, v = cores.x - x[cores.owner], cores.base - y[cores.owner]
    spread, lean = mean(u * u), mean(u * v)
    long = spread > (2.5 * tall) ** 2  # about nine x-heights long
    slopes = lean / np.maximum(spread, 1e-9)
    weights = np.sqrt(spread) * long
    page = 0.0
    if weights.sum() > 0:
        page = find_median(slopes, weights)
    slopes = np.where(long, slopes, page)
    return _Straight(x, y, slopes, tall, v - slopes[cores.owner] * u)


def _part(cores: _Cores) -> _Cores:
    """Parts cores that hold two lines: where their pixels' own base lines lie in two heaps."""
    line = _draw_straight(cores)
    spread = np.sqrt(_Means(cores)(line.stray * line.stray)) / line.x_height
    owner, fresh = cores.owner.copy(), int(cores.owner.max()) + 1
    for label in np.flatnonzero(spread > _SPREAD):
        mine = np.flatnonzero(cores.owner == label)
        values = np.sort(line.stray[mine])
        # One dimension, two heaps: the widest step between neighbouring values, away from the ends.
        inner = slice(len(values) // 10, max(len(values) // 10 + 2, len(values) * 9 // 10))
        steps = np.diff(values[inner])
        if not len(steps) or steps.max() < 0.25 * line.x_height[label]:
            continue
        border = values[inner][int(np.argmax(steps))] + steps.max() / 2
        if values[values > border].mean() - values[values <= border].mean() < line.x_height[label]:
            continue
        owner[mine[line.stray[mine] > border]] = fresh
        fresh += 1
    return replace(cores, owner=owner) if fresh > int(cores.owner.max()) + 1 else cores


def _fit(cores: _Cores) -> list[Piece]:
    """A base line through each core's pixels, first roughly, then without what strays from it."""
    rough = _draw_straight(cores)
    near = np.abs(rough.stray) < 0.5 * rough.x_height[cores.owner]
    better = replace(cores, weight=np.maximum(cores.weight * near, 1e-6))
    line = _draw_straight(better)
    x, y, slopes, tall = line.x, line.y, line.slope, line.x_height
    sureness = _Means(replace(cores, weight=np.ones_like(cores.weight)))(cores.weight)
    order = np.argsort(cores.owner, kind="stable")
    counts = np.bincount(cores.owner)
    starts = np.concatenate(([0], np.cumsum(counts)))
    pieces = []
    for label in range(len(x)):
        if counts[label] < _LEAST_PIXELS:
            continue
        mine = order[starts[label] : starts[label + 1]]
        x0, x1 = float(cores.x[mine].min()) - 1, float(cores.x[mine].max()) + 1
        middle = (x0 + x1) / 2
        curve = (float(y[label] + slopes[label] * (middle - x[label])), float(slopes[label]), 0.0)
        if x1 - x0 > _BENT_FROM * tall[label]:
            curve = _bend(better, mine, middle, float(tall[label])) or curve
        pieces.append(Piece(x0, x1, curve, float(tall[label]), float(sureness[label])))
    return pieces


def _bend(cores: _Cores, mine: npt.NDArray[np.int64], middle: float, tall: float) -> tuple[float, float, float] | None:
    """A parabola through a long line's pixels; None where a straight line does as well."""
    half = (cores.x[mine].max() - cores.x[mine].min()) / 2
    u, weight = (cores.x[mine] - middle) / half, cores.weight[mine]
    powers = np.stack((np.ones_like(u), u, u * u))
    c0, c1, c2 = np.linalg.solve((powers * weight) @ powers.T, (powers * weight) @ cores.base[mine])
    c1, c2 = c1 / half, c2 / (half * half)
    return (float(c0), float(c1), float(c2)) if abs(c2) * half * half > 0.06 * tall else None
