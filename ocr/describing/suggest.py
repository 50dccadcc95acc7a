"""Suggestions from rows: one way to set confidence and box."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.recognition import Box, Candidate, Suggestion
from ocr.describing.rows import Row

FREE_TEXT = 0.88
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


def suggest_written(
    name: str, printed: str, page: int, box: Box | None, rule: str, candidates: Sequence[Candidate], sure: float
) -> Suggestion:
    """A place filled by pen: the crop for a person to type it from, the candidates to choose from. The first of them is
    the value if it is as likely as `sure`.
    """
    first = candidates[0] if candidates and candidates[0].confidence >= sure else None
    value, confidence = (first.value, round(first.confidence, 3)) if first else (None, 0.0)
    seen = re.sub(r"\s+", " ", printed).strip()
    return Suggestion(name, value, seen, confidence, page, box, rule, handwritten=True, candidates=tuple(candidates))
