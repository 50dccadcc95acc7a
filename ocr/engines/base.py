"""What an engine is, and what it must be able to write."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from core import text
from core.errors import SettingsError
from core.recognition import Candidate, Mark, PenKind, PenPlace, RecognizedLine, Rotation
from ocr.images import Pixels
from ocr.recognizer.seen_words import SeenWord

VIETNAMESE_LETTERS = frozenset(text.VIETNAMESE_LETTERS)
"""What an engine must be able to write."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an engine found on a page: lines in reading order, boxes in pixels of the page as it was given.

    rotation: degrees clockwise that make the page upright. skew: degrees counter-clockwise that make its lines level.
    marks: ink that is no print and was not read. places: lines that may hold a head's number or date, ranked; none from
    an engine that gives no probabilities.
    """

    lines: tuple[RecognizedLine, ...]
    rotation: Rotation = 0
    skew: float = 0.0
    marks: tuple[Mark, ...] = ()
    places: tuple[PenPlace, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model that an engine has loaded: the name of its file or folder, and its SHA-256."""

    name: str
    sha256: str


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

    @property
    def device(self) -> str:
        """Where the engine really computes: "cpu" or "gpu:N", whatever it was asked for."""
        return "cpu"

    @property
    @abstractmethod
    def models(self) -> tuple[ModelFile, ...]:
        """The models that were loaded."""

    @abstractmethod
    def read(self, grey: Pixels, dpi: int) -> Reading:
        """A whole page (height x width), which may lie on any side and be skewed. Raises ReadingFailed."""

    def read_pages(self, pages: Sequence[tuple[Pixels, int]]) -> list[Reading]:
        """Several pages, each with its dpi: what `read` makes of each, whatever its neighbours are. An engine may
        compute them together. Raises ReadingFailed, for all of them, where it fails on one.
        """
        return [self.read(grey, dpi) for grey, dpi in pages]

    @abstractmethod
    def recognize_line(self, grey: Pixels, dpi: int) -> str:
        """The text of an upright image that holds one line. Raises ReadingFailed."""

    def rank_pen(self, grey: Pixels, dpi: int, kind: PenKind) -> tuple[Candidate, ...]:  # noqa: ARG002
        """What may be written by pen in an upright strip of a head, likeliest first; empty from an engine that gives
        no probabilities. Raises ReadingFailed.
        """
        return ()

    def see_words(self, lines: Sequence[Pixels]) -> list[tuple[SeenWord, ...]]:
        """The words on each upright image of a line, as high as the line, with what they may be; empty from an engine
        that gives no probabilities. Raises ReadingFailed.
        """
        return [() for _ in lines]

    @abstractmethod
    def close(self) -> None:
        """Frees the engine's memory."""


def require_vietnamese(engine: RecognitionEngine) -> None:
    """Raises SettingsError naming the letters that the engine cannot write, if any but its known gaps."""
    missing = "".join(sorted(VIETNAMESE_LETTERS - engine.alphabet - engine.known_gaps))
    if missing:
        raise SettingsError(
            f"Engine '{engine.name}' cannot write {len(missing)} Vietnamese letters: {missing}.",
            "Name an engine, and a model for it, that reads Vietnamese: `sohoa engines` lists them.",
        )
