"""A line as ink on a strip of paper: its words, its neighbours, rules, dots and pen, before any wear.

Ink is coverage 0..255; y grows downward; `em` is the size of the type in pixels.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from random import Random

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from synthesis.digits import DigitHand, DigitStock, choose_digit_hand
from synthesis.fonts import Face, FontSet, has_glyphs, load_font
from synthesis.line_marks import MarkStyle, choose_mark_style, draw_marked
from synthesis.line_runs import Run, Runs
from synthesis.pen import Hand, choose_hand

Mask = npt.NDArray[np.uint8]
Span = tuple[float, float]

_STACKED = "texgyretermes"
"""Sets the tone of ế, ể, ổ over the hat, as the face that offices print with does; other such faces set it beside."""
_SHARES = (33, 22, 26, 15, 4)
"""Percent of lines in that face, in those like it, in other faces with serifs, without, of typewriters."""
_LOOSE_MARKS = 0.35
"""Share of the lines whose tones are set anew instead of as the face has them."""
_LARGE = 44
"""Pixels an em from which type is drawn at its own size."""
_ABOVE, _BELOW = 1.9, 1.5
"""Room over and under the base line, in em: the neighbouring lines' halves are there too."""


@dataclass(frozen=True, slots=True)
class InkedLine:
    """print: type, rules and dots. pen: what is written by hand. Both height x width, with the same base line.

    x_height: of the type, in pixels. words: x from and to of each word of `text`; pens: of what was written by pen.
    """

    print: Mask
    pen: Mask
    baseline: int
    x_height: float
    start: float
    end: float
    text: str
    words: tuple[Span, ...]
    pens: tuple[Span, ...]


@lru_cache(maxsize=20_000)
def _is_drawn(path: Path, letter: str) -> bool:
    return has_glyphs(path, letter)


@lru_cache(maxsize=256)
def _x_height(path: Path, em: int) -> float:
    return -float(load_font(path, em * 4).getbbox("x", anchor="ls")[1]) / 4


@dataclass(slots=True)
class _Setter:
    """Sets words one after another on the strip."""

    rng: Random
    face: Face
    em: int
    spacing: float
    tracking: float
    marks: MarkStyle | None
    hand: Hand
    digits: DigitHand
    print: Image.Image
    pen: Image.Image
    baseline: int
    x: float
    texts: list[str] = field(default_factory=list)
    words: list[Span] = field(default_factory=list)
    pens: list[Span] = field(default_factory=list)

    def font(self, run: Run) -> ImageFont.FreeTypeFont:
        return load_font(self.face.path(run.bold, run.italic), self.em)

    def set_run(self, run: Run) -> None:
        if run.leader:
            self._leader()
            return
        write: Callable[[str, Run], tuple[float, float, str]] = self._write_pen if run.pen else self._write_print
        begun = self.x
        for at, word in enumerate(run.text.split()):
            glued = run.glued and at == 0
            if not glued and self.words:
                self.x += self._space(run)
            left, right, written = write(word, run)
            if not written:
                continue
            if glued and self.texts:
                self.texts[-1] += written
                self.words[-1] = (self.words[-1][0], right)
            else:
                self.texts.append(written)
                self.words.append((left, right))
            if run.pen:
                self.pens.append((left, right))
        if run.underlined and self.x > begun:
            y = self.baseline + round(self.em * self.rng.uniform(0.1, 0.22))
            ImageDraw.Draw(self.print).line([(begun, y), (self.x, y)], fill=255, width=max(1, self.em // 16))

    def _space(self, run: Run) -> float:
        space = self.font(run).getlength(" ") * self.spacing
        return space + (self.em * self.rng.uniform(-0.1, 0.6) if run.pen else 0.0)

    def _write_print(self, word: str, run: Run) -> tuple[float, float, str]:
        font = self.font(run)
        path = self.face.path(run.bold, run.italic)
        word = "".join(letter for letter in word if letter.isalnum() or _is_drawn(path, letter))
        if not word:
            return self.x, self.x, ""
        draw, left = ImageDraw.Draw(self.print), self.x
        if self.tracking:
            for letter in word:
                draw.text((self.x, self.baseline), letter, font=font, fill=255, anchor="ls")
                self.x += font.getlength(letter) + self.tracking * self.em
        elif self.marks is not None:
            self.x = draw_marked(self.print, (self.x, self.baseline), word, path, self.em, self.marks, self.rng)
        else:
            draw.text((self.x, self.baseline), word, font=font, fill=255, anchor="ls")
            self.x += font.getlength(word)
        return left, self.x, word

    def _write_pen(self, word: str, _run: Run) -> tuple[float, float, str]:
        rng = self.rng
        height = max(8, round(self.em * rng.triangular(0.5, 1.1, 0.75)))
        if word.isdigit() and rng.random() < 0.8:
            mask, _ = self.digits.write(word, height, rng)
            sits = mask.shape[0]
        else:
            mark = self.hand.write(word, height, rng)
            mask, sits = mark.mask, mark.baseline
        top = self.baseline - sits + round(self.em * rng.gauss(0.02, 0.08))
        left = self.x + self.em * rng.uniform(-0.12, 0.1)
        _press(self.pen, mask, round(left), top)
        right = left + mask.shape[1]
        self.x = right + self.em * rng.uniform(-0.15, 0.12)
        return left, right, word

    def _leader(self) -> None:
        """Dots to write on: they stand for nothing in the text."""
        rng, draw = self.rng, ImageDraw.Draw(self.print)
        step, radius = self.em * rng.uniform(0.16, 0.32), max(0.5, self.em * rng.uniform(0.03, 0.06))
        width = self.em * rng.uniform(1.5, 9)
        self.x += self.em * rng.uniform(0, 0.3)
        y = self.baseline + self.em * rng.uniform(-0.03, 0.08)
        end = self.x + width
        start = self.x
        while start < end:
            draw.ellipse((start - radius, y - radius, start + radius, y + radius), fill=255)
            start += step
        # A value may be written on the dots instead of behind them.
        self.x += width * rng.choice((0.05, 0.3, 1.0, 1.0))


def _press(sheet: Image.Image, mask: Mask, x: int, y: int) -> None:
    sheet.paste(255, (x, y), Image.fromarray(mask))


def _choose_face(fonts: FontSet, rng: Random) -> Face:
    stacked = tuple(face for face in fonts.serif if _STACKED in face.regular.name)
    groups = (stacked, fonts.serif, fonts.other_serif, fonts.sans, fonts.typewriter)
    odds = [share if group else 0 for group, share in zip(groups, _SHARES, strict=True)]
    return rng.choice(rng.choices(groups, odds)[0])


def ink_line(runs: Runs, around: tuple[str, str], em: int, fonts: FontSet, stock: DigitStock, rng: Random) -> InkedLine:
    """Sets a line. around: what stands in the lines above and below; "" for nothing.

    Small type is drawn at twice its size and shrunk: fonts fit small letters to the pixels' grid, scanners do not.
    """
    if em >= _LARGE:
        return _set_line(runs, around, em, fonts, stock, rng)
    return _halve(_set_line(runs, around, 2 * em, fonts, stock, rng), rng.randrange(2), rng.randrange(2))


def _halve(line: InkedLine, right: int, down: int) -> InkedLine:
    """The line at half its size, moved by half a pixel or not."""

    def shrink(mask: Mask) -> Mask:
        framed = np.pad(mask, ((down, 0), (right, 0)))
        return np.asarray(cv2.resize(framed, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)

    def move(spans: tuple[Span, ...]) -> tuple[Span, ...]:
        return tuple(((left + right) / 2, (end + right) / 2) for left, end in spans)

    return InkedLine(
        print=shrink(line.print),
        pen=shrink(line.pen),
        baseline=round((line.baseline + down) / 2),
        x_height=line.x_height / 2,
        start=(line.start + right) / 2,
        end=(line.end + right) / 2,
        text=line.text,
        words=move(line.words),
        pens=move(line.pens),
    )


def _set_line(
    runs: Runs, around: tuple[str, str], em: int, fonts: FontSet, stock: DigitStock, rng: Random
) -> InkedLine:
    face = _choose_face(fonts, rng)
    height, baseline = round(em * (_ABOVE + _BELOW)), round(em * _ABOVE)
    letters = sum(len(run.text) + (14 if run.leader else 3) for run in runs)
    width = round(em * (letters * 0.95 + 6))
    stretch = rng.choices((rng.uniform(0.9, 1.25), rng.uniform(1.25, 2.6), rng.uniform(0.72, 0.9)), (7, 2, 1))[0]
    setter = _Setter(
        rng, face, em, stretch, rng.uniform(0.02, 0.12) if rng.random() < 0.06 else 0.0,
        choose_mark_style(rng) if rng.random() < _LOOSE_MARKS else None,
        choose_hand(fonts, rng), choose_digit_hand(stock, rng),
        Image.new("L", (width, height), 0), Image.new("L", (width, height), 0), baseline, em * 2.0,
    )  # fmt: skip
    for run in runs:
        setter.set_run(run)
    text = " ".join(setter.texts)
    first = next((run for run in runs if not run.leader), runs[0])
    start = min([em * 2.0, *(left for left, _ in setter.words)])
    end = max([setter.x, *(right for _, right in setter.words)])
    right_edge = min(width, round(end + em * 1.5))
    _write_neighbours(setter, around, start, right_edge)
    return InkedLine(
        print=np.asarray(setter.print)[:, :right_edge],
        pen=np.asarray(setter.pen)[:, :right_edge],
        baseline=baseline,
        x_height=_x_height(face.path(first.bold, first.italic), em),
        start=start,
        end=end,
        text=text,
        words=tuple(setter.words),
        pens=tuple(setter.pens),
    )


def _write_neighbours(setter: _Setter, around: tuple[str, str], start: float, right_edge: int) -> None:
    rng, em = setter.rng, setter.em
    pitch = em * rng.uniform(1.08, 1.6)
    font = load_font(setter.face.path(rng.random() < 0.15, rng.random() < 0.15), em)
    draw = ImageDraw.Draw(setter.print)
    for text, offset in zip(around, (-pitch, pitch), strict=True):
        if text:
            x = start - em * rng.uniform(0, 3)
            draw.text(
                (x, setter.baseline + offset),
                text[: 4 + right_edge // (em // 3 or 1)],
                font=font,
                fill=255,
                anchor="ls",
            )
