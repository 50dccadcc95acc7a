"""Pages of assorted blocks: layouts that the office forms do not have, for training and measuring a line detector.

Columns, tables with and without rules, small print, large titles, notes by pen, e-signatures, pictures, stamps over
text, on sheets of several sizes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from synthesis import vocabulary as words
from synthesis.canvas import INK, Align, Canvas, Style, Token, tokens, wrap
from synthesis.fonts import FontSet
from synthesis.forms import table_rows, take_page
from synthesis.organs import make_state_organ
from synthesis.pen import Hand, choose_hand
from synthesis.pictures import make_any_stamp, make_picture
from synthesis.stamps import BLUE, RED, VIOLET
from synthesis.texts import make_abstract, make_date, make_name, make_paragraph, make_place, make_sentence, make_task
from synthesis.truth import LineKind, RenderedPage

_SHEETS_MM = ((210.0, 297.0), (210.0, 297.0), (210.0, 297.0), (297.0, 210.0), (148.0, 210.0), (297.0, 420.0))
_SIZES = (7.5, 8, 9, 10, 11, 12, 13, 13, 14, 14, 15)


@dataclass(slots=True)
class Room:
    """A column of the page that blocks fill from the top. Lengths in pixels."""

    canvas: Canvas
    rng: Random
    fonts: FontSet
    hand: Hand
    x: float
    width: float
    y: float
    limit: float
    style: Style = field(default_factory=Style)
    spacing: float = 1.2

    @property
    def step(self) -> float:
        return self.style.size * self.spacing * self.canvas.dpi / 72

    def restyle(self) -> None:
        """Another face, size, slope, weight and spacing."""
        rng = self.rng
        self.canvas.face = rng.choice(self.fonts.serif if rng.random() < 0.75 else self.fonts.sans)
        self.style = Style(rng.choice(_SIZES), bold=rng.random() < 0.2, italic=rng.random() < 0.2)
        self.spacing = rng.choice((1.0, 1.08, 1.15, 1.2, 1.3, 1.5))

    def write_rows(self, text: Sequence[Token], align: Align, kind: LineKind, x: float, width: float) -> float:
        """Breaks the words into the width and writes them as far as there is room. Returns the widest row's width."""
        widest = 0.0
        rows = wrap(self.canvas, text, width)
        for at, row in enumerate(rows):
            if self.y + self.step > self.limit:
                break
            self.y += self.step
            own: Align = "left" if align == "justify" and at == len(rows) - 1 else align
            if self.canvas.line_width(row) <= width + 2:
                self.canvas.write(row, x, round(self.y), width, own, kind)
            widest = max(widest, self.canvas.line_width(row))
        return widest


def make_any_text(rng: Random, most: int = 60) -> str:
    """A phrase of office text of any kind, up to this many words."""
    date = make_date(rng)
    makers: tuple[Callable[[], str], ...] = (
        lambda: make_paragraph(rng, 2), lambda: make_sentence(rng), lambda: make_task(rng), lambda: make_name(rng),
        lambda: make_abstract(rng, "tỉnh").upper(), lambda: make_name(rng).upper(), lambda: ", ".join(make_place(rng)),
        lambda: f"{date.day}/{date.month}/{date.year}", lambda: f"{rng.randrange(1, 10**6):,}".replace(",", "."),
        lambda: rng.choice(words.TABLE_ITEMS), lambda: str(rng.randrange(1, 100)), lambda: rng.choice("IVX+-*abc"),
    )  # fmt: skip
    return " ".join(rng.choice(makers)().split()[:most])


def _write_paragraph(room: Room) -> None:
    rng = room.rng
    text = " ".join(make_any_text(rng) for _ in range(rng.randrange(1, 3)))
    strong = replace(room.style, bold=True)
    written = [Token(word, strong if rng.random() < 0.04 else room.style) for word in text.split()]
    align: Align = rng.choice(("justify", "justify", "left", "center", "right"))
    first = len(room.canvas.lines)
    room.write_rows(written, align, "body", room.x, room.width)
    if rng.random() < 0.15:
        for line in room.canvas.lines[first:]:
            room.canvas.rule(line.box[0], line.box[2], line.box[3] + rng.randrange(-2, 3), rng.uniform(0.5, 1.2))


def _write_title(room: Room) -> None:
    rng = room.rng
    room.style = Style(rng.choice((14, 16, 18, 20, 22, 24, 26)), bold=rng.random() < 0.8, italic=rng.random() < 0.15)
    text = make_any_text(rng, 12)
    words_of_it = tokens(text.upper() if rng.random() < 0.6 else text, room.style)
    room.write_rows(words_of_it, "center", "title", room.x, room.width)
    if rng.random() < 0.5:
        room.y += room.canvas.mm(rng.uniform(1.2, 3))
        half = room.width * rng.uniform(0.08, 0.3)
        room.canvas.rule(room.x + room.width / 2 - half, room.x + room.width / 2 + half, room.y, rng.uniform(0.5, 1.5))


def _write_columns(room: Room) -> None:
    """Two or three pieces of text side by side, as in heads and signature blocks."""
    rng = room.rng
    count = 2 if room.width < room.canvas.mm(120) or rng.random() < 0.7 else 3
    gap = room.canvas.mm(rng.uniform(4, 14))
    width = (room.width - gap * (count - 1)) / count
    top, lowest = room.y, room.y
    for at in range(count):
        room.y = top
        room.style = replace(room.style, bold=rng.random() < 0.5, italic=rng.random() < 0.2)
        align: Align = rng.choice(("center", "center", "left"))
        for _ in range(rng.randrange(1, 4)):
            text = make_any_text(rng, 14)
            room.write_rows(
                tokens(text.upper() if rng.random() < 0.4 else text, room.style), align, "header",
                room.x + at * (width + gap), width,
            )  # fmt: skip
        lowest = max(lowest, room.y)
    room.y = lowest


def _write_table(room: Room) -> None:
    """Rows of cells. Ruled all around, only level rules, or none."""
    rng, canvas = room.rng, room.canvas
    count = rng.randrange(2, 8 if room.width > canvas.mm(120) else 5)
    weights = [rng.uniform(0.5, 2.5) for _ in range(count)]
    edges = [room.x + room.width * sum(weights[:at]) / sum(weights) for at in range(count + 1)]
    rules, pad = rng.choice(("all", "all", "level", "none")), canvas.mm(rng.uniform(0.8, 2))
    room.style = replace(room.style, size=min(room.style.size, 13))
    numeric = [rng.random() < 0.4 for _ in weights]
    rows = rng.randrange(3, 12)
    samples = [make_any_text(rng, 7) for _ in range(4)] + [cell for row in table_rows(rng)[:2] for cell in row]
    for row in range(rows):
        top, lowest = room.y, room.y + room.step
        if top + 4 * room.step > room.limit:
            return
        for at in range(count):
            room.y = top
            width = edges[at + 1] - edges[at] - 2 * pad
            text = f"{rng.randrange(10 ** rng.randrange(1, 7)):,}" if numeric[at] and row else rng.choice(samples)
            text = "" if rng.random() < 0.1 else " ".join(text.split()[:9])
            align: Align = "right" if numeric[at] else rng.choice(("left", "left", "center"))
            style = replace(room.style, bold=row == 0 or room.style.bold)
            room.write_rows(tokens(text, style), align, "table", edges[at] + pad, width)
            lowest = max(lowest, room.y)
        room.y = lowest + room.step * rng.uniform(0.25, 0.5)
        _rule_row(room, edges, top, rules)


def _rule_row(room: Room, edges: Sequence[float], top: float, rules: str) -> None:
    canvas = room.canvas
    if rules != "none":
        for y in (top, room.y):
            canvas.rule(edges[0], edges[-1], y, 0.6)
    if rules == "all":
        for x in edges:
            canvas.draw.line([(round(x), round(top)), (round(x), round(room.y))], fill=INK, width=canvas.stroke(0.6))


def _write_form(room: Room) -> None:
    """Labels with dotted leaders, values in print, by pen, or none."""
    rng, canvas = room.rng, room.canvas
    for _ in range(rng.randrange(2, 7)):
        room.y += room.step * rng.uniform(1.0, 1.3)
        if room.y > room.limit:
            return
        label = tokens(make_any_text(rng, rng.randrange(1, 5)) + ":", room.style)
        value = make_any_text(rng, rng.randrange(1, 5))
        kind = rng.randrange(3)
        if kind == 0:
            label += tokens(value, replace(room.style, bold=True))
        elif kind == 1:
            label += pen_words(room, value, room.style.size * rng.uniform(0.27, 0.36))
        start = room.x + canvas.line_width(label) + canvas.mm(1)
        if rng.random() < 0.7:
            dots = room.x + canvas.line_width(label[:2]) if kind == 1 else start
            canvas.leader(dots, room.x + room.width, round(room.y))
        if canvas.line_width(label) < room.width:
            canvas.write(label, room.x, round(room.y), room.width, "left", "form")


def pen_words(room: Room, text: str, height: float) -> list[Token]:
    """Words by the room's hand, digits `height` mm high."""
    marks = [room.hand.write(word, max(6, room.canvas.mm(height)), room.rng) for word in text.split()]
    return [
        Token(word, room.style, mark, lead=room.rng.uniform(0.5, 1.5))
        for word, mark in zip(text.split(), marks, strict=True)
    ]


def _write_note(room: Room) -> None:
    """Lines by pen alone."""
    rng = room.rng
    height = rng.uniform(2.6, 5)
    room.style = Style(height / 0.3, italic=False)
    room.spacing = rng.uniform(1.1, 1.6)
    text = make_any_text(rng, rng.randrange(1, 12)).lower()
    room.write_rows(pen_words(room, text, height), "left", "note", room.x, room.width * rng.uniform(0.3, 1))


def _write_small_print(room: Room) -> None:
    room.style = Style(room.rng.choice((7.5, 8, 8.5, 9, 9.5)), italic=room.rng.random() < 0.3)
    room.canvas.rule(room.x, room.x + room.width * 0.3, room.y + room.canvas.mm(1))
    room.y += room.canvas.mm(1.5)
    for _ in range(room.rng.randrange(1, 4)):
        room.write_rows(tokens(make_any_text(room.rng), room.style), "left", "body", room.x, room.width)


def _write_e_signature(room: Room) -> None:
    """Small sans text of an electronic signature, grey or coloured, framed or not."""
    rng, canvas = room.rng, room.canvas
    canvas.face = rng.choice(room.fonts.sans)
    canvas.ink = rng.choice(((120, 120, 120), (90, 90, 90), (200, 40, 40), (150, 150, 150), (40, 60, 160)))
    room.style, room.spacing = Style(rng.uniform(6.5, 10)), rng.uniform(1.05, 1.3)
    organ, day, top = make_state_organ(rng), make_date(rng), room.y
    rows = [f"Người ký: {make_name(rng)}", f"Cơ quan: {organ.name}", f"Email: vt{rng.randrange(99)}@tinh.gov.vn"]
    rows.append(f"Thời gian ký: {day:%d.%m.%Y} {rng.randrange(24):02d}:{rng.randrange(60):02d}:22 +07:00")
    width = room.width * rng.uniform(0.4, 0.7)
    for row in rows[rng.randrange(2) :]:
        room.write_rows(tokens(row, room.style), "left", "stamp", room.x, width)
    if rng.random() < 0.5:
        pad = canvas.mm(1)
        frame = (room.x - pad, top - pad, room.x + width, room.y + canvas.mm(1.5))
        canvas.draw.rectangle(frame, outline=canvas.ink, width=canvas.stroke(0.7))
    canvas.ink = INK


def _put_picture(room: Room) -> None:
    picture = make_picture(room.canvas.dpi, room.rng)
    height, width = picture.mask.shape
    if width < room.width and room.y + height < room.limit:
        x = room.x + room.rng.uniform(0, room.width - width)
        room.canvas.stamp(picture, round(x), round(room.y), room.rng.choice((INK, RED, (60, 60, 70))), 0.9)
        room.y += height


_BLOCKS: Sequence[tuple[Callable[[Room], None], float]] = (
    (_write_paragraph, 5), (_write_title, 1.2), (_write_columns, 2), (_write_table, 2.2), (_write_form, 1.5),
    (_write_note, 0.8), (_write_small_print, 0.8), (_write_e_signature, 0.7), (_put_picture, 0.6),
)  # fmt: skip


def _press_anywhere(canvas: Canvas, fonts: FontSet, hand: Hand, rng: Random) -> None:
    """Seals, stamps and signatures, over text or beside it."""
    width, height = canvas.image.size
    for _ in range(rng.choice((0, 0, 1, 1, 2, 3))):
        overlay = make_any_stamp(canvas.dpi, rng.choice(fonts.sans + fonts.serif), hand, rng)
        high, wide = overlay.mask.shape
        x, y = rng.randrange(max(1, width - wide)), rng.randrange(max(1, height - high))
        colour = rng.choice((RED, RED, BLUE, VIOLET, (30, 30, 36)))
        canvas.stamp(overlay, x, y, colour, rng.uniform(0.6, 0.95))


def make_assorted_page(rng: Random, fonts: FontSet, dpi: int) -> RenderedPage:
    """One page, clean, filled with blocks in one, two or three columns."""
    canvas = Canvas(dpi, rng.choice(fonts.serif), rng.choice(_SHEETS_MM))
    width, height = canvas.image.size
    hand = choose_hand(fonts, rng)
    margin, columns = canvas.mm(rng.uniform(8, 28)), rng.choice((1, 1, 1, 1, 2, 2, 3))
    gap = canvas.mm(rng.uniform(5, 12))
    room_width = (width - 2 * margin - gap * (columns - 1)) / columns
    for at in range(columns):
        x = margin + at * (room_width + gap)
        top, bottom = margin * rng.uniform(0.5, 1), height - margin * rng.uniform(0.4, 1)
        room = Room(canvas, rng, fonts, hand, x, room_width, top, bottom)
        room.restyle()
        while room.y < room.limit - 2 * room.step:
            if rng.random() < 0.6:
                room.restyle()
            block = rng.choices([one for one, _ in _BLOCKS], [weight for _, weight in _BLOCKS])[0]
            block(room)
            room.y += canvas.mm(rng.choice((0, 1, 2, 4, 8, 16)))
    _press_anywhere(canvas, fonts, hand, rng)
    return take_page(canvas)
