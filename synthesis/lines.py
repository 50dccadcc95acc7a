"""Single text lines with their truth, for training and measuring a recognizer."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from synthesis.canvas import INK
from synthesis.damage import DAMAGES
from synthesis.fonts import FontSet, load_font
from synthesis.texts import cite_party, cite_state, make_abstract, make_date, make_name, make_sentence

_TONES = ("noise", "blur", "faint", "yellow", "jpeg", "shadow")


@dataclass(frozen=True, slots=True)
class RenderedLine:
    """A line's grey image, height x width, and what it says."""

    image: npt.NDArray[np.uint8]
    text: str


def make_line_text(rng: Random, words: int = 12) -> str:
    """At most this many words out of running text, headings, names, citations."""
    kind = rng.randrange(6)
    if kind < 3:
        text = make_sentence(rng)
    elif kind == 3:
        text = make_abstract(rng, "tỉnh").upper()
    elif kind == 4:
        text = rng.choice((cite_state, cite_party))(rng, make_date(rng)).text
    else:
        text = make_name(rng)
    parts = text.split()
    start = rng.randrange(max(1, len(parts) - words + 1))
    return " ".join(parts[start : start + rng.randrange(2, words + 1)])


def render_line(
    rng: Random, fonts: FontSet, text: str | None = None, height: int = 40, wear: float = 0.5
) -> RenderedLine:
    """One line, `height` pixels high, a little turned and worn. wear: 0 clean .. 1 hard to read."""
    text = make_line_text(rng) if text is None else text
    face = rng.choice(fonts.serif if rng.random() < 0.85 else fonts.sans)
    font = load_font(face.path(rng.random() < 0.3, rng.random() < 0.25), round(height * rng.uniform(0.55, 0.72)))
    left, top, right, bottom = font.getbbox(text, anchor="ls")
    pad = round(height * rng.uniform(0.1, 0.6))
    width = int(right - left) + 2 * pad
    sheet = Image.new("RGB", (width, height), "white")
    baseline = (height - int(bottom - top)) // 2 - int(top) + rng.randrange(-1, 2)
    ImageDraw.Draw(sheet).text((pad - int(left), baseline), text, font=font, fill=INK, anchor="ls")
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-0.4, 0.4) * wear, 1.0)
    image = cv2.warpAffine(np.asarray(sheet), turn, (width, height), borderValue=(255, 255, 255)).astype(np.uint8)
    noise = np.random.default_rng(rng.getrandbits(64))
    for name in rng.sample(_TONES, rng.randrange(0, 3) if wear else 0):
        image = DAMAGES[name](image, rng.uniform(0.1, 0.7) * wear, noise)
    return RenderedLine(np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8), text)
