"""Single text lines with their truth, as a line finder cuts them out: for training and measuring a recognizer."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import cv2
import numpy as np
import numpy.typing as npt

from synthesis.digits import NO_DIGITS, DigitStock
from synthesis.fonts import FontSet
from synthesis.line_ink import InkedLine, Span, ink_line
from synthesis.line_overlays import draw_rules, draw_scribble, draw_seal
from synthesis.line_runs import Run, Runs
from synthesis.line_text import LineTexts
from synthesis.line_wear import put_on_paper, wear_line

ABOVE, BELOW = 2.1, 0.67
"""A cut line reaches from the base line this many x-heights up and down."""

_DPIS = ((75, 3), (100, 14), (150, 17), (200, 34), (250, 8), (300, 20), (400, 4))


@dataclass(frozen=True, slots=True)
class RenderedLine:
    """A line's grey image, height x width, and what it says; x from and to of its words and of what is by pen."""

    image: npt.NDArray[np.uint8]
    text: str
    words: tuple[Span, ...] = ()
    pens: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class LineMaker:
    """Makes lines from texts, faces and digits. wear: 0 clean .. 1 as bad as archives are."""

    texts: LineTexts
    fonts: FontSet
    digits: DigitStock = NO_DIGITS
    height: int = 40
    wear: float = 1.0

    def make(self, rng: Random, most_letters: int = 90) -> RenderedLine:
        """A line with all that happens to lines; one in 20 says nothing: seal, scribble, dots, rules, the back."""
        if rng.random() < 0.05:
            return self._nothing(rng)
        return self.render(self.texts.make(rng, rng.randrange(2, most_letters + 1)), rng)

    def render(self, runs: Runs, rng: Random) -> RenderedLine:
        """The given line."""
        em = _choose_em(rng)
        wear = self.wear * rng.choice((0.08, 0.25, 0.5, 0.9))
        letters = sum(len(run.text) for run in runs) + 10
        above, below = (self._other(letters, rng) if rng.random() < 0.6 else "" for _ in range(2))
        line = ink_line(runs, (above, below), em, self.fonts, self.digits, rng)
        pen = line.pen.copy() if line.pens else line.pen
        print_mask = line.print.copy()
        if rng.random() < 0.08 * wear:
            draw_rules(print_mask, line, em, rng)
        overlay = None
        if rng.random() < 0.05 * wear:
            overlay = draw_seal(print_mask.shape, em, rng)
        if rng.random() < 0.03 * wear:
            pen = np.maximum(pen, draw_scribble(print_mask.shape, em, rng))
        noise = np.random.default_rng(rng.getrandbits(64))
        page = put_on_paper(print_mask, pen, overlay, rng, noise)
        page, line = _warp(page, line, em, rng, wear)
        back = self._back(em, rng) if rng.random() < 0.2 * wear else None
        return _cut(wear_line(page, back, em, wear, rng), line, self.height, rng)

    def _other(self, letters: int, rng: Random) -> str:
        return " ".join(run.text for run in self.texts.make(rng, letters))

    def _back(self, em: int, rng: Random) -> npt.NDArray[np.uint8]:
        runs = tuple(run for run in self.texts.make(rng, 60) if not run.pen) or (Run("công tác"),)
        return ink_line(runs, ("", ""), em, self.fonts, self.digits, rng).print

    def _nothing(self, rng: Random) -> RenderedLine:
        em = _choose_em(rng)
        shape = (round(em * 3.4), round(em * rng.uniform(2, 14)))
        blank = np.zeros(shape, np.uint8)
        kind = rng.choices(range(5), (1, 1, 1, 1, 2))[0]
        line = InkedLine(blank, blank, round(em * 1.9), em * 0.45, 0.0, float(shape[1]), "", (), ())
        print_mask, pen, overlay = blank.copy(), blank, None
        if kind == 0:
            overlay = draw_seal(shape, em, rng)
        elif kind == 1:
            pen = draw_scribble(shape, em, rng)
        elif kind == 2:
            line = ink_line((Run("", leader=True),) * 2, ("", ""), em, self.fonts, self.digits, rng)
            print_mask, pen = line.print.copy(), line.pen
        elif kind == 3:
            draw_rules(print_mask, line, em, rng)
        noise = np.random.default_rng(rng.getrandbits(64))
        page = put_on_paper(print_mask, pen, overlay, rng, noise)
        pens = ((0.0, float(page.shape[1])),) if kind == 1 else ()
        back = self._back(em, rng) if kind == 4 or rng.random() < 0.1 else None
        worn = wear_line(page, back, em, self.wear, rng)
        spoken = InkedLine(
            line.print, line.pen, line.baseline, line.x_height, line.start, line.end, "", (), pens
        )  # fmt: skip
        return _cut(worn, spoken, self.height, rng)


def _choose_em(rng: Random) -> int:
    dpi = rng.choices([dpi for dpi, _ in _DPIS], [weight for _, weight in _DPIS])[0]
    points = rng.choices(
        (rng.uniform(12.5, 14.5), rng.uniform(10, 13), rng.uniform(7.5, 10), rng.uniform(14, 20)), (60, 24, 8, 8)
    )[0]
    return min(72, max(13, round(points * dpi / 72)))


def _warp(
    page: npt.NDArray[np.float32], line: InkedLine, em: int, rng: Random, wear: float
) -> tuple[npt.NDArray[np.float32], InkedLine]:
    """A little turned, leaning, stretched, moved by parts of a pixel, as straightened lines are."""
    height, width = page.shape
    turn = rng.gauss(0, 0.004) * wear if width < 20 * em else rng.gauss(0, 0.0015) * wear
    lean = rng.uniform(-0.1, 0.1) * wear if rng.random() < 0.3 else 0.0
    stretch = rng.uniform(0.88, 1.12) if rng.random() < 0.4 * wear else 1.0
    middle = (line.start + line.end) / 2
    matrix = np.array(
        [[stretch, -lean, lean * line.baseline + rng.random()], [turn, 1, -turn * middle + rng.random() - 0.5]],
        np.float32,
    )
    wide = max(8, round(width * stretch))
    paper = float(np.percentile(page, 90))
    moved = cv2.warpAffine(page, matrix, (wide, height), flags=cv2.INTER_LINEAR, borderValue=(paper,))

    def move(spans: tuple[Span, ...]) -> tuple[Span, ...]:
        return tuple((left * stretch, right * stretch) for left, right in spans)

    return np.asarray(moved, np.float32), InkedLine(
        line.print, line.pen, line.baseline, line.x_height, line.start * stretch, line.end * stretch, line.text,
        move(line.words), move(line.pens),
    )  # fmt: skip


def _cut(page: npt.NDArray[np.float32], line: InkedLine, height: int, rng: Random) -> RenderedLine:
    """The line cut out with the errors of a line finder, and scaled to its final height."""
    height_in, width_in = page.shape
    x_height = line.x_height * max(0.7, rng.gauss(1.0, 0.07))
    base = line.baseline + line.x_height * rng.gauss(0, 0.07)
    top, bottom = base - ABOVE * x_height, base + BELOW * x_height
    if line.text and rng.random() < 0.25:
        # As other finders cut: along the ink itself, with little or much room around it.
        own = line.print[:, round(max(0, line.start)) : round(max(1, line.end))].max(axis=1, initial=0) > 90
        rows = np.flatnonzero(
            own[round(line.baseline - 2.3 * line.x_height) : round(line.baseline + 0.75 * line.x_height)]
        )
        if len(rows):
            first = round(line.baseline - 2.3 * line.x_height)
            tall = rows[-1] + 1 - rows[0]
            top = first + rows[0] - tall * rng.uniform(-0.03, 0.14)
            bottom = first + rows[-1] + 1 + tall * rng.uniform(-0.03, 0.14)
    left = line.start - line.x_height * rng.uniform(0.05, 1.4)
    right = line.end + line.x_height * rng.uniform(0.05, 1.4)
    y0, y1 = max(0, round(top)), min(height_in, max(round(bottom), round(top) + 8))
    x0, x1 = max(0, round(left)), min(width_in, max(round(right), round(left) + 8))
    crop = np.clip(page[y0:y1, x0:x1], 0, 255).astype(np.uint8)
    scale = height / crop.shape[0]
    wide = max(8, round(crop.shape[1] * scale))
    method = cv2.INTER_AREA if scale < 1 else rng.choice((cv2.INTER_LINEAR, cv2.INTER_CUBIC))
    image = cv2.resize(crop, (wide, height), interpolation=method).astype(np.uint8)

    def place(spans: tuple[Span, ...]) -> tuple[Span, ...]:
        return tuple(((left - x0) * scale, (right - x0) * scale) for left, right in spans)

    return RenderedLine(image, line.text, place(line.words), place(line.pens))
