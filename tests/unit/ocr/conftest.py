"""Pages drawn for the tests of reading, and an engine that reads nothing off them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import pytest

from core.recognition import RecognizedLine, RecognizedWord, Rotation
from ocr.engines.base import VIETNAMESE_LETTERS, ModelFile, Reading, RecognitionEngine
from ocr.engines.turning import PageTurner
from ocr.images import Pixels

DrawPage = Callable[..., Pixels]

_TEXT = "BAN TO CHUC TINH UY KINH GUI BAN BI THU"


class FakeEngine(RecognitionEngine):
    """Finds one word, the darkest part of the page, and says what orientation it was told to."""

    def __init__(self, *, confidence: float = 0.9, rotation: Rotation | None = 0, missing: str = "") -> None:
        self.confidence = confidence
        self.rotation = rotation
        self.missing = frozenset(missing)
        self.seen: list[tuple[tuple[int, ...], int]] = []
        """Shape and dpi of every page it was given to read."""

    @property
    def name(self) -> str:
        return "fake 1"

    @property
    def alphabet(self) -> frozenset[str]:
        return VIETNAMESE_LETTERS - self.missing

    @property
    def models(self) -> tuple[ModelFile, ...]:
        return ()

    def read(self, grey: Pixels, dpi: int) -> Reading:
        return self.read_pages([(grey, dpi)])[0]

    def read_pages(self, pages: Sequence[tuple[Pixels, int]]) -> list[Reading]:
        turner = PageTurner(lambda shown: [self._recognize(*page) for page in shown], self._find_rotation, 0.8)
        return turner.read_pages(pages)

    def _recognize(self, grey: Pixels, dpi: int) -> tuple[RecognizedLine, ...]:
        self.seen.append((grey.shape, dpi))
        rows, columns = np.nonzero(grey < 60)
        if not rows.size:
            return ()
        box = (int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
        return (RecognizedLine((RecognizedWord("chữ", self.confidence, box),), box),)

    def recognize_line(self, grey: Pixels, dpi: int) -> str:
        return f"{grey.shape[1]}x{grey.shape[0]}"

    def _find_rotation(self, grey: Pixels, dpi: int) -> Rotation | None:
        return self.rotation

    def close(self) -> None:
        self.seen.clear()


@pytest.fixture
def fake_engine() -> type[FakeEngine]:
    return FakeEngine


@pytest.fixture
def draw_page() -> DrawPage:
    """Draws an A4 page with lines of letters; ink and paper are grey levels."""

    def draw(*, dpi: int = 150, lines: int = 20, ink: int = 40, paper: int = 250, text: str = _TEXT) -> Pixels:
        page = np.full((round(11.69 * dpi), round(8.27 * dpi)), paper, np.uint8)
        scale, step, bold = dpi / 150 * 0.8, round(0.4 * dpi), max(1, dpi // 75)
        for line in range(lines):
            start = (round(0.9 * dpi), round(1.2 * dpi) + line * step)
            words = text[line % 5 :] if len(text) > 20 else text
            cv2.putText(page, words, start, cv2.FONT_HERSHEY_SIMPLEX, scale, ink, bold, cv2.LINE_AA)
        return page

    return draw
