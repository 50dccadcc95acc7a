"""Page images as arrays, whatever they were stored as."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import DamagedFile, LimitExceeded

Pixels = npt.NDArray[np.uint8]

_A4_INCHES = 11.69
_BELIEVABLE = range(60, 1300)
_DEEP_MODES = ("I", "I;16", "I;16B", "I;16L", "F")


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page upright by EXIF. grey: height x width. colour: height x width x 3 RGB, None where there is none to see."""

    grey: Pixels
    colour: Pixels | None
    dpi: int

    @property
    def seen(self) -> Pixels:
        """The page in colour where it has any, else in grey."""
        return self.grey if self.colour is None else self.colour

    @property
    def width(self) -> int:
        return int(self.grey.shape[1])

    @property
    def height(self) -> int:
        return int(self.grey.shape[0])


def load_page_image(source: bytes | Path, *, max_pixels: int, dpi: int | None = None) -> PageImage:
    """Decodes one page image. `dpi`: what is known of it; otherwise as declared, else as if the page were A4.

    Raises DamagedFile, and LimitExceeded before anything larger than `max_pixels` is decoded.
    """
    try:
        with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as opened:
            if opened.width * opened.height > max_pixels:
                raise LimitExceeded(f"The page has {opened.width} x {opened.height} pixels.", "Scan at a lower dpi.")
            declared = opened.info.get("dpi", (0, 0))[0]
            image = _flatten(ImageOps.exif_transpose(opened))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DamagedFile(f"The page image cannot be decoded: {error}.", "Scan the page again.") from error
    grey, colour = _arrays(image)
    return PageImage(grey, colour, dpi or _believable(float(declared), image.width, image.height))


def _flatten(image: Image.Image) -> Image.Image:
    """One of the modes 1, L and RGB; what is transparent becomes white paper, 16 bits become 8."""
    if image.mode in _DEEP_MODES:
        deep = np.asarray(image, dtype=np.float64)
        top = deep.max() if deep.size and deep.max() > 255 else 255.0
        return Image.fromarray((deep * (255.0 / top)).clip(0, 255).astype(np.uint8))
    if image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info:
        seen = image.convert("RGBA")
        paper = Image.new("RGBA", seen.size, "white")
        return Image.alpha_composite(paper, seen).convert("RGB")
    return image if image.mode in ("1", "L", "RGB") else image.convert("RGB")


def _arrays(image: Image.Image) -> tuple[Pixels, Pixels | None]:
    if image.mode != "RGB":
        return np.asarray(image.convert("L")), None
    colour = np.asarray(image)
    return cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False), colour


def _believable(declared: float, width: int, height: int) -> int:
    if int(declared) in _BELIEVABLE:
        return round(declared)
    return max(60, round(max(width, height) / _A4_INCHES))
