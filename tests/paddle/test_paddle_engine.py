"""PaddleOCR's own inference, driven as the service drives it: found lines, read lines, refusals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from core.errors import SettingsError
from core.recognition import Box
from ocr.engines.models import hash_folder
from ocr.engines.registry import EngineOptions, open_engine, survey_engines
from ocr.images import PageImage, Pixels
from ocr.reading import Reader
from synthesis.fonts import find_fonts, load_font

ROWS = ("VAN  PHONG  TINH  UY", "Kinh  gui  ban  thuong  vu", "quyet  dinh  so  15")
WORDS = 4 + 5 + 4
MakeRecognizer = Callable[..., Path]


@dataclass(frozen=True)
class Drawn:
    """A page at 150 dpi and the boxes of its words, in reading order."""

    grey: Pixels
    boxes: tuple[Box, ...]


def find_ink(grey: Pixels) -> Box:
    rows, columns = np.nonzero(grey < 140)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


@pytest.fixture(scope="session")
def drawn() -> Drawn:
    page, font = np.full((1754, 1240), 250, np.uint8), ImageFont.load_default(36)
    boxes: list[Box] = []
    for row, text in enumerate(ROWS):
        for word in text.split():
            layer = Image.new("L", page.shape[::-1], 250)
            start = 140 + font.getlength(text[: text.index(word)])
            ImageDraw.Draw(layer).text((start, 200 + 120 * row), word, fill=30, font=font)
            boxes.append(find_ink(np.asarray(layer)))
            page = np.minimum(page, np.asarray(layer))
    return Drawn(page, tuple(boxes))


@pytest.fixture(scope="session")
def reader(options: EngineOptions) -> Iterator[Reader]:
    yield Reader.open(options)


def test_words_are_read_with_their_boxes_in_order(reader: Reader, drawn: Drawn) -> None:
    page = reader.read(PageImage(drawn.grey, None, 150), 1)
    assert len(page.lines) == len(ROWS)
    assert len(page.words) == WORDS
    assert {letter for word in page.words for letter in word.text} == {"ế"}
    assert np.abs(np.array([word.box for word in page.words]) - np.array(drawn.boxes)).max() <= 3
    assert min(word.confidence for word in page.words) > 0.9
    assert page.engine.startswith("paddleocr 3.")


@pytest.mark.parametrize("quarters", [1, 3])
def test_page_on_its_side_is_turned(reader: Reader, drawn: Drawn, quarters: int) -> None:
    stored = np.ascontiguousarray(np.rot90(drawn.grey, quarters))
    page = reader.read(PageImage(stored, None, 150), 1)
    assert page.rotation in (90, 270)
    assert len(page.words) == WORDS
    for x0, y0, x1, y1 in (word.box for word in page.words):
        assert stored[y0:y1, x0:x1].min() < 60 and (y1 - y0 > 20)


def test_one_line_is_read(options: EngineOptions, drawn: Drawn) -> None:
    engine = open_engine(options)
    text = engine.recognize_line(drawn.grey[190:250, 120:700], 150)
    assert (len(text.split()), set(text)) == (4, {"ế", " "})


def test_our_recognizer_reads_in_paddleocr(options: EngineOptions) -> None:
    lines = [
        "ỦY BAN NHÂN DÂN TỈNH QUẢNG NINH",
        "Số: 15/QĐ-UBND ngày 07 tháng 3 năm 2019",
        "Về việc ban hành Quy chế làm việc",
    ]
    page, font = Image.new("L", (1654, 2339), 250), load_font(find_fonts().serif[0].regular, 40)
    for row, text in enumerate(lines * 3):
        ImageDraw.Draw(page).text((180, 200 + 110 * row), text, fill=30, font=font)
    ours = replace(options, paddle_recognition="", paddle_recognition_sha256="")
    read = Reader.open(ours).read(PageImage(np.asarray(page), None, 200), 1)
    found = [line.text for line in read.lines]
    assert len(found) == 9
    words = [word for text in lines * 3 for word in text.split()]
    assert sum((Counter(words) & Counter(" ".join(found).split())).values()) >= 0.9 * len(words)


def test_engine_says_what_it_is(options: EngineOptions) -> None:
    engine = open_engine(options)
    assert [model.sha256 for model in engine.models] == [
        options.paddle_detection_sha256,
        options.paddle_recognition_sha256,
    ]
    assert (engine.device, len(engine.alphabet)) == ("cpu", 134 + 94 + 1)
    status = next(one for one in survey_engines(options) if one.engine == "paddleocr")
    assert (status.usable, status.missing, status.letters) == (True, "", 229)


def test_recognizer_without_vietnamese_letters_is_refused(
    options: EngineOptions, make_recognizer: MakeRecognizer
) -> None:
    folder = make_recognizer(sorted(set("aăâbcdđeêghiklmnoôơpqrstuưvxyếẾ")))
    lacking = replace(options, paddle_recognition=str(folder), paddle_recognition_sha256=hash_folder(folder))
    with pytest.raises(SettingsError, match=r"cannot write 125 Vietnamese letters: .*Ữ"):
        Reader.open(lacking)


def test_gpu_is_not_silently_replaced(options: EngineOptions) -> None:
    with pytest.raises(SettingsError, match="was to run on gpu:0 but runs on cpu"):
        open_engine(replace(options, device="gpu:0"))
    allowed = open_engine(replace(options, device="gpu:0", allow_cpu_fallback=True))
    assert allowed.device == "cpu"


def test_another_model_than_the_one_meant_is_refused(options: EngineOptions) -> None:
    with pytest.raises(SettingsError, match=r"SHA-256 .*, not 00"):
        open_engine(replace(options, paddle_detection_sha256="00"))
    with pytest.raises(SettingsError, match="no hash is set"):
        open_engine(replace(options, paddle_detection_sha256=""))


def test_no_model_is_fetched(options: EngineOptions, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="SOHOA_PADDLE_DETECTION names no model folder"):
        open_engine(replace(options, paddle_detection=""))
    with pytest.raises(SettingsError, match="cannot be read"):
        open_engine(replace(options, paddle_detection=str(tmp_path / "absent")))
    with pytest.raises(SettingsError, match=r"inference\.yml"):
        open_engine(replace(options, paddle_detection=str(tmp_path), paddle_detection_sha256=hash_folder(tmp_path)))


def test_characters_of_another_model_are_refused(options: EngineOptions, make_recognizer: MakeRecognizer) -> None:
    folder = make_recognizer(classes=300)
    mixed = replace(options, paddle_recognition=str(folder), paddle_recognition_sha256=hash_folder(folder))
    with pytest.raises(SettingsError, match="228 characters but a network of 300 classes"):
        open_engine(mixed)
