"""Recognized lines and marks and ranked places as JSON and back.

A line is `[block, box, [word, …]]`; a word `[text, confidence, box]` and, where it looks pen-written or had another
first reading, `[text, confidence, box, pen, first_reading]`; a mark `[kind, box]`; a ranked place
`[kind, box, [[value, confidence], …]]`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from core.recognition import (
    NOT_MEASURED,
    Box,
    Candidate,
    Mark,
    PenPlace,
    RecognizedLine,
    RecognizedPage,
    RecognizedWord,
    Rotation,
)
from storage.tables import Page, PageReading


def pack_lines(lines: Sequence[RecognizedLine]) -> list[Any]:
    """The JSON form of recognized lines."""
    return [[line.block, list(line.box), [_pack_word(word) for word in line.words]] for line in lines]


def _pack_word(word: RecognizedWord) -> list[Any]:
    packed = [word.text, round(word.confidence, 4), list(word.box)]
    if word.pen or word.first_reading is not None:
        packed += [word.pen, word.first_reading]
    return packed


def unpack_lines(packed: Sequence[Any]) -> tuple[RecognizedLine, ...]:
    """The lines that `pack_lines` packed."""
    return tuple(
        RecognizedLine(tuple(_unpack_word(*word) for word in words), _box(line_box), block)
        for block, line_box, words in packed
    )


def _unpack_word(
    text: str, confidence: float, box: Sequence[int], pen: bool = False, first_reading: str | None = None
) -> RecognizedWord:
    return RecognizedWord(text, confidence, _box(box), pen, first_reading)


def pack_marks(marks: Sequence[Mark]) -> list[Any]:
    """The JSON form of a page's marks."""
    return [[mark.kind, list(mark.box)] for mark in marks]


def unpack_marks(packed: Sequence[Any]) -> tuple[Mark, ...]:
    """The marks that `pack_marks` packed."""
    return tuple(Mark(kind, _box(box)) for kind, box in packed)


def pack_places(places: Sequence[PenPlace]) -> list[Any]:
    """The JSON form of a page's ranked places; their source is the pen."""
    return [
        [place.kind, list(place.box), [[one.value, round(one.confidence, 6)] for one in place.candidates]]
        for place in places
    ]


def unpack_places(packed: Sequence[Any]) -> tuple[PenPlace, ...]:
    """The places that `pack_places` packed."""
    return tuple(
        PenPlace(kind, _box(box), tuple(Candidate(*candidate) for candidate in candidates))
        for kind, box, candidates in packed
    )


def _box(numbers: Sequence[int]) -> Box:
    x0, y0, x1, y1 = numbers
    return (x0, y0, x1, y1)


def recognized_page(page: Page, reading: PageReading, number: int) -> RecognizedPage:
    """The page as it was read, numbered within its document. A figure of quality that it was read without is 0."""
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
        quality=replace(NOT_MEASURED, **quality, defects=defects),
        engine=reading.engine,
        seconds=reading.seconds,
        marks=unpack_marks(reading.marks),
        places=unpack_places(reading.places),
    )
