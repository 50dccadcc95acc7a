"""Finding a page's lines: one pass of the network, a second where the page does not lie upright."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from core.recognition import Box, Mark, Rotation
from ocr.images import Pixels
from ocr.lines.joining import drop_junk, extend_ends, join_pieces
from ocr.lines.layout import Layout
from ocr.lines.maps import MapNetwork, Maps
from ocr.lines.marks import find_handwriting, find_seals, hide_marks, measure_pen, weigh_turns
from ocr.lines.prepare import Small, shrink
from ocr.lines.second_look import find_missed
from ocr.lines.shapes import Points, TextLine, bound, bound_ink
from ocr.lines.tables import find_rules, join_in_cells, split_at_rules
from ocr.lines.tracing import Piece, find_median, trace_pieces

_ROTATIONS: tuple[Rotation, ...] = (0, 90, 180, 270)
_SURELY_TURNED, _MOST_TURNS = 0.6, 2
_READABLE, _BEST = (3.6, 19.0), 8.0
"""X-heights in working pixels that the network reads well, and best; 8 points have 5, 13 points 8, 26 points 17."""


class LineDetector:
    """The network and what is made of its answer. One per process or thread."""

    def __init__(self, weights: Path) -> None:
        self._network = MapNetwork(weights)

    def find(self, grey: Pixels, dpi: int, *, upright: bool = False) -> Layout:
        """The page's lines, its marks, and how it lies. upright: it is known not to be turned."""
        small = shrink(grey, dpi)
        maps = self._network.map_page(small.grey)
        if (tall := _measure_text(maps)) and not _READABLE[0] < tall < _READABLE[1]:
            # The resolution is not what it was said to be, or the print is.
            small = shrink(grey, max(20, round(dpi * tall / _BEST)))
            maps = self._network.map_page(small.grey)
        rotation: Rotation = 0
        confidence = 1.0
        if not upright:
            maps, rotation, confidence = self._turn_upright(maps, small.grey)
        mean, peaks = hide_marks(maps)
        pieces = find_pieces(maps, mean)
        frame = _Frame(rotation, maps.ink.shape, small, grey.shape)
        return _describe(pieces, maps, peaks, frame, confidence)

    def _turn_upright(self, maps: Maps, small: Pixels) -> tuple[Maps, Rotation, float]:
        """The maps of the page turned upright, by how much, and how sure that is. `maps`: of the page as it lies."""
        odds = weigh_turns(maps)
        rotation: Rotation = 0
        for _ in range(_MOST_TURNS):
            turn = int(np.argmax(odds))
            if turn == 0 or odds[turn] < _SURELY_TURNED:
                break
            rotation = _ROTATIONS[(rotation // 90 + turn) % 4]
            maps = self._network.map_page(np.ascontiguousarray(np.rot90(small, -rotation // 90)))
            odds = weigh_turns(maps)  # once more, for the network knows upright text best
        return maps, rotation, float(odds[0])


def _measure_text(maps: Maps) -> float:
    """The median x-height of the page's text in working pixels, 0 where there is hardly any."""
    text = maps.core[::2, ::2] > 0.5
    cells = maps.x_height[: text.shape[0], : text.shape[1]][text[: maps.x_height.shape[0], : maps.x_height.shape[1]]]
    return float(np.median(cells)) if len(cells) > 60 else 0.0


def find_pieces(maps: Maps, half: Pixels) -> list[Piece]:
    """The lines of an upright page at working resolution. half: its ink at half size, marks hidden."""
    pieces = drop_junk(join_pieces(trace_pieces(maps), maps), maps)
    pieces = extend_ends(pieces, maps)
    return pieces + find_missed(pieces, maps, half)


class _Frame:
    """From pixels of the upright page at working resolution to those of the page as given."""

    def __init__(self, rotation: Rotation, upright: tuple[int, ...], small: Small, page: tuple[int, ...]) -> None:
        """`upright`, `page`: height and width of both."""
        self.rotation = rotation
        self.height, self.width = upright
        self.page_height, self.page_width = page
        self.x_scale, self.y_scale = small.x_scale, small.y_scale
        self.scale = math.sqrt(small.x_scale * small.y_scale)

    def map_points(self, points: Points) -> Points:
        """Points of the upright page on the page as given."""
        x, y = points[:, 0], points[:, 1]
        turned = {
            0: (x, y),
            90: (y, self.width - x),
            180: (self.width - x, self.height - y),
            270: (self.height - y, x),
        }[self.rotation]
        return np.stack((turned[0] * self.x_scale, turned[1] * self.y_scale), axis=1)

    def map_box(self, box: Box) -> Box:
        corners = np.array([(box[0], box[1]), (box[2], box[3])], np.float64)
        return bound(self.map_points(corners), self.page_width, self.page_height)


def _describe(pieces: list[Piece], maps: Maps, peaks: Pixels, frame: _Frame, confidence: float) -> Layout:
    slope = _find_slope(pieces)
    rules = find_rules(peaks, slope)
    pieces = join_in_cells(split_at_rules(pieces, rules, maps.ink), rules)
    pens = [measure_pen(piece, maps) for piece in pieces]
    lines = []
    for piece, pen in zip(pieces, pens, strict=True):
        baseline = frame.map_points(piece.points())
        tall = piece.x_height * frame.scale
        box = bound_ink(baseline, tall, frame.page_width, frame.page_height)
        lines.append(TextLine(baseline, tall, box, *pen))
    writing = find_handwriting(pieces, [kind for _, kind in pens], maps)
    marks = [Mark("handwriting", frame.map_box(box)) for box in writing]
    marks += [Mark("seal", frame.map_box(box)) for box in find_seals(maps)]
    skew = round(math.degrees(math.atan(slope)), 2)
    return Layout(tuple(lines), tuple(pieces), rules, tuple(marks), frame.rotation, confidence, skew)


def _find_slope(pieces: list[Piece]) -> float:
    """The slope of most of the page's text: the median of its lines', each counting by its length."""
    long = [piece for piece in pieces if piece.width > 9 * piece.x_height] or pieces
    if not long:
        return 0.0
    return find_median(np.array([piece.curve[1] for piece in long]), np.array([piece.width for piece in long]))
