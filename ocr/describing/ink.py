"""Words in coloured ink: stamps and pens, among print that is black."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.recognition import Box
from ocr.describing.rows import Row, middle_y

_COLOURED = 60
"""Grey levels between the strongest and the weakest channel of an ink that is not black."""
_TOP = 0.5
"""Share of the page's height below which nobody stamps over a title."""


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
    kept = [
        row if middle_y(row.box) > _TOP * height else row.keep(lambda word: not is_coloured(image, word.box))
        for row in rows
    ]
    return [row for row in kept if row is not None]
