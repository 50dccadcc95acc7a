"""Tesseract 5 in process, with the language data of the system's package `tesseract-ocr-vie`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import tesserocr
from PIL import Image

from core.errors import ReadingFailed, SettingsError
from core.recognition import Box, RecognizedLine, RecognizedWord, Rotation
from ocr.engines.base import VIETNAMESE_LETTERS, RecognitionEngine
from ocr.images import Pixels

_LANGUAGE = "vie"
_PLACES = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
)
_ADVICE = "Install the package tesseract-ocr-vie, or name its folder in SOHOA_TESSDATA."
_SURE_ORIENTATION = 1.5
"""Below this confidence of Tesseract's script and orientation detection a page is taken as upright."""
_ASCII = frozenset(map(chr, range(33, 127)))


def find_tessdata(folder: str) -> Path:
    """The folder with vie.traineddata: the one named, else where systems keep it. Raises SettingsError."""
    places = [folder] if folder else [os.environ.get("TESSDATA_PREFIX", ""), *_PLACES, f"{sys.prefix}/share/tessdata"]
    for place in places:
        if place and (Path(place) / f"{_LANGUAGE}.traineddata").is_file():
            return Path(place)
    raise SettingsError(f"Tesseract's Vietnamese data is not in {' or '.join(filter(None, places))}.", _ADVICE)


class TesseractEngine(RecognitionEngine):
    """One Tesseract for reading and one for orientation, loaded once."""

    def __init__(self, tessdata: str) -> None:
        path = find_tessdata(tessdata)
        try:
            self._reader = tesserocr.PyTessBaseAPI(path=str(path), lang=_LANGUAGE, psm=tesserocr.PSM.AUTO)
        except RuntimeError as error:
            raise SettingsError(f"Tesseract cannot load {path}/{_LANGUAGE}.traineddata: {error}.", _ADVICE) from error
        self._orienter = None
        if (path / "osd.traineddata").is_file():
            self._orienter = tesserocr.PyTessBaseAPI(path=str(path), lang="osd", psm=tesserocr.PSM.OSD_ONLY)
        version = tesserocr.tesseract_version().splitlines()[0].removeprefix("tesseract ")
        self._name = f"tesseract {version} {_LANGUAGE}"

    @property
    def name(self) -> str:
        return self._name

    @property
    def alphabet(self) -> frozenset[str]:
        # The unicharset lies compressed in the model; these are the letters it was seen to write.
        return VIETNAMESE_LETTERS | _ASCII

    def recognize(self, grey: Pixels, dpi: int) -> tuple[RecognizedLine, ...]:
        try:
            self._reader.SetPageSegMode(tesserocr.PSM.AUTO)
            self._reader.SetImage(Image.fromarray(grey))
            self._reader.SetSourceResolution(dpi)
            self._reader.Recognize()
            return tuple(self._collect_lines())
        except RuntimeError as error:
            raise ReadingFailed(f"Tesseract failed: {error}.", "Scan the page again or type it.") from error
        finally:
            self._reader.Clear()

    def _collect_lines(self) -> list[RecognizedLine]:
        lines: list[RecognizedLine] = []
        words: list[RecognizedWord] = []
        line_box: Box | None = None
        block = -1
        iterator = self._reader.GetIterator()
        if iterator is None:
            return lines
        level = tesserocr.RIL
        for item in tesserocr.iterate_level(iterator, level.WORD):
            if item.Empty(level.WORD):
                continue
            if item.IsAtBeginningOf(level.BLOCK):
                block += 1
            if item.IsAtBeginningOf(level.TEXTLINE):
                line_box = item.BoundingBox(level.TEXTLINE)
                words = []
            box = item.BoundingBox(level.WORD)
            text = (item.GetUTF8Text(level.WORD) or "").strip()
            if text and box:
                confidence = min(1.0, max(0.0, item.Confidence(level.WORD) / 100))
                words.append(RecognizedWord(text, confidence, box))
            if item.IsAtFinalElement(level.TEXTLINE, level.WORD) and words:
                lines.append(RecognizedLine(tuple(words), line_box or words[0].box, max(block, 0)))
                words = []
        return lines

    def recognize_line(self, grey: Pixels, dpi: int) -> str:
        try:
            self._reader.SetPageSegMode(tesserocr.PSM.SINGLE_LINE)
            self._reader.SetImage(Image.fromarray(grey))
            self._reader.SetSourceResolution(dpi)
            return str(self._reader.GetUTF8Text() or "").strip()
        except RuntimeError as error:
            raise ReadingFailed(f"Tesseract failed: {error}.", "Type the line from the image.") from error
        finally:
            self._reader.Clear()

    def find_rotation(self, grey: Pixels, dpi: int) -> Rotation:
        if self._orienter is None:
            return 0
        try:
            self._orienter.SetImage(Image.fromarray(grey))
            self._orienter.SetSourceResolution(dpi)
            found = self._orienter.DetectOrientationScript()
        except RuntimeError:
            return 0  # too few letters to tell
        finally:
            self._orienter.Clear()
        if not found or found["orient_conf"] < _SURE_ORIENTATION:
            return 0
        degrees: Rotation = {90: 270, 180: 180, 270: 90}.get(found["orient_deg"], 0)  # type: ignore[assignment]
        return degrees

    def close(self) -> None:
        self._reader.End()
        if self._orienter is not None:
            self._orienter.End()
