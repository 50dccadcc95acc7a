"""The checks of files and their splitting into pages, on files made here."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from core.errors import (
    DamagedFile,
    EmptyFile,
    EncryptedFile,
    FileRefused,
    LimitExceeded,
    SplitFailed,
    UnsupportedType,
)
from ingest.checks import Limits, inspect_file
from ingest.splitting import open_pages, split_file

SIZE = (320, 200)


def picture(seed: int = 1) -> Image.Image:
    """Smooth noise, so that JPEG keeps it well and every corner is different."""
    small = np.random.default_rng(seed).integers(0, 255, (5, 8, 3), dtype=np.uint8)
    return Image.fromarray(small).resize(SIZE, Image.Resampling.BICUBIC)


def encoded(pillow_format: str, image: Image.Image | None = None, **options: object) -> bytes:
    out = io.BytesIO()
    (image or picture()).save(out, pillow_format, **options)
    return out.getvalue()


def scan_pdf(
    image: Image.Image, rotate: int = 0, content: bytes = b"q 320 0 0 200 0 0 cm /I Do Q", **extra: object
) -> bytes:
    """A page of one JPEG at 72 dpi."""
    pdf = pikepdf.new()
    data = encoded("JPEG", image, quality=95)
    entries = pikepdf.Dictionary(
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=image.width,
        Height=image.height,
        ColorSpace=pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=pikepdf.Name.DCTDecode,
        **extra,
    )
    page = pdf.add_blank_page(page_size=image.size)
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=pikepdf.Stream(pdf, data, entries)))
    page.obj.Contents = pikepdf.Stream(pdf, content)
    if rotate:
        page.obj.Rotate = rotate
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def stored(folder: Path, data: bytes, name: str = "scan") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def difference(left: Image.Image, right: Image.Image) -> float:
    """Mean absolute difference of grey levels."""
    assert left.size == right.size
    grey = [np.asarray(image.convert("L"), dtype=float) for image in (left, right)]
    return float(np.abs(grey[0] - grey[1]).mean())


@pytest.mark.parametrize(
    ("data", "media_type", "pages"),
    [
        (encoded("PNG"), "image/png", 1),
        (encoded("JPEG"), "image/jpeg", 1),
        (encoded("TIFF", save_all=True, append_images=[picture(2), picture(3)]), "image/tiff", 3),
        (scan_pdf(picture()), "application/pdf", 1),
    ],
)
def test_the_type_is_told_by_content(tmp_path: Path, data: bytes, media_type: str, pages: int) -> None:
    facts = inspect_file(stored(tmp_path, data, "wrong.txt"), Limits())
    assert (facts.media_type, facts.pages, facts.size) == (media_type, pages, len(data))
    assert facts.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.99])
@pytest.mark.parametrize("pillow_format", ["PNG", "JPEG", "TIFF", "PDF"])
def test_truncated_files_are_damaged(tmp_path: Path, pillow_format: str, share: float) -> None:
    data = scan_pdf(picture()) if pillow_format == "PDF" else encoded(pillow_format)
    with pytest.raises(DamagedFile, match=r"half\.bin"):
        inspect_file(stored(tmp_path, data[: int(len(data) * share)], "half.bin"), Limits())


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is huge."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def tiff_loop() -> bytes:
    entry = struct.pack("<HHII", 256, 4, 1, 10) + struct.pack("<HHII", 257, 4, 1, 10)
    return b"II*\x00" + struct.pack("<I", 8) + struct.pack("<H", 2) + entry + struct.pack("<I", 8)


def pdf_with(pages: int, size: float) -> bytes:
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page().obj.MediaBox = pikepdf.Array([0, 0, size, size])
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def encrypted_pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(scan_pdf(picture()))) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(user="u", owner="o"))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", EmptyFile),
        (b"just words", UnsupportedType),
        (encoded("GIF"), UnsupportedType),
        (b"%PDF-1.7\nnothing", DamagedFile),
        (tiff_loop(), DamagedFile),
        (encrypted_pdf(), EncryptedFile),
        (png_claiming(100_000, 100_000), LimitExceeded),
        (png_claiming(1_100, 1_000), LimitExceeded),
        (pdf_with(6, 100), LimitExceeded),
        (pdf_with(1, 14_401), LimitExceeded),
        (scan_pdf(picture().resize((1_100, 1_000))), LimitExceeded),
        (b"\x89PNG\r\n\x1a\n" + bytes(100_000), LimitExceeded),
    ],
)
def test_bad_files_get_their_own_error(tmp_path: Path, data: bytes, error: type[FileRefused]) -> None:
    path = stored(tmp_path, data, "scan.bin")
    with pytest.raises(error, match=r"scan\.bin") as caught:
        inspect_file(path, Limits(max_bytes=90_000, max_pages=5, max_pixels=1_000_000))
    assert caught.value.advice
    assert list(tmp_path.iterdir()) == [path]


def test_jpeg_and_scan_pdf_keep_their_bytes(tmp_path: Path) -> None:
    data = encoded("JPEG", quality=95)
    (alone,) = split_file(stored(tmp_path, data), "image/jpeg")
    (inside,) = split_file(stored(tmp_path, scan_pdf(picture())), "application/pdf")
    assert (alone.data, inside.data) == (data, data)
    assert (inside.media_type, inside.width, inside.height, inside.dpi) == ("image/jpeg", *SIZE, 72)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_turned_by_its_pdf_comes_out_upright(tmp_path: Path, degrees: int) -> None:
    (page,) = split_file(stored(tmp_path, scan_pdf(picture(), rotate=degrees)), "application/pdf")
    expected = picture().rotate(-degrees, expand=True)
    assert page.media_type == "image/png"
    assert difference(Image.open(io.BytesIO(page.data)), expected) < 1.5


@pytest.mark.parametrize("orientation", range(2, 9))
def test_exif_orientation_is_applied(tmp_path: Path, orientation: int) -> None:
    operations = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    exif = Image.Exif()
    exif[0x0112] = orientation
    (page,) = split_file(stored(tmp_path, encoded("JPEG", exif=exif, quality=95)), "image/jpeg")
    image = Image.open(io.BytesIO(page.data))
    assert difference(image, picture().transpose(operations[orientation])) < 1.5
    assert (page.width, page.height) == image.size
    assert image.getexif().get(0x0112, 1) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"q 320 0 0 200 0 0 cm /I Do Q 0 0 1 rg 40 40 240 120 re f",
        b"q 160 0 0 200 0 0 cm /I Do Q q 160 0 0 200 160 0 cm /I Do Q",
        b"q -320 0 0 200 320 0 cm /I Do Q",
        b"q 200 0 0 100 20 20 cm /I Do Q",
    ],
)
def test_what_is_more_than_one_upright_scan_is_rendered(tmp_path: Path, content: bytes) -> None:
    (page,) = split_file(stored(tmp_path, scan_pdf(picture(), content=content)), "application/pdf")
    assert (page.width, page.height) != SIZE
    assert page.dpi == 200
    assert page.data != encoded("JPEG", quality=95)


def test_an_inverted_scan_is_shown_as_the_page_shows_it(tmp_path: Path) -> None:
    data = scan_pdf(picture(), Decode=pikepdf.Array([1, 0, 1, 0, 1, 0]))
    (page,) = split_file(stored(tmp_path, data), "application/pdf")
    inverted = Image.eval(picture(), lambda level: 255 - level)
    assert difference(Image.open(io.BytesIO(page.data)), inverted) < 1.5


def test_tiff_pages_keep_their_depth_and_resolution(tmp_path: Path) -> None:
    bilevel = picture(2).convert("1")
    data = encoded("TIFF", save_all=True, append_images=[bilevel, picture(3).convert("L")], dpi=(200, 200))
    pages = list(split_file(stored(tmp_path, data), "image/tiff"))
    images = [Image.open(io.BytesIO(page.data)) for page in pages]
    assert [image.mode for image in images] == ["RGB", "1", "L"]
    assert [page.number for page in pages] == [1, 2, 3]
    assert pages[0].dpi == 200
    assert difference(images[1], bilevel) == 0


def test_one_bad_page_does_not_cost_the_others(tmp_path: Path) -> None:
    data = encoded("TIFF", save_all=True, append_images=[picture(2), picture(3)], compression="tiff_adobe_deflate")
    with Image.open(io.BytesIO(data)) as image:
        image.seek(1)
        start = image.tag_v2[273][0]
    broken = data[:start] + bytes(40) + data[start + 40 :]
    outcomes = []
    with open_pages(stored(tmp_path, broken), "image/tiff") as source:
        for number in range(1, source.count + 1):
            try:
                outcomes.append(source.take(number).number)
            except SplitFailed as error:
                outcomes.append(-error.page)
    assert outcomes == [1, -2, 3]
