"""Rows of a form taken apart into labels and the words that stand for their values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, zip_longest
from statistics import median

from core.recognition import Box
from ocr.describing.form_labels import RELATIVE, Label
from ocr.describing.rows import Row, middle_x, middle_y

_NUMBERING = re.compile(
    r"^[\W_]{0,4}(?:(?:\d{1,2}|[a-z])\s?[.)/-]{1,2}(?!\s*\d)[\W_]{0,3}|\d{1,2}\s+(?!thang|nam(?![,/])|to(?!\w))(?=[a-z]))?"
)
_COLON = re.compile(r"\s*(?:\([^)]{0,60}\))?\s*(?::|\.{3}|…|;(?=\s))")
_BRACKET = re.compile(r"\s*\([^)]{0,60}\)")
_VALUE_START = {"date": re.compile(r"\W{0,4}(?:ngay\s*)?\d"), "digits": re.compile(r"\W{0,4}\d"),
                "count": re.compile(r"\W{0,4}\d"), "sex": re.compile(r"\W{0,4}(?:nam|nu)(?!\w)")}  # fmt: skip
_BREAKS = re.compile(r"^\W*(dieu \d|noi nhan|kinh gui|can cu|xet de nghi|nguoi (khai|lam don)|toi xin|quyet dinh nay)")
_LONG_RELATIVE = "ho ten"
"""A relative's label without a colon is longer than this: Võ and Mẹ stand at the start of names and sentences."""
_FAR = 2.6
"""A row further below than this many heights does not go on with a value."""


@dataclass(frozen=True, slots=True)
class FoundItem:
    """A label as it stands on the page and the row of its value, None where nothing was read. at: the label's row."""

    label: Label
    value: Row | None
    at: Row
    start: int
    end: int
    """The label's place in `at.text`."""

    @property
    def label_box(self) -> Box:
        return self.at.box_between(self.start, max(self.start + 1, self.end)) or self.at.box


@dataclass(frozen=True, slots=True)
class _Match:
    label: Label
    start: int
    end: int


def cut_row(row: Row, start: int, end: int) -> Row | None:
    """The row's words between two places of its text, words on an edge cut in proportion; None without any."""
    words, offset = [], 0
    for word in row.words:
        first, last = max(start - offset, 0), min(end - offset, len(word.text))
        if first < last:
            text = word.text[first:last]
            box = row.box_between(offset + first, offset + last) or word.box
            words.append(word if text == word.text else replace(word, text=text, box=box))
        offset += len(word.text) + 1
    return Row(tuple(words), row.page) if words else None


def find_items(rows: Sequence[Row], labels: Sequence[Label]) -> list[FoundItem]:
    """All labels in reading order with what follows each: on its row, on the next ones where the value goes on."""
    lines = list(_level_lines(rows))
    found: list[FoundItem] = []
    for at, parts in enumerate(lines):
        for number, row in enumerate(parts):
            matches = _find_labels(row, labels)
            before = found[-1] if found and number and found[-1].at in parts[:number] else None
            lead = cut_row(row, _first(row), matches[0].start if matches else len(row.text))
            if before is not None and lead is not None and before.value is None and _says(lead):
                found[-1] = before = replace(before, value=lead)
            elif before is not None and before.label.kind == "sex" and before.value is not None and lead is not None:
                found[-1] = replace(before, value=Row((*before.value.words, *lead.words), row.page))
            for match, after in zip_longest(matches, matches[1:]):
                value = cut_row(row, match.end, after.start if after else len(row.text))
                found.append(
                    FoundItem(match.label, value if value and _says(value) else None, row, match.start, match.end)
                )
        if found and found[-1].at in parts:
            found[-1] = _go_on(found[-1], lines[at + 1 :], labels)
    return found


def _level_lines(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Rows that stand on one level of a page, from left to right; the page may lie askew."""
    for _, its in groupby(rows, key=lambda row: row.page):
        on_page = list(its)
        slope = _slope(on_page)
        line: list[Row] = []
        for row in sorted(on_page, key=lambda one: _level(one, slope)):
            if line and _level(row, slope) - _level(line[0], slope) > 0.5 * min(row.height, line[0].height):
                yield sorted(line, key=lambda one: one.box[0])
                line = []
            line.append(row)
        if line:
            yield sorted(line, key=lambda one: one.box[0])


def _level(row: Row, slope: float) -> float:
    """Where the row's base line would meet the left edge of the page."""
    return middle_y(row.words[0].box) - slope * middle_x(row.words[0].box)


def _slope(rows: Sequence[Row]) -> float:
    """Rise of the rows over their length, by the longest of them."""
    ends = [(row.words[0].box, row.words[-1].box) for row in rows if len(row.words) > 2]
    wide = sorted(ends, key=lambda one: one[0][0] - one[1][2])[:12]
    rises = [(middle_y(b) - middle_y(a)) / max(1.0, middle_x(b) - middle_x(a)) for a, b in wide]
    return median(rises) if rises else 0.0


def _first(row: Row) -> int:
    """Where the row begins behind its number."""
    start = _NUMBERING.match(row.folded)
    return start.end() if start else 0


def _find_labels(row: Row, labels: Sequence[Label]) -> list[_Match]:
    first = _first(row)
    matches = [one for label in labels for one in _matches_of(label, row, first)]
    matches.sort(key=lambda one: (one.start, -one.end, not one.label.name))
    kept: list[_Match] = []
    for one in matches:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _matches_of(label: Label, row: Row, first: int) -> Iterator[_Match]:
    for match in label.pattern.finditer(row.folded):
        if match.start() < first:
            continue
        colon = _COLON.match(row.folded, match.end())
        typed = _VALUE_START.get(label.kind)
        follows = bool(typed and typed.match(row.folded, match.end()))
        bracket = _BRACKET.match(row.folded, match.end())
        ends = not row.folded[bracket.end() if bracket else match.end() :].strip(" .…_-")
        alone = label.name != RELATIVE or match.end() - match.start() > len(_LONG_RELATIVE)
        if match.start() == first:
            capital = label.kind == "name" and row.text[match.end() :].lstrip()[:1].isupper()
            if not (colon or (follows and label.bare) or capital or (ends and alone)):
                continue
        elif not colon and not (follows and label.bare and _parted(row, match.start())):
            continue
        end = colon.end() if colon else bracket.end() if bracket else match.end()
        yield _Match(label, match.start(), end)


def _parted(row: Row, at: int) -> bool:
    """Whether a new item may begin here: after a mark, or with a capital."""
    before = row.text[:at].rstrip()
    return not before or before[-1] in ",;.…" or row.text[at].isupper() or not before[-1].isalpha()


def _says(row: Row) -> bool:
    return any(letter.isalnum() for letter in row.text)


def _go_on(item: FoundItem, below: Sequence[Sequence[Row]], labels: Sequence[Label]) -> FoundItem:
    """The last item of a line with the rows under it that belong to it.

    A value that is missing stands on the next row. A text goes on there if its own row reaches the right edge.
    """
    last = item.at
    if item.value is None:
        following = below[0] if below else ()
        if following and _belongs(last, following, labels) and item.at.text.rstrip()[-1:] in ":.…_":
            item, last, below = replace(item, value=following[0]), following[0], below[1:]
        else:
            return item
    if item.label.kind not in ("text", "name") or item.value is None:
        return item
    edge = max((row.box[2] for parts in below for row in parts if row.page == last.page), default=0)
    edge = max(edge, last.box[2])
    for parts in below[:2]:
        if item.label.kind != "text" or len(parts) != 1 or not _belongs(last, parts, labels):
            break
        wide = edge - item.at.box[0]
        full = last.box[2] > edge - 0.12 * wide and parts[0].box[0] < item.at.box[0] + 0.25 * wide
        under = parts[0].box[0] - item.value.box[0] < parts[0].height < abs(item.value.box[0] - item.at.box[0])
        own_column = under and parts[0].box[0] > item.value.box[0] - parts[0].height
        if not (full or own_column) or item.value.text.rstrip()[-1:] in ".;":
            break
        item = replace(item, value=Row((*item.value.words, *parts[0].words), last.page))
        last = parts[0]
    return item


def _belongs(above: Row, parts: Sequence[Row], labels: Sequence[Label]) -> bool:
    row = parts[0]
    if row.page != above.page or row.box[1] - above.box[1] > _FAR * max(row.height, above.height):
        return False
    numbered = re.match(r"^\W{0,2}\d{1,2}\s?[.)/-]+(?!\s*\d)", row.folded)
    return not (numbered or _BREAKS.match(row.folded) or any(_find_labels(one, labels) for one in parts))
