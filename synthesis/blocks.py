"""Parts that every form has: the two-column head, the end with recipients and signature, the stamps."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from synthesis.canvas import Style, Token, tokens, wrap, wrap_evenly
from synthesis.layout import Sheets
from synthesis.organs import Organ, Signing
from synthesis.stamps import (
    BLUE,
    RED,
    VIOLET,
    make_frame_stamp,
    make_incoming_stamp,
    make_seal,
    make_signature,
    tilt,
)
from synthesis.truth import LineKind

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
PARTY = "ĐẢNG CỘNG SẢN VIỆT NAM"


@dataclass(frozen=True, slots=True)
class Looks:
    """How a document was finished. None, or False: drawn by chance or left out as each says.

    number_by_pen, date_by_pen: None = by chance. urgency, secrecy: text of the stamp or None.
    """

    number_by_pen: bool | None = None
    date_by_pen: bool | None = None
    urgency: str | None = None
    secrecy: str | None = None
    incoming: bool = False
    seal: bool = True
    table: bool | None = None
    length: int = 2
    """Paragraphs and tasks: 1 makes a page, 2 one or two, 4 two or three."""


def decide(wish: bool | None, chance: float, rng: Random) -> bool:
    """The wish, or a throw of the dice."""
    return rng.random() < chance if wish is None else wish


def _column(sheets: Sheets, rows: Sequence[tuple[str, Style]], x: int, width: int, y: int) -> int:
    """Centred rows of a head's column; a row that is too wide is broken. Returns the last base line."""
    page = sheets.page
    for text, style in rows:
        for line in wrap_evenly(page, tokens(text, style), width):
            y += round(style.size * 1.2 * page.dpi / 72)
            page.write(line, x, y, width, "center", "header")
    return y


def _rule(sheets: Sheets, x: int, width: int, y: int, share: float) -> int:
    middle, half = x + width / 2, width * share / 2
    y += sheets.page.mm(2.0)
    sheets.page.rule(middle - half, middle + half, y)
    return y


def _fit(sheets: Sheets, text: str, style: Style, width: int) -> Style:
    """The style, smaller if the text is wider than the column."""
    needed = sheets.page.line_width(tokens(text, style))
    return style if needed <= width else Style(style.size * width / needed * 0.985, style.bold, style.italic)


def number_line(sheets: Sheets, number: str, symbol: str, by_pen: bool, form: str) -> list[Token]:
    """`Số: 15/QĐ-BNV` or `Số 127-QĐ/TW`, the number printed or by pen over a gap."""
    style = Style(13)
    label, mark = ("Số:", "/") if form == "state" else ("Số", "-")
    if not by_pen:
        return tokens(f"{label} {number}{mark}{symbol}", style)
    pen = sheets.pen(number, sheets.rng.uniform(3.6, 5.0))
    gap = sheets.rng.uniform(0.3, 2.5)
    return [Token(label, style), pen, Token(f"{mark}{symbol}", style, joined=True, lead=gap)]


def date_line(sheets: Sheets, place: str, day: datetime.date, by_pen: bool) -> list[Token]:
    """`Địa danh, ngày DD tháng MM năm YYYY`, the day and perhaps the month by pen."""
    style, rng = Style(13.5, italic=True), sheets.rng
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    values = [f"{day.day:02d}", month]
    pens = [by_pen, by_pen and rng.random() < 0.6]
    written = [
        sheets.pen(value, rng.uniform(3.6, 4.8)) if pen else Token(value, style)
        for value, pen in zip(values, pens, strict=True)
    ]
    return [
        *tokens(f"{place}, ngày", style), written[0], Token("tháng", style), written[1],
        *tokens(f"năm {day.year}", style),
    ]  # fmt: skip


def write_head(sheets: Sheets, organ: Organ, number: list[Token], date: list[Token], about: str | None = None) -> None:
    """The two columns at the top of page 1. `about`: a letter's "V/v ...", under its number."""
    page, state = sheets.page, organ.form == "state"
    left_width = page.mm(70)
    x1 = sheets.x0 - page.mm(6) + left_width
    right_width = page.mm(210 - sheets.right) - x1
    x0, y = sheets.x0 - page.mm(6), sheets.y
    rows = [(organ.superior, Style(13))] if organ.superior else []
    rows += [(line, Style(13, bold=True)) for line in organ.lines]
    left = _column(sheets, rows, x0, left_width, y)
    left = (
        _rule(sheets, x0, left_width, left, 0.3) if state else _column(sheets, [("*", Style(13))], x0, left_width, left)
    )
    if state:
        head = _fit(sheets, NATION, Style(13, bold=True), right_width)
        right = _column(sheets, [(NATION, head), (MOTTO, Style(14, bold=True))], x1, right_width, y)
        right = _rule(sheets, x1, right_width, right, 0.62)
    else:
        right = _column(sheets, [(PARTY, Style(15, bold=True))], x1, right_width, y)
        right = _rule(sheets, x1, right_width, right, 0.72)
    base = max(left, right) + page.mm(7)
    page.write(number, x0, base if state else left + page.mm(6), left_width, "center", "header")
    if page.line_width(date) > right_width:
        date = [replace(one, style=Style(12, italic=True)) for one in date]
    page.write(date, x1, base, right_width, "center", "header")
    sheets.y = base if state else max(base, left + page.mm(6))
    if about:
        inset = page.mm(4)
        for line in wrap_evenly(page, tokens(about, Style(12.5, italic=not state)), left_width - 2 * inset):
            sheets.y += round(12.5 * 1.2 * page.dpi / 72)
            page.write(line, x0 + inset, sheets.y, left_width - 2 * inset, "center", "header")
    sheets.skip(5)


def write_end(sheets: Sheets, organ: Organ, signing: Signing, recipients: Sequence[str], seal: bool) -> None:
    """Recipients on the left, on the right the signer's lines, seal, signature and name; kept on one page."""
    party = organ.form == "party"
    needed = max(48 + 6 * len(signing.lines), 10 + 4.6 * len(recipients))
    sheets.room(needed)
    page = sheets.page
    sheets.skip(3)
    top, half = sheets.y, sheets.width // 2
    x1 = sheets.x0 + half - page.mm(2)
    title = Style(12, bold=not party, italic=not party)
    label = tokens("Nơi nhận:", title)
    line = page.write(label, sheets.x0, top + page.mm(4.5), half, "left", "recipients")
    if party and line:
        page.rule(line.box[0], line.box[2], line.box[3] + page.stroke(1), 0.6)
    y = top + page.mm(4.5)
    endings = "," if party and sheets.rng.random() < 0.5 else ";"
    for at, one in enumerate(recipients):
        text = f"- {one}{'.' if at == len(recipients) - 1 else endings}"
        for row in wrap(page, tokens(text, Style(11)), half - page.mm(6)):
            y += round(11 * 1.17 * page.dpi / 72)
            page.write(row, sheets.x0, y, half, "left", "recipients")
    bottom = write_signature(sheets, signing, organ.issuing_body, x1, half + page.mm(2), top, seal)
    sheets.y = max(y, bottom) + page.mm(3)


def write_signature(sheets: Sheets, signing: Signing, organ: str, x: int, width: int, top: int, seal: bool) -> int:
    """The signer's lines, then signature and seal over them, then the name. Returns the last base line."""
    page, rng = sheets.page, sheets.rng
    y = top
    for row in signing.lines:
        for part in wrap(page, tokens(row, Style(13.5, bold=True)), width):
            y += round(13.5 * 1.2 * page.dpi / 72)
            page.write(part, x, y, width, "center", "signature")
    below = y + page.mm(rng.uniform(24, 29))
    page.write(tokens(signing.name, Style(14, bold=True)), x, below, width, "center", "signature")
    scribble = make_signature(page.dpi, rng)
    page.stamp(
        scribble,
        x + width // 2 - scribble.mask.shape[1] // 2 + page.mm(rng.uniform(-4, 8)),
        y + page.mm(rng.uniform(1, 4)),
        rng.choice(((25, 40, 140), (30, 30, 36), (18, 28, 100))),
        0.92,
    )
    if seal:
        ring = make_seal(organ, page.dpi, sheets.sans, rng)
        side = ring.mask.shape[0]
        left = x + width // 2 - round(side * rng.uniform(0.88, 1.12))
        page.stamp(ring, left, y - page.mm(rng.uniform(1, 5)), RED, rng.uniform(0.72, 0.95))
    return below


def press_stamps(sheets: Sheets, looks: Looks, y_mm: float) -> None:
    """Secrecy and urgency stamps under the head's left column, the incoming stamp below them, all on page 1."""
    page, rng = sheets.pages[0], sheets.rng
    left = page.mm(sheets.left)
    y = page.mm(y_mm)
    for text in (looks.secrecy, looks.urgency):
        if text:
            stamp = make_frame_stamp(text, page.dpi, sheets.face if rng.random() < 0.5 else sheets.sans, rng)
            stamp = tilt(stamp, rng.choice((0.0, rng.uniform(-6, 6), rng.uniform(4, 24))))
            page.stamp(stamp, left + page.mm(rng.uniform(-6, 8)), y, RED, rng.uniform(0.75, 0.95))
            y += stamp.mask.shape[0] + page.mm(2)
    if looks.incoming:
        press_incoming(sheets, y)


def press_incoming(sheets: Sheets, y: int) -> None:
    """The receiving office's stamp."""
    page, rng = sheets.pages[0], sheets.rng
    organ = rng.choice(("VĂN PHÒNG TỈNH ỦY", "VĂN PHÒNG UBND TỈNH", "SỞ NỘI VỤ", "ĐẢNG ỦY XÃ", "TRUNG TÂM LƯU TRỮ"))
    day = f"{rng.randrange(1, 29)}/{rng.randrange(1, 13)}/{rng.randrange(18, 27)}"
    stamp = make_incoming_stamp(organ, str(rng.randrange(12, 4900)), day, page.dpi, sheets.sans, sheets.hand, rng)
    stamp = tilt(stamp, rng.uniform(-2.5, 2.5))
    page.stamp(
        stamp, page.mm(rng.uniform(9, 17)), y, rng.choice((BLUE, VIOLET, RED, (40, 40, 44))), rng.uniform(0.7, 0.92)
    )


def dotted_line(sheets: Sheets, label: str, value: Token | list[Token] | None, kind: LineKind = "form") -> None:
    """A form's line: its printed label, then the value over a dotted leader to the right edge."""
    page = sheets.page
    style = Style(sheets.size)
    sheets.y += round(sheets.size * 1.42 * page.dpi / 72)
    if sheets.y > sheets.limit:
        sheets.new_page()
        page = sheets.page
        sheets.y += round(sheets.size * 1.42 * page.dpi / 72)
    line = tokens(label, style)
    start = sheets.x0 + page.line_width(line) + page.mm(1)
    page.leader(start, sheets.x0 + sheets.width, sheets.y)
    values = [value] if isinstance(value, Token) else value or []
    page.write([*line, *values], sheets.x0, sheets.y, sheets.width, "left", kind)
