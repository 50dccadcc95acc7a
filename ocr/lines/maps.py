"""The network's answer for one page, and running it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from ocr.images import Pixels
from ocr.lines.prepare import Floats, measure_ink
from ocr.sessions import open_session

_MULTIPLE = 32
_FULL_INK = 200.0


@dataclass(frozen=True, slots=True, eq=False)
class Maps:
    """Maps over a page at working resolution, h x w. ink: h x w, 0 for paper to 200 for the page's darkest ink; half:
    the same at half size. core: h/2 x w/2, probability of lying between a text line's base line and x-height. At a
    quarter: pen, graphic (probabilities), drop (down to the base line in x-heights), x_height (working pixels).
    turn: 4 x h/16 x w/16, probabilities of 0, 90, 180, 270 degrees clockwise to upright letters.
    """

    ink: Pixels
    half: Pixels
    core: Floats
    pen: Floats
    graphic: Floats
    drop: Floats
    x_height: Floats
    turn: Floats


class MapNetwork:
    """The network on onnxruntime, one thread."""

    def __init__(self, weights: Path) -> None:
        self._session = open_session(weights, "cpu")

    def map_page(self, small: Pixels) -> Maps:
        """The maps of a page at working resolution."""
        high, wide = small.shape
        ink = measure_ink(small)
        padded = np.pad(ink, ((0, -high % _MULTIPLE), (0, -wide % _MULTIPLE)))
        core, fine, turn = self._session.run(None, {"ink": padded[None, None]})
        half, quarter = (-(-high // 2), -(-wide // 2)), (-(-high // 4), -(-wide // 4))
        pen, graphic, drop, size = fine[0][:, : quarter[0], : quarter[1]]
        tall = np.exp2(np.clip(size, -3, 3)) * 8
        levels = np.asarray(cv2.convertScaleAbs(np.maximum(ink, 0), alpha=_FULL_INK), np.uint8)
        halved = np.asarray(cv2.resize(levels, half[::-1], interpolation=cv2.INTER_AREA), np.uint8)
        return Maps(levels, halved, core[0, 0][: half[0], : half[1]], pen, graphic, drop, tall, turn[0])
