"""Our own engine: a line finder and a line recognizer on onnxruntime, with the weights that come with the package."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from core.errors import ReadingFailed, SettingsError
from core.recognition import Candidate, Mark, PenKind, RecognizedLine, RecognizedWord, Rotation
from ocr.engines.base import ModelFile, Reading, RecognitionEngine
from ocr.engines.devices import RUNTIME_ERRORS, choose_device, find_device
from ocr.engines.models import hash_file
from ocr.images import Pixels
from ocr.lines.crops import LineCrop, cut_line
from ocr.lines.detector import LineDetector
from ocr.lines.layout import Layout
from ocr.lines.shapes import ABOVE, BELOW, TextLine
from ocr.pen import Cut, CutLine, Head
from ocr.recognizer.alphabet import CHARACTERS
from ocr.recognizer.calibration import Calibration
from ocr.recognizer.ctc import decode_letters, split_words
from ocr.recognizer.ghosts import drop_ghosts, take_away_ghosts
from ocr.recognizer.seen_words import SeenWord, see_words
from ocr.recognizer.session import HEIGHT, LineOutput, LineRecognizer
from ocr.recognizer.smears import find_smear, take_away_smear
from ocr.recognizer.words import LineWord, place_words

WEIGHTS = Path(__file__).parents[1] / "weights"
"""The models that come with the package, and their card."""

_BASE_ROW = HEIGHT * ABOVE / (ABOVE + BELOW)
_ROWS_AN_X_HEIGHT = HEIGHT / (ABOVE + BELOW)
_NO_TEXT = 0.5
"""Mean probability of a line's letters below which what was read is no text: a seal, a stroke, a stain."""
_READ_WELL = 0.8
_ENOUGH = 24
"""Letters from which a badly read page is tried the other way up."""
_PEN = 0.5
_AMID = 0.22
"""Share of a strip's height by which the line asked about may lie off its middle."""
_ASIDE = 0.5
"""Room at both ends of a strip, as a share of its height: nearly that around the row that it was cut for."""


@dataclass(frozen=True, slots=True)
class _ReadLine:
    """A found line with what the network says of it."""

    line: TextLine
    crop: LineCrop
    cut: Cut
    words: tuple[LineWord, ...]
    sureness: float


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A reading, the lines that it was made of, how sure its letters are on average, how many they are, and what was
    found of the sheet's back.
    """

    reading: Reading
    head: Head
    sureness: float
    letters: int
    ink: float
    shows_through: bool


class SohoaEngine(RecognitionEngine):
    """Line finder and recognizer, loaded once."""

    def __init__(self, device: str = "cpu") -> None:
        """Raises SettingsError where the weights are not there or cannot be run."""
        files = [WEIGHTS / name for name in ("detector.onnx", "recognizer.onnx")]
        chosen = choose_device(device)
        try:
            card = json.loads((WEIGHTS / "card.json").read_text(encoding="utf-8"))
            self._models = tuple(ModelFile(file.name, hash_file(file)) for file in files)
            self._detector = LineDetector(files[0])
            self.recognizer = LineRecognizer(files[1], chosen)
        except (*RUNTIME_ERRORS, OSError) as error:
            raise SettingsError(f"The weights in {WEIGHTS} cannot be used: {error}.", "Install sohoa again.") from error
        self._calibration = Calibration(tuple(card["calibration"]["said"]), tuple(card["calibration"]["right"]))
        self._version = str(card["version"])
        self._device = find_device([self.recognizer.session], chosen)

    @property
    def name(self) -> str:
        return f"sohoa {self._version}"

    @property
    def alphabet(self) -> frozenset[str]:
        return frozenset(CHARACTERS)

    @property
    def device(self) -> str:
        return self._device

    @property
    def models(self) -> tuple[ModelFile, ...]:
        return self._models

    def read(self, grey: Pixels, dpi: int) -> Reading:
        try:
            first = self._read_cleaned(grey, dpi)
            if first.sureness >= _READ_WELL or first.letters < _ENOUGH:
                return _with_places(first)
            turned = self._read(np.ascontiguousarray(np.rot90(grey, 2)), dpi)
            if first.sureness >= turned.sureness:
                return _with_places(first)
            return _turn_back(_with_places(turned), grey.shape[1], grey.shape[0])
        except RUNTIME_ERRORS as error:
            raise ReadingFailed(f"The recognizer failed: {error}.", "Scan the page again or type it.") from error

    def recognize_line(self, grey: Pixels, dpi: int) -> str:  # noqa: ARG002 - the line is scaled to one height anyhow
        try:
            output = self.recognizer.run([_fit_line(grey)])[0]
        except RUNTIME_ERRORS as error:
            raise ReadingFailed(f"The recognizer failed: {error}.", "Type the line from the image.") from error
        return "".join(letter.text for letter in decode_letters(output.probabilities)).strip()

    def rank_pen(self, grey: Pixels, dpi: int, kind: PenKind) -> tuple[Candidate, ...]:
        try:
            # A strip shows few letters, too few to tell which way up they stand.
            lines = self._detector.find(grey, dpi, upright=True).lines
            middle = [line for line in lines if _is_amid(line, *grey.shape)]
            # What is asked about stands in the strip's middle; its other lines cost as much to read as it does.
            for asked in (middle, [line for line in lines if line not in middle]):
                head = Head.read(self.recognizer, grey, asked)
                if ranked := head.rank_number() if kind == "number" else head.rank_date():
                    return ranked
            return ()
        except RUNTIME_ERRORS as error:
            raise ReadingFailed(f"The recognizer failed: {error}.", "Type it from the image.") from error

    def see_words(self, lines: Sequence[Pixels]) -> list[tuple[SeenWord, ...]]:
        try:
            outputs = self.recognizer.run([_scale_line(line) for line in lines])
        except RUNTIME_ERRORS as error:
            raise ReadingFailed(f"The recognizer failed: {error}.", "Type the line from the image.") from error
        return [see_words(output.probabilities) for output in outputs]

    def close(self) -> None:
        """Nothing to free before the engine itself goes."""

    def _run_lines(self, grey: Pixels, dpi: int) -> tuple[Layout, list[LineCrop], list[LineOutput]]:
        """The lines found, cut out, and what the network says of them; lines that are no text included."""
        layout = self._detector.find(grey, dpi)
        crops = [cut_line(grey, line, HEIGHT) for line in layout.lines]
        return layout, crops, self.recognizer.run([crop.image for crop in crops])

    def _read_cleaned(self, grey: Pixels, dpi: int) -> _Attempt:
        """The page as it is or, where its back shows through or it is smeared, without that if it is surer then."""
        plain = self._read(grey, dpi)
        if plain.shows_through:
            clean = take_away_ghosts(grey, dpi, plain.ink)
        elif (direction := find_smear(grey, dpi)) is not None:
            clean = take_away_smear(grey, dpi, direction)
        else:
            return plain
        return max(plain, self._read(clean, dpi), key=lambda one: one.sureness)

    def _read(self, grey: Pixels, dpi: int) -> _Attempt:
        """The page as it is found to lie."""
        layout, crops, outputs = self._run_lines(grey, dpi)
        found = [_look_at(*one) for one in zip(layout.lines, crops, outputs, strict=True)]
        own = drop_ghosts([one.words for one in found])
        text: dict[int, _ReadLine] = {}
        marks = list(layout.marks)
        sure = letters = 0.0
        for at, (one, words) in enumerate(zip(found, own.lines, strict=True)):
            if len(words) < len(one.words):
                one = replace(one, words=words, sureness=one.sureness if words else 0.0)
            count = sum(len(word.text) for word in one.words)
            sure, letters = sure + one.sureness * count, letters + count
            if one.sureness >= _NO_TEXT:
                text[at] = one
            elif one.line.pen > _PEN or _mean_pen(one.words) > _PEN:
                marks.append(Mark("handwriting", one.line.box))
        lines = tuple(self._tell(text[at], block) for at, block in layout.arrange(list(text)))
        reading = Reading(lines, layout.rotation, layout.skew, tuple(marks))
        head = Head(self.recognizer, grey, [CutLine(one.line, one.cut) for one in text.values()])
        return _Attempt(reading, head, sure / max(1.0, letters), round(letters), own.ink, own.shows)

    def _tell(self, one: _ReadLine, block: int) -> RecognizedLine:
        columns = np.array([(word.x0, word.x1) for word in one.words])
        rows = np.array([(word.y0, word.y1) for word in one.words])
        reaches = (rows - _BASE_ROW) * (-1, 1) / _ROWS_AN_X_HEIGHT
        words = tuple(
            RecognizedWord(word.text, self._calibration.correct(word.probability), box, pen=word.pen > _PEN)
            for word, box in zip(one.words, one.crop.boxes_on_page(columns, reaches), strict=True)
        )
        return RecognizedLine(words, one.line.box, block)


def _is_amid(line: TextLine, height: int, width: int) -> bool:
    """Whether a line stands in the middle of a strip of that size, and not only in the room beside the row."""
    x0, y0, x1, y1 = line.box
    aside = min(_ASIDE * height, 0.4 * width)
    return abs((y0 + y1) / 2 - height / 2) < _AMID * height and x0 < width - aside and x1 > aside


def _look_at(line: TextLine, crop: LineCrop, output: LineOutput) -> _ReadLine:
    cut = Cut.of(output)
    words = place_words(crop.image, split_words(cut.letters), output.pens)
    spoken = [letter.probability for letter in cut.letters if letter.text != " "]
    return _ReadLine(line, crop, cut, words, float(np.mean(spoken)) if spoken else 0.0)


def _with_places(found: _Attempt) -> Reading:
    return replace(found.reading, places=found.head.rank_places())


def _mean_pen(words: Sequence[LineWord]) -> float:
    return float(np.mean([word.pen for word in words])) if words else 0.0


def _fit_line(grey: Pixels) -> Pixels:
    """An image of one line cut to its ink and scaled to the recognizer's height."""
    calm = cv2.GaussianBlur(grey, (0, 0), max(0.6, grey.shape[0] / 80))
    dark, paper = np.percentile(calm, (2, 85))
    ink = calm < paper - 0.4 * max(12.0, float(paper - dark))
    rows = np.flatnonzero(ink.mean(axis=1) > 0.004)
    top, bottom = (int(rows[0]), int(rows[-1]) + 1) if len(rows) else (0, grey.shape[0])
    pad = max(1, round(0.06 * (bottom - top)))
    return _scale_line(grey[max(0, top - pad) : bottom + pad])


def _scale_line(piece: Pixels) -> Pixels:
    """A line as high as its image, scaled to the recognizer's height."""
    scale = HEIGHT / piece.shape[0]
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    width = max(8, min(120 * HEIGHT, round(piece.shape[1] * scale)))
    return np.asarray(cv2.resize(piece, (width, HEIGHT), interpolation=method), np.uint8)


def _turn_back(reading: Reading, width: int, height: int) -> Reading:
    """A reading of the page turned by half, in pixels of the page as it was given."""

    def turn(box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
        return width - box[2], height - box[3], width - box[0], height - box[1]

    def turned(part: Any) -> Any:
        return replace(part, box=turn(part.box))

    lines = tuple(replace(turned(line), words=tuple(turned(word) for word in line.words)) for line in reading.lines)
    rotation: Rotation = {0: 180, 90: 270, 180: 0, 270: 90}[reading.rotation]  # type: ignore[assignment]
    marks, places = (tuple(map(turned, its)) for its in (reading.marks, reading.places))
    return Reading(lines, rotation, reading.skew, marks, places)
