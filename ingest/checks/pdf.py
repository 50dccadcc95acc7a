"""The structure of a PDF: opened strictly, its pages counted, their sizes and images measured by what they declare."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pikepdf

from core.errors import DamagedFile, EncryptedFile, LimitExceeded
from ingest.checks.limits import Limits

LONGEST_SIDE = 14_400
"""Points; 200 inches, the largest page that PDF 1.7 (Annex C) lets a reader expect."""

STRUCTURE_ERRORS = (
    pikepdf.PdfError,
    pikepdf.ForeignObjectError,
    pikepdf.DataDecodingError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,
    RuntimeError,
    NotImplementedError,
    MemoryError,
)
"""What reading a malformed structure was seen to raise."""

_ADVICE = "Scan or export it again."


def open_pdf(path: Path, name: str) -> pikepdf.Pdf:
    """The PDF, as it is: nothing is guessed where its table of objects is damaged, for a guess can lose pages.

    Raises EncryptedFile when it asks for a password, DamagedFile.
    """
    try:
        pdf = pikepdf.open(path, attempt_recovery=False, suppress_warnings=True)
    except pikepdf.PasswordError as error:
        raise EncryptedFile(f"{name}: a password is needed to read it.", "Save it without one.") from error
    except STRUCTURE_ERRORS as error:
        raise DamagedFile(f"{name}: cut off or damaged ({_reason(error, path)}).", _ADVICE) from error
    if pdf.is_encrypted and not pdf.user_password_matched:  # opened by an empty owner's password: readers still ask
        pdf.close()
        raise EncryptedFile(f"{name}: a password is needed to read it.", "Save it without one.")
    return pdf


def _reason(error: BaseException, path: Path) -> str:
    return " ".join(str(error).replace(str(path), "").split()).strip(" :")[:200] or type(error).__name__


def _count_leaves(pdf: pikepdf.Pdf, name: str, limits: Limits) -> None:
    """Walks the page tree without expanding it, so that a tree which repeats itself is stopped early."""
    waiting = [pdf.Root.Pages]
    inner: set[tuple[int, int]] = set()
    leaves = 0
    while waiting:
        node = waiting.pop()
        if not isinstance(node, pikepdf.Dictionary):
            raise DamagedFile(f"{name}: a page is missing.", _ADVICE)
        if "/Kids" not in node:
            leaves += 1
            limits.check_pages(leaves, name)
            continue
        if node.objgen in inner and node.is_indirect:
            raise DamagedFile(f"{name}: its pages run in a loop.", _ADVICE)
        inner.add(node.objgen)
        limits.check_pages(len(node.Kids) + leaves, name)
        waiting.extend(iter(node.Kids))
    if leaves == 0:
        raise DamagedFile(f"{name}: a PDF without pages.", _ADVICE)


def _images(page: pikepdf.Page) -> Iterator[pikepdf.Object]:
    """The images that the page can draw, those inside its forms too."""
    waiting = [page.resources]
    seen: set[tuple[int, int]] = set()
    while waiting:
        resources = waiting.pop()
        for drawn in resources.get("/XObject", pikepdf.Dictionary()).values():
            if not isinstance(drawn, pikepdf.Stream) or drawn.objgen in seen:
                continue
            seen.add(drawn.objgen)
            if drawn.get("/Subtype") == pikepdf.Name.Image:
                yield drawn
            elif isinstance(inside := drawn.get("/Resources"), pikepdf.Dictionary):
                waiting.append(inside)


def page_size(page: pikepdf.Page) -> tuple[float, float]:
    """Width and height of what the page shows, in points of 1/72 inch, before its rotation."""
    left, bottom, right, top = (float(side) for side in page.cropbox)
    unit = float(page.obj.get("/UserUnit", 1))
    return abs(right - left) * unit, abs(top - bottom) * unit


def _check_page(page: pikepdf.Page, name: str, limits: Limits) -> None:
    width, height = page_size(page)
    if not min(width, height) >= 1:
        raise DamagedFile(f"{name}: a page of {width:g} x {height:g} points.", _ADVICE)
    if max(width, height) > LONGEST_SIDE:
        raise LimitExceeded(
            f"{name}: a page of {width:,.0f} x {height:,.0f} points, at most {LONGEST_SIDE:,} a side are allowed.",
            "Export it at its real size.",
        )
    for image in _images(page):
        limits.check_pixels(int(image.get("/Width", 0)), int(image.get("/Height", 0)), name)
        image.get_raw_stream_buffer()  # raises where the stream is cut off


def count_pdf_pages(path: Path, name: str, limits: Limits) -> int:
    """Pages of a PDF, each within the limits by what it declares. Decodes no image.

    Raises EncryptedFile, DamagedFile, LimitExceeded.
    """
    with open_pdf(path, name) as pdf:
        try:
            _count_leaves(pdf, name, limits)
            for number, page in enumerate(pdf.pages, start=1):
                _check_page(page, f"{name}, page {number}", limits)
            return len(pdf.pages)
        except STRUCTURE_ERRORS as error:
            raise DamagedFile(f"{name}: cut off or damaged ({_reason(error, path)}).", _ADVICE) from error
