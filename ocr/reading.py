"""How a page is read: blank or not, upright, level, recognized."""

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
from ocr.preprocess import (
    Upright,
    even_paper,
    find_lines,
    find_skew,
    has_even_paper,
    make_upright,
    resize,
    soften,
)
from ocr.quality import assess

_ORIENTATION_DPI = 150
_READ_WELL = 0.80
"""Mean word confidence from which a page is surely upright."""

_Reading = tuple[Upright, tuple[RecognizedLine, ...]]


class Reader:
    """Reads pages with one engine. One per process; not to be shared between threads."""

    def __init__(self, engine: RecognitionEngine) -> None:
        """Raises SettingsError for an engine that cannot write the Vietnamese letters."""
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
        quality, blank = assess(image.grey, image.dpi)
        lines: tuple[RecognizedLine, ...] = ()
        rotation: Rotation = 0
        skew = 0.0
        if not blank:
            upright, found = self._read_upright(image.grey, image.dpi)
            if not found:
                raise ReadingFailed("There is ink on the page but no text was found.", "Look at it and type it.")
            rotation, skew = upright.rotation, upright.skew
            lines = tuple(_as_stored(line, upright) for line in found)
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

    def _read_upright(self, grey: Pixels, dpi: int) -> _Reading:
        """The page turned upright with its lines. Most pages lie upright already and read well at once, which saves
        looking for their orientation; where that cannot be told, the surer of two readings counts.
        """
        skew, standing = find_lines(grey, dpi)
        as_it_lies = None if standing else self._read_turned(grey, dpi, 0, skew)
        if as_it_lies is not None and _sureness(as_it_lies[1]) >= _READ_WELL:
            return as_it_lies
        small = make_upright(resize(grey, min(1.0, _ORIENTATION_DPI / dpi)), min(dpi, _ORIENTATION_DPI), 0, skew)
        rotation = self._engine.find_rotation(small.grey, small.dpi)
        if rotation is None:
            candidates: tuple[Rotation, ...] = (90, 270) if standing else (0, 180)
        else:
            candidates = (rotation,)
            if standing != (rotation in (90, 270)):
                skew = find_skew(np.ascontiguousarray(np.rot90(grey, -rotation // 90)), dpi)
        readings: list[_Reading] = []
        for candidate in candidates:
            known = as_it_lies if candidate == 0 else None
            readings.append(known or self._read_turned(grey, dpi, candidate, skew))
            if _sureness(readings[-1][1]) >= _READ_WELL:
                break
        return max(readings, key=lambda reading: _weight(reading[1]))

    def _read_turned(self, grey: Pixels, dpi: int, rotation: Rotation, skew: float) -> _Reading:
        upright = make_upright(grey, dpi, rotation, skew)
        return upright, self._recognize(upright)

    def _recognize(self, page: Upright) -> tuple[RecognizedLine, ...]:
        """The reading of the page as it is or, where its paper is uneven, that of the evened one if that is surer."""
        raw = self._engine.recognize(soften(page.grey, page.dpi), page.dpi)
        if has_even_paper(page.grey):
            return raw
        treated = self._engine.recognize(soften(even_paper(page.grey), page.dpi), page.dpi)
        return max(raw, treated, key=_weight)


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
