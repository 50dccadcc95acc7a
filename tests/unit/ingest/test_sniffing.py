from __future__ import annotations

import io
import struct

import pytest

from core.errors import DamagedFile, LimitExceeded
from ingest.checks import Limits
from ingest.checks.inspect import sniff_type
from ingest.checks.tiff import count_tiff_pages
from ingest.page_images import believable_dpi


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"%PDF-1.4", "application/pdf"),
        (b"junk of a scanner\n%PDF-1.4", "application/pdf"),
        (b" " * 1_024 + b"%PDF-1.4", None),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"II*\x00", "image/tiff"),
        (b"MM\x00+", "image/tiff"),
        (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "image/jp2"),
        (b"\xff\x4f\xff\x51\x00", "image/jp2"),
        (b"GIF89a", None),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_types_by_content(head: bytes, media_type: str | None) -> None:
    assert sniff_type(head) == media_type


def tiff(order: str, sizes: list[tuple[int, int]], last: int = 0) -> io.BytesIO:
    """Directories that declare these sizes and hold no picture; `last` follows the last one."""
    out = (b"II*\x00" if order == "<" else b"MM\x00*") + struct.pack(order + "I", 8)
    for number, (width, height) in enumerate(sizes, 1):
        following = last if number == len(sizes) else len(out) + 30
        entries = struct.pack(order + "HHII", 256, 4, 1, width) + struct.pack(order + "HHII", 257, 4, 1, height)
        out += struct.pack(order + "H", 2) + entries + struct.pack(order + "I", following)
    return io.BytesIO(out)


@pytest.mark.parametrize("order", ["<", ">"])
def test_tiff_pages_are_counted_in_both_byte_orders(order: str) -> None:
    assert count_tiff_pages(tiff(order, [(10, 10)] * 5), "a.tif", Limits()) == 5


def test_tiff_loops_and_limits_are_found_without_decoding() -> None:
    with pytest.raises(DamagedFile, match="loop"):
        count_tiff_pages(tiff("<", [(10, 10)] * 3, last=38), "a.tif", Limits())
    with pytest.raises(DamagedFile, match="outside"):
        count_tiff_pages(tiff("<", [(10, 10)], last=4_000_000_000), "a.tif", Limits())
    with pytest.raises(LimitExceeded, match="more than 3 pages"):
        count_tiff_pages(tiff("<", [(10, 10)] * 4), "a.tif", Limits(max_pages=3))
    with pytest.raises(LimitExceeded, match="50,000 x 50,000"):
        count_tiff_pages(tiff("<", [(10, 10), (50_000, 50_000)]), "a.tif", Limits())


@pytest.mark.parametrize(
    ("declared", "size", "dpi"),
    [
        ((300, 300), (2480, 3508), 300),
        ((199.9, 199.9), (1654, 2338), 200),
        ((72, 72), (2480, 3508), 300),
        ((72, 72), (600, 800), 72),
        ((1, 1), (2480, 3508), 300),
        (None, (1754, 1240), 150),
    ],
)
def test_resolutions_that_no_scanner_writes_are_replaced(declared: object, size: tuple[int, int], dpi: int) -> None:
    assert believable_dpi(declared, *size) == dpi
