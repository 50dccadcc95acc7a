"""Pages of image files: JPEG, JPEG 2000, PNG, and TIFF with one page or many."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageCms, ImageOps

from core.errors import DamagedFile, LimitExceeded, SplitFailed
from ingest.checks.decoding import DECODER_ERRORS, named_damage, open_image
from ingest.checks.inspect import PILLOW_FORMATS, TIFF
from ingest.checks.limits import Limits
from ingest.checks.tiff import count_tiff_pages
from ingest.page_images import PageType, SplitPage, believable_dpi, encode_png

_ORIENTATION = 0x0112
_KEPT_MODES = frozenset({"1", "L", "RGB"})


class ImagePages:
    """An image file; its bytes are kept as they are where every reader shows them upright and in plain colours."""

    def __init__(self, path: Path, media_type: str, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self._kept: PageType | None = {"image/png": "image/png", "image/jpeg": "image/jpeg"}.get(media_type)  # type: ignore[assignment]
        self._file = path.open("rb")
        try:
            self._pages = count_tiff_pages(self._file, path.name, limits) if media_type == TIFF else 1
            self._file.seek(0)
            self._image = open_image(self._file, PILLOW_FORMATS[media_type], path.name, limits)
        except (DamagedFile, LimitExceeded):
            self._file.close()
            raise

    @property
    def count(self) -> int:
        return self._pages

    def take(self, number: int) -> SplitPage:
        """Raises SplitFailed."""
        name = f"{self._path.name}, page {number}"
        try:
            with named_damage(name):
                if self._pages > 1:
                    self._image.seek(number - 1)
                self._limits.check_pixels(*self._image.size, name)
                return self._encode(number)
        except (DamagedFile, LimitExceeded) as error:
            raise SplitFailed(error.message, number, error.advice) from error

    def close(self) -> None:
        self._image.close()
        self._file.close()

    def _encode(self, number: int) -> SplitPage:
        image = self._image
        dpi = believable_dpi(image.info.get("dpi"), *image.size)
        turned = image.getexif().get(_ORIENTATION, 1) not in (0, 1)
        if self._kept and not turned and image.mode in _KEPT_MODES and "transparency" not in image.info:
            return SplitPage(number, self._path.read_bytes(), self._kept, *image.size, dpi)
        image.load()
        upright = ImageOps.exif_transpose(image)
        if image.mode == "CMYK" and image.format == "JPEG" and "adobe" not in image.info:
            upright = ImageChops.invert(upright)  # Pillow takes all such for Adobe's, whose inks are inverted
        return encode_png(_plain(upright), number, dpi)


def _plain(image: Image.Image) -> Image.Image:
    """The same picture as bilevel, 8-bit grey or 8-bit RGB; what is transparent becomes paper."""
    if image.mode in _KEPT_MODES and "transparency" not in image.info:
        return image
    if image.mode.startswith("I") or image.mode == "F":
        return _grey_of(image)
    if image.mode == "LAB":
        to_rgb = ImageCms.buildTransform(ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB"), "LAB", "RGB")
        return ImageCms.applyTransform(image, to_rgb) or image.convert("L")
    if "A" in image.mode or "a" in image.mode or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(paper, layer).convert("RGB")
    return image.convert("RGB")


def _grey_of(image: Image.Image) -> Image.Image:
    """8-bit grey of deeper grey: 16-bit by its top byte, wider values by their own range."""
    values = np.asarray(image).astype(np.float64)
    if image.mode.startswith("I;16"):
        values = values / 257
    elif (low := float(np.nanmin(values))) < 0 or float(np.nanmax(values)) > 255:
        values = (values - low) * (255 / max(float(np.nanmax(values)) - low, 1e-9))
    return Image.fromarray(np.nan_to_num(values).round().clip(0, 255).astype(np.uint8))


def plain_jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a JPEG that every reader shows the same way: grey or YCbCr, no EXIF turn. Else None."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
            turned = image.getexif().get(_ORIENTATION, 1) not in (0, 1)
            return None if turned or image.mode not in ("L", "RGB") else image.size
    except DECODER_ERRORS:
        return None
