"""What lies over and beside a line: table rules, pieces of seals, strokes of signatures."""

from __future__ import annotations

from random import Random

import cv2
import numpy as np

from synthesis.line_ink import InkedLine, Mask


def draw_rules(print_mask: Mask, line: InkedLine, em: int, rng: Random) -> None:
    """Table rules above, below and beside the line; in place."""
    height, width = print_mask.shape
    thick = max(1, round(em * rng.uniform(0.03, 0.09)))
    shade = rng.randrange(150, 256)
    if rng.random() < 0.7:
        for y in (line.baseline - em * rng.uniform(0.98, 1.5), line.baseline + em * rng.uniform(0.28, 0.7)):
            if rng.random() < 0.7:
                tilt = rng.uniform(-0.004, 0.004) * width
                cv2.line(print_mask, (0, round(y - tilt)), (width, round(y + tilt)), shade, thick)
    for x in (line.start - em * rng.uniform(0.12, 0.8), line.end + em * rng.uniform(0.12, 0.8)):
        if rng.random() < 0.6:
            cv2.line(print_mask, (round(x), 0), (round(x), height), shade, thick)


def draw_seal(shape: tuple[int, int], em: int, rng: Random) -> Mask:
    """A piece of a round seal over the strip: arcs, a star's edges, letters on the ring."""
    height, width = shape
    sheet = np.zeros(shape, np.uint8)
    radius = em * rng.uniform(3.0, 5.5)
    centre = (rng.uniform(0, width), height / 2 + rng.uniform(-1.1, 1.1) * radius)
    thick = max(1, round(em * rng.uniform(0.05, 0.14)))
    for share in (1.0, rng.uniform(0.88, 0.95), rng.uniform(0.6, 0.72)):
        cv2.circle(sheet, (round(centre[0]), round(centre[1])), round(radius * share), 255, thick, cv2.LINE_AA)
    points = [
        (centre[0] + radius * reach * np.cos(angle), centre[1] + radius * reach * np.sin(angle))
        for reach, angle in ((0.35 if k % 2 else 0.15, k * np.pi / 5) for k in range(10))
    ]
    cv2.polylines(sheet, [np.array(points, np.int32).reshape(-1, 1, 2)], True, 255, thick, cv2.LINE_AA)
    for step in range(30):
        angle = 2 * np.pi * step / 30
        x, y = centre[0] + radius * 0.8 * np.cos(angle), centre[1] + radius * 0.8 * np.sin(angle)
        if -em < x < width + em and -em < y < height + em:
            for _ in range(2):
                ends = [
                    (round(x + rng.uniform(-0.3, 0.3) * em), round(y + rng.uniform(-0.3, 0.3) * em)) for _ in range(2)
                ]
                cv2.line(sheet, ends[0], ends[1], 255, max(1, thick // 2), cv2.LINE_AA)
    return sheet


def draw_scribble(shape: tuple[int, int], em: int, rng: Random) -> Mask:
    """Strokes of a signature across the strip."""
    height, width = shape
    sheet = np.zeros(shape, np.uint8)
    x, y = rng.uniform(0, width), rng.uniform(0, height)
    for _ in range(rng.randrange(1, 4)):
        points = []
        for _ in range(rng.randrange(8, 26)):
            x, y = x + rng.gauss(0.15, 0.6) * em, min(max(y + rng.gauss(0, 0.8) * em, -em), height + em)
            points.append((x, y))
        smooth = np.array(points, np.float32)
        smooth = np.asarray(cv2.resize(smooth[:, None, :], (1, len(points) * 6), interpolation=cv2.INTER_CUBIC))
        line = max(1, round(em * rng.uniform(0.04, 0.1)))
        cv2.polylines(sheet, [smooth.astype(np.int32).reshape(-1, 1, 2)], False, 255, line, cv2.LINE_AA)
        x = rng.uniform(0, width)
    return sheet
