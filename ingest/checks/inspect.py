"""What a file is, by its content, and whether it can be taken in."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from core.errors import EmptyFile, UnsupportedType
from ingest.checks.decoding import named_damage, open_image
from ingest.checks.limits import Limits
from ingest.checks.pdf import count_pdf_pages
from ingest.checks.tiff import count_tiff_pages

PDF = "application/pdf"
TIFF = "image/tiff"
JPEG = "image/jpeg"
PNG = "image/png"
JPEG2000 = "image/jp2"
PILLOW_FORMATS = {TIFF: "TIFF", JPEG: "JPEG", PNG: "PNG", JPEG2000: "JPEG2000"}

_IMAGE_MARKS = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"II+\x00", TIFF),
    (b"MM\x00+", TIFF),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", JPEG2000),
    (b"\xff\x4f\xff\x51", JPEG2000),
)
_ACCEPTED = "Deliver PDF, TIFF, JPEG, JPEG 2000 or PNG files."
_PDF_MARK_WITHIN = 1024
"""Bytes; where readers look for %PDF-, for some scanners write something in front."""
_DECODED_SHARE = 20
"""A many-page TIFF is decoded up to this many times the pixel limit; damage further on shows when it is split."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the checks found. media_type: application/pdf, image/tiff, image/jpeg, image/png or image/jp2."""

    media_type: str
    size: int
    sha256: str
    pages: int


def sniff_type(head: bytes) -> str | None:
    """The media type of a file that begins with these bytes; None for one that is not accepted."""
    for mark, media_type in _IMAGE_MARKS:
        if head.startswith(mark):
            return media_type
    return PDF if b"%PDF-" in head[:_PDF_MARK_WITHIN] else None


def inspect_file(path: Path, limits: Limits, name: str = "") -> FileFacts:
    """What the file is. `name` stands for it in errors; empty: the file's own name. The file is read and never written.

    Declared sizes are judged before anything is decoded. Raises EmptyFile, UnsupportedType, DamagedFile, EncryptedFile,
    LimitExceeded; OSError when the file itself cannot be read.
    """
    name = name or path.name
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise UnsupportedType(f"{name}: not a plain file.", _ACCEPTED)
    if status.st_size == 0:
        raise EmptyFile(f"{name}: the file is empty.", "Scan or copy it again.")
    limits.check_bytes(status.st_size, name)
    with path.open("rb") as source:
        media_type = sniff_type(source.read(_PDF_MARK_WITHIN))
        if media_type is None:
            raise UnsupportedType(f"{name}: its content is no PDF, TIFF, JPEG, JPEG 2000 or PNG.", _ACCEPTED)
        source.seek(0)
        sha256 = hashlib.file_digest(source, "sha256").hexdigest()
        size = source.tell()
        source.seek(0)
        pages = (
            count_pdf_pages(path, name, limits) if media_type == PDF else _check_image(source, media_type, name, limits)
        )
    return FileFacts(media_type, size, sha256, pages)


def _check_image(source: BinaryIO, media_type: str, name: str, limits: Limits) -> int:
    """Pages of an image that can be decoded to its end."""
    pages = 1
    if media_type == TIFF:
        pages = count_tiff_pages(source, name, limits)
        source.seek(0, os.SEEK_SET)
    budget = _DECODED_SHARE * limits.max_pixels
    with open_image(source, PILLOW_FORMATS[media_type], name, limits) as image:
        for number in range(pages):
            with named_damage(name if pages == 1 else f"{name}, page {number + 1}"):
                if number:
                    image.seek(number)
                image.load()
            budget -= image.width * image.height
            if budget <= 0:
                break
    return pages
