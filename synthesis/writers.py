"""Rendered documents as files: PDF, multi-page TIFF, JPEG, PNG, each with its resolution, and the truth as JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path

import pikepdf
from PIL import Image

from synthesis.truth import RenderedDocument, RenderedPage


def encode_jpeg(page: RenderedPage, quality: int = 82) -> bytes:
    """The page as JPEG with its resolution."""
    out = io.BytesIO()
    Image.fromarray(page.image).save(out, "JPEG", quality=quality, dpi=(page.dpi, page.dpi))
    return out.getvalue()


def write_jpeg(page: RenderedPage, path: Path, quality: int = 82) -> None:
    path.write_bytes(encode_jpeg(page, quality))


def write_png(page: RenderedPage, path: Path) -> None:
    Image.fromarray(page.image).save(path, "PNG", dpi=(page.dpi, page.dpi), compress_level=4)


def write_tiff(pages: Sequence[RenderedPage], path: Path) -> None:
    """One TIFF with all pages, Deflate, each page with its own resolution."""
    frames = []
    for page in pages:
        frame = Image.fromarray(page.image)
        frame.encoderinfo = {"dpi": (page.dpi, page.dpi)}
        frames.append(frame)
    first, *rest = frames
    dpi = (pages[0].dpi, pages[0].dpi)
    first.save(path, "TIFF", save_all=True, append_images=rest, compression="tiff_adobe_deflate", dpi=dpi)


def write_pdf(pages: Sequence[RenderedPage], path: Path, quality: int = 82) -> None:
    """A PDF of scans: each page one JPEG at its resolution, no text layer."""
    pdf = pikepdf.new()
    for page in pages:
        height, width = page.image.shape[:2]
        wide, high = width * 72 / page.dpi, height * 72 / page.dpi
        scan = pikepdf.Stream(
            pdf,
            encode_jpeg(page, quality),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=width,
            Height=height,
            ColorSpace=pikepdf.Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
        sheet = pdf.add_blank_page(page_size=(wide, high))
        sheet.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=scan))
        sheet.Contents = pikepdf.Stream(pdf, f"q {wide:.4f} 0 0 {high:.4f} 0 0 cm /Scan Do Q".encode())
    pdf.save(path, deterministic_id=True)


def describe_page(page: RenderedPage, number: int) -> dict[str, object]:
    """The page's truth for JSON: size, geometry, and lines with words and boxes."""
    height, width = page.image.shape[:2]
    return {
        "number": number,
        "width": width,
        "height": height,
        "dpi": page.dpi,
        "rotation": page.rotation,
        "skew": round(page.skew, 4),
        "blank": page.blank,
        "text": page.text,
        "lines": [
            {
                "text": line.text,
                "kind": line.kind,
                "box": line.box,
                "words": [{"text": word.text, "box": word.box, "pen": word.pen} for word in line.words],
            }
            for line in page.lines
        ],
    }


def describe_document(document: RenderedDocument) -> dict[str, object]:
    """The document's truth for JSON."""
    return {
        "record_type": document.record_type,
        "fields": dict(document.fields),
        "blank_pages": document.blank_pages,
        "pages": [describe_page(page, number) for number, page in enumerate(document.pages, 1)],
    }


def write_json(value: object, path: Path) -> None:
    """Readable JSON in UTF-8."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_document(document: RenderedDocument, path: Path) -> None:
    """The document in the format of the path's ending, its truth beside it as `NAME.json`.

    Raises ValueError for another ending than .pdf, .tif, .jpg, .png, or for several pages in a one-page format.
    """
    ending = path.suffix.lower()
    if ending == ".pdf":
        write_pdf(document.pages, path)
    elif ending == ".tif":
        write_tiff(document.pages, path)
    elif ending in (".jpg", ".png") and len(document.pages) == 1:
        (write_jpeg if ending == ".jpg" else write_png)(document.pages[0], path)
    else:
        pages = len(document.pages)
        raise ValueError(f"'{path.name}' cannot hold {pages} page(s): use .pdf, .tif, or .jpg, .png for one.")
    write_json(describe_document(document), path.with_suffix(".json"))
