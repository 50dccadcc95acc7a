"""Lists of people: a column's head says what the cells below hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from core.personal_data import PersonalKind
from ocr.describing.personal_data.spans import Found, as_spans, digits_in
from ocr.describing.rows import Row

_HEADS = (
    (PersonalKind.BIRTH_DATE, re.compile(r"(?:ngay,? ?(?:thang,? ?)?(?:nam )?|nam )sinh"), (6, 8)),
    (PersonalKind.PARTY_CARD, re.compile(r"so the(?: dang(?: vien)?)?"), (8, 8)),
    (PersonalKind.IDENTITY_CARD, re.compile(r"cmnd|chung minh|cccd|can cuoc|dinh danh"), (9, 9)),
)
_CELL = re.compile(r"\d[\d/.\-]*\d")
_SHOWN = {PersonalKind.BIRTH_DATE: 4, PersonalKind.PARTY_CARD: 3, PersonalKind.IDENTITY_CARD: 3}
_MOST_ROWS = 120


def find_cells(rows: Sequence[Row], at: int) -> Iterator[tuple[int, Found]]:
    """Values in columns whose head stands in row `at`: the number of their row, and the value in it."""
    head = rows[at]
    for kind, pattern, (fewest, most) in _HEADS:
        match = pattern.search(head.folded)
        box = head.box_between(*match.span()) if match else None
        if match is None or box is None or any(letter.isdigit() for letter in head.folded):
            continue
        height = head.height
        below = takewhile(lambda row: row.page == head.page, rows[at + 1 : at + 1 + _MOST_ROWS])
        for number, row in enumerate(below, at + 1):
            for cell in _CELL.finditer(row.folded):
                place = row.box_between(*cell.span())
                count = sum(letter.isdigit() for letter in cell.group())
                if place is None or not fewest <= count <= most:
                    continue
                if place[0] < box[2] + 2 * height and place[2] > box[0] - 2 * height and _fits(kind, cell.group()):
                    yield number, _cell(kind, row.folded, *cell.span())


def _fits(kind: PersonalKind, cell: str) -> bool:
    parts = re.split(r"[/.\-]", cell)
    if kind is PersonalKind.BIRTH_DATE:
        return len(parts) == 3 and len(parts[2]) in (2, 4) and len(parts[0]) <= 2 and len(parts[1]) <= 2
    return len(parts) == 1


def _cell(kind: PersonalKind, folded: str, start: int, end: int) -> Found:
    places = digits_in(folded, start, end)
    year = kind is not PersonalKind.BIRTH_DATE or folded[end - 4 : end].isdigit()
    shown = _SHOWN[kind] if year else 0
    return Found(kind, start, end, as_spans(places[: len(places) - shown]), 0.85, "column")
