"""Pieces of worn pages with the maps that the network is to answer with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr.images import Pixels
from ocr.lines.prepare import WORKING_DPI, Floats, measure_ink
from training.detector.pages import GRAPHIC, PEN, UNSURE, Page
from training.detector.wear import Chance, show_through, wear_out

LYING = 0.45
"""Share of the pieces that do not lie upright."""
_NINE = np.linspace(0, 1, 9)[:, None]
_SHIFT = 4
"""OpenCV draws polygons to 1/16 of a pixel."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A piece of a page. ink: side x side. Half maps: core (coverage 0..1), weight. Quarter maps: pen and graphic
    (0 or 1), drop (distance to the base line in x-heights), size (log2 of x-height / 8), inside (1 within a core).
    text: side/16, 1 where there is text. turn: 0..3 quarter turns clockwise that make it upright.
    """

    turn: int
    ink: Floats
    core: Floats
    weight: Floats
    pen: Floats
    graphic: Floats
    drop: Floats
    size: Floats
    inside: Floats
    text: Floats


@dataclass(frozen=True, slots=True)
class View:
    """Where a piece lies on its page: `matrix` (2 x 3) maps page to piece, then y is bent by bend * (x - side/2)^2."""

    matrix: npt.NDArray[np.float64]
    bend: float
    side: int

    @property
    def scale(self) -> float:
        return float(np.sqrt(abs(np.linalg.det(self.matrix[:, :2]))))

    def place(self, points: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        """Page points (n x 2) in the piece."""
        moved = points @ self.matrix[:, :2].T + self.matrix[:, 2]
        moved[:, 1] += self.bend * (moved[:, 0] - self.side / 2) ** 2
        return moved

    def look(self, image: Pixels, side: int, outside: int, method: int = cv2.INTER_LINEAR) -> Pixels:
        """The piece of the image, side x side, averaged by the caller if it is larger than the view."""
        zoom = side / self.side
        matrix = self.matrix * zoom
        matrix[:, 2] += 0.5 * (matrix[:, 0] + matrix[:, 1]) - 0.5  # OpenCV maps centres of pixels
        back = cv2.invertAffineTransform(matrix)
        if not self.bend:
            flags = method | cv2.WARP_INVERSE_MAP
            return np.asarray(cv2.warpAffine(image, back, (side, side), flags=flags, borderValue=outside), np.uint8)
        x, y = np.meshgrid(np.arange(side, dtype=np.float32), np.arange(side, dtype=np.float32))
        flat = y - self.bend / zoom * (x - side / 2) ** 2
        across = (back[0, 0] * x + back[0, 1] * flat + back[0, 2]).astype(np.float32)
        down = (back[1, 0] * x + back[1, 1] * flat + back[1, 2]).astype(np.float32)
        return np.asarray(cv2.remap(image, across, down, method, borderValue=outside), np.uint8)


def choose_view(page: Page, side: int, chance: Chance) -> View:
    """Somewhere on the page, mostly at text; askew, at about the working resolution."""
    scale = WORKING_DPI / page.dpi * 2 ** float(chance.normal(0, 0.22))
    degrees = float(chance.uniform(-6.5, 6.5) if chance.random() < 0.45 else chance.normal(0, 0.6))
    height, width = page.grey.shape
    at = chance.uniform((0, 0), (width, height))
    if len(page.segments) and chance.random() < 0.75:
        x0, y0, x1, y1, _ = page.segments[chance.integers(len(page.segments))]
        at = np.array((x0, y0) if chance.random() < 0.4 else (x1, y1)) + chance.normal(0, side / 4 / scale, 2)
    matrix = np.asarray(cv2.getRotationMatrix2D((float(at[0]), float(at[1])), degrees, scale), np.float64)
    matrix[:, 2] += side / 2 - at
    bend = float(chance.normal(0, 0.12)) / side if chance.random() < 0.2 else 0.0
    return View(matrix, bend, side)


def _band(line: npt.NDArray[np.float64], ends: float, above: float, below: float) -> npt.NDArray[np.float64]:
    """The outline around a base line that reaches above, below and beyond its ends, in x-heights."""
    start, end, tall = line[:2], line[2:4], line[4]
    along = (end - start) / max(1e-3, float(np.hypot(*(end - start))))
    down = np.array((-along[1], along[0]))
    base = (start - along * ends * tall) * (1 - _NINE) + (end + along * ends * tall) * _NINE
    return np.vstack([base - down * above * tall, (base + down * below * tall)[::-1]])


def _fill(sheet: np.ndarray, outline: np.ndarray, value: float, stride: int, kind: int = cv2.LINE_8) -> None:
    points = np.round((outline / stride - 0.5) * (1 << _SHIFT)).astype(np.int32)
    cv2.fillPoly(sheet, [points], value, kind, _SHIFT)


def _shrink(image: np.ndarray, by: int) -> Floats:
    side = image.shape[0] // by
    return np.asarray(cv2.resize(image.astype(np.float32), (side, side), interpolation=cv2.INTER_AREA), np.float32)


def _draw_lines(page: Page, view: View) -> tuple[Floats, Floats, Floats, Floats]:
    """core, weight at half size; drop and size at a quarter."""
    side, quarter = view.side, view.side // 4
    core: Pixels = np.zeros((side, side), np.uint8)
    weight: Floats = np.full((side // 2, side // 2), 0.5, np.float32)
    owner = np.zeros((quarter, quarter), np.int32)
    centres = page.segments[:, :4].reshape(-1, 2)
    placed = view.place(centres).reshape(-1, 4)
    reach = 24.0
    near = [
        at for at, (x0, y0, x1, y1) in enumerate(placed)
        if x1 > -reach and x0 < side + reach and max(y0, y1) > -reach and min(y0, y1) < side + reach
    ]  # fmt: skip
    lines = page.segments[near].astype(np.float64)
    for line in lines:
        _fill(weight, view.place(_band(line, 1.0, 2.0, 1.0)), 2.0, 2)
    for number, line in enumerate(lines, 1):
        outline = view.place(_band(line, 0, 1.0, 0.0))
        _fill(weight, outline, 1.2, 2)
        _fill(core, outline, 255, 1, cv2.LINE_AA)
        _fill(owner, outline, number, 4)
    drop, size = np.zeros((2, quarter, quarter), np.float32)
    rows, columns = np.nonzero(owner)
    if len(rows):
        mine = lines[owner[rows, columns] - 1]
        own = view.place(mine[:, :4].reshape(-1, 2)).reshape(-1, 4)
        x, y = columns * 4 + 2.0, rows * 4 + 2.0
        # The bend is slight: measured from the chord, corrected by how far the bent line leaves it here.
        share = (x - own[:, 0]) / np.maximum(own[:, 2] - own[:, 0], 1e-3)
        chord = own[:, 1] + share * (own[:, 3] - own[:, 1])
        chord -= view.bend * (own[:, 2] - own[:, 0]) ** 2 * share * (1 - share)
        tilt = np.cos(np.arctan2(own[:, 3] - own[:, 1], own[:, 2] - own[:, 0]))
        tall = mine[:, 4] * view.scale
        drop[rows, columns] = (chord - y) * tilt / tall
        size[rows, columns] = np.log2(tall / 8)
    return np.asarray(_shrink(core, 2) / 255, np.float32), weight, drop, size


def make_sample(pages: Sequence[Page], side: int, chance: Chance, lying: float = LYING) -> Sample:
    """A worn piece of one of the pages; `lying`: share of those turned by a quarter, half or three quarters."""
    page = pages[int(chance.integers(len(pages)))]
    view = choose_view(page, side, chance)
    zoom = 1 if chance.random() < 0.25 else 2
    outside = int(chance.choice((255, 255, 235, 200, 40, 0)))
    image = view.look(page.grey, side * zoom, outside)
    if chance.random() < 0.2:
        other = pages[int(chance.integers(len(pages)))]
        back = choose_view(other, side, chance).look(other.grey, side * zoom, 255)[:, ::-1]
        image = show_through(image, back, chance)
    image = wear_out(image, chance)
    if zoom > 1:
        image = np.asarray(cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA), np.uint8)
    marks = view.look(page.marks, side, 0, cv2.INTER_NEAREST)
    pen, graphic = ((_shrink(marks & bit, 4) > 0.08 * bit).astype(np.float32) for bit in (PEN, GRAPHIC))
    core, weight, drop, size = _draw_lines(page, view)
    weight[(_shrink(marks & UNSURE, 2) > 0) & (core < 0.5)] = 0
    maps = [
        measure_ink(image), core, weight, pen, graphic, drop, size, (_shrink(core, 2) > 0.4) * (size != 0),
        _shrink(core, 8) > 0.1,
    ]  # fmt: skip
    turn = int(chance.integers(1, 4)) if chance.random() < lying else 0
    # np.rot90 turns counter-clockwise, so that as many turns clockwise make the piece upright again.
    return Sample(turn, *(np.ascontiguousarray(np.rot90(one, turn), np.float32) for one in maps))
