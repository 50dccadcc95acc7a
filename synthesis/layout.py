"""Pages that fill from top to bottom: paragraphs, headings, tables; a new page when one is full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from synthesis.canvas import Align, Canvas, Style, Token, tokens, wrap, wrap_evenly
from synthesis.fonts import Face, FontSet
from synthesis.pen import Hand, choose_hand
from synthesis.truth import LineKind

Span = tuple[str, Style]


@dataclass(slots=True)
class Sheets:
    """The pages of a document in the making, its faces, and the hand that fills in its values. Lengths in mm."""

    dpi: int
    face: Face
    sans: Face
    hand: Hand
    rng: Random
    left: float = 30.0
    right: float = 17.0
    top: float = 20.0
    bottom: float = 20.0
    size: float = 14.0
    spacing: float = 1.2
    numbered: bool = True
    pages: list[Canvas] = field(default_factory=list)
    y: int = 0

    def __post_init__(self) -> None:
        self.new_page()

    @property
    def page(self) -> Canvas:
        return self.pages[-1]

    @property
    def x0(self) -> int:
        return self.page.mm(self.left)

    @property
    def width(self) -> int:
        return self.page.mm(210 - self.left - self.right)

    @property
    def limit(self) -> int:
        return self.page.mm(297 - self.bottom)

    def new_page(self) -> None:
        """Starts a page; from the second on it carries its number at the top."""
        self.pages.append(Canvas(self.dpi, self.face))
        self.y = self.page.mm(self.top)
        if len(self.pages) > 1 and self.numbered:
            number = [Token(str(len(self.pages)), Style(13))]
            self.page.write(number, 0, self.page.mm(14), self.page.mm(210), "center", "page_number")

    def room(self, millimetres: float) -> None:
        """Makes sure that this much is left on the page, else starts a new one."""
        if self.y + self.page.mm(millimetres) > self.limit:
            self.new_page()

    def skip(self, millimetres: float) -> None:
        self.y += self.page.mm(millimetres)

    def pen(self, text: str, height: float = 4.2) -> Token:
        """A word by the document's hand; height of digits in mm."""
        return Token(text, Style(self.size), self.hand.write(text, self.page.mm(height), self.rng))

    def line_height(self, style: Style) -> int:
        return round(style.size * self.spacing * self.dpi / 72)

    def lines(
        self, words: Sequence[Token], align: Align, kind: LineKind, indent: float = 0.0, inset: float = 0.0
    ) -> None:
        """Writes words over the page's width less `inset` mm on both sides, breaking lines and pages."""
        style = words[0].style
        step = self.line_height(style)
        pad = self.page.mm(inset)
        shift = self.page.mm(indent)
        room = self.width - 2 * pad
        broken = wrap_evenly(self.page, words, room) if align == "center" else wrap(self.page, words, room, shift)
        for at, line in enumerate(broken):
            if self.y + step > self.limit:
                self.new_page()
            self.y += step
            last = at == len(broken) - 1
            own: Align = "left" if align == "justify" and last else align
            lead = shift if at == 0 else 0
            self.page.write(line, self.x0 + pad + lead, self.y, self.width - 2 * pad - lead, own, kind)

    def paragraph(self, spans: Sequence[Span] | str, after: float = 2.1) -> None:
        """A justified paragraph of the body with the usual first-line indent."""
        parts = [(spans, Style(self.size))] if isinstance(spans, str) else spans
        self.lines([token for text, style in parts for token in tokens(text, style)], "justify", "body", indent=10)
        self.skip(after)

    def heading(self, text: str, size: float = 14.0, italic: bool = False, inset: float = 0.0) -> None:
        """A bold centred heading."""
        self.lines(tokens(text, Style(size, bold=not italic, italic=italic)), "center", "title", inset=inset)

    def short_rule(self, share: float = 0.22, gap: float = 1.8) -> None:
        """A centred rule under a heading. share: of the text's width."""
        self.skip(gap)
        middle, half = self.x0 + self.width / 2, self.width * share / 2
        self.page.rule(middle - half, middle + half, self.y)
        self.skip(gap)

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[float]) -> None:
        """A ruled table; `shares` of the width add up to 1. Rows do not break across pages."""
        style = Style(min(12.5, self.size - 1))
        self._row([tokens(cell, Style(style.size, bold=True)) for cell in header], shares, heading=True)
        for row in rows:
            self._row([tokens(cell, style) for cell in row], shares, heading=False)
        self.skip(3)

    def _row(self, cells: Sequence[list[Token]], shares: Sequence[float], heading: bool) -> None:
        page, pad = self.page, self.page.mm(1.5)
        edges = [self.x0 + round(self.width * sum(shares[:at])) for at in range(len(shares) + 1)]
        wrapped = [
            wrap(page, cell, edges[at + 1] - edges[at] - 2 * pad) if cell else [] for at, cell in enumerate(cells)
        ]
        step = round(12.5 * 1.18 * self.dpi / 72)
        height = max(1, *(len(lines) for lines in wrapped)) * step + 2 * pad
        if self.y + height > self.limit:
            self.new_page()
            page = self.page
        for at, lines in enumerate(wrapped):
            page.draw.rectangle(
                (edges[at], self.y, edges[at + 1], self.y + height), outline=(30, 30, 34), width=page.stroke(0.7)
            )
            width = edges[at + 1] - edges[at] - 2 * pad
            short = bool(lines) and len(lines) == 1 and len(lines[0]) == 1
            align: Align = "center" if heading or short else "left"
            for number, line in enumerate(lines, 1):
                page.write(line, edges[at] + pad, self.y + pad // 2 + number * step, width, align, "table")
        self.y += height


def open_sheets(fonts: FontSet, dpi: int, rng: Random) -> Sheets:
    """A new document: its face, margins, size and hand chosen by chance within the rules of Decree 30."""
    return Sheets(
        dpi=dpi,
        face=rng.choice(fonts.serif),
        sans=rng.choice(fonts.sans),
        hand=choose_hand(fonts, rng),
        rng=rng,
        left=rng.uniform(28, 33),
        right=rng.uniform(15, 20),
        top=rng.uniform(18, 23),
        size=rng.choice((13.0, 13.5, 14.0, 14.0)),
        spacing=rng.uniform(1.14, 1.32),
    )
