"""How a page is read: judged, found blank or not, recognized."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Self

import cv2
import numpy as np

from core.errors import ReadingFailed
from core.recognition import Candidate, PageQuality, PenKind, RecognizedPage
from ocr.engines.base import Reading, RecognitionEngine, require_vietnamese
from ocr.engines.registry import EngineOptions, open_engine
from ocr.images import PageImage, Pixels
from ocr.quality import assess
from ocr.recognizer.seen_words import SeenWord


class Reader:
    """Reads pages with one engine. One per process; not to be shared between threads."""

    def __init__(self, engine: RecognitionEngine) -> None:
        """Raises SettingsError for an engine that cannot write the Vietnamese letters."""
        require_vietnamese(engine)
        self._engine = engine

    @classmethod
    def open(cls, options: EngineOptions) -> Self:
        """A reader with the engine of that name. Raises SettingsError."""
        return cls(open_engine(options))

    def read(self, image: PageImage, number: int) -> RecognizedPage:
        """The page as read. Raises ReadingFailed: a page with ink on it never comes back as an empty text."""
        page = self.read_pages([(image, number)])[0]
        if page is None:
            raise ReadingFailed("There is ink on the page but no text was found.", "Look at it and type it.")
        return page

    def read_pages(self, pages: Sequence[tuple[PageImage, int]]) -> list[RecognizedPage | None]:
        """Several pages with their numbers, each as `read` reads it alone; None where no text was found on ink. Their
        `seconds` are the mean. Raises ReadingFailed where the engine fails on any of them.
        """
        started = time.perf_counter()
        judged = [assess(image.grey, image.dpi) for image, _ in pages]
        inked = [image for (image, _), (_, blank) in zip(pages, judged, strict=True) if not blank]
        found = iter(self._engine.read_pages([(image.grey, image.dpi) for image in inked]))
        readings = [Reading(()) if blank else next(found) for _, blank in judged]
        seconds = (time.perf_counter() - started) / max(1, len(pages))
        return [
            self._tell(image, number, quality, reading, seconds) if blank or reading.lines else None
            for (image, number), (quality, blank), reading in zip(pages, judged, readings, strict=True)
        ]

    def _tell(
        self, image: PageImage, number: int, quality: PageQuality, reading: Reading, seconds: float
    ) -> RecognizedPage:
        """reading: without lines of a blank page."""
        return RecognizedPage(
            number=number,
            width=image.width,
            height=image.height,
            dpi=image.dpi,
            lines=reading.lines,
            rotation=reading.rotation,
            skew=reading.skew,
            blank=not reading.lines,
            quality=quality,
            engine=self._engine.name,
            seconds=seconds,
            marks=reading.marks,
            places=reading.places,
        )

    def read_crop(self, crop: Pixels) -> str:
        """The text of a small piece of a page, grey or RGB, such as a stamp; empty if there is none."""
        grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY) if crop.ndim == 3 else crop
        framed = cv2.copyMakeBorder(grey, 12, 12, 12, 12, cv2.BORDER_REPLICATE)
        return self._engine.recognize_line(framed.astype(np.uint8, copy=False), 300)

    def see_words(self, lines: Sequence[Pixels]) -> list[tuple[SeenWord, ...]]:
        """The words on each upright grey image of a line, with what they may be; empty for engines that do not show
        what they waver between. Raises ReadingFailed.
        """
        return self._engine.see_words(lines)

    def rank_pen(self, strip: Pixels, dpi: int, kind: PenKind) -> tuple[Candidate, ...]:
        """What may be written by pen in a head's row, likeliest first. strip: the upright row with room around it, grey
        or RGB. Empty where nothing can be ranked, and for engines that do not show what they waver between.
        """
        grey = cv2.cvtColor(strip, cv2.COLOR_RGB2GRAY) if strip.ndim == 3 else strip
        return self._engine.rank_pen(np.ascontiguousarray(grey, np.uint8), dpi, kind)
