"""What stands in large letters on a diploma and on a file's cover: the school, and the file's title."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.recognition import Suggestion
from ocr.describing.rows import Row, middle_y
from ocr.describing.suggest import suggest, suggest_lines

_SCHOOL = re.compile(r"(?<!\w)(?:truong|hoc vien|dai hoc|trung tam)(?!\w)")
_HEAD = re.compile(r"^\W*(?:hieu truong|giam doc|vien truong)(?: (?=truong|hoc vien|dai hoc|trung tam|vien))?")
_COVER_NAME = re.compile(r"^\W*(?:ho so|don vi bao quan|bia ho so)\W*$")
_COVER_ENDS = re.compile(
    r"^\W*(?:\d{1,2}\W+)?(?:tu ngay|tu thang|den ngay|gom|so to|thoi han|thbq|bat dau|phong so|tieu de|so luong)"
)
_CEILING = 0.95


def describe_school(rows: Sequence[Row], asked: frozenset[str]) -> list[Suggestion]:
    """The first row of capitals that names a school, without its head's position."""
    if "school" not in asked:
        return []
    for row in rows:
        head = _HEAD.match(row.folded)
        start = head.end() if head else 0
        if row.upper_share > 0.8 and _SCHOOL.search(row.folded, start):
            return [_sure_text("school", row.text[start:].strip(" .,-"), [row], start)]
    return []


def _sure_text(name: str, value: str, rows: list[Row], start: int) -> Suggestion:
    least = min(min(1.0, word.confidence + 0.03) for row in rows for word in row.words)
    if len(rows) == 1:
        return suggest(name, value, rows[0], (start, len(rows[0].text)), _CEILING * least, f"heading.{name}")
    return suggest_lines(name, value, rows, _CEILING * least, f"heading.{name}")


def describe_title(rows: Sequence[Row], asked: frozenset[str]) -> list[Suggestion]:
    """The rows between a cover's `HỒ SƠ` and its dates."""
    if "title" not in asked:
        return []
    start = next((at for at, row in enumerate(rows) if _COVER_NAME.match(row.folded)), None)
    if start is None:
        return []
    kept: list[Row] = []
    for row in rows[start + 1 :]:
        if _COVER_ENDS.match(row.folded) or row.page != rows[start].page or len(kept) > 5:
            break
        kept.append(row)
    end = next((row for row in rows[start + 1 :] if _COVER_ENDS.match(row.folded)), None)
    if end is not None:  # what stands beside the first label is its value
        kept = [row for row in kept if middle_y(row.box) < end.box[1]]
    value = " ".join(row.text for row in kept).strip(" .,-:")
    if not any(letter.isalpha() for letter in value):
        return []
    return [_sure_text("title", value, kept, 0)]
