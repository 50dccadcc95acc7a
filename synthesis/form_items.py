"""Numbered items of a form: labels and values in many layouts, printed or by pen, with boxes to tick and to fill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from synthesis.canvas import Style, Token, tokens, wrap
from synthesis.layout import Sheets
from synthesis.truth import FieldValue

ItemKind = Literal["text", "sex", "digits"]


@dataclass(frozen=True, slots=True)
class Item:
    """A label and what is filled in, None for a place left blank.

    field: the dictionary's name, None for what nobody asks for. truth: the value to be entered, `value` if None.
    """

    label: str
    value: str | None = None
    field: str | None = None
    truth: str | None = None
    kind: ItemKind = "text"


@dataclass(frozen=True, slots=True)
class FormLook:
    """How a form is set and filled in. numbering: of items, `{}` is the number, empty for none."""

    by_pen: bool
    numbering: str
    colon: str
    leader: bool
    bold_label: bool
    bold_value: bool
    shared: bool
    """Several items on one line."""
    below: float
    """Chance that a value stands on the line under its label."""
    ticks: bool
    cells: bool
    """Numbers one digit a box."""
    table: bool
    """Labels and values in the two columns of a ruled table, without colons."""


def choose_form_look(rng: Random, by_pen: bool | None = None) -> FormLook:
    """A look by chance; `by_pen` None: by chance too."""
    zero = rng.random() < 0.4
    mark = rng.choice(("{}. ", "{}) ", "{}- ", "{}/ ", "{}. ", ""))
    pen = rng.random() < 0.3 if by_pen is None else by_pen
    return FormLook(
        by_pen=pen,
        numbering=mark.replace("{}", "{:02d}") if zero else mark,
        colon=rng.choice((":", ":", ":", " :")),
        leader=rng.random() < 0.6,
        bold_label=rng.random() < 0.15,
        bold_value=rng.random() < 0.4,
        shared=rng.random() < 0.6,
        below=rng.choice((0.0, 0.0, 0.15)),
        ticks=rng.random() < 0.35,
        cells=rng.random() < 0.25,
        table=not pen and rng.random() < 0.12,
    )


class ItemWriter:
    """Writes items one after another on the sheets and counts them."""

    def __init__(self, sheets: Sheets, look: FormLook) -> None:
        self._sheets, self._look, self._number = sheets, look, 0

    def write(self, rows: Sequence[Sequence[Item]], numbered: bool = True) -> None:
        """Each inner sequence may stand on one line."""
        for row in rows:
            if self._look.table:
                for item in row:
                    self._number += numbered
                    self._table_row(item, self._prefix(numbered))
                continue
            if self._look.shared and len(row) > 1 and self._fits(row):
                self._number += numbered
                self._line(row, self._prefix(numbered))
                continue
            for item in row:
                self._number += numbered
                self._alone(item, self._prefix(numbered))

    def _prefix(self, numbered: bool) -> str:
        return self._look.numbering.format(self._number) if numbered else ""

    def _fits(self, row: Sequence[Item]) -> bool:
        room = self._sheets.width / len(row) - self._sheets.page.mm(10)
        return all(self._width(item) < room for item in row)

    def _width(self, item: Item) -> float:
        page = self._sheets.page
        extra = page.mm(22) if self._ticked(item) else len(item.value or "") * page.mm(5.5) if self._boxed(item) else 0
        value = [] if extra else self._value(item)
        return page.line_width(self._label(item, "")) + page.line_width(value) + extra

    def _ticked(self, item: Item) -> bool:
        return item.kind == "sex" and self._look.ticks

    def _boxed(self, item: Item) -> bool:
        return item.kind == "digits" and self._look.cells and item.value is not None

    def _label(self, item: Item, prefix: str) -> list[Token]:
        style = Style(self._sheets.size, bold=self._look.bold_label)
        return tokens(f"{prefix}{item.label}{self._look.colon}", style)

    def _value(self, item: Item) -> list[Token]:
        if item.value is None:
            return []
        if not self._look.by_pen:
            return tokens(item.value, Style(self._sheets.size, bold=self._look.bold_value))
        pens = [self._sheets.pen(word, 3.3) for word in item.value.split()]
        return [Token(one.text, one.style, one.mark, lead=1.6 if at == 0 else 0.7) for at, one in enumerate(pens)]

    def _step(self) -> None:
        sheets = self._sheets
        step = round(sheets.size * 1.42 * sheets.page.dpi / 72)
        if sheets.y + step > sheets.limit:
            sheets.new_page()
        sheets.y += step

    def _line(self, row: Sequence[Item], prefix: str) -> None:
        self._step()
        part = self._sheets.width / len(row)
        for at, item in enumerate(row):
            start = self._sheets.x0 + at * part
            self._fill(item, prefix if at == 0 else "", start, start + part - self._sheets.page.mm(4))

    def _alone(self, item: Item, prefix: str) -> None:
        sheets, look = self._sheets, self._look
        self._step()
        right = sheets.x0 + sheets.width
        label = self._label(item, prefix)
        value = self._value(item)
        plain = not (self._ticked(item) or self._boxed(item))
        below = plain and bool(value) and sheets.rng.random() < look.below
        room = sheets.width - sheets.page.line_width(label) - sheets.page.mm(3)
        if plain and (below or sheets.page.line_width(value) > room):
            self._broken(label, value, below)
        else:
            self._fill(item, prefix, sheets.x0, right)

    def _table_row(self, item: Item, prefix: str) -> None:
        sheets, page = self._sheets, self._sheets.page
        style, pad = Style(sheets.size), page.mm(1.5)
        split, right = sheets.x0 + round(0.38 * sheets.width), sheets.x0 + sheets.width
        left = wrap(page, tokens(f"{prefix}{item.label}", style), split - sheets.x0 - 2 * pad)
        value = wrap(page, self._value(item), right - split - 2 * pad) if item.value else []
        step = round(sheets.size * 1.25 * page.dpi / 72)
        height = max(len(left), len(value)) * step + 2 * pad
        if sheets.y + height > sheets.limit:
            sheets.new_page()
            page = sheets.page
        for x0, x1, lines in ((sheets.x0, split, left), (split, right, value)):
            page.draw.rectangle((x0, sheets.y, x1, sheets.y + height), outline=page.ink, width=page.stroke(0.7))
            for at, line in enumerate(lines, 1):
                page.write(line, x0 + pad, sheets.y + at * step, x1 - x0 - 2 * pad, "left", "table")
        sheets.y += height

    def _broken(self, label: list[Token], value: list[Token], below: bool) -> None:
        """A value that fills several lines, or stands under its label."""
        sheets = self._sheets
        lines = [label] if below else []
        lines += wrap(sheets.page, value if below else [*label, *value], sheets.width)
        for at, line in enumerate(lines):
            if at:
                self._step()
            end = sheets.x0 + sheets.page.line_width(line)
            if self._look.leader:
                sheets.page.leader(end + sheets.page.mm(1), sheets.x0 + sheets.width, sheets.y)
            sheets.page.write(line, sheets.x0, sheets.y, sheets.width, "left", "form")

    def _fill(self, item: Item, prefix: str, start: float, end: float) -> None:
        page, y = self._sheets.page, self._sheets.y
        label = self._label(item, prefix)
        after = start + page.line_width(label) + page.mm(1.5)
        if self._ticked(item):
            page.write(label, start, y, end - start, "left", "form")
            self._tick(item, after)
        elif self._boxed(item):
            page.write(label, start, y, end - start, "left", "form")
            self._cells(item.value or "", after)
        else:
            if self._look.leader:
                page.leader(after, end, y)
            page.write([*label, *self._value(item)], start, y, end - start, "left", "form")

    def _tick(self, item: Item, x: float) -> None:
        """`Nam ☐ Nữ ☐` with a cross or a tick in one of them, none for a blank."""
        sheets, page = self._sheets, self._sheets.page
        side, y = page.mm(3.6), sheets.y
        for word in ("Nam", "Nữ"):
            line = page.write(tokens(word, Style(sheets.size)), x, y, page.mm(20), "left", "form")
            left = round((line.box[2] if line else x) + page.mm(1.5))
            top = y - side
            page.draw.rectangle((left, top, left + side, y), outline=page.ink, width=page.stroke(0.8))
            if item.value is not None and item.value.lower() == word.lower():
                self._cross(left, top, side)
            x = left + side + page.mm(4)

    def _cross(self, left: int, top: int, side: int) -> None:
        page, look = self._sheets.page, self._look
        ink = self._sheets.hand.ink if look.by_pen else page.ink
        width, third = page.stroke(1.3), side // 5
        right, bottom = left + side, top + side
        if self._sheets.rng.random() < 0.5:
            page.draw.line((left + third, top + third, right - third, bottom - third), fill=ink, width=width)
            page.draw.line((left + third, bottom - third, right - third, top + third), fill=ink, width=width)
        else:
            corner = left + 2 * third, bottom - third
            page.draw.line((left + third, top + side // 2, *corner), fill=ink, width=width)
            page.draw.line((*corner, right - third // 2, top + third), fill=ink, width=width)

    def _cells(self, digits: str, x: float) -> None:
        sheets, page = self._sheets, self._sheets.page
        wide, tall, y = page.mm(5.2), page.mm(6.0), sheets.y
        for digit in digits:
            box = (round(x), y - round(tall * 0.8), round(x + wide), y + round(tall * 0.2))
            page.draw.rectangle(box, outline=page.ink, width=page.stroke(0.5))
            token = sheets.pen(digit, 3.3) if self._look.by_pen else Token(digit, Style(sheets.size))
            page.write([token], x, y, wide, "center", "form")
            x += wide
        sheets.skip(1.0)


def tell_items(look: FormLook, rows: Sequence[Sequence[Item]]) -> dict[str, FieldValue]:
    """The fields of the items in the truth, each with whether it is by pen."""
    told: dict[str, FieldValue] = {}
    for item in (one for row in rows for one in row if one.field is not None):
        told[f"{item.field}"] = item.value if item.truth is None else item.truth
        told[f"{item.field}_is_handwritten"] = look.by_pen and item.value is not None
    return told
