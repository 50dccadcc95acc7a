"""One page in every kind of file in which scanners and programs deliver it."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pikepdf
from pikepdf import Dictionary, Name
from PIL import Image, ImageChops, ImageCms, ImageOps

DPI = 150


def encode(image: Image.Image, pillow_format: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, pillow_format, **options)
    return out.getvalue()


def strip_of(image: Image.Image, compression: str) -> bytes:
    """The page as one strip of fax code, its ink in black runs."""
    ink = ImageOps.invert(image.convert("L")).convert("1", dither=Image.Dither.NONE)
    data = encode(ink, "TIFF", compression=compression, tiffinfo={278: image.height})
    with Image.open(io.BytesIO(data)) as opened:
        (start,), (size,) = opened.tag_v2[273], opened.tag_v2[279]  # type: ignore[attr-defined]
    return data[start : start + size]


def encode_jbig2(image: Image.Image) -> bytes:
    """The segments of a page as PDF holds them (ITU-T T.88): page information, one generic region in MMR code."""
    width, height = image.size
    region = struct.pack(">IIIIBB", width, height, 0, 0, 0, 1) + strip_of(image, "group4")
    page = struct.pack(">IIIIBH", width, height, 0, 0, 0, 0)
    return b"".join(
        struct.pack(">IBBBI", number, kind, 0, 1, len(data)) + data
        for number, (kind, data) in enumerate([(48, page), (39, region)])
    )


def deep(image: Image.Image) -> Image.Image:
    """16-bit grey."""
    return Image.fromarray(np.asarray(image.convert("L"), np.uint16) * 257)


def lab(image: Image.Image) -> Image.Image:
    to_lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
    converted = ImageCms.applyTransform(image.convert("RGB"), to_lab)
    assert converted is not None
    return converted


def see_through(image: Image.Image) -> Image.Image:
    """Ink on nothing: the paper is transparent, and black where a reader forgets that."""
    layer = Image.new("RGBA", image.size, (0, 0, 0, 0))
    layer.putalpha(ImageOps.invert(image.convert("L")))
    return layer


def turned(image: Image.Image, orientation: int, pillow_format: str) -> bytes:
    """Stored on its side or head, with the entry that says so."""
    back = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encode(image.transpose(back[orientation]), pillow_format, exif=exif, dpi=(DPI, DPI))


def cmyk_jpeg(image: Image.Image, *, adobe: bool) -> bytes:
    """CMYK: with Adobe's mark its numbers are inverted, without it they are not."""
    inks = image.convert("RGB").convert("CMYK")
    data = encode(inks if adobe else ImageChops.invert(inks), "JPEG", quality=95)
    if adobe:
        return data
    at = data.index(b"\xff\xee")
    return data[:at] + data[at + 2 + int.from_bytes(data[at + 2 : at + 4], "big") :]


def image_files(page: Image.Image) -> dict[str, bytes]:
    """Kind → file of one page, grey with a white ground."""
    colour, one_bit, dpi = page.convert("RGB"), page.convert("1", dither=Image.Dither.NONE), {"dpi": (DPI, DPI)}
    return {
        "jp2": encode(colour, "JPEG2000", irreversible=True, quality_layers=[20]),
        "j2k grey": encode(page, "JPEG2000", no_jp2=True),
        "jp2 16 bit": encode(deep(page), "JPEG2000"),
        "tiff group 3": encode(one_bit, "TIFF", compression="group3", **dpi),
        "tiff group 4": encode(one_bit, "TIFF", compression="group4", **dpi),
        "tiff lzw": encode(colour, "TIFF", compression="tiff_lzw", **dpi),
        "tiff jpeg": encode(colour, "TIFF", compression="jpeg", **dpi),
        "tiff packbits": encode(page, "TIFF", compression="packbits", **dpi),
        "tiff 16 bit": encode(deep(page), "TIFF", **dpi),
        "tiff cmyk": encode(colour.convert("CMYK"), "TIFF", **dpi),
        "tiff lab": encode(lab(page), "TIFF", **dpi),
        "tiff palette": encode(colour.quantize(16), "TIFF", **dpi),
        "tiff turned": turned(page, 6, "TIFF"),
        "png 16 bit": encode(deep(page), "PNG", **dpi),
        "png palette": encode(colour.quantize(16), "PNG", **dpi),
        "png see-through": encode(see_through(page), "PNG", **dpi),
        "png 1 bit": encode(one_bit, "PNG", **dpi),
        "jpeg cmyk adobe": cmyk_jpeg(page, adobe=True),
        "jpeg cmyk plain": cmyk_jpeg(page, adobe=False),
        "jpeg progressive": encode(colour, "JPEG", quality=90, progressive=True, **dpi),
        **{f"jpeg turned {way}": turned(page, way, "JPEG") for way in (3, 6, 8)},
    }


def pdf_of(image: Image.Image, data: bytes, **entries: object) -> bytes:
    """A PDF of one page that is this image, at 150 dpi."""
    pdf = pikepdf.new()
    wide, high = (side * 72 / DPI for side in image.size)
    mask = entries.pop("mask", None)
    picture = pikepdf.Stream(
        pdf, data, Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=image.width, Height=image.height, **entries)
    )
    if isinstance(mask, bytes):
        picture.SMask = pdf.make_indirect(
            pikepdf.Stream(
                pdf, mask, Type=Name.XObject, Subtype=Name.Image, Width=image.width, Height=image.height,
                ColorSpace=Name.DeviceGray, BitsPerComponent=8,
            )
        )  # fmt: skip
    page = pdf.add_blank_page(page_size=(wide, high))
    page.obj.Resources = Dictionary(XObject=Dictionary(I=picture))
    page.obj.Contents = pikepdf.Stream(pdf, f"q {wide} 0 0 {high} 0 0 cm /I Do Q".encode())
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def pdf_files(page: Image.Image) -> dict[str, bytes]:
    """Kind → PDF of one page."""
    grey = {"ColorSpace": Name.DeviceGray, "BitsPerComponent": 8}
    bits = {"ColorSpace": Name.DeviceGray, "BitsPerComponent": 1}
    inks = {"ColorSpace": Name.DeviceCMYK, "BitsPerComponent": 8, "Filter": Name.DCTDecode}
    fax = {"Columns": page.width, "Rows": page.height}
    palette = page.convert("RGB").quantize(16)
    colours = bytes(palette.getpalette() or [])[:48]
    indexed = pikepdf.Array([Name.Indexed, Name.DeviceRGB, len(colours) // 3 - 1, pikepdf.String(colours)])
    lab_space = pikepdf.Array([Name.Lab, Dictionary(WhitePoint=[0.9505, 1, 1.089], Range=[-128, 127, -128, 127])])
    lab_bytes = np.asarray(lab(page)).astype(np.int16)
    lab_bytes[..., 1:] = (lab_bytes[..., 1:] + 128) % 256
    black = Image.new("L", page.size, 0).tobytes()
    jp2 = encode(page.convert("RGB"), "JPEG2000", irreversible=True, quality_layers=[20])
    return {
        "jpx": pdf_of(page, jp2, Filter=Name.JPXDecode),
        "jbig2": pdf_of(page, encode_jbig2(page), Filter=Name.JBIG2Decode, **bits),
        "group 4": pdf_of(
            page, strip_of(page, "group4"), Filter=Name.CCITTFaxDecode, DecodeParms=Dictionary(K=-1, **fax), **bits
        ),
        "group 3": pdf_of(
            page, strip_of(page, "group3"), Filter=Name.CCITTFaxDecode, DecodeParms=Dictionary(K=0, **fax), **bits
        ),
        "16 bit": pdf_of(
            page, np.asarray(deep(page)).astype(">u2").tobytes(), ColorSpace=Name.DeviceGray, BitsPerComponent=16
        ),
        "cmyk jpeg": pdf_of(page, cmyk_jpeg(page, adobe=True), Decode=[1, 0, 1, 0, 1, 0, 1, 0], **inks),
        "cmyk raw": pdf_of(
            page, page.convert("RGB").convert("CMYK").tobytes(), ColorSpace=Name.DeviceCMYK, BitsPerComponent=8
        ),
        "palette": pdf_of(page, palette.tobytes(), ColorSpace=indexed, BitsPerComponent=8),
        "lab": pdf_of(page, lab_bytes.astype(np.uint8).tobytes(), ColorSpace=lab_space, BitsPerComponent=8),
        "see-through": pdf_of(page, black, mask=ImageOps.invert(page).tobytes(), **grey),
        "inverted": pdf_of(page, ImageOps.invert(page).tobytes(), Decode=[1, 0], **grey),
    }


def write(folder: Path, kind: str, data: bytes) -> Path:
    path = folder / kind.replace(" ", "_")
    path.write_bytes(data)
    return path
