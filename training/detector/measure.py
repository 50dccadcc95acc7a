"""Figures of the line detector on generated pages, as delivered by the scanners of `synthesis.damage`."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from random import Random

import cv2
import numpy as np

from ocr.lines.detector import LineDetector
from ocr.lines.layout import Layout
from ocr.lines.shapes import TextLine
from synthesis.assorted import make_assorted_page
from synthesis.damage import VARIANTS, damage_page
from synthesis.fonts import find_fonts
from synthesis.truth import RenderedPage, TruthLine
from training.detector.pages import draw_document


@dataclass(slots=True)
class Figures:
    """words, lines: of the truth. covered: words within a found line. whole: lines all of whose words lie in one found
    line. found: lines found. false: found lines that hold no word. base: base line errors in x-heights, positive where
    found too low. tall: found over true x-height. right_way: pages whose rotation was found. seconds: CPU time in all.
    """

    words: int = 0
    covered: int = 0
    lines: int = 0
    whole: int = 0
    found: int = 0
    false: int = 0
    pages: int = 0
    right_way: int = 0
    seconds: float = 0.0
    base: list[float] = field(default_factory=list)
    tall: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        base, tall = np.array(self.base or [0.0]), np.array(self.tall or [1.0])
        return (
            f"{self.pages} pages: words {self.covered / max(1, self.words):.4f}, "
            f"whole lines {self.whole / max(1, self.lines):.4f}, "
            f"precision {1 - self.false / max(1, self.found):.4f}, right way {self.right_way}, "
            f"base {base.mean():+.3f} sd {base.std():.3f} p95 {np.percentile(np.abs(base), 95):.3f}, "
            f"x-height {tall.mean():.3f} sd {tall.std():.3f}, {self.seconds / max(1, self.pages):.3f} s"
        )


def _coordinates(line: TextLine, points: np.ndarray) -> np.ndarray:
    """Points (n x 2) as n x 2: along the line from its start, and down from its base line; in x-heights."""
    start, end = line.baseline[0], line.baseline[-1]
    along = (end - start) / max(1e-9, float(np.hypot(*(end - start))))
    along_at = (points - start) @ along
    ends = (line.baseline - start) @ along
    down = np.array((-along[1], along[0]))
    bent = np.interp(along_at, ends, (line.baseline - start) @ down)
    return np.stack((along_at, (points - start) @ down - bent), axis=1) / line.x_height


def _is_text(line: TruthLine) -> bool:
    return any(letter.isalnum() for letter in line.text)


def measure_page(page: RenderedPage, layout: Layout, figures: Figures) -> None:
    """Adds one page's figures."""
    truth = [line for line in page.lines if _is_text(line)]
    owners = [at for at, line in enumerate(truth) for _ in line.words]
    boxes = np.array([word.box for line in truth for word in line.words], np.float64).reshape(-1, 4)
    middles = np.stack((boxes[:, [0, 2]].mean(axis=1), boxes[:, [1, 3]].mean(axis=1)), axis=1)
    held = np.full(len(owners), -1)
    for number, found in enumerate(layout.lines):
        places = _coordinates(found, middles)
        length = found.length / found.x_height
        along, down = places[:, 0], places[:, 1]
        inside = (along > -0.4) & (along < length + 0.4) & (down > -1.6) & (down < 0.5)
        figures.false += not inside.any() and not _lies_on_sign(found, page)
        held[inside] = number
    figures.found += len(layout.lines)
    figures.words += len(owners)
    figures.covered += int((held >= 0).sum())
    for at, line in enumerate(truth):
        holders = set(held[[index for index, owner in enumerate(owners) if owner == at]])
        figures.lines += 1
        figures.whole += len(holders) == 1 and -1 not in holders
        if len(holders) == 1 and -1 not in holders and line.base is not None:
            own = layout.lines[holders.pop()]
            ends = np.array([line.base.start, line.base.end], np.float64)
            figures.base.append(-float(_coordinates(own, ends.mean(axis=0, keepdims=True))[0, 1]))
            figures.tall.append(own.x_height / line.base.x_height)
    figures.pages += 1
    figures.right_way += layout.rotation == page.rotation


def _lies_on_sign(line: TextLine, page: RenderedPage) -> bool:
    """Whether it is a row of dashes or stars, which may be found or not."""
    x, y = (line.box[0] + line.box[2]) / 2, (line.box[1] + line.box[3]) / 2
    boxes = [other.box for other in page.lines if not _is_text(other)]
    return any(x0 - 9 <= x <= x1 + 9 and y0 - 30 <= y <= y1 + 30 for x0, y0, x1, y1 in boxes)


def draw_worn_pages(count: int, seed: int) -> Iterator[tuple[str, RenderedPage]]:
    """Office pages and assorted ones in turn, each with the name of its damage; all variants take turns too."""
    fonts, variants = find_fonts(), sorted(VARIANTS)
    for at in range(count):
        rng, dpi = Random(seed + at), (200, 300)[at % 2]
        assorted = at % 3 == 2
        page = make_assorted_page(rng, fonts, dpi) if assorted else rng.choice(draw_document(rng, fonts, dpi).pages)
        variant = variants[at % len(variants)]
        worn = damage_page(replace(page, patches=()), variant, np.random.default_rng(seed + at))
        yield f"{'assorted' if assorted else 'office'} {variant}", worn


def measure(detector: LineDetector, pages: Iterable[RenderedPage]) -> Figures:
    """The figures of all pages together."""
    figures = Figures()
    for page in pages:
        grey = np.asarray(cv2.cvtColor(page.image, cv2.COLOR_RGB2GRAY), np.uint8)
        started = time.thread_time()
        layout = detector.find(grey, page.dpi)
        figures.seconds += time.thread_time() - started
        measure_page(page, layout, figures)
    return figures
