"""Every stored kind of image becomes the same grey page; what is broken or too large is refused by name."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.errors import DamagedFile, LimitExceeded
from ocr.images import load_page_image

LIMIT = 1_000_000


def encode(image: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def half_page(mode: str) -> Image.Image:
    """White above, black below."""
    page = Image.new("L", (40, 60), 255)
    page.paste(0, (0, 30, 40, 60))
    return page.convert(mode)


@pytest.mark.parametrize(
    ("mode", "form"),
    [("1", "TIFF"), ("1", "PNG"), ("L", "PNG"), ("P", "PNG"), ("RGB", "JPEG"), ("CMYK", "JPEG"), ("CMYK", "TIFF")],
)
def test_each_mode_gives_the_same_grey(mode: str, form: str) -> None:
    page = load_page_image(encode(half_page(mode), form), max_pixels=LIMIT)
    assert page.grey.shape == (60, 40)
    assert page.grey.dtype == np.uint8
    assert page.grey[:28].min() > 245
    assert page.grey[32:].max() < 12


def test_colour_is_kept_where_there_is_some() -> None:
    page = load_page_image(encode(Image.new("RGB", (4, 3), (200, 10, 20))), max_pixels=LIMIT)
    assert page.colour is not None
    assert page.colour[1, 1].tolist() == [200, 10, 20]
    assert page.seen is page.colour
    assert load_page_image(encode(half_page("L")), max_pixels=LIMIT).colour is None


def test_sixteen_bits_become_eight() -> None:
    deep = np.array([[0, 32768, 65535], [257, 514, 771]], np.uint16)
    page = load_page_image(encode(Image.fromarray(deep)), max_pixels=LIMIT)
    assert page.grey.tolist() == [[0, 127, 255], [1, 2, 3]]


def test_dark_sixteen_bit_page_stays_dark() -> None:
    deep = np.full((4, 4), 2570, np.uint16)
    assert load_page_image(encode(Image.fromarray(deep)), max_pixels=LIMIT).grey.max() == 10


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparent_paper_is_white(mode: str) -> None:
    page = load_page_image(encode(Image.new(mode, (5, 5), 0)), max_pixels=LIMIT)
    assert page.grey.min() == 255


@pytest.mark.parametrize(("orientation", "corner"), [(1, (0, 0)), (3, (1, 1)), (6, (0, 1)), (8, (1, 0))])
def test_exif_orientation_is_applied(orientation: int, corner: tuple[int, int]) -> None:
    stored = Image.new("L", (64, 64), 255)
    stored.paste(0, (0, 0, 32, 32))
    exif = Image.Exif()
    exif[0x0112] = orientation
    page = load_page_image(encode(stored, "JPEG", exif=exif), max_pixels=LIMIT)
    quarters = page.grey.reshape(2, 32, 2, 32).mean(axis=(1, 3))
    assert np.unravel_index(int(quarters.argmin()), (2, 2)) == corner


@pytest.mark.parametrize(
    ("size", "declared", "expected"),
    [
        ((1654, 2339), 200, 200),
        ((1654, 2339), None, 200),
        ((2480, 3508), 72, 300),
        ((3508, 2480), 96, 300),
        ((900, 100), None, 300),
        ((1654, 2339), 20000, 200),
    ],
)
def test_resolution_is_the_declared_one_if_it_can_be(
    size: tuple[int, int], declared: int | None, expected: int
) -> None:
    options = {"dpi": (declared, declared)} if declared else {}
    page = load_page_image(encode(Image.new("1", size, 1), **options), max_pixels=10_000_000)
    assert page.dpi == expected


def test_what_the_caller_knows_of_the_resolution_wins() -> None:
    assert load_page_image(encode(half_page("L")), max_pixels=LIMIT, dpi=244).dpi == 244


def test_too_many_pixels_are_refused_before_they_are_decoded() -> None:
    data = encode(Image.new("1", (2000, 1000)))
    with pytest.raises(LimitExceeded, match="2000 x 1000"):
        load_page_image(data[:100], max_pixels=LIMIT)


@pytest.mark.parametrize("cut", [0, 10, 60, 2000])
def test_broken_image_is_damaged(cut: int) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (80, 80), np.uint8)
    with pytest.raises(DamagedFile):
        load_page_image(encode(Image.fromarray(noise))[:cut], max_pixels=LIMIT)
