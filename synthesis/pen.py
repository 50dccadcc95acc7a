"""Writing by pen: a pen-like face, shaken letter by letter; Vietnamese marks that it lacks are drawn as strokes."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from random import Random

import cv2
import numpy as np
from PIL import Image, ImageDraw

from synthesis.fonts import FontSet, load_font
from synthesis.truth import Mask, Point

_INKS = ((28, 38, 120), (20, 30, 95), (35, 55, 150), (30, 30, 34), (45, 45, 60))
# Strokes of the marks in a unit box: x 0..1 across the letter, y upward from the letter's top (below: from its foot).
_MARKS: dict[str, tuple[tuple[Point, ...], ...]] = {
    "\u0300": (((0.2, 0.75), (0.6, 0.3)),),
    "\u0301": (((0.35, 0.3), (0.8, 0.8)),),
    "\u0303": (((0.1, 0.4), (0.3, 0.65), (0.6, 0.4), (0.9, 0.7)),),
    "\u0309": (((0.35, 0.8), (0.6, 0.85), (0.62, 0.6), (0.45, 0.45), (0.48, 0.3)),),
    "\u0302": (((0.1, 0.15), (0.5, 0.5), (0.9, 0.15)),),
    "\u0306": (((0.1, 0.45), (0.35, 0.15), (0.65, 0.15), (0.9, 0.5)),),
}
_BELOW = "\u0323"
_HORN = "\u031b"
_CAPS = "\u0302\u0306"


@dataclass(frozen=True, slots=True)
class PenMark:
    """Ink of one written word. `mask` is coverage 0..255, height x width; `baseline` is its row of the base line."""

    mask: Mask
    baseline: int
    ink: tuple[int, int, int]

    @property
    def width(self) -> int:
        return int(self.mask.shape[1])


@dataclass(frozen=True, slots=True)
class Hand:
    """One person's writing. slant: shift per height; weight: pixels by which strokes are thickened at 300 dpi."""

    face: Path
    ink: tuple[int, int, int]
    slant: float
    weight: float
    shake: float

    def write(self, text: str, height: int, rng: Random) -> PenMark:
        """The text as ink, its digits about `height` pixels high."""
        font = load_font(self.face, max(8, round(height * 1.35)))
        _, top, _, bottom = font.getbbox("0", anchor="ls")
        font = load_font(self.face, max(8, round(height * 1.35 * height / max(1, bottom - top))))
        pad = height * 2
        width = round(sum(font.getlength(_base(letter)[0]) for letter in text)) + 2 * pad + len(text) * height // 8
        sheet = Image.new("L", (width + pad, height * 5), 0)
        baseline = height * 3
        x: float = pad
        for letter in text:
            x = self._letter(sheet, letter, x, baseline, height, rng)
        drawn = np.asarray(sheet)
        shift = np.array([[1, -self.slant, self.slant * baseline], [0, 1, 0]], np.float32)
        mask = cv2.warpAffine(drawn, shift, (drawn.shape[1], drawn.shape[0]))
        thick = self.weight * height / 40
        if thick > 0.3:
            grown = cv2.dilate(
                mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * max(1, round(thick * 0.6)) + 1,) * 2)
            )
            mask = cv2.addWeighted(grown, 0.8, mask, 0.2, 0)
        return _cut(mask.astype(np.uint8), baseline, self.ink)

    def _letter(self, sheet: Image.Image, letter: str, x: float, baseline: int, height: int, rng: Random) -> float:
        base, marks, bar = _base(letter)
        size = 1 + rng.uniform(-0.08, 0.08) * self.shake
        unit = load_font(self.face, max(8, round(height * 1.35)))
        cap = unit.getbbox("0", anchor="ls")
        font = load_font(self.face, max(8, round(height * 1.35 * height / max(1, cap[3] - cap[1]) * size)))
        y = baseline + round(rng.uniform(-0.07, 0.07) * height * self.shake)
        draw = ImageDraw.Draw(sheet)
        draw.text((round(x), y), base, font=font, fill=255, anchor="ls")
        box = font.getbbox(base, anchor="ls")
        line = max(2, round(height / 13))
        if bar:
            _stroke(draw, ((x + box[2] * 0.35, y + box[1] * 0.72), (x + box[2] * 1.15, y + box[1] * 0.76)), line)
        top = y + box[1]
        for mark in marks:
            _draw_mark(draw, mark, (x + box[0], x + box[2]), (top, y + box[3]), height, line)
            top -= round(height * 0.28) if mark in _CAPS else 0
        return x + font.getlength(base) + height * rng.uniform(-0.02, 0.08)


def _base(letter: str) -> tuple[str, tuple[str, ...], bool]:
    """The letter without marks, its marks from the letter outward, and whether it is barred (đ)."""
    if letter in "đĐ":
        return ("d" if letter == "đ" else "D"), (), True
    apart = unicodedata.normalize("NFD", letter)
    return apart[0], tuple(sorted(apart[1:], key=lambda mark: mark not in _CAPS + _HORN)), False


def _draw_mark(
    draw: ImageDraw.ImageDraw, mark: str, across: tuple[float, float], down: tuple[float, float], height: int, line: int
) -> None:
    left, right = across
    wide = max(right - left, height * 0.35)
    if mark == _BELOW:
        middle, y = (left + right) / 2, down[1] + height * 0.18
        draw.ellipse((middle - line, y - line, middle + line, y + line), fill=255)
    elif mark == _HORN:
        top = down[0]
        hook = ((right - 1, top + height * 0.12), (right + height * 0.14, top), (right + height * 0.1, top - 4))
        _stroke(draw, hook, line)
    else:
        for stroke in _MARKS.get(mark, ()):
            points = tuple((left + px * wide, down[0] - py * height * 0.42) for px, py in stroke)
            _stroke(draw, points, line)


def _stroke(draw: ImageDraw.ImageDraw, points: tuple[Point, ...], width: int) -> None:
    draw.line([(round(x), round(y)) for x, y in points], fill=255, width=width, joint="curve")


def _cut(mask: Mask, baseline: int, ink: tuple[int, int, int]) -> PenMark:
    rows, columns = np.flatnonzero(mask.max(axis=1) > 60), np.flatnonzero(mask.max(axis=0) > 60)
    cut = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return PenMark(np.ascontiguousarray(cut), baseline - int(rows[0]), ink)


def choose_hand(fonts: FontSet, rng: Random) -> Hand:
    """A new person's writing."""
    return Hand(
        face=rng.choice(fonts.pens),
        ink=rng.choice(_INKS),
        slant=rng.uniform(-0.05, 0.3),
        weight=rng.uniform(0.2, 1.4),
        shake=rng.uniform(0.4, 1.2),
    )
