"""How a page is read: blank or not, upright, level, recognized, and a second time if the first was unsure."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Self

import cv2
import numpy as np

from core.errors import ReadingFailed, SettingsError
from core.recognition import RecognizedLine, RecognizedPage, Rotation
from ocr.engines.base import RecognitionEngine, require_vietnamese
from ocr.engines.tesseract import TesseractEngine
from ocr.images import PageImage, Pixels
from ocr.preprocess import Upright, even_background, make_upright
from ocr.quality import BLANK_BELOW, DOUBTFUL_BELOW, find_text_components, measure_quality

_ORIENTATION_DPI = 150
_READ_WELL = 0.80
"""Mean word confidence from which a second reading has nothing to gain."""
_CLEARLY_BETTER = 1.02
_READABLE = 0.5
"""Mean word confidence below which the few marks on a page are no text."""


class Reader:
    """Reads pages with one engine. One per process; not to be shared between threads."""

    def __init__(self, engine: RecognitionEngine) -> None:
        """Raises SettingsError for an engine that cannot write all Vietnamese letters."""
        require_vietnamese(engine)
        self._engine = engine

    @classmethod
    def open(cls, *, engine: str, tessdata: str) -> Self:
        """A reader with the engine of that name. Raises SettingsError."""
        if engine != "tesseract":
            raise SettingsError(f"There is no OCR engine '{engine}'.", "Set SOHOA_ENGINE to 'tesseract'.")
        return cls(TesseractEngine(tessdata))

    def read(self, image: PageImage, number: int) -> RecognizedPage:
        """The page as read. Raises ReadingFailed: a page with ink on it never comes back as an empty text."""
        started = time.perf_counter()
        components = find_text_components(image.grey, image.dpi)
        quality = measure_quality(image.grey, image.dpi, components)
        blank = len(components) < BLANK_BELOW
        lines: tuple[RecognizedLine, ...] = ()
        rotation: Rotation = 0
        skew = 0.0
        if not blank:
            rotation = self._find_rotation(image.grey, image.dpi)
            upright = make_upright(image.grey, image.dpi, rotation)
            skew = upright.skew
            lines = tuple(_as_stored(line, upright) for line in self._recognize(upright.grey, image.dpi))
            if len(components) < DOUBTFUL_BELOW and _sureness(lines) < _READABLE:
                blank, lines, rotation, skew = True, (), 0, 0.0
            elif not lines:
                raise ReadingFailed("There is ink on the page but no text was found.", "Look at it and type it.")
        return RecognizedPage(
            number=number,
            width=image.width,
            height=image.height,
            dpi=image.dpi,
            lines=lines,
            rotation=rotation,
            skew=skew,
            blank=blank,
            quality=quality,
            engine=self._engine.name,
            seconds=time.perf_counter() - started,
        )

    def read_crop(self, crop: Pixels) -> str:
        """The text of a small piece of a page, grey or RGB, such as a stamp; empty if there is none."""
        grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY) if crop.ndim == 3 else crop
        framed = cv2.copyMakeBorder(grey, 12, 12, 12, 12, cv2.BORDER_REPLICATE)
        return self._engine.recognize_line(framed.astype(np.uint8, copy=False), 300)

    def _find_rotation(self, grey: Pixels, dpi: int) -> Rotation:
        if dpi > _ORIENTATION_DPI:
            scale = _ORIENTATION_DPI / dpi
            grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
        return self._engine.find_rotation(grey, min(dpi, _ORIENTATION_DPI))

    def _recognize(self, grey: Pixels, dpi: int) -> tuple[RecognizedLine, ...]:
        """The raw reading, unless it is unsure and the one on an evened background is clearly surer."""
        raw = self._engine.recognize(grey, dpi)
        if _sureness(raw) >= _READ_WELL:
            return raw
        treated = self._engine.recognize(even_background(grey), dpi)
        return treated if _weight(treated) > _CLEARLY_BETTER * _weight(raw) else raw


def _sureness(lines: Sequence[RecognizedLine]) -> float:
    """Mean confidence of the words, by their length; 0 where there are none."""
    letters = sum(len(word.text) for line in lines for word in line.words)
    return _weight(lines) / letters if letters else 0.0


def _weight(lines: Sequence[RecognizedLine]) -> float:
    """Letters that were probably read right: sum of length times confidence, what is unsure counting nothing."""
    words = (word for line in lines for word in line.words)
    return sum(len(word.text) * max(0.0, word.confidence) for word in words)


def _as_stored(line: RecognizedLine, upright: Upright) -> RecognizedLine:
    """The line with its boxes in pixels of the page as stored."""
    words = tuple(replace(word, box=upright.box_as_stored(word.box)) for word in line.words)
    return replace(line, words=words, box=upright.box_as_stored(line.box))
