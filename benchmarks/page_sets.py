"""The pages that are read: real ones and generated ones, as they are and damaged, with their truth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Literal

import cv2
import numpy as np

from benchmarks.damage import damage_sheet
from benchmarks.scoring import PlacedWord, fold
from benchmarks.sheets import Sheet
from core.recognition import Box
from ocr.images import Pixels, load_page_image
from synthesis.blocks import Looks
from synthesis.fonts import find_fonts
from synthesis.forms import make_document
from synthesis.truth import RenderedPage, TruthLine, TruthWord, join_boxes

MAX_PIXELS = 150_000_000
_DPI = 300
_SHORTEST_REAL = 400
_SHORTEST_RUN = 100
_RARE = 0.25

Origin = Literal["real", "generated"]


@dataclass(frozen=True, slots=True)
class Case:
    """One variant of one page. page: a file's stem, or the number of a generated page."""

    origin: Origin
    variant: str
    page: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A page to be read. running: running texts, each in one piece. wanted: all words of print.

    optional: words of stamps, and signs that stand alone: right if they are read, not wrong if they are not. pens:
    where something is written by pen; whatever is read there counts nothing. places: words of print with their boxes,
    of level pages alone.
    """

    case: Case
    sheet: Sheet
    running: tuple[str, ...]
    wanted: tuple[str, ...]
    optional: tuple[str, ...] = ()
    pens: tuple[Box, ...] = ()
    places: tuple[PlacedWord, ...] = ()


def real_pages(root: Path) -> list[Path]:
    """Files of the real pages; none where there is no evaluation data."""
    return sorted((root / "pages").glob("*"))


def load_sample(case: Case, root: Path) -> Sample:
    """The page of that case, made anew; the same every time."""
    return _load_real(case, root) if case.origin == "real" else _load_generated(case)


def _load_real(case: Case, root: Path) -> Sample:
    paths = real_pages(root)
    at = next(at for at, path in enumerate(paths) if path.stem == case.page)
    page, back = (load_page_image(path, max_pixels=MAX_PIXELS) for path in (paths[at], paths[at - 1]))
    sheet = damage_sheet(page.grey, page.dpi, back.grey, case.variant, case.page)
    truth = (root / "gt" / f"{case.page}.txt").read_text("utf8")
    body = fold((root / "gt" / f"{case.page}.body.txt").read_text("utf8"))
    running = (body,) if len(body) > _SHORTEST_REAL else ()
    return Sample(case, sheet, running, tuple(fold(truth).split()))


def _load_generated(case: Case) -> Sample:
    page, back = (make_page(f"{case.variant}/{case.page}/{side}") for side in ("front", "back"))
    sheet = damage_sheet(_grey(page), page.dpi, _grey(back), case.variant, case.page)
    groups = [group for line in page.lines for group in group_words(line)]
    prints = [group for group in groups if not group.pen]
    printed = [group for group in prints if not group.stamp and any(map(str.isalnum, group.text))]
    level = abs(sheet.skew) < 0.01
    return Sample(
        case,
        sheet,
        running=tuple(running_texts(page.lines)),
        wanted=tuple(fold(group.text) for group in printed),
        optional=tuple(fold(group.text) for group in prints if group not in printed),
        pens=tuple(sheet.place(group.box) for group in groups if group.pen),
        places=tuple(PlacedWord(fold(one.text), sheet.place(one.box)) for one in printed) if level else (),
    )


def _grey(page: RenderedPage) -> Pixels:
    return np.asarray(cv2.cvtColor(page.image, cv2.COLOR_RGB2GRAY), np.uint8)


@lru_cache(maxsize=4)
def make_page(seed: str) -> RenderedPage:
    """A page of a generated document with its head, its end or its table, drawn by seeds that no training uses."""
    rng = Random(f"benchmarks.reading/{seed}")
    looks = Looks(
        number_by_pen=None,
        date_by_pen=None,
        urgency=rng.choice(("KHẨN", "HỎA TỐC")) if rng.random() < _RARE else None,
        secrecy="MẬT" if rng.random() < _RARE else None,
        incoming=rng.random() < _RARE,
        table=rng.random() < 2 * _RARE,
        length=rng.choice((1, 2)),
    )
    document = make_document(rng, find_fonts(), rng.choice(("state", "party")), None, looks, _DPI)
    return rng.choice(document.pages[:2])


@dataclass(frozen=True, slots=True)
class Group:
    """What stands between two spaces. pen: a part of it is written by pen. stamp: it belongs to a stamp."""

    text: str
    box: Box
    pen: bool
    stamp: bool


def group_words(line: TruthLine) -> Iterator[Group]:
    """The line's words as a reader sees them: joined ones are one."""
    parts: list[TruthWord] = []
    for word in (*line.words, None):
        if parts and (word is None or not word.joined):
            text, pen = "".join(part.text for part in parts), any(part.pen for part in parts)
            yield Group(text, join_boxes([part.box for part in parts]), pen, line.kind == "stamp")
            parts = []
        if word is not None:
            parts.append(word)


def running_texts(lines: Sequence[TruthLine]) -> Iterator[str]:
    """The texts of body lines that follow each other, short ones left out."""
    run: list[str] = []
    for line in (*lines, None):
        if line is not None and line.kind == "body" and not any(word.pen for word in line.words):
            run.append(line.text)
            continue
        text = fold(" ".join(run))
        if len(text) >= _SHORTEST_RUN:
            yield text
        run = []
