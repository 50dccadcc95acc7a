"""A pool of rendered pages with what the network is to find on them, kept on disk between runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import cv2
import numpy as np
import numpy.typing as npt

from ocr.images import Pixels
from synthesis.assorted import make_assorted_page
from synthesis.blocks import Looks
from synthesis.fonts import FontSet
from synthesis.forms import make_document
from synthesis.personal import make_diploma, make_file_cover, make_member_card_sheet, make_membership_decision
from synthesis.truth import InkPatch, RenderedDocument, RenderedPage, TruthLine

PEN, GRAPHIC, UNSURE = 1, 2, 4
"""Bits of a page's map of marks. Unsure: rows of dashes and stars, neither text nor not."""

_WIDEST_GAP_EM = 2.2
_X_HEIGHT_EM = 0.46


@dataclass(frozen=True, slots=True)
class Page:
    """A clean page. grey, marks: height x width. segments: n x 5, (x0, y0, x1, y1) of a base line and its x-height."""

    grey: Pixels
    marks: Pixels
    segments: npt.NDArray[np.float32]
    dpi: int


def split_line(line: TruthLine) -> list[tuple[float, float, float, float, float]]:
    """The line's stretches of base line under ink, broken where a gap is as wide as between columns."""
    if line.base is None or not line.words:
        return []
    (xa, ya), (xb, yb) = line.base.start, line.base.end
    slope = (yb - ya) / (xb - xa) if xb - xa > 1 else 0.0
    spans: list[list[float]] = []
    for word in sorted(line.words, key=lambda one: one.box[0]):
        x0, x1 = word.box[0], word.box[2]
        if spans and x0 - spans[-1][1] <= _WIDEST_GAP_EM * line.base.x_height / _X_HEIGHT_EM:
            spans[-1][1] = max(spans[-1][1], x1)
        else:
            spans.append([x0, x1])
    return [(x0, ya + slope * (x0 - xa), x1, ya + slope * (x1 - xa), line.base.x_height) for x0, x1 in spans if x1 > x0]


def describe_page(page: RenderedPage, rng: Random) -> Page:
    """The page in grey, as a scanner's one of three channels or their mean sees it, with its maps."""
    channels = np.array(rng.choice(((0.3, 0.59, 0.11), (0.3, 0.59, 0.11), (0.0, 1.0, 0.0), (0.33, 0.33, 0.34))))
    grey = np.clip(page.image @ channels, 0, 255).astype(np.uint8)
    marks = np.zeros(grey.shape, np.uint8)
    for patch in page.patches:
        _lay(marks, patch)
    segments: list[tuple[float, float, float, float, float]] = []
    for line in page.lines:
        if any(letter.isalnum() for letter in line.text):
            segments += split_line(line)
        else:
            x0, y0, x1, y1 = line.box
            marks[max(0, y0 - 2) : y1 + 2, max(0, x0 - 2) : x1 + 2] |= UNSURE
    return Page(grey, marks, np.array(segments, np.float32).reshape(-1, 5), page.dpi)


def _lay(marks: Pixels, patch: InkPatch) -> None:
    x, y = max(0, patch.x), max(0, patch.y)
    mask = patch.mask[y - patch.y :, x - patch.x :][: max(0, marks.shape[0] - y), : max(0, marks.shape[1] - x)]
    bit = PEN if patch.kind == "pen" else GRAPHIC
    marks[y : y + mask.shape[0], x : x + mask.shape[1]] |= np.where(mask > 50, bit, 0).astype(np.uint8)


def draw_document(rng: Random, fonts: FontSet, dpi: int) -> RenderedDocument:
    """An office document of any kind, worked on as chance has it."""
    looks = Looks(
        urgency=rng.choice((None, None, "HỎA TỐC", "KHẨN", "THƯỢNG KHẨN")),
        secrecy=rng.choice((None, None, None, "MẬT", "TỐI MẬT")), incoming=rng.random() < 0.25,
        seal=rng.random() < 0.85, table=rng.random() < 0.4, length=rng.randrange(1, 4),
    )  # fmt: skip
    kind = rng.random()
    if kind < 0.72:
        return make_document(rng, fonts, "state" if rng.random() < 0.6 else "party", None, looks, dpi)
    others: tuple[Callable[..., RenderedDocument], ...] = (make_diploma, make_file_cover, make_member_card_sheet)
    if kind < 0.82:
        return make_membership_decision(rng, fonts, "admission_decision", looks, dpi)
    return rng.choice(others)(rng, fonts, dpi)


def draw_pages(rng: Random, fonts: FontSet) -> list[Page]:
    """One document's pages, or one assorted page."""
    dpi = rng.randrange(140, 221)
    if rng.random() < 0.5:
        return [describe_page(make_assorted_page(rng, fonts, dpi), rng)]
    return [describe_page(page, rng) for page in draw_document(rng, fonts, dpi).pages]


def save_page(page: Page, path: Path) -> None:
    quick = [cv2.IMWRITE_PNG_COMPRESSION, 3]
    grey, marks = (cv2.imencode(".png", image, quick)[1] for image in (page.grey, page.marks))
    np.savez(path, grey=grey, marks=marks, segments=page.segments, dpi=page.dpi)


def load_page(path: Path) -> Page:
    with np.load(path) as held:
        grey, marks = (
            np.asarray(cv2.imdecode(held[name], cv2.IMREAD_GRAYSCALE), np.uint8) for name in ("grey", "marks")
        )
        return Page(grey, marks, held["segments"], int(held["dpi"]))


def fill_pool(folder: Path, count: int, seed: int, fonts: FontSet) -> None:
    """Draws pages until the folder holds `count`; each from a seed of its own, so that a stopped run goes on."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = seed
    while len(list(folder.glob("*.npz"))) < count:
        drawn += 1
        if any(folder.glob(f"{drawn}-*.npz")):
            continue
        for number, page in enumerate(draw_pages(Random(drawn), fonts)):
            save_page(page, folder / f"{drawn}-{number}.npz")
