"""Letters whose tone is set by hand: its size and place vary as they do among faces that are not installed here.

Faces disagree most in where the tone of ế, ể, ỗ stands: over the hat, beside it, high or low. A reader that has seen a
few faces learns their places instead of the marks' shapes.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random

import cv2
import numpy as np
from PIL import Image, ImageDraw

from synthesis.fonts import has_glyphs, load_font

_TONES = "\u0300\u0301\u0303\u0309"
"""Grave, acute, tilde, hook. The dot below stays where the face has it."""
_HATS = "âêôăÂÊÔĂ"
_DOTLESS = {"i": "ı"}


@dataclass(frozen=True, slots=True)
class MarkStyle:
    """How one line sets its tones. Scales are of the face's own marks, the rest in em.

    gap: between the letter and the mark. aside: how far to the right of the letter's middle; beside: the same over a
    hat, and sunk: how much lower it stands there.
    """

    wide: float
    tall: float
    gap: float
    aside: float
    beside: float
    sunk: float


def choose_mark_style(rng: Random) -> MarkStyle:
    """A style as some face might have it: two of three stack the tone over the hat."""
    stacked = rng.random() < 0.67
    return MarkStyle(
        wide=rng.uniform(0.8, 1.2),
        tall=rng.uniform(0.85, 1.35),
        gap=rng.uniform(0.015, 0.09),
        aside=rng.uniform(-0.03, 0.05),
        beside=rng.uniform(-0.04, 0.08) if stacked else rng.uniform(0.12, 0.26),
        sunk=0.0 if stacked else rng.uniform(0.03, 0.14),
    )


@lru_cache(maxsize=4096)
def _cut_mark(path: Path, em: int, tone: str, capital: bool) -> Image.Image | None:
    """The ink that the face has over an o with this tone; None where it does not stand free."""
    bare = "O" if capital else "o"
    font = load_font(path, em)
    top = font.getbbox(bare, anchor="ls")[1]
    left, high, right, _ = font.getbbox(unicodedata.normalize("NFC", bare + tone), anchor="ls")
    rows = round(top - high)
    if rows < 2 or right <= left:
        return None
    mask = Image.new("L", (round(right - left), rows), 0)
    ImageDraw.Draw(mask).text(
        (-left, -high), unicodedata.normalize("NFC", bare + tone), font=font, fill=255, anchor="ls"
    )
    box = mask.getbbox()
    return mask.crop(box) if box else None


@lru_cache(maxsize=256)
def _has_dotless(path: Path) -> bool:
    return has_glyphs(path, "ı")


def _split(letter: str, path: Path) -> tuple[str, str]:
    """The letter without its tone, as it is drawn, and the tone; no tone where it cannot be set apart."""
    parts = unicodedata.normalize("NFD", letter)
    tone = next((sign for sign in parts if sign in _TONES), "")
    bare = unicodedata.normalize("NFC", parts.replace(tone, "")) if tone else letter
    if bare in _DOTLESS:
        return (_DOTLESS[bare], tone) if _has_dotless(path) else (letter, "")
    return bare, tone


def draw_marked(
    sheet: Image.Image, at: tuple[float, float], word: str, path: Path, em: int, style: MarkStyle, rng: Random
) -> float:
    """Draws the word with its base line's start at `at`, letter by letter; returns where it ends."""
    font, draw = load_font(path, em), ImageDraw.Draw(sheet)
    x, y = at
    for letter in word:
        bare, tone = _split(letter, path)
        mark = _cut_mark(path, em, tone, letter.isupper()) if tone else None
        if mark is None:
            draw.text((x, y), letter, font=font, fill=255, anchor="ls")
            x += font.getlength(letter)
            continue
        draw.text((x, y), bare, font=font, fill=255, anchor="ls")
        left, top, right, _ = font.getbbox(bare, anchor="ls")
        size = (max(2, round(mark.width * style.wide)), max(2, round(mark.height * style.tall)))
        scaled = cv2.resize(np.asarray(mark), size, interpolation=cv2.INTER_LINEAR)
        over_hat = bare in _HATS
        aside = (style.beside if over_hat else style.aside) + rng.gauss(0, 0.008)
        sunk = style.sunk if over_hat else 0.0
        middle = x + (left + right) / 2 + aside * em
        foot = y + top - (style.gap - sunk) * em
        sheet.paste(255, (round(middle - size[0] / 2), round(foot - size[1])), Image.fromarray(scaled))
        x += font.getlength(bare)
    return x
