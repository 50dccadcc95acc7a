"""The image of one page as it is stored, and how it is written."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Literal, Protocol

from PIL import Image

from core.text_layer import TextLayer

PageType = Literal["image/png", "image/jpeg"]
_A4_LONG_SIDE = 11.69
"""Inches."""


@dataclass(frozen=True, slots=True)
class SplitPage:
    """One page image, upright by EXIF or PDF rotation. `number` counts from 1; width and height in pixels.

    dpi: as the file declares it, or as if the page were A4 where it declares nothing believable.
    """

    number: int
    data: bytes
    media_type: PageType
    width: int
    height: int
    dpi: int
    layer: TextLayer | None = None
    """The visible text that the image was drawn with, where it was drawn from such."""


class PageSource(Protocol):
    """An open file of pages."""

    @property
    def count(self) -> int: ...

    def take(self, number: int) -> SplitPage:
        """The page of this number, from 1. Raises SplitFailed; the other pages can still be taken."""
        ...

    def close(self) -> None: ...


def encode_png(image: Image.Image, number: int, dpi: int) -> SplitPage:
    """Lossless; a bilevel image stays one bit a pixel."""
    out = io.BytesIO()
    image.save(out, "PNG", dpi=(dpi, dpi), compress_level=6 if image.mode == "1" else 3)
    return SplitPage(number, out.getvalue(), "image/png", image.width, image.height, dpi)


def encode_jpeg(image: Image.Image, number: int, dpi: int) -> SplitPage:
    """Quality 90, colour at full resolution."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90, subsampling=0, dpi=(dpi, dpi))
    return SplitPage(number, out.getvalue(), "image/jpeg", image.width, image.height, dpi)


def believable_dpi(declared: object, width: int, height: int) -> int:
    """The declared resolution, or the one of an A4 page of this size where there is none that a scanner would write.

    Cameras and drawing programs write 72 or 96 on whatever they make, so a page that would be over 20 inches long at
    such a figure has none. declared: Pillow's `dpi`, a pair.
    """
    longest = max(width, height)
    if isinstance(declared, tuple) and declared:
        dpi = float(declared[0] or 0)
        if 50 <= dpi <= 2400 and not (dpi <= 96 and longest / dpi > 20):
            return round(dpi)
    return max(1, round(longest / _A4_LONG_SIDE))
