"""Words in coloured ink: stamps and pens, among print that is black."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from core.recognition import Box
from ocr.describing.rows import Row, middle_y

_COLOURED = 60
"""Grey levels between the strongest and the weakest channel of an ink that is not black."""
_TINTED = 40
"""Grey levels between the channels from which a pixel is looked at: fewer than an ink's, for edges are pale."""
_STEP = 3
"""Every third pixel of every third row tells whether there is colour at all."""
_TOP = 0.5
"""Share of the page's height below which nobody stamps over a title."""


@dataclass(frozen=True, slots=True, eq=False)
class Chroma:
    """Where a page has coloured ink: counts of coloured pixels left of and above each place, every `_STEP` pixels."""

    counts: np.ndarray

    @classmethod
    def of(cls, image: np.ndarray) -> Chroma:
        """image: uint8 HxWx3."""
        thin = np.ascontiguousarray(image[::_STEP, ::_STEP])
        red, green, blue = cv2.split(thin)
        spread = cv2.subtract(cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue))
        return cls(cv2.integral((spread > _TINTED).astype(np.uint8)))

    def touches(self, box: Box) -> bool:
        """Whether enough coloured pixels lie in the box for a word to be of that ink."""
        bottom, right = self.counts.shape[0] - 1, self.counts.shape[1] - 1
        x0, x1 = (min(right, max(0, side // _STEP)) for side in (box[0], box[2] + _STEP - 1))
        y0, y1 = (min(bottom, max(0, side // _STEP)) for side in (box[1], box[3] + _STEP - 1))
        counts = self.counts
        return int(counts[y1, x1] - counts[y0, x1] - counts[y1, x0] + counts[y0, x0]) > 0


def is_coloured(image: np.ndarray, box: Box) -> bool:
    """Whether the darkest tenth of the box's pixels has a colour. image: uint8 HxWx3, red first."""
    x0, y0, x1, y1 = (max(0, side) for side in box)
    pixels = image[y0:y1:2, x0:x1:2].reshape(-1, 3)
    if not len(pixels):
        return False
    light = pixels.max(axis=1)
    share = len(light) // 10
    ink = pixels[np.argpartition(light, share)[: share + 1]]
    return float((ink.max(axis=1) - ink.min(axis=1)).mean()) > _COLOURED


def without_coloured(rows: Sequence[Row], image: np.ndarray | None, height: int) -> list[Row]:
    """The rows less their words in coloured ink, as far down as titles stand; as they are without a colour image."""
    if image is None or image.ndim == 2:
        return list(rows)
    chroma = Chroma.of(image[: round(_TOP * height) + _STEP])
    kept = [
        row if middle_y(row.box) > _TOP * height or not chroma.touches(row.box)
        else row.keep(lambda word: not (chroma.touches(word.box) and is_coloured(image, word.box)))
        for row in rows
    ]  # fmt: skip
    return [row for row in kept if row is not None]
