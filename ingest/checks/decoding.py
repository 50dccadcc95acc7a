"""Opening images with Pillow, which raises errors of many kinds for damaged ones."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from PIL import Image

from core.errors import DamagedFile, LimitExceeded
from ingest.checks.limits import Limits

DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    LookupError,
    EOFError,
    RuntimeError,
    AssertionError,
    MemoryError,
    struct.error,
    zlib.error,
)
"""What Pillow's decoders were seen to raise for damaged data: each means that the file cannot be read."""


@contextmanager
def named_damage(name: str) -> Iterator[None]:
    """Turns a decoder's error into DamagedFile that names the file, and Pillow's own bomb guard into LimitExceeded."""
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise LimitExceeded(f"{name}: {error}", "Scan at a lower resolution.") from error
    except DECODER_ERRORS as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise DamagedFile(f"{name}: cut off or damaged ({reason}).", "Scan or export it again.") from error


def open_image(source: BinaryIO, pillow_format: str, name: str, limits: Limits) -> Image.Image:
    """The image with its header read and nothing decoded. Raises DamagedFile, LimitExceeded."""
    Image.MAX_IMAGE_PIXELS = limits.max_pixels  # Pillow's guard stays on, at our limit instead of its own
    with named_damage(name):
        image = Image.open(source, formats=(pillow_format,))
    limits.check_pixels(*image.size, name)
    return image
