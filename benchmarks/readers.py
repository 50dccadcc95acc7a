"""The readers that are compared: raw Tesseract, the service's engines, OCRmyPDF. All get the same grey array."""

from __future__ import annotations

import hashlib
import os
import pickle
import resource
import shutil
import subprocess
import tempfile
import time
import unicodedata
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

import tesserocr
from PIL import Image

from core.errors import ReadingFailed, SettingsError
from core.recognition import RecognizedWord
from ocr.engines.registry import EngineOptions
from ocr.engines.tesseract import find_tessdata
from ocr.images import PageImage, Pixels
from ocr.reading import Reader

RAW = "raw"
OCRMYPDF = "ocrmypdf"
SOHOA = "sohoa"
_LONGEST = 900


@dataclass(frozen=True, slots=True)
class Found:
    """What was read. words: None from a reader that does not say where they are. seconds: of CPU, all threads."""

    text: str
    words: tuple[RecognizedWord, ...] | None
    seconds: float
    rotation: int = 0
    skew: float = 0.0


class Compared(ABC):
    """A reader under measurement."""

    @abstractmethod
    def read(self, grey: Pixels, dpi: int) -> Found:
        """The page's text; empty where the reader fails."""


class RawTesseract(Compared):
    """Tesseract `vie` in process on the page as it is."""

    def __init__(self) -> None:
        tesserocr.set_leptonica_log_level(tesserocr.LeptLogLevel.NONE)
        path = str(find_tessdata(""))
        self._api = tesserocr.PyTessBaseAPI(path=path, lang="vie", psm=tesserocr.PSM.AUTO)

    def read(self, grey: Pixels, dpi: int) -> Found:
        started = time.process_time()
        height, width = grey.shape
        self._api.SetImageBytes(grey.tobytes(), width, height, 1, width)
        self._api.SetSourceResolution(dpi)
        self._api.Recognize()
        text = unicodedata.normalize("NFC", self._api.GetUTF8Text() or "")
        iterator, words = self._api.GetIterator(), []
        for item in tesserocr.iterate_level(iterator, tesserocr.RIL.WORD) if iterator else ():
            if item.Empty(tesserocr.RIL.WORD):
                continue
            word = unicodedata.normalize("NFC", item.GetUTF8Text(tesserocr.RIL.WORD) or "").strip()
            box = item.BoundingBox(tesserocr.RIL.WORD)
            if word and box:
                words.append(RecognizedWord(word, item.Confidence(tesserocr.RIL.WORD) / 100, box))
        self._api.Clear()
        return Found(text, tuple(words), time.process_time() - started)


class Ours(Compared):
    """One of the service's engines, with all that the service does to a page."""

    def __init__(self, engine: str, device: str) -> None:
        self._reader = Reader.open(EngineOptions(engine, device=device))

    def read(self, grey: Pixels, dpi: int) -> Found:
        started = time.process_time()
        try:
            page = self._reader.read(PageImage(grey, None, dpi), 1)
        except ReadingFailed:
            return Found("", (), time.process_time() - started)
        return Found(page.text, page.words, time.process_time() - started, page.rotation, page.skew)


class OcrMyPdf(Compared):
    """The command line of OCRmyPDF, with the CPU time of all that it starts."""

    def __init__(self) -> None:
        """Raises SettingsError where it or what it calls is not installed."""
        self._program = os.environ.get("OCRMYPDF", OCRMYPDF)
        for program in (self._program, "unpaper", "gs"):
            if shutil.which(program) is None:
                raise SettingsError(f"There is no program '{program}'.", "Install ocrmypdf, or name it in OCRMYPDF.")

    def read(self, grey: Pixels, dpi: int) -> Found:
        with tempfile.TemporaryDirectory() as folder:
            page, text = Path(folder, "page.png"), Path(folder, "page.txt")
            Image.fromarray(grey).save(page, dpi=(dpi, dpi), compress_level=1)
            options = ["--deskew", "--clean", "--rotate-pages", "-l", "vie", "--jobs", "1", "--quiet"]
            options += ["--image-dpi", str(dpi), "--sidecar", str(text)]
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            command = [self._program, *options, str(page), str(Path(folder, "page.pdf"))]
            subprocess.run(command, check=False, timeout=_LONGEST, capture_output=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            read = text.read_text("utf8") if text.exists() else ""
        return Found(unicodedata.normalize("NFC", read), None, seconds)


class Kept(Compared):
    """A reader that never changes, whose readings are kept in a folder by what it was shown."""

    def __init__(self, name: str, reader: Compared, folder: Path) -> None:
        self._name, self._reader, self._folder = name, reader, folder

    def read(self, grey: Pixels, dpi: int) -> Found:
        shown = hashlib.sha256(f"{self._name} {dpi} {grey.shape} ".encode() + grey.tobytes()).hexdigest()
        path = self._folder / f"{shown}.found"
        if path.exists():
            kept: Found = pickle.loads(path.read_bytes())
            return kept
        found = self._reader.read(grey, dpi)
        path.write_bytes(pickle.dumps(found))
        return found


def open_compared(name: str, device: str) -> Compared:
    """The reader of that name: raw, ocrmypdf, or one of the service's engines. Raises SettingsError."""
    if name == RAW:
        return RawTesseract()
    return OcrMyPdf() if name == OCRMYPDF else Ours(name, device)
