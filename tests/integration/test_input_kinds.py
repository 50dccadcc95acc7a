"""Whatever a scan is stored as, the page that is read is the same."""

from __future__ import annotations

import io
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.recognition import RecognizedPage
from core.settings import Settings
from flow.read import read_image
from flow.split import take_page
from ingest.checks import Limits, inspect_file
from tests.image_kinds import DPI, encode, image_files, pdf_files, write
from tests.layered_pdfs import FONT, draw_lines

LINES = (
    "Căn cứ Luật Tổ chức chính quyền",
    "địa phương ngày 19 tháng 6",
    "Số: 15/QĐ-UBND, hướng dẫn",
    "nghiệp vụ lưu trữ",
)
pytestmark = pytest.mark.skipif(not FONT.is_file(), reason="fonts-dejavu-core is not installed")
SIZE = (900, 640)


def page() -> Image.Image:
    return draw_lines(LINES, SIZE, 34)


def read(path: Path) -> tuple[RecognizedPage, np.ndarray]:
    facts = inspect_file(path, Limits())
    taken, own = take_page(Settings(), path, facts.media_type, 1)
    assert own is None
    grey = Image.open(io.BytesIO(taken.data)).convert("L")
    dpi = round(DPI * grey.width / SIZE[0])  # what is no plain scan is rendered finer
    return read_image(Settings(), taken.data, dpi, 1), np.asarray(grey.resize(SIZE), np.float64)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> str:
    found, _ = read(write(tmp_path_factory.mktemp("plain"), "plain", encode(page(), "PNG", dpi=(DPI, DPI))))
    assert "Luật Tổ chức" in found.text
    return found.text


def make_files() -> dict[str, bytes]:
    if not FONT.is_file():
        return {}
    return image_files(page()) | {f"pdf {kind}": data for kind, data in pdf_files(page()).items()}


FILES = make_files()


@pytest.mark.parametrize("kind", FILES)
def test_every_kind_of_file_reads_the_same(tmp_path: Path, plain: str, kind: str) -> None:
    found, grey = read(write(tmp_path, kind, FILES[kind]))
    assert np.abs(grey - np.asarray(page(), np.float64)).mean() < 4
    assert SequenceMatcher(None, found.text, plain).ratio() > 0.98


def test_each_page_of_a_tiff_is_read_whatever_its_kind(tmp_path: Path, plain: str) -> None:
    one_bit = page().convert("1", dither=Image.Dither.NONE)
    data = encode(page(), "TIFF", save_all=True, append_images=[page().convert("RGB"), one_bit], dpi=(DPI, DPI))
    path = write(tmp_path, "many.tif", data)
    facts = inspect_file(path, Limits())
    assert facts.pages == 3
    for number in (1, 2, 3):
        taken, _ = take_page(Settings(), path, facts.media_type, number)
        assert read_image(Settings(), taken.data, DPI, number).text == plain
