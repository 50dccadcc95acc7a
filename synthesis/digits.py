"""Digits by pen: people's own from an idx file where one is given, else strokes drawn by template."""

from __future__ import annotations

import gzip
import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import cv2
import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.uint8]
Point = tuple[float, float]

# Strokes in a box 0..1 wide and 0..1 high, y downward; several ways of writing each digit. People here write the 1 with
# a long upstroke, cross the 7, leave the 4 open and loop the 2; sharp corners are ends of strokes.
_TEMPLATES: dict[str, tuple[tuple[tuple[Point, ...], ...], ...]] = {
    "0": (
        (((0.6, 0.02), (0.2, 0.15), (0.05, 0.55), (0.25, 0.95), (0.65, 0.95), (0.9, 0.55), (0.8, 0.15), (0.5, 0.02)),),
        (((0.5, 0.05), (0.15, 0.3), (0.12, 0.7), (0.45, 1.0), (0.85, 0.7), (0.85, 0.3), (0.5, 0.05), (0.3, 0.12)),),
        (((0.65, 0.08), (0.2, 0.2), (0.1, 0.65), (0.4, 1.0), (0.8, 0.75), (0.85, 0.25), (0.5, 0.1), (0.95, 0.0)),),
    ),
    "1": (
        (((0.55, 0.0), (0.5, 1.0)),),
        (((0.15, 0.4), (0.6, 0.0)), ((0.6, 0.0), (0.55, 1.0))),
        (((0.0, 0.62), (0.6, 0.0)), ((0.6, 0.0), (0.52, 1.0))),
        (((-0.1, 0.8), (0.3, 0.4), (0.6, 0.0)), ((0.6, 0.0), (0.52, 1.0))),
        (((-0.15, 0.98), (0.25, 0.5), (0.62, 0.0)), ((0.62, 0.0), (0.5, 1.0))),
        (((0.3, 0.22), (0.6, 0.0), (0.55, 1.0)), ((0.3, 1.0), (0.8, 1.0))),
    ),
    "2": (
        (((0.1, 0.25), (0.35, 0.02), (0.8, 0.1), (0.75, 0.45), (0.1, 0.97), (0.9, 0.93)),),
        (((0.1, 0.25), (0.4, 0.0), (0.85, 0.2), (0.6, 0.6), (0.15, 0.95), (0.1, 0.75), (0.35, 0.75), (0.6,
        0.98), (0.95, 0.88)),),
        (((0.1, 0.2), (0.5, 0.0), (0.8, 0.25), (0.4, 0.75), (0.05, 0.95), (0.3, 0.85), (0.95, 1.0)),),
        (((0.4, 0.35), (0.14, 0.34), (0.28, 0.04), (0.8, 0.1), (0.68, 0.52), (0.08, 0.96), (0.32, 0.82), (1.0, 0.98)),),
        (((0.34, 0.14), (0.16, 0.34), (0.1, 0.14), (0.45, 0.0), (0.85, 0.2), (0.6, 0.6), (0.05, 0.98), (0.4,
        0.86), (1.0, 0.95)),),
        (((0.46, 0.2), (0.36, 0.42), (0.12, 0.4), (0.2, 0.12), (0.56, 0.0), (0.86, 0.2), (0.62, 0.6), (0.12,
        0.98), (0.04, 0.84), (0.3, 0.8), (0.62, 0.97), (1.05, 0.84)),),
        (((0.3, 0.22), (0.36, 0.44), (0.1, 0.42), (0.14, 0.1), (0.6, 0.0), (0.84, 0.26), (0.5, 0.7), (0.16,
        0.97), (0.0, 0.84), (0.24, 0.74), (0.5, 0.9), (0.8, 0.97), (1.08, 0.8)),),
        (((0.4, 0.12), (0.4, 0.4), (0.16, 0.4), (0.16, 0.1), (0.5, 0.0), (0.82, 0.16), (0.7, 0.5), (0.02, 1.0), (0.3,
        0.84), (0.66, 0.94), (1.05, 0.86)),),
    ),
    "3": (
        (((0.1, 0.12), (0.5, 0.0), (0.85, 0.18), (0.4, 0.46), (0.9, 0.72), (0.5, 1.0), (0.05, 0.88)),),
        (((0.1, 0.03), (0.85, 0.03), (0.4, 0.4), (0.9, 0.65), (0.55, 1.0), (0.05, 0.9)),),
        (((0.1, 0.03), (0.85, 0.03)), ((0.85, 0.03), (0.4, 0.42)), ((0.4, 0.42), (0.88, 0.66), (0.55, 1.0), (0.05,
        0.92))),
    ),
    "4": (
        (((0.6, 0.0), (0.05, 0.65), (0.95, 0.65)), ((0.68, 0.3), (0.6, 1.0))),
        (((0.2, 0.0), (0.1, 0.5), (0.9, 0.5)), ((0.8, 0.05), (0.7, 1.0))),
        (((0.7, 1.0), (0.7, 0.0), (0.05, 0.68), (0.98, 0.66)),),
        (((0.4, 0.0), (0.05, 0.58)), ((0.05, 0.58), (1.0, 0.5)), ((0.72, 0.18), (0.6, 1.0))),
        (((0.3, 0.0), (0.06, 0.5)), ((0.06, 0.5), (0.95, 0.46)), ((0.8, 0.0), (0.68, 1.0))),
    ),
    "5": (
        (((0.85, 0.02), (0.25, 0.05), (0.18, 0.42), (0.6, 0.38), (0.9, 0.65), (0.55, 1.0), (0.05, 0.9)),),
        (((0.25, 0.05), (0.18, 0.42), (0.65, 0.4), (0.85, 0.7), (0.5, 1.0), (0.05, 0.9)), ((0.25, 0.05), (0.95, 0.0))),
        (((0.25, 0.04), (0.16, 0.44)), ((0.16, 0.44), (0.6, 0.36), (0.85, 0.68), (0.5, 1.0), (0.05, 0.9)),
        ((0.25, 0.04), (1.05, -0.02))),
    ),
    "6": (
        (((0.75, 0.02), (0.3, 0.3), (0.1, 0.7), (0.4, 1.0), (0.85, 0.75), (0.6, 0.5), (0.15, 0.68)),),
        (((0.55, 0.0), (0.15, 0.5), (0.2, 0.9), (0.6, 1.0), (0.85, 0.7), (0.5, 0.55), (0.2, 0.8)),),
    ),
    "7": (
        (((0.05, 0.05), (0.9, 0.03)), ((0.9, 0.03), (0.4, 1.0))),
        (((0.05, 0.1), (0.9, 0.03)), ((0.9, 0.03), (0.45, 1.0)), ((0.25, 0.5), (0.9, 0.45))),
        (((0.08, 0.2), (0.1, 0.05), (0.9, 0.05), (0.5, 0.5), (0.35, 1.0)),),
        (((0.1, 0.2), (0.14, 0.04), (0.9, 0.04)), ((0.9, 0.04), (0.55, 0.5), (0.4, 1.0)), ((0.15, 0.5), (0.9, 0.46))),
        (((0.02, 0.12), (0.3, 0.0), (0.6, 0.1), (0.92, 0.0)), ((0.92, 0.0), (0.45, 1.0)), ((0.2, 0.55), (0.85, 0.5))),
    ),
    "8": (
        (((0.7, 0.1), (0.3, 0.05), (0.25, 0.3), (0.75, 0.65), (0.6, 1.0), (0.2, 0.9), (0.3, 0.6), (0.75,
        0.3), (0.7, 0.1)),),
        (((0.5, 0.48), (0.2, 0.2), (0.5, 0.0), (0.8, 0.2), (0.5, 0.48), (0.1, 0.75), (0.5, 1.0), (0.9, 0.75),
        (0.5, 0.48)),),
        (((0.8, 0.14), (0.4, 0.0), (0.2, 0.25), (0.75, 0.68), (0.5, 1.0), (0.15, 0.82), (0.6, 0.45), (0.9, 0.08)),),
    ),
    "9": (
        (((0.85, 0.2), (0.4, 0.02), (0.1, 0.3), (0.5, 0.52), (0.85, 0.2), (0.8, 0.6), (0.6, 1.0)),),
        (((0.8, 0.25), (0.45, 0.0), (0.12, 0.25), (0.45, 0.5), (0.82, 0.2), (0.75, 0.75), (0.4, 1.0), (0.1, 0.9)),),
        (((0.8, 0.1), (0.35, 0.04), (0.12, 0.36), (0.5, 0.48), (0.85, 0.06), (0.72, 0.65), (0.3, 1.0), (0.02, 0.9)),),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DigitStock:
    """People's digits by value, each a 28 x 28 coverage 0..255; empty lists where no file was given."""

    by_value: tuple[tuple[Mask, ...], ...]

    @property
    def empty(self) -> bool:
        return not any(self.by_value)


NO_DIGITS = DigitStock(((),) * 10)


def load_digits(images: Path, labels: Path) -> DigitStock:
    """Digits of two gzipped idx files. Raises OSError and ValueError."""
    pixels, names = gzip.decompress(images.read_bytes()), gzip.decompress(labels.read_bytes())
    magic, count, rows, columns = struct.unpack_from(">IIII", pixels)
    if magic != 2051 or struct.unpack_from(">II", names) != (2049, count):
        raise ValueError(f"{images} and {labels} are no idx files of the same digits.")
    masks = np.frombuffer(pixels, np.uint8, offset=16).reshape(count, rows, columns)
    values = np.frombuffer(names, np.uint8, offset=8)
    return DigitStock(tuple(tuple(masks[values == digit]) for digit in range(10)))


@dataclass(frozen=True, slots=True)
class DigitHand:
    """One writer: where the digits come from, slant, width of the stroke over the height, unrest, how narrow the digits
    are, and how far apart over their height.
    """

    stock: DigitStock
    from_people: bool
    slant: float
    stroke: float
    unrest: float
    narrow: float
    apart: float

    def write(self, text: str, height: int, rng: Random) -> tuple[Mask, tuple[float, ...]]:
        """The digits as coverage, `height` pixels high or a little more, and the x where each begins."""
        masks = [self._write_one(digit, max(8, round(height * rng.uniform(0.9, 1.1))), rng) for digit in text]
        gaps = [round(height * (self.apart + rng.gauss(0, 0.04))) for _ in masks]
        drops = [round(height * rng.uniform(-0.08, 0.08) * self.unrest) for _ in masks]
        top = max(0, -min(drops))
        tall = top + max(mask.shape[0] + drop for mask, drop in zip(masks, drops, strict=True))
        wide = sum(mask.shape[1] for mask in masks) + sum(max(0, gap) for gap in gaps)
        sheet, x, starts = np.zeros((tall, wide), np.uint8), 0, []
        for mask, gap, drop in zip(masks, gaps, drops, strict=True):
            y = top + drop
            place = sheet[y : y + mask.shape[0], x : x + mask.shape[1]]
            np.maximum(place, mask[: place.shape[0], : place.shape[1]], out=place)
            starts.append(float(x))
            x = max(x + 2, x + mask.shape[1] + gap)
        return sheet, tuple(starts)

    def _write_one(self, digit: str, height: int, rng: Random) -> Mask:
        people = self.stock.by_value[int(digit)]
        if people and self.from_people:
            mask = self._trace(people[rng.randrange(len(people))], height, rng)
        else:
            mask = self._draw(rng.choice(_TEMPLATES[digit]), height, rng)
        return _distort(mask, self.unrest, rng)

    def _trace(self, mask: Mask, height: int, rng: Random) -> Mask:
        rows, columns = np.flatnonzero(mask.max(axis=1) > 80), np.flatnonzero(mask.max(axis=0) > 80)
        ink = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        scale = height / ink.shape[0]
        width = max(3, round(ink.shape[1] * scale * self.narrow * rng.uniform(0.92, 1.08)))
        large = cv2.resize(ink, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.float32)
        # A higher threshold leaves a thinner stroke than the file's.
        threshold = 230 - 900 * max(0.05, self.stroke)
        cover = np.clip((cv2.GaussianBlur(large, (0, 0), max(0.4, height / 40)) - threshold) * 6, 0, 255)
        return _slanted(cover.astype(np.uint8), self.slant * 0.4)

    def _draw(self, strokes: Sequence[Sequence[Point]], height: int, rng: Random) -> Mask:
        scale, width = 2, height * self.narrow * 0.62
        line = max(1, round(scale * height * self.stroke))
        pad = line + 2
        sheet = np.zeros((scale * height + 2 * pad, round(scale * width) + 2 * pad), np.uint8)
        for stroke in strokes:
            shaken = [(x + rng.gauss(0, 0.035) * self.unrest, y + rng.gauss(0, 0.03) * self.unrest) for x, y in stroke]
            points = np.array(
                [(pad + x * width * scale, pad + y * height * scale) for x, y in _smooth(shaken)], np.int32
            )
            cv2.polylines(sheet, [points.reshape(-1, 1, 2)], False, 255, line, cv2.LINE_AA)
        small = cv2.resize(sheet, None, fx=1 / scale, fy=1 / scale, interpolation=cv2.INTER_AREA)
        return _slanted(small.astype(np.uint8), self.slant)


def _smooth(points: Sequence[Point], steps: int = 6) -> list[Point]:
    """A Catmull-Rom curve through the points."""
    if len(points) < 3:
        return list(points)
    ends = [points[0], *points, points[-1]]
    curve: list[Point] = []
    for p0, p1, p2, p3 in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        for step in range(steps):
            t = step / steps
            curve.append((_spline(p0[0], p1[0], p2[0], p3[0], t), _spline(p0[1], p1[1], p2[1], p3[1], t)))
    return [*curve, points[-1]]


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)


def _distort(mask: Mask, unrest: float, rng: Random) -> Mask:
    """Turned a little and bent unevenly, as no two digits of a hand are alike; cut to its ink."""
    height = mask.shape[0]
    pad = round(0.22 * height) + 1
    sheet = np.pad(mask, pad)
    high, wide = sheet.shape
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), rng.gauss(0, 4.0) * unrest, 1.0)
    turned = cv2.warpAffine(sheet, turn, (wide, high))
    bends = np.array([rng.gauss(0, 0.035 * height * unrest) for _ in range(18)], np.float32).reshape(2, 3, 3)
    across, down = (cv2.resize(bend, (wide, high), interpolation=cv2.INTER_CUBIC) for bend in bends)
    x, y = np.meshgrid(np.arange(wide, dtype=np.float32), np.arange(high, dtype=np.float32))
    bent = cv2.remap(turned, x + across, y + down, cv2.INTER_LINEAR)
    rows, columns = np.flatnonzero(bent.max(axis=1) > 60), np.flatnonzero(bent.max(axis=0) > 60)
    if not len(rows):
        return mask
    return np.asarray(bent[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], np.uint8)


def _slanted(mask: Mask, slant: float) -> Mask:
    height, width = mask.shape
    shift = abs(slant) * height
    matrix = np.array([[1, -slant, max(0.0, slant) * height], [0, 1, 0]], np.float32)
    return np.asarray(cv2.warpAffine(mask, matrix, (width + math.ceil(shift), height)), np.uint8)


def choose_digit_hand(stock: DigitStock, rng: Random) -> DigitHand:
    """A new writer; with people's digits at hand two of five write like them."""
    return DigitHand(
        stock=stock,
        from_people=not stock.empty and rng.random() < 0.4,
        slant=rng.uniform(-0.1, 0.4),
        stroke=rng.uniform(0.05, 0.13),
        unrest=rng.uniform(0.3, 1.4),
        narrow=rng.uniform(0.75, 1.2),
        apart=rng.uniform(-0.2, 0.16),
    )
