"""Suggestions from rows: one way to set confidence and box."""

from __future__ import annotations

import re

from core.recognition import Box, Suggestion
from ocr.describing.rows import Row

FREE_TEXT = 0.85
"""Ceiling for text that no list proves: one wrong tone makes the whole value wrong."""


def suggest(
    name: str,
    value: str | tuple[str, ...],
    row: Row,
    span: tuple[int, int] | None,
    ceiling: float,
    rule: str,
) -> Suggestion:
    """A value read in `row.text[span]`, or in the whole row. Confidence: the ceiling, lowered by the words' own."""
    start, end = span or (0, len(row.text))
    words = row.words_between(start, end) or row.words
    mean = sum(word.confidence for word in words) / len(words)
    confidence = max(0.0, min(1.0, ceiling * min(1.0, mean + 0.04)))
    box = row.box_between(start, end) or row.box
    return Suggestion(name, value, row.text[start:end].strip(), round(confidence, 3), row.page, box, rule)


def suggest_lines(name: str, value: str, rows: list[Row], ceiling: float, rule: str) -> Suggestion:
    """A value that fills several rows of one page."""
    whole = Row(tuple(word for row in rows for word in row.words), rows[0].page)
    return suggest(name, value, whole, None, ceiling, rule)


def suggest_written(name: str, printed: str, page: int, box: Box | None, rule: str) -> Suggestion:
    """A place filled by pen: no value, the crop for a person to type it from."""
    return Suggestion(name, None, re.sub(r"\s+", " ", printed).strip(), 0.0, page, box, rule, handwritten=True)
