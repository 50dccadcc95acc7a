"""Page images as arrays, whatever they were stored as."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from core.errors import DamagedFile, LimitExceeded

Pixels = npt.NDArray[np.uint8]

_A4_INCHES = 11.69
_A4_SHAPES = (1.25, 1.6)
"""Long side over short side of what may be a page of A4 or letter paper, margins cut or not."""
_USUAL_DPI = 300
_BELIEVABLE_DPI = (60, 1300)
_BELIEVABLE_INCHES = (3.0, 18.0)
"""Long side of papers from a card to A3: programs write 72 or 96 dpi into scans of any resolution."""
_DEEP_MODES = ("I", "I;16", "I;16B", "I;16L", "I;16N", "F")
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,
    EOFError,
    MemoryError,
    RuntimeError,
    struct.error,
    zlib.error,
)
"""What Pillow's decoders raise for malformed data."""


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
    """Decodes one page image: PNG, JPEG or the first picture of a TIFF, of any depth and colour.

    `dpi`: what is known of it; otherwise as declared if that makes a page of believable size, else as if it were A4.
    Raises DamagedFile, and LimitExceeded before anything larger than `max_pixels` is decoded.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of doubtful metadata, and of sizes, which are limited here
            Image.MAX_IMAGE_PIXELS = max_pixels  # Pillow's guard stays on, at our limit instead of its own
            with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as opened:
                _check_size(opened, max_pixels)
                declared = _declared_dpi(opened)
                image = _flatten(ImageOps.exif_transpose(opened))
    except Image.DecompressionBombError as error:
        raise LimitExceeded(f"The page is too large: {error}", "Scan at a lower dpi.") from error
    except _BROKEN as error:
        raise DamagedFile(f"The page image cannot be decoded: {error}.", "Scan the page again.") from error
    grey, colour = _arrays(image)
    return PageImage(grey, colour, dpi or _believe(declared, image.width, image.height))


def _check_size(opened: Image.Image, max_pixels: int) -> None:
    if opened.width * opened.height > max_pixels:
        raise LimitExceeded(
            f"The page has {opened.width} x {opened.height} pixels; {max_pixels} are allowed.",
            "Scan at a lower dpi, or raise SOHOA_MAX_PAGE_PIXELS.",
        )
    if min(opened.size) < 1:
        raise ValueError("no pixels")


def _declared_dpi(opened: Image.Image) -> float:
    """The resolution in the metadata; 0 where there is none."""
    declared = opened.info.get("dpi")
    try:
        return float(declared[0]) if declared else 0.0
    except (TypeError, ValueError, ArithmeticError):
        return 0.0


def _flatten(image: Image.Image) -> Image.Image:
    """One of the modes 1, L and RGB; what is transparent becomes white paper, 16 bits become 8."""
    if image.mode in _DEEP_MODES:
        return _reduce_depth(image)
    if image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        seen = image.convert("RGBA")
        paper = Image.new("RGBA", seen.size, "white")
        return Image.alpha_composite(paper, seen).convert("RGB")
    return image if image.mode in ("1", "L", "RGB") else image.convert("RGB")


def _reduce_depth(image: Image.Image) -> Image.Image:
    """8 bits from 16, or from whatever range the numbers of a 32-bit image have."""
    deep = np.nan_to_num(np.asarray(image, dtype=np.float64))
    top = float(deep.max())
    if image.mode.startswith("I;16") or 255 < top <= 65535:
        top = 65535.0
    elif top <= 255:
        top = 1.0 if image.mode == "F" and top <= 1 else 255.0
    return Image.fromarray((deep * (255.0 / top)).clip(0, 255).astype(np.uint8))


def _arrays(image: Image.Image) -> tuple[Pixels, Pixels | None]:
    if image.mode != "RGB":
        return np.asarray(image.convert("L")), None
    colour = np.asarray(image)
    return cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False), colour


def _believe(declared: float, width: int, height: int) -> int:
    """The declared resolution, else that of an A4 page of this shape, else the usual one."""
    longest, shortest = max(width, height), min(width, height)
    if _BELIEVABLE_DPI[0] <= declared <= _BELIEVABLE_DPI[1]:
        low, high = _BELIEVABLE_INCHES
        if low <= longest / declared <= high:
            return round(declared)
    if _A4_SHAPES[0] <= longest / shortest <= _A4_SHAPES[1]:
        return max(_BELIEVABLE_DPI[0], round(longest / _A4_INCHES))
    return _USUAL_DPI
