"""A personal value within a text, and the marks of forms that rules share."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.personal_data import PersonalKind

Span = tuple[int, int]
"""Start and end (exclusive) in a text."""


@dataclass(frozen=True, slots=True)
class Found:
    """A value at text[start:end]; `hidden` are the parts of it that masking hides. `unread`: a place of a form for
    such a value in which none could be read."""

    kind: PersonalKind
    start: int
    end: int
    hidden: tuple[Span, ...]
    confidence: float
    rule: str
    unread: bool = False


FORM_MARK = re.compile(r"\s*(?:\([^)]{0,30}\))?\s*(?::|…|[._]{2})")
"""What stands between a form's label and the place for its value."""

_NEXT_LABEL = re.compile(
    r"(?:[,;.…_]\s*|\s)(?=(?:\d{1,2}[.)]\s*)?(?:ngay (?:sinh|cap|vao|chinh|thang|\d)"
    r"|noi (?:o|sinh|thuong|tam|cu|dang|cap)|que quan|ho va|ho ten|ho khau|gioi tinh|nam, nu"
    r"|so (?:cccd|cmnd|can cuoc|chung minh|dinh danh|the|ly lich|dien|ho)|dan toc|ton giao|chi bo|chuc vu"
    r"|cap (?:ngay|bac|uy)|don vi|dien thoai|cccd|cmnd|email|thuong tru|tam tru|cho o|nghe nghiep|trinh do)(?!\w))"
)


def end_of_value(folded: str, start: int) -> int:
    """Where what a form says after a label that ends at `start` gives way to the next label of the row, or ends."""
    opened = FORM_MARK.match(folded, start)
    match = _NEXT_LABEL.search(folded, opened.end() if opened else start)
    return match.start() if match else len(folded)


def digits_in(folded: str, start: int, end: int) -> list[int]:
    """Places of the digits between two places, in order."""
    return [at for at in range(start, end) if folded[at].isdigit()]


def as_spans(places: list[int]) -> tuple[Span, ...]:
    """Single places as spans."""
    return tuple((at, at + 1) for at in places)
