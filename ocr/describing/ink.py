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
STEP = 3
"""Every third pixel of every third row tells whether there is colour at all."""
_TOP = 0.5
"""Share of the page's height below which nobody stamps over a title."""


def thin_out(image: np.ndarray) -> np.ndarray:
    """Every `STEP`th pixel of every `STEP`th row. image: uint8 HxWx3, at least `STEP` high and wide."""
    high, wide = image.shape[0] // STEP, image.shape[1] // STEP
    whole = image[: high * STEP, : wide * STEP]
    return np.asarray(cv2.resize(whole, (wide, high), interpolation=cv2.INTER_NEAREST), np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Chroma:
    """Where a page has coloured ink: counts of coloured pixels left of and above each place, every `STEP` pixels."""

    counts: np.ndarray

    @classmethod
    def of(cls, image: np.ndarray | None) -> Chroma | None:
        """Of a page as far down as titles stand; None without a colour image. image: uint8 HxWx3, or HxW."""
        if image is None or image.ndim == 2 or min(image.shape[:2]) < STEP:
            return None
        thin = thin_out(image[: round(_TOP * image.shape[0]) + STEP])
        red, green, blue = cv2.split(thin)
        spread = cv2.subtract(cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue))
        return cls(cv2.integral((spread > _TINTED).astype(np.uint8)))

    def touches(self, box: Box) -> bool:
        """Whether enough coloured pixels lie in the box for a word to be of that ink."""
        bottom, right = self.counts.shape[0] - 1, self.counts.shape[1] - 1
        x0, x1 = (min(right, max(0, side // STEP)) for side in (box[0], box[2] + STEP - 1))
        y0, y1 = (min(bottom, max(0, side // STEP)) for side in (box[1], box[3] + STEP - 1))
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


def without_coloured(rows: Sequence[Row], image: np.ndarray | None, chroma: Chroma | None) -> list[Row]:
    """The rows less their words in coloured ink, as far down as titles stand; as they are without a colour image.

    image: of the whole page, on which `chroma` was made.
    """
    if image is None or chroma is None:
        return list(rows)
    lowest = _TOP * image.shape[0]
    kept = [
        row if middle_y(row.box) > lowest or not chroma.touches(row.box)
        else row.keep(lambda word: not (chroma.touches(word.box) and is_coloured(image, word.box)))
        for row in rows
    ]  # fmt: skip
    return [row for row in kept if row is not None]
