"""Recognized lines as JSON and back: one list a line `[block, box, [[text, confidence, box], …]]`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from core.recognition import Box, PageQuality, RecognizedLine, RecognizedPage, RecognizedWord, Rotation
from storage.tables import Page, PageReading


def pack_lines(lines: Sequence[RecognizedLine]) -> list[Any]:
    """The JSON form of recognized lines."""
    return [
        [line.block, list(line.box), [[word.text, round(word.confidence, 4), list(word.box)] for word in line.words]]
        for line in lines
    ]


def unpack_lines(packed: Sequence[Any]) -> tuple[RecognizedLine, ...]:
    """The lines that `pack_lines` packed."""
    return tuple(
        RecognizedLine(
            tuple(RecognizedWord(text, confidence, _box(box)) for text, confidence, box in words), _box(line_box), block
        )
        for block, line_box, words in packed
    )


def _box(numbers: Sequence[int]) -> Box:
    x0, y0, x1, y1 = numbers
    return (x0, y0, x1, y1)


def recognized_page(page: Page, reading: PageReading, number: int) -> RecognizedPage:
    """The page as it was read, numbered within its document."""
    quality = dict(reading.quality)
    defects = tuple(quality.pop("defects", ()))
    return RecognizedPage(
        number=number,
        width=page.width or 0,
        height=page.height or 0,
        dpi=page.dpi or 0,
        lines=unpack_lines(reading.lines),
        rotation=cast(Rotation, reading.rotation),
        skew=reading.skew,
        blank=reading.blank,
        quality=PageQuality(**quality, defects=defects),
        engine=reading.engine,
        seconds=reading.seconds,
    )
