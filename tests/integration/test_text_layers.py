"""A page's own text: used where it is sound and is all that the page shows, else the page is read."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image

from core.recognition import RecognizedPage
from core.settings import Settings
from core.syllables import judge_text
from flow.split import take_page
from tests.layered_pdfs import (
    A4,
    FONT,
    TCVN3,
    TEXT,
    VNI,
    add_picture,
    draw_lines,
    rotate,
    write_latin_pdf,
    write_text_pdf,
)

EVAL = Path(__file__).resolve().parents[2].parent / "shared" / "eval"
PDF = "application/pdf"
needs_font = pytest.mark.skipif(not FONT.is_file(), reason="fonts-dejavu-core is not installed")


def layer_of(path: Path, number: int = 1) -> RecognizedPage | None:
    return take_page(Settings(), path, PDF, number)[1]


@needs_font
def test_a_born_digital_page_is_not_read_again(tmp_path: Path) -> None:
    page, recognized = take_page(Settings(), write_text_pdf(tmp_path / "a.pdf"), PDF, 1)
    assert recognized is not None
    assert recognized.text == "\n".join(TEXT)
    assert (recognized.engine, recognized.rotation, recognized.blank) == ("text layer", 0, False)
    assert (recognized.width, recognized.height, recognized.dpi) == (page.width, page.height, page.dpi)
    assert page.layer is None
    assert min(word.confidence for word in recognized.words) > 0.85


@needs_font
@pytest.mark.parametrize("turned", [False, True])
def test_its_boxes_lie_tightly_around_the_ink(tmp_path: Path, turned: bool) -> None:
    path = write_text_pdf(tmp_path / "a.pdf")
    if turned:  # a landscape page whose text is drawn on its side, shown upright by its rotation
        with pikepdf.open(path, allow_overwriting_input=True) as pdf:
            page = pdf.pages[0]
            page.obj.MediaBox = [0, 0, A4[1], A4[0]]
            page.contents_add(f"q 0 1 -1 0 {A4[1]} 0 cm".encode(), prepend=True)
            page.contents_add(b"Q")
            pdf.save(path)
        rotate(path, 90)
    stored, recognized = take_page(Settings(), path, PDF, 1)
    assert recognized is not None
    grey = np.asarray(Image.open(io.BytesIO(stored.data)).convert("L"))
    assert recognized.text == "\n".join(TEXT)
    off = []
    for x0, y0, x1, y1 in (word.box for word in recognized.words):
        rows, columns = np.nonzero(grey[y0 - 6 : y1 + 6, x0 - 6 : x1 + 6] < 128)
        off.append((abs(columns.min() - 6), abs(rows.min() - 6), abs(columns.max() + 1 - (x1 - x0) - 6)))
    assert np.max(off) <= 3


@pytest.mark.parametrize(("lines", "font"), [(TCVN3, ".VnTime"), (TCVN3, "Times-Roman"), (VNI, "VNI-Times")])
def test_old_encodings_are_converted(tmp_path: Path, lines: tuple[str, ...], font: str) -> None:
    recognized = layer_of(write_latin_pdf(tmp_path / "a.pdf", lines, font))
    assert recognized is not None
    assert recognized.engine == "text layer " + ("TCVN3" if lines is TCVN3 else "VNI")
    assert recognized.text.lower() == "\n".join(TEXT[: len(lines)]).lower()


def test_capitals_come_from_the_font_of_capitals(tmp_path: Path) -> None:
    recognized = layer_of(write_latin_pdf(tmp_path / "a.pdf", TCVN3, ".VnTimeH"))
    assert recognized is not None
    assert recognized.text == "\n".join(TEXT[: len(TCVN3)]).upper()


def test_a_visible_layer_of_garbage_is_read_from_the_image(tmp_path: Path) -> None:
    garbage = ("BO CONG THVONG s6: ~ggITB", "Ha N9i, ngay 4S thimg 6 ndm 2021", "V~ vi~c ta ch..rc dang Icy mon hQc")
    assert layer_of(write_latin_pdf(tmp_path / "a.pdf", garbage * 3)) is None


@needs_font
def test_hidden_text_is_not_trusted_however_good_it_is(tmp_path: Path) -> None:
    path = write_text_pdf(tmp_path / "a.pdf", invisible=True)
    assert layer_of(path) is None
    assert layer_of(add_picture(path, draw_lines(TEXT[:4], (1654, 2339)), (0, 0, *A4))) is None


@needs_font
def test_text_under_a_picture_is_not_what_the_page_shows(tmp_path: Path) -> None:
    path = write_text_pdf(tmp_path / "a.pdf")
    add_picture(path, draw_lines(TEXT[2:5], (1654, 2339)), (0, 0, *A4))
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        page = pdf.pages[0]
        before, *rest = page.obj.Contents
        page.obj.Contents = pikepdf.Array([*rest, before])
        pdf.save(path)
    assert layer_of(path) is None


@needs_font
def test_a_page_with_a_scanned_part_is_read_whole(tmp_path: Path) -> None:
    path = write_text_pdf(tmp_path / "a.pdf")
    assert layer_of(add_picture(path, draw_lines(TEXT[3:6], (2000, 400)), (60, 200, 480, 96))) is None


@needs_font
def test_a_stamp_of_three_letters_is_not_overlooked(tmp_path: Path) -> None:
    path = write_text_pdf(tmp_path / "a.pdf")
    assert layer_of(add_picture(path, draw_lines(("MẬT",), (300, 120)), (60, 300, 75, 30))) is None


@needs_font
@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_shown_on_its_side_or_head_is_read(tmp_path: Path, degrees: int) -> None:
    assert layer_of(rotate(write_text_pdf(tmp_path / "a.pdf"), degrees)) is None


@pytest.mark.eval
@pytest.mark.skipif(not EVAL.is_dir(), reason="the evaluation data is not on this machine")
def test_the_layer_of_an_english_reader_is_garbage_and_no_real_scan_has_one_that_is_used() -> None:
    garbage = EVAL / "pdfs" / "ep_0006_canon_ocr.pdf"
    with pdfium.PdfDocument(garbage) as document:
        for number in range(len(document)):
            text = document[number].get_textpage().get_text_range()
            assert len(text) > 1000
            assert not judge_text(text).vietnamese
    assert layer_of(garbage, 1) is None
    for path in sorted((EVAL / "gt").glob("*_p?.txt")):
        assert judge_text(path.read_text("utf8")).vietnamese
