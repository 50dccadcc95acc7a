"""A sheet of paper that remembers what was written on it: every word with the bounds of its ink."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from core.recognition import Box
from synthesis.fonts import Face, load_font
from synthesis.pen import PenMark
from synthesis.truth import Base, InkPatch, LineKind, Mask, Pixels, TruthLine, TruthWord

Colour = tuple[int, int, int]
Align = Literal["left", "center", "right", "justify"]

INK: Colour = (22, 22, 26)


@dataclass(frozen=True, slots=True)
class Style:
    """Size in points, weight, slope."""

    size: float = 14.0
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """A word to be written. `mark`: by pen instead of print. `joined`: without a space before it.

    `lead`: extra room before it, in millimetres.
    """

    text: str
    style: Style
    mark: PenMark | None = None
    joined: bool = False
    lead: float = 0.0


@dataclass(frozen=True, slots=True)
class Overlay:
    """A stamp, seal or signature before it is put on paper: its coverage, and its lines with boxes within it."""

    mask: Mask
    lines: tuple[TruthLine, ...] = ()
    kind: Literal["print", "pen", "graphic"] = "print"
    pen_mask: Mask | None = None
    """What of it was written by pen, where that is not all or nothing."""


def tokens(text: str, style: Style) -> list[Token]:
    """The words of a text, all in one style."""
    return [Token(word, style) for word in text.split()]


@lru_cache(maxsize=512)
def measure_x_height(font: ImageFont.FreeTypeFont) -> float:
    """Pixels from the base line to the top of a flat small letter, to a fraction."""
    big = font.font_variant(size=200)
    return float(-big.getbbox("x", anchor="ls")[1]) * font.size / 200


@dataclass(slots=True)
class Canvas:
    """One page. Positions are in pixels, sizes in points or millimetres; `dpi` ties them."""

    dpi: int
    face: Face
    size_mm: tuple[float, float] = (210.0, 297.0)
    image: Image.Image = field(init=False)
    draw: ImageDraw.ImageDraw = field(init=False)
    lines: list[TruthLine] = field(default_factory=list)
    patches: list[InkPatch] = field(default_factory=list)
    ink: Colour = INK

    def __post_init__(self) -> None:
        width, height = (self.mm(side) for side in self.size_mm)
        self.image = Image.new("RGB", (width, height), "white")
        self.draw = ImageDraw.Draw(self.image)

    def mm(self, length: float) -> int:
        """Millimetres in pixels."""
        return round(length * self.dpi / 25.4)

    def font(self, style: Style) -> ImageFont.FreeTypeFont:
        return load_font(self.face.path(style.bold, style.italic), max(6, round(style.size * self.dpi / 72)))

    def token_width(self, token: Token) -> float:
        own = token.mark.width if token.mark else self.font(token.style).getlength(token.text)
        return own + self.mm(token.lead)

    def space(self, token: Token) -> float:
        """Room before the token within a line."""
        return 0.0 if token.joined else self.font(token.style).getlength(" ")

    def line_width(self, line: Sequence[Token]) -> float:
        return sum(self.token_width(token) for token in line) + sum(self.space(token) for token in line[1:])

    def write(
        self, line: Sequence[Token], x: float, baseline: int, width: float, align: Align, kind: LineKind
    ) -> TruthLine | None:
        """Writes a line into the room from x on, and remembers it. An empty line is nothing."""
        if not line:
            return None
        free = width - self.line_width(line)
        gaps = sum(not token.joined for token in line[1:])
        stretch = free / gaps if align == "justify" and gaps and free > 0 else 0.0
        x += {"center": free / 2, "right": free}.get(align, 0.0)
        words, start = [], x
        for at, token in enumerate(line):
            x += self.space(token) + (0 if token.joined else stretch) if at else 0
            x += self.mm(token.lead)
            words.append(TruthWord(token.text, self._put(token, round(x), baseline), bool(token.mark), token.joined))
            x += self.token_width(token) - self.mm(token.lead)
        base = Base((start, baseline), (x, baseline), measure_x_height(self.font(line[0].style)))
        self.lines.append(TruthLine(tuple(words), kind, base))
        return self.lines[-1]

    def _put(self, token: Token, x: int, baseline: int) -> Box:
        if token.mark is None:
            font = self.font(token.style)
            self.draw.text((x, baseline), token.text, font=font, fill=self.ink, anchor="ls")
            left, top, right, bottom = font.getbbox(token.text, anchor="ls")
            return self.clip((x + int(left), baseline + int(top), x + int(right), baseline + int(bottom)))
        mask = token.mark.mask
        top_y = baseline - token.mark.baseline
        self.image.paste(token.mark.ink, (x, top_y), Image.fromarray(mask))
        self.patches.append(InkPatch("pen", mask, x, top_y))
        return self.clip((x, top_y, x + mask.shape[1], top_y + mask.shape[0]))

    def clip(self, box: Box) -> Box:
        """The part of the box on the paper."""
        width, height = self.image.size
        return max(0, box[0]), max(0, box[1]), min(width, box[2]), min(height, box[3])

    def rule(self, x0: float, x1: float, y: float, points: float = 0.75) -> None:
        """A level line."""
        self.draw.line([(round(x0), round(y)), (round(x1), round(y))], fill=INK, width=self.stroke(points))

    def stroke(self, points: float) -> int:
        return max(1, round(points * self.dpi / 72))

    def leader(self, x0: float, x1: float, baseline: int) -> None:
        """Dots on which a value is written by pen."""
        step, radius = self.mm(1.0), max(1, self.mm(0.12))
        for x in range(round(x0), round(x1), max(2, step)):
            self.draw.ellipse((x, baseline - radius, x + radius, baseline), fill=(70, 70, 74))

    def stamp(self, overlay: Overlay, x: int, y: int, colour: Colour, strength: float = 0.9) -> None:
        """Presses the overlay on the paper with its corner at x, y: ink darkens what lies under it."""
        width, height = self.image.size
        x, y = max(0, min(x, width - 1)), max(0, min(y, height - 1))
        mask = overlay.mask[: height - y, : width - x]
        region = self.image.crop((x, y, x + mask.shape[1], y + mask.shape[0]))
        cover = (mask.astype(np.float32) * (strength / 255))[:, :, None]
        tint = 1 - cover * (1 - np.array(colour, np.float32) / 255)
        inked = np.asarray(region, np.float32) * tint
        self.image.paste(Image.fromarray(inked.astype(np.uint8)), (x, y))
        self.lines.extend(self._moved(line, x, y) for line in overlay.lines)
        if overlay.kind != "print":
            self.patches.append(InkPatch(overlay.kind, overlay.mask, x, y))
        if overlay.pen_mask is not None:
            self.patches.append(InkPatch("pen", overlay.pen_mask, x, y))

    def _moved(self, line: TruthLine, x: int, y: int) -> TruthLine:
        words = []
        for word in line.words:
            left, top, right, bottom = word.box
            words.append(replace(word, box=self.clip((left + x, top + y, right + x, bottom + y))))
        if (base := line.base) is not None:
            start, end = ((point[0] + x, point[1] + y) for point in (base.start, base.end))
            base = Base(start, end, base.x_height)
        return TruthLine(tuple(words), line.kind, base)

    def pixels(self) -> Pixels:
        return np.asarray(self.image).copy()


def wrap(canvas: Canvas, words: Iterable[Token], width: float, indent: float = 0.0) -> list[list[Token]]:
    """Breaks words into lines of at most this width; the first is shorter by the indent. Joined words stay together."""
    lines: list[list[Token]] = [[]]
    room = width - indent
    for token in words:
        line = lines[-1]
        if line and not token.joined and canvas.line_width([*line, token]) > room:
            lines.append([token])
            room = width
        else:
            line.append(token)
    return lines


def wrap_evenly(canvas: Canvas, words: Sequence[Token], width: float) -> list[list[Token]]:
    """As few lines as `wrap` makes, but none much shorter than the others, as titles are set."""
    lines = wrap(canvas, words, width)
    low, high = width / 2, width
    while len(lines) > 1 and high - low > 4:
        middle = (low + high) / 2
        narrower = wrap(canvas, words, middle)
        fits = len(narrower) == len(lines) and max(map(canvas.line_width, narrower)) <= middle
        low, high = (low, middle) if fits else (middle, high)
    return wrap(canvas, words, high)
