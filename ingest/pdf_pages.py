"""Pages of a PDF: the embedded scan where a page is one, else a rendering of all that the page shows.

PDFium is not thread-safe: one process opens PDFs from one thread at a time.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, replace
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
from PIL import Image

from core.errors import DamagedFile, SplitFailed
from ingest.checks.decoding import DECODER_ERRORS
from ingest.checks.limits import Limits
from ingest.checks.pdf import STRUCTURE_ERRORS, count_pdf_pages, open_pdf
from ingest.image_pages import plain_jpeg_size
from ingest.page_images import SplitPage, encode_jpeg, encode_png
from ingest.text_layer import find_text_layer

RENDER_DPI = 300
_LEAST_DPI, _MOST_DPI = 200, 600
"""A page with a scan below text or a signature is rendered at the scan's resolution, within these."""
_COVERED = 0.97
"""Share of the page that a scan covers, and of the scan that lies on the page."""
_SAME_SCALE = 0.03
_INVISIBLE_TEXT = pdfium.raw.FPDF_TEXTRENDERMODE_INVISIBLE
_ANNOTATION_HIDDEN = 0b100010
"""Flags Hidden and NoView (ISO 32000-1, 12.5.3)."""
_TURNS = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
"""Degrees clockwise → Pillow's name, which counts counter-clockwise."""


@dataclass(frozen=True, slots=True)
class _Scan:
    """A page that is one image. turn: degrees clockwise that the page is turned by when shown."""

    image: pdfium.PdfImage
    dpi: int
    turn: int
    untouched: bool
    """Its samples mean what they say: nothing remaps them."""


class PdfPages:
    """A PDF file, opened by qpdf for its structure and by PDFium for its pictures."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self._pages = count_pdf_pages(path, path.name, limits)
        self._structure = open_pdf(path, path.name)
        try:
            self._pictures = pdfium.PdfDocument(path)
            self._pictures.init_forms()
        except pdfium.PdfiumError as error:
            self._structure.close()
            raise DamagedFile(f"{path.name}: cannot be drawn ({error}).", "Scan or export it again.") from error

    @property
    def count(self) -> int:
        return self._pages

    def take(self, number: int) -> SplitPage:
        """Raises SplitFailed."""
        try:
            picture = self._pictures[number - 1]
            try:
                page = self._structure.pages[number - 1]
                scan = None if _has_visible_annotations(page) else _find_scan(page, picture)
                taken = _take_out(scan, number) if scan else None
                return taken or self._render(picture, number)
            finally:
                picture.close()
        except (pdfium.PdfiumError, *STRUCTURE_ERRORS, *DECODER_ERRORS) as error:
            raise SplitFailed(
                f"{self._path.name}, page {number}: cannot be drawn ({error}).", number, "Scan the page again."
            ) from error

    def close(self) -> None:
        self._pictures.close()
        self._structure.close()

    def _render(self, picture: pdfium.PdfPage, number: int) -> SplitPage:
        images = _images_of(picture)
        native = max((_resolution(image)[0] for image in images), default=0.0)
        dpi = min(max(native, _LEAST_DPI), _MOST_DPI) if native else float(RENDER_DPI)
        width, height = picture.get_size()
        area = width * height / 72**2
        dpi = min(dpi, (0.99 * self._limits.max_pixels / area) ** 0.5)
        image = picture.render(scale=dpi / 72).to_pil().convert("RGB")
        red, green, blue = image.split()
        if red.tobytes() == green.tobytes() == blue.tobytes():
            image = red
        photographic = any(image.get_metadata().bits_per_pixel > 1 for image in images)
        drawn = (encode_jpeg if photographic else encode_png)(image, number, round(dpi))
        return replace(drawn, layer=find_text_layer(picture, *image.size))


def _images_of(picture: pdfium.PdfPage) -> list[pdfium.PdfImage]:
    return list(picture.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE], max_depth=4))


def _resolution(image: pdfium.PdfImage) -> tuple[float, float]:
    """Pixels an inch along the image's own width and height; zeros for one drawn with no extent."""
    matrix = image.get_matrix()
    width, height = image.get_px_size()
    across, down = (matrix.a**2 + matrix.b**2) ** 0.5 / 72, (matrix.c**2 + matrix.d**2) ** 0.5 / 72
    return (width / across, height / down) if across > 0 and down > 0 else (0.0, 0.0)


def _has_visible_annotations(page: pikepdf.Page) -> bool:
    """Whether something with a look of its own, an electronic signature for example, lies on top of the page."""
    for annotation in page.obj.get("/Annots", pikepdf.Array()):
        left, bottom, right, top = (float(side) for side in annotation.get("/Rect", (0, 0, 0, 0)))
        hidden = int(annotation.get("/F", 0)) & _ANNOTATION_HIDDEN
        if "/AP" in annotation and not hidden and left != right and bottom != top:
            return True
    return False


def _find_scan(page: pikepdf.Page, picture: pdfium.PdfPage) -> _Scan | None:
    """The image that is the page: nothing else visible is drawn, it covers the page and stands upright on it."""
    image = None
    for drawn in picture.get_objects(max_depth=1):
        if drawn.type == pdfium.raw.FPDF_PAGEOBJ_IMAGE and image is None:
            image = drawn
        elif drawn.type != pdfium.raw.FPDF_PAGEOBJ_TEXT or _is_visible_text(drawn):
            return None
    if image is None or pdfium.raw.FPDFPageObj_HasTransparency(image) or _is_clipped(image):
        return None
    matrix = image.get_matrix()
    across, down = _resolution(image)
    upright = matrix.a > 0 and matrix.d > 0 and max(abs(matrix.b), abs(matrix.c)) < 1e-3 * matrix.a
    if not upright or abs(across / down - 1) > _SAME_SCALE or not _covers(page, image):
        return None
    if _marked(page, image, "/Mask", "/SMask", "/ImageMask"):
        return None
    dpi = round(across / float(page.obj.get("/UserUnit", 1)))
    return _Scan(image, dpi, picture.get_rotation(), not _marked(page, image, "/Decode", "/DecodeParms"))


def _is_visible_text(drawn: pdfium.PdfObject) -> bool:
    return bool(pdfium.raw.FPDFTextObj_GetTextRenderMode(drawn) != _INVISIBLE_TEXT)


def _is_clipped(image: pdfium.PdfImage) -> bool:
    clip = pdfium.raw.FPDFPageObj_GetClipPath(image)
    paths: int = pdfium.raw.FPDFClipPath_CountPaths(clip) if clip else 0
    return paths > 0


def _covers(page: pikepdf.Page, image: pdfium.PdfImage) -> bool:
    left, bottom, right, top = (float(side) for side in page.cropbox)
    x0, y0, x1, y1 = image.get_bounds()
    common = max(0.0, min(right, x1) - max(left, x0)) * max(0.0, min(top, y1) - max(bottom, y0))
    return bool(common >= _COVERED * max((right - left) * (top - bottom), (x1 - x0) * (y1 - y0)))


def _marked(page: pikepdf.Page, image: pdfium.PdfImage, *marks: str) -> bool:
    """Whether any image of this size among the page's resources carries one of these entries, or none is found."""
    size = image.get_px_size()
    drawn = page.resources.get("/XObject", pikepdf.Dictionary()).values()
    same = [one for one in drawn if (int(one.get("/Width", 0)), int(one.get("/Height", 0))) == size]
    return not same or any(mark in one for one in same for mark in marks)


def _take_out(scan: _Scan, number: int) -> SplitPage | None:
    """The scan upright; a JPEG's own bytes where it needs no turning. None where only a rendering shows it truly."""
    if scan.untouched and scan.turn == 0 and scan.image.get_filters() == ["DCTDecode"]:
        data = _raw_bytes(scan.image)
        if plain_jpeg_size(data) == scan.image.get_px_size():
            width, height = scan.image.get_px_size()
            return SplitPage(number, data, "image/jpeg", width, height, scan.dpi)
    one_bit = scan.image.get_metadata().bits_per_pixel == 1
    image = scan.image.get_bitmap(scale_to_original=False).to_pil()
    if image.size != scan.image.get_px_size() or image.mode not in ("L", "RGB"):
        return None
    if one_bit and image.mode == "L":
        image = image.convert("1", dither=Image.Dither.NONE)
    if scan.turn:
        image = image.transpose(_TURNS[scan.turn])
    return encode_png(image, number, scan.dpi)


def _raw_bytes(image: pdfium.PdfImage) -> bytes:
    size = pdfium.raw.FPDFImageObj_GetImageDataRaw(image, None, 0)
    buffer = (ctypes.c_ubyte * size)()
    pdfium.raw.FPDFImageObj_GetImageDataRaw(image, buffer, size)
    return bytes(buffer)
