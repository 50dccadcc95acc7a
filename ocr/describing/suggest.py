"""Suggestions from rows: one way to set confidence and box."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from core.recognition import Box, Candidate, Suggestion
from ocr.describing.rows import Row

FREE_TEXT = 0.88
"""Ceiling for text that no list proves: one wrong tone makes the whole value wrong."""

NUMBER_AT, DATE_AT = 0.95, 0.95
"""Probabilities from which the likeliest number and date by pen are suggested as values."""
SURE: Mapping[str, float] = MappingProxyType({"number": NUMBER_AT, "date": DATE_AT})
_SHOWN = 5
_SHOWN_AT, _LEGIBLE = 0.003, 0.05
"""Probabilities from which a candidate is shown: by all that is known, or by the ink alone."""


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
    name: str, printed: str, page: int, box: Box | None, rule: str, ink: Sequence[Candidate]
) -> Suggestion:
    """A place filled by pen: the crop for a person to type it from, and what the ink says, to choose from."""
    seen = re.sub(r"\s+", " ", printed).strip()
    found = Suggestion(name, None, seen, 0.0, page, box, rule, handwritten=True, ink=tuple(ink))
    return settle_written(found, ink)


def offer_written(
    name: str, printed: str, page: int, box: Box | None, rule: str, candidates: Sequence[Candidate], sure: float
) -> Suggestion:
    """A place of a form filled by pen, of which nothing more will be known: the crop for a person to type it from, and
    the candidates. The first of them is the value if it is as likely as `sure`.
    """
    first = candidates[0] if candidates and candidates[0].confidence >= sure else None
    value, confidence = (first.value, round(first.confidence, 3)) if first else (None, 0.0)
    seen = re.sub(r"\s+", " ", printed).strip()
    return Suggestion(name, value, seen, confidence, page, box, rule, handwritten=True, candidates=tuple(candidates))


def is_weighed(name: str, rule: str, *, handwritten: bool) -> bool:
    """Whether the suggestion is a head's number or date by pen; a form's own places have nothing else to weigh."""
    return handwritten and name in SURE and rule.startswith("header.")


def settle_written(written: Suggestion, ranked: Sequence[Candidate]) -> Suggestion:
    """With the likeliest candidates: the first is the value if it is sure, and the rule names what spoke for it."""
    sure = SURE[written.name]
    first = ranked[0] if ranked and ranked[0].confidence >= sure else None
    legible = {one.value for one in written.ink if one.confidence >= _LEGIBLE}
    sources = ranked[0].source.split("+") if ranked else []
    rule = "+".join([written.rule.split("+")[0], *(name for name in sources if name != "pen")])
    return replace(
        written,
        value=first.value if first else None,
        confidence=round(first.confidence, 3) if first else 0.0,
        rule=rule,
        candidates=tuple(one for one in ranked[:_SHOWN] if one.confidence >= _SHOWN_AT or one.value in legible),
    )
