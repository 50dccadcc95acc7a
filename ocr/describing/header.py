"""The head of the first page: two columns by position, in state form (Decree 30/2020) and Party form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from core.recognition import RecognizedPage, Suggestion
from core.text import normalize
from ocr.describing.dates import find_worded
from ocr.describing.names import fold_name, is_province, restore_marks, starts_body
from ocr.describing.organs import repair_symbol
from ocr.describing.rows import Row, join_level, middle_x, middle_y, split_row
from ocr.describing.suggest import suggest

Form = Literal["state", "party", "other"]

ABOUT_MARK = r"[vy]\s?[/⁄l]\s?[vy](?!\w)"
"""Pattern of a letter's `V/v` in folded text; where it stands is the caller's to say."""
_STATE = re.compile(r"c\w?ng hoa xa(?!\w)|xa hoi chu nghia|nghia viet nam|doc lap\W+tu do|tu do\W+hanh phuc")
_PARTY = re.compile(r"dang c\w?ng san viet nam|cong san viet nam")
_NUMBER = re.compile(r"^\W{0,3}[s§$][o0]\W{0,3}(?=[\s:.;⁄/]|\d|$|[^\w\s]|\w{0,3}\s*/)")
# The slash may have been read as a bracket, or stand where the line was parted.
_SYMBOL = re.compile(
    r"(?:[/(|]\s*(?P<year>(?:19|20)\d\d\s*/\s*)?|(?<=[\W\d] )\s*)"
    r"(?P<symbol>[A-ZĐ][A-Za-zĐđƯư]{0,6}\d{0,3}(?:\s*[-.]\s*[A-ZĐƯ][\w&]{0,11})+)"
)
_PARTY_SYMBOL = re.compile(
    r"[-–]\s*(?P<symbol>[A-ZĐ][A-Za-zĐđ]{1,4}\s*/\s*[A-ZĐƯ][\w.-]{0,15}(?:/[A-ZĐ][\w.-]{0,15})?)"
)
_WORDED_UNIT = re.compile(r"(?: [^\W\d_]+){1,3}$")
_DATE_ROW = re.compile(r"^[^a-z]{0,4}(?:[^\d/]{2,40}?\W)?(?=nga[a-z])")
_NO_PLACE = re.compile(r"(?<!\w)(sinh|vao|cap|tu|den|ket nap|chinh thuc|het|nhan)(?!\w)")
_OPEN = (
    " va", " cua", " cap", " bo", " xa", " phuong", " thi tran", " huyen", " quan", " thi xa", " tinh", " thanh pho",
    " dac khu", " ve", " cho", " truc thuoc",
)  # fmt: skip
"""Ends of a row that cannot end a body's name."""
_RESTORED = 0.88
"""Ceiling for a name whose marks a list put back: Quang Ninh is a commune, Quảng Ninh a province."""
_HEADER_SHARE = 0.45
"""The head ends above this share of the page's height."""
_OVERHANG = 0.25
"""Share of a row's width by which it may reach over the border between the columns."""
_HEAD_DATE_SHARE = 0.16
"""The date stands within this share of the page's height below the top of the national or Party title."""


@dataclass(frozen=True)
class Header:
    """The head of page `page`. `left` holds the issuer's rows, then the number's, then what stands below it."""

    page: int
    form: Form
    left: tuple[Row, ...]
    right: tuple[Row, ...]
    number: Row | None
    date: Row | None
    split: float
    """Pixels: left of it stands the left column."""
    bottom: float
    """Pixels: lower edge of the number's and the date's rows, or of the anchor."""


def find_header(page: RecognizedPage, rows: Sequence[Row]) -> Header:
    """Finds the national or Party title, parts the columns beside it, and the rows of number and date."""
    form, anchor, split, start = _find_anchor(page, rows)
    top = anchor.box[1] - 0.6 * anchor.height if anchor else 0.0
    near = [row for row in rows if top <= middle_y(row.box) < page.height * _HEADER_SHARE]
    left, right = [], []
    for row in near:
        # A title that is centred on the page begins left of the split, and is no body for that.
        one, other = _part_before(row, start) if row is anchor else _part(row, split, page.width)
        left += [one] if one else []
        right += [other] if other else []
    left, right = join_level(left), join_level(right)
    number = next((row for row in left if _is_number_row(row)), None)
    # A date further down is one that the text cites.
    lowest = number.box[3] + 4 * number.height if number else top + _HEAD_DATE_SHARE * page.height
    date = next((row for row in right if row.box[1] < lowest and _is_date_row(row)), None)
    bottoms = [row.box[3] for row in (number, date) if row] or [anchor.box[3] if anchor else 0]
    return Header(page.number, form, tuple(left), tuple(right), number, date, split, max(bottoms))


def _is_number_row(row: Row) -> bool:
    """`Số: …/…`, whatever stands in the gaps; not `Số lý lịch: …`, nor `Số:` before words."""
    found = _NUMBER.search(row.folded)
    if found is None:
        return False
    rest = row.folded[found.end() :]
    if _SYMBOL.search(row.text) or _PARTY_SYMBOL.search(row.text):
        return True
    # SỞ Y TẾ reads as "Số" too, when its marks are folded.
    return not re.search(r"[a-z]{3}", rest) and bool(re.search(r"[\d:/]", row.text) or not rest.strip())


def _is_date_row(row: Row) -> bool:
    """`Địa danh, ngày … tháng … năm …`; not a birth date or a term."""
    start = _DATE_ROW.search(row.folded)
    if start is None or _NO_PLACE.search(row.folded[: start.end()]):
        return False
    return find_worded(row.folded) is not None


def _find_anchor(page: RecognizedPage, rows: Sequence[Row]) -> tuple[Form, Row | None, float, int]:
    """The form, the row of its title, where the columns part, and where the title begins in its row."""
    for row in rows:
        if row.box[1] > page.height * _HEADER_SHARE:
            break
        found, form = _PARTY.search(row.folded), "party"
        if found is None:
            found, form = _STATE.search(row.folded), "state"
        if found is None or (row.upper_share < 0.6 and "doc lap" not in row.folded and "tu do" not in row.folded):
            continue
        words = row.words_between(*found.span())
        before = [word.box[2] for word in row.words if word.box[2] <= words[0].box[0]]
        start = words[0].box[0]
        split = (max(before) + start) / 2 if before else start - 0.02 * page.width
        wide = 0.3 * page.width < split < 0.6 * page.width
        return ("party" if form == "party" else "state"), row, split if wide else 0.45 * page.width, start
    return "other", None, 0.45 * page.width, 0


def find_late_date(rows: Sequence[Row], width: int) -> Row | None:
    """The date's row above the signature, as in a diploma or a sheet that a person signs."""
    parts = [part for row in rows for part in split_row(row)]
    return next((part for part in reversed(parts) if part.box[0] > 0.35 * width and _is_date_row(part)), None)


def _part_before(row: Row, start: int) -> tuple[Row | None, Row | None]:
    return row.keep(lambda word: word.box[0] < start), row.keep(lambda word: word.box[0] >= start)


def _part(row: Row, split: float, width: int) -> tuple[Row | None, Row | None]:
    """The row's words of the left and of the right column: parted at the widest gap near the split."""
    gaps = [
        (after.box[0] - before.box[2], (after.box[0] + before.box[2]) / 2)
        for before, after in pairwise(row.words)
        if abs((after.box[0] + before.box[2]) / 2 - split) < 0.12 * width
    ]
    gap, place = max(gaps, default=(0, split))
    edge = place if gap > 0.8 * row.height else split
    if edge == split:
        # A row of one column may reach a little into the other one's half.
        across = (split - row.box[0]) / max(1, row.box[2] - row.box[0])
        if across >= 1 - _OVERHANG:
            return row, None
        if across <= _OVERHANG:
            return None, row
    return row.keep(lambda word: middle_x(word.box) < edge), row.keep(lambda word: middle_x(word.box) >= edge)


@dataclass(frozen=True)
class NumberParts:
    """The number's row, taken apart. Offsets into the row's text: the number lies in `start:end`."""

    row: Row
    start: int
    end: int
    symbol: str | None
    symbol_span: tuple[int, int]


def take_number_apart(header: Header) -> NumberParts | None:
    """`Số: 15/QĐ-BNV` or `Số 127-QĐ/TW` into the number's place and the symbol; None where there is no such row."""
    row = header.number
    if row is None:
        return None
    found = _NUMBER.search(row.folded)
    start = found.end() if found else 0
    while start and row.text[start - 1] in "-–/":  # the mark before the symbol of a number that is blank
        start -= 1
    patterns = (_PARTY_SYMBOL, _SYMBOL) if header.form == "party" else (_SYMBOL, _PARTY_SYMBOL)
    symbols = [match for pattern in patterns if (match := pattern.search(row.text, start))]
    if not symbols:
        end = row.text.find("/", start)
        return NumberParts(row, start, end if end >= 0 else len(row.text), None, (start, start))
    match = symbols[0]
    end, first = match.start(), match.start("symbol")
    if match.groupdict().get("year"):
        first = match.start("year")
    worded = _WORDED_UNIT.match(row.text, match.end("symbol"))
    last = worded.end() if worded else match.end("symbol")
    symbol = re.sub(r"\s*([-/.])\s*", r"\1", row.text[first:last])
    return NumberParts(row, start, end, symbol, (first, last))


def describe_symbol(parts: NumberParts, type_code: str | None) -> Suggestion | None:
    """The symbol, with Đ put back where the lists or the title prove it."""
    if parts.symbol is None:
        return None
    symbol = repair_symbol(parts.symbol, type_code)
    agrees = type_code is not None and fold_name(type_code) in fold_name(symbol).replace("/", "-").split("-")
    span = parts.symbol_span
    return suggest("symbol", symbol, parts.row, span, 0.97 if agrees else 0.85, "header.symbol")


def describe_bodies(header: Header) -> list[Suggestion]:
    """Issuing body and superior body: the rows above the number, a name that is broken over rows put together."""
    end = header.number.box[1] if header.number else header.bottom
    rows = [row for row in header.left if middle_y(row.box) < end and row is not header.number]
    rows = [row for row in rows if row.upper_share > 0.75 and len(max(row.letters.split(), key=len, default="")) > 1]
    rows = [row for row in rows if not _STATE.search(row.folded) and not _PARTY.search(row.folded)]
    rows = [row for row in rows if row.confidence > 0.4 or starts_body(row.letters)]
    groups: list[list[Row]] = []
    for row in rows:
        new = starts_body(row.letters) and not (groups and _continues(groups[-1][-1]))
        if new or not groups:
            groups.append([])
        groups[-1].append(row)
    if not groups:
        return []
    found = [_body("issuing_body", groups[-1])]
    if len(groups) > 1:
        found.append(_body("superior_body", [row for group in groups[:-1] for row in group]))
    return found


def _continues(row: Row) -> bool:
    """Whether a row cannot be the end of a body's name."""
    if row.letters in {"ban chap hanh", "ban thuong vu"}:
        return True
    return row.letters.endswith(_OPEN) and not row.letters.endswith("ha tinh")


def _body(name: str, rows: Sequence[Row]) -> Suggestion:
    whole = Row(tuple(word for row in rows for word in row.words), rows[0].page)
    text = re.sub(r"\s+", " ", "".join(one if one.isalpha() or one in " -,()" else " " for one in whole.text)).strip(
        " -,"
    )
    listed = starts_body(rows[0].letters)
    value = restore_marks(text.upper())
    ceiling = 0.7 if not listed else 0.92 if value == text else _RESTORED
    return suggest(name, value, whole, None, ceiling, "header.left_column")


def describe_place(header: Header) -> Suggestion | None:
    """The place before `, ngày`."""
    row = header.date
    if row is None:
        return None
    found = find_worded(row.folded)
    if found is None:
        return None
    end = found.start()
    start = max(0, len(row.text[:end]) - len(row.text[:end].lstrip(" .,-*_'")))
    printed = row.text[start:end]
    value = re.sub(r"[^\w\s.-]", "", restore_marks(printed)).strip(" .-")
    if not value or not any(letter.isupper() for letter in value):
        return None
    ceiling = 0.87 if not is_province(value) else 0.97 if restore_marks(printed) == normalize(printed) else _RESTORED
    return suggest("place", value, row, (start, end), ceiling, "header.place")
