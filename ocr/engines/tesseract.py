"""Tesseract 5 in process, with the language data of the system's package `tesseract-ocr-vie`."""

from __future__ import annotations

import os
import struct
import sys
import unicodedata
from pathlib import Path

# Read when the library is loaded: Tesseract's own threads cost more than they give.
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

import tesserocr

from core.errors import ReadingFailed, SettingsError
from core.recognition import Box, RecognizedLine, RecognizedWord, Rotation
from ocr.engines.base import ModelFile, Reading, RecognitionEngine
from ocr.engines.models import hash_file
from ocr.engines.turning import PageTurner
from ocr.images import Pixels

_LANGUAGE = "vie"
_PLACES = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
)
_ADVICE = "Install the package tesseract-ocr-vie, or name its folder in SOHOA_TESSDATA."
_READ_WELL = 0.8
"""Mean confidence of its words from which a page is surely upright."""
_SURE_ORIENTATION = 1.5
"""Below this confidence of Tesseract's script and orientation detection nothing is known."""
_TURN_BACK: dict[int, Rotation] = {0: 0, 90: 270, 180: 180, 270: 90}
"""Degrees by which a page is turned, as Tesseract says them, to those that turn it back."""
_LSTM_UNICHARSET = 21
"""Place of the recognizer's list of characters among the parts of a traineddata file (tessdatamanager.h)."""
_LONGEST_READING = 180_000
"""Milliseconds after which a page is given up; an ordinary one takes one to three thousand."""


def find_tessdata(folder: str) -> Path:
    """The folder with vie.traineddata: the one named, else where systems keep it. Raises SettingsError."""
    places = [folder] if folder else [os.environ.get("TESSDATA_PREFIX", ""), *_PLACES, f"{sys.prefix}/share/tessdata"]
    for place in places:
        if place and (Path(place) / f"{_LANGUAGE}.traineddata").is_file():
            return Path(place)
    raise SettingsError(f"Tesseract's Vietnamese data is not in {' or '.join(filter(None, places))}.", _ADVICE)


def _show(api: tesserocr.PyTessBaseAPI, grey: Pixels, dpi: int) -> None:
    height, width = grey.shape
    api.SetImageBytes(grey.tobytes(), width, height, 1, width)
    api.SetSourceResolution(dpi)


def read_alphabet(model: Path) -> frozenset[str]:
    """The characters that a model writes: the first column of its list of characters. Raises SettingsError.

    A traineddata file begins with the number of its parts (int32) and their offsets (int64, -1 for none).
    """
    data = model.read_bytes()
    try:
        (count,) = struct.unpack_from("<i", data)
        offsets = struct.unpack_from(f"<{count}q", data, 4)
        start = offsets[_LSTM_UNICHARSET]
        end = min([offset for offset in offsets if offset > start], default=len(data))
        rows = data[start:end].decode("utf-8").splitlines()[1:]
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise SettingsError(f"{model} is no model of Tesseract 4 or 5: {error}.", _ADVICE) from error
    return frozenset("".join(unicodedata.normalize("NFC", row.split(" ", 1)[0]) for row in rows))


class TesseractEngine(RecognitionEngine):
    """One Tesseract for reading and one for orientation, loaded once."""

    def __init__(self, tessdata: str) -> None:
        path = find_tessdata(tessdata)
        try:
            self._reader = tesserocr.PyTessBaseAPI(path=str(path), lang=_LANGUAGE, psm=tesserocr.PSM.AUTO)
        except RuntimeError as error:
            raise SettingsError(f"Tesseract cannot load {path}/{_LANGUAGE}.traineddata: {error}.", _ADVICE) from error
        self._alphabet = read_alphabet(path / f"{_LANGUAGE}.traineddata")
        self._orienter = None
        if (path / "osd.traineddata").is_file():
            self._orienter = tesserocr.PyTessBaseAPI(path=str(path), lang="osd", psm=tesserocr.PSM.OSD_ONLY)
        version = tesserocr.tesseract_version().splitlines()[0].removeprefix("tesseract ")
        self._name = f"tesseract {version} {_LANGUAGE}"
        loaded = [_LANGUAGE] if self._orienter is None else [_LANGUAGE, "osd"]
        files = [path / f"{language}.traineddata" for language in loaded]
        self._models = tuple(ModelFile(file.name, hash_file(file)) for file in files)
        self._turner = PageTurner(
            lambda pages: [self.recognize(grey, dpi) for grey, dpi in pages], self.find_rotation, _READ_WELL
        )

    @property
    def name(self) -> str:
        return self._name

    @property
    def alphabet(self) -> frozenset[str]:
        return self._alphabet

    @property
    def known_gaps(self) -> frozenset[str]:
        # The model of tesseract-ocr-vie has no ỵ: it reads "kỵ" as "ky". The letter is rare and the other 132 are
        # there, so the engine is used until one that writes all of them takes its place.
        return frozenset("ỵỴ")

    @property
    def models(self) -> tuple[ModelFile, ...]:
        return self._models

    def read(self, grey: Pixels, dpi: int) -> Reading:
        return self._turner.read(grey, dpi)

    def recognize(self, grey: Pixels, dpi: int) -> tuple[RecognizedLine, ...]:
        """Lines of a page as it lies, with no treatment of ours; boxes in pixels of `grey`. Raises ReadingFailed."""
        try:
            self._reader.SetPageSegMode(tesserocr.PSM.AUTO)
            _show(self._reader, grey, dpi)
            if not self._reader.Recognize(_LONGEST_READING):
                raise ReadingFailed("Tesseract gave up on the page.", "Scan the page again or type it.")
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
            text = unicodedata.normalize("NFC", item.GetUTF8Text(level.WORD) or "").strip()
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
            _show(self._reader, grey, dpi)
            return unicodedata.normalize("NFC", self._reader.GetUTF8Text() or "").strip()
        except RuntimeError as error:
            raise ReadingFailed(f"Tesseract failed: {error}.", "Type the line from the image.") from error
        finally:
            self._reader.Clear()

    def find_rotation(self, grey: Pixels, dpi: int) -> Rotation | None:
        """Degrees clockwise that make the page upright; None where Tesseract is not sure."""
        if self._orienter is None:
            return None
        try:
            _show(self._orienter, grey, dpi)
            found = self._orienter.DetectOrientationScript()
        except RuntimeError:
            return None  # too few letters to tell
        finally:
            self._orienter.Clear()
        if not found or found["orient_conf"] < _SURE_ORIENTATION:
            return None
        return _TURN_BACK[found["orient_deg"]]

    def close(self) -> None:
        self._reader.End()
        if self._orienter is not None:
            self._orienter.End()
