"""Reading with the real engine: drawn pages always, real scanned pages where the evaluation data is."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import cv2
import edlib
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from core.errors import SettingsError
from core.recognition import RecognizedPage
from ingest.splitting import split_file
from ocr.engines.base import VIETNAMESE_LETTERS
from ocr.engines.registry import EngineOptions
from ocr.engines.tesseract import TesseractEngine, find_tessdata, read_alphabet
from ocr.images import PageImage, Pixels, load_page_image
from ocr.preprocess import find_skew, resize
from ocr.quality import is_blank
from ocr.reading import Reader

EVAL = Path(__file__).resolve().parents[2].parent / "shared" / "eval"
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf")
LIMIT = 150_000_000
LINES = ("Số: 15/QĐ-UBND", "QUYẾT ĐỊNH", "Về việc ban hành Quy chế làm việc", "Nơi nhận: Văn phòng Tỉnh ủy")
SAMPLE = ("qn_01ct_p1.jpg", "tt_430_p2.jpg")
"""One page of 100 dpi in colour, one of 300 dpi."""

real_pages = pytest.mark.skipif(not EVAL.is_dir(), reason="the evaluation data is not on this machine")


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.open(EngineOptions("tesseract"))


@pytest.fixture(scope="module")
def drawn() -> PageImage:
    """A page of office text at 200 dpi."""
    if not FONT.is_file():
        pytest.skip("fonts-dejavu-core is not installed")
    page = Image.new("L", (1654, 2339), 250)
    font = ImageFont.truetype(FONT, 38)
    for row in range(16):
        ImageDraw.Draw(page).text((180, 200 + 90 * row), LINES[row % 4], fill=30, font=font)
    return PageImage(np.asarray(page), None, 200)


def fold(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def body_error_rate(name: str, page: RecognizedPage) -> float:
    """Edit distance of the page's running text at its best place in what was read, over its length."""
    truth = fold((EVAL / "gt" / f"{name}.body.txt").read_text("utf8"))
    return float(edlib.align(truth, fold(page.text), mode="HW", task="distance")["editDistance"]) / len(truth)


def load(name: str) -> PageImage:
    return load_page_image(EVAL / "pages" / name, max_pixels=LIMIT)


def turned(image: PageImage, quarters: int) -> PageImage:
    """Turned clockwise by that many quarters."""
    return replace(image, grey=np.ascontiguousarray(np.rot90(image.grey, -quarters)), colour=None)


def tilted(image: PageImage, degrees: float) -> PageImage:
    """Turned counter-clockwise by a few degrees."""
    height, width = image.grey.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    grey = cv2.warpAffine(image.grey, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(250.0,))
    return replace(image, grey=grey.astype(np.uint8), colour=None)


def share_of_words_on_ink(page: RecognizedPage, grey: Pixels) -> float:
    """Words whose box holds ink."""
    return float(np.mean([grey[y0:y1, x0:x1].min() < 128 for x0, y0, x1, y1 in (word.box for word in page.words)]))


def test_model_lacks_two_letters_and_says_so() -> None:
    engine = TesseractEngine("")
    assert VIETNAMESE_LETTERS - engine.alphabet == engine.known_gaps == {"ỵ", "Ỵ"}


def test_missing_data_names_the_package(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="tesseract-ocr-vie"):
        find_tessdata(str(tmp_path))


def test_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "vie.traineddata").write_bytes(b"\x05\x00\x00\x00junk")
    with pytest.raises(SettingsError, match="no model"):
        read_alphabet(tmp_path / "vie.traineddata")


def test_drawn_page_is_read(reader: Reader, drawn: PageImage) -> None:
    page = reader.read(drawn, 1)
    assert [line.text for line in page.lines] == list(LINES) * 4
    assert (page.rotation, page.blank, page.dpi) == (0, False, 200)
    assert page.engine.startswith("tesseract 5")
    assert share_of_words_on_ink(page, drawn.grey) == 1.0
    assert min(word.confidence for word in page.words) > 0.5


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_drawn_page_is_turned_back(reader: Reader, drawn: PageImage, quarters: int) -> None:
    stored = turned(drawn, quarters)
    page = reader.read(stored, 1)
    assert page.rotation == 360 - 90 * quarters
    assert fold(page.text) == fold("\n".join(LINES * 4))
    assert share_of_words_on_ink(page, stored.grey) == 1.0


def test_page_on_its_side_and_skewed_is_read(reader: Reader, drawn: PageImage) -> None:
    stored = tilted(turned(drawn, 1), -3.0)
    page = reader.read(stored, 1)
    assert page.rotation == 270
    assert page.skew == pytest.approx(3.0, abs=0.15)
    assert fold(page.text) == fold("\n".join(LINES * 4))
    assert share_of_words_on_ink(page, stored.grey) == 1.0


def test_page_in_half_shadow_is_read_whole(reader: Reader, drawn: PageImage) -> None:
    shade = np.linspace(0.35, 0.9, drawn.width)
    page = reader.read(replace(drawn, grey=(drawn.grey * shade).astype(np.uint8)), 1)
    assert fold(page.text) == fold("\n".join(LINES * 4))


def test_crop_is_read(reader: Reader, drawn: PageImage) -> None:
    assert reader.read_crop(drawn.grey[285:345, 170:560]) == LINES[1]


def test_empty_page_is_blank(reader: Reader) -> None:
    page = reader.read(PageImage(np.full((2339, 1654), 245, np.uint8), None, 200), 1)
    assert (page.blank, page.text) == (True, "")


@pytest.mark.eval
@real_pages
@pytest.mark.parametrize("name", SAMPLE)
def test_real_page_is_read_and_its_boxes_lie_on_ink(reader: Reader, name: str) -> None:
    image = load(name)
    page = reader.read(image, 1)
    assert body_error_rate(Path(name).stem, page) < 0.012
    boxes = np.array([word.box for word in page.words])
    assert boxes.min() >= 0 and boxes[:, 2].max() <= image.width and boxes[:, 3].max() <= image.height
    assert share_of_words_on_ink(page, image.grey) > 0.98


@pytest.mark.eval
@real_pages
@pytest.mark.parametrize("degrees", [-5.0, 3.0])
def test_real_page_is_levelled(reader: Reader, degrees: float) -> None:
    image = load("tt_430_p2.jpg")
    page = reader.read(tilted(image, -degrees), 1)
    assert page.skew == pytest.approx(find_skew(image.grey, image.dpi) + degrees, abs=0.1)
    assert body_error_rate("tt_430_p2", page) < 0.012


@pytest.mark.eval
@real_pages
def test_known_skews_are_found() -> None:
    rows = [row.split("\t") for row in (EVAL / "skew" / "angles.tsv").read_text("utf8").splitlines()[1:]]
    errors = []
    for name, degrees in rows:
        image = load_page_image(EVAL / "skew" / name, max_pixels=LIMIT)
        errors.append(abs(find_skew(image.grey, image.dpi) - float(degrees)))
    assert float(np.mean(errors)) < 0.3
    assert max(errors) <= 0.5


@pytest.mark.eval
@real_pages
def test_orientation_of_real_pages_is_found() -> None:
    engine = TesseractEngine("")
    wrong = []
    for path in sorted((EVAL / "pages").iterdir()):
        image = load(path.name)
        half = replace(image, grey=resize(image.grey, min(1.0, 150 / image.dpi)))
        for quarters in range(4):
            found = engine.find_rotation(turned(half, quarters).grey, 150)
            if found != (360 - 90 * quarters) % 360:
                wrong.append((path.name, quarters, found))
    assert wrong == []


@pytest.mark.eval
@real_pages
@pytest.mark.parametrize(
    ("name", "blank"), [("qn_11ct24", {4}), ("qn_299ub", {2}), ("qn_574ub", {2}), ("tt_210", set())]
)
def test_blank_backs_of_real_documents_are_found(name: str, blank: set[int]) -> None:
    found = set()
    for split in split_file(EVAL / "pdfs" / f"{name}.pdf", "application/pdf"):
        image = load_page_image(split.data, max_pixels=LIMIT, dpi=split.dpi)
        if is_blank(image.grey, image.dpi):
            found.add(split.number)
    assert found == blank
