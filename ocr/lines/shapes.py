"""Lines. Points are (x, y) in pixels, y downward; pixels are areas: their corners have whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.recognition import Box

Points = npt.NDArray[np.float64]
"""n x 2, (x, y)."""

ABOVE, BELOW = 2.1, 0.67
"""How far a crop reaches from the base line, in x-heights: room for marks on capitals and for dots below."""
_INK_ABOVE, _INK_BELOW = 1.5, 0.5

LineKind = Literal["print", "mixed", "pen"]


@dataclass(frozen=True, slots=True, eq=False)
class TextLine:
    """A line of text. baseline: two points and more, left to right as it is read, in page pixels. x_height: that of the
    font, in page pixels, so that capitals are about 1.47 times as high. pen: share 0..1 of its ink that is by pen.

    kind: print, print with values by pen, or pen alone.
    """

    baseline: Points
    x_height: float
    box: Box
    pen: float = 0.0
    kind: LineKind = "print"

    @property
    def length(self) -> float:
        """Pixels along the base line."""
        return float(np.hypot(*np.diff(self.baseline, axis=0).T).sum())


def outline(baseline: Points, x_height: float, above: float, below: float, beyond: float = 0.0) -> Points:
    """The closed outline around a base line, in its own frame's x-heights above, below and beyond the ends."""
    along = find_directions(baseline)
    down = along[:, ::-1] * (-1.0, 1.0)
    base = baseline.copy()
    base[0] -= along[0] * beyond * x_height
    base[-1] += along[-1] * beyond * x_height
    return np.vstack([base - down * (above * x_height), (base + down * (below * x_height))[::-1]])


def find_directions(baseline: Points) -> Points:
    """The unit vector along the line at each of its points."""
    steps = np.gradient(baseline, axis=0) if len(baseline) > 2 else (baseline[1:] - baseline[:-1]).repeat(2, axis=0)
    return np.asarray(steps / np.maximum(np.hypot(steps[:, 0], steps[:, 1]), 1e-9)[:, None], np.float64)


def bound_ink(baseline: Points, x_height: float, width: int, height: int) -> Box:
    """The box, inside a page of this size, in which a line's letters usually lie."""
    corners = outline(baseline, x_height, _INK_ABOVE, _INK_BELOW)
    return bound(corners, width, height)


def bound(points: Points, width: int, height: int) -> Box:
    """The smallest box around the points that lies on the page and is not empty."""
    low = np.floor(points.min(axis=0) + 1e-6).astype(int).clip((0, 0), (width - 1, height - 1))
    high = np.ceil(points.max(axis=0) - 1e-6).astype(int).clip(low + 1, (width, height))
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])
