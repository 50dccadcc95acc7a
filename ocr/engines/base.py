"""What an engine is, and what it must be able to write."""

from __future__ import annotations

import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterator
from itertools import product

from core.errors import SettingsError
from core.recognition import RecognizedLine, Rotation
from ocr.images import Pixels


def _precomposed() -> Iterator[str]:
    vowels = ["a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y"]
    tones = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
    for vowel, tone in product(vowels, tones):
        letter = unicodedata.normalize("NFC", vowel + tone)
        if not letter.isascii():
            yield letter
    yield "đ"


VIETNAMESE_LETTERS = frozenset(letter for low in _precomposed() for letter in (low, low.upper()))
"""The 134 precomposed Vietnamese letters in both cases that ASCII lacks."""


class RecognitionEngine(ABC):
    """Reads page images in one process and one thread."""

    @property
    @abstractmethod
    def name(self) -> str:
        """Name, version and language, as it is kept with every page."""

    @property
    @abstractmethod
    def alphabet(self) -> frozenset[str]:
        """Every character that the engine can write."""

    @property
    def known_gaps(self) -> frozenset[str]:
        """Vietnamese letters that this engine cannot write and is used all the same; each needs a written reason."""
        return frozenset()

    @abstractmethod
    def recognize(self, grey: Pixels, dpi: int) -> tuple[RecognizedLine, ...]:
        """Lines in reading order, boxes in pixels of `grey` (height x width). Raises ReadingFailed."""

    @abstractmethod
    def recognize_line(self, grey: Pixels, dpi: int) -> str:
        """The text of an image that holds one line. Raises ReadingFailed."""

    @abstractmethod
    def find_rotation(self, grey: Pixels, dpi: int) -> Rotation | None:
        """Degrees clockwise that make the page upright; None where that cannot be told."""

    @abstractmethod
    def close(self) -> None:
        """Frees the engine's memory."""


def require_vietnamese(engine: RecognitionEngine) -> None:
    """Raises SettingsError naming the letters that the engine cannot write, if any but its known gaps."""
    missing = "".join(sorted(VIETNAMESE_LETTERS - engine.alphabet - engine.known_gaps))
    if missing:
        raise SettingsError(
            f"Engine '{engine.name}' cannot write {len(missing)} Vietnamese letters: {missing}.",
            "Name an engine and a model for Vietnamese in SOHOA_ENGINE.",
        )
