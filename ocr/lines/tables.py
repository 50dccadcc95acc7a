"""Ruled tables: the rules of a page, the tables that they make, and the cells in which lines stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from ocr.images import Pixels
from ocr.lines.joining import unite
from ocr.lines.tracing import Piece

_RULE = 44
"""Working pixels, 11 mm: longer straight strokes are rules."""
_INK = 44
"""Of 200."""
_BREAK = 31
"""Half-size pixels, 15 mm: breaks in a rule up to this long are closed."""
_WORDS_APART = 5.0
"""Widest gap between words in a cell, in x-heights."""
_LEAST_WIDTH, _LEAST_HEIGHT = 80, 30


@dataclass(frozen=True, slots=True)
class Span:
    """A line, or a whole table, in levelled coordinates: its x range, and the vertical room that it takes alone."""

    x0: float
    x1: float
    top: float
    bottom: float
    base: float
    x_height: float

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


def level_piece(piece: Piece, slope: float) -> Span:
    """The line as if the page had been levelled, by shearing, which keeps what lies left or right, above or below."""
    y, tall = piece.curve[0], piece.x_height
    base = y - slope * piece.middle
    return Span(piece.x0 + slope * y, piece.x1 + slope * y, base - 1.05 * tall, base + 0.05 * tall, base, tall)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Its outline in levelled coordinates, and the lines in it in reading order, a row of cells each."""

    span: Span
    rows: list[list[int]]


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """Level and upright rules of a page, as masks of half its size, leaning as the page does; what tables they make."""

    level: npt.NDArray[np.uint8]
    upright: npt.NDArray[np.uint8]
    slope: float
    outlines: tuple[Span, ...] = ()

    def find_cell(self, span: Span, outline: Span) -> tuple[int, int]:
        """How many rules lie above and to the left of a line, counted from just outside its table's outline."""
        middle = span.base - span.x_height / 2
        down = np.arange(outline.top - 4, middle, 2.0)
        across = np.arange(outline.x0 - 4, span.middle, 2.0)
        above = self._look(self.level, np.full_like(down, span.middle), down)
        before = self._look(self.upright, across, np.full_like(across, middle))
        return _count_runs(above), _count_runs(before)

    def _look(self, mask: npt.NDArray[np.uint8], x: np.ndarray, y: np.ndarray) -> npt.NDArray[np.bool_]:
        """The mask at levelled places."""
        rows = ((y + x * self.slope) / 2).astype(int).clip(0, mask.shape[0] - 1)
        columns = ((x - y * self.slope) / 2).astype(int).clip(0, mask.shape[1] - 1)
        return np.asarray(mask[rows, columns] > 0)


def _count_runs(marked: npt.NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(np.diff(marked.astype(np.int8), prepend=0) == 1))


def find_rules(peaks: Pixels, slope: float) -> Rules:
    """Long straight strokes, thickened, and their breaks closed. peaks: the page's darkest ink at half size."""
    dark = (peaks > _INK).astype(np.uint8)
    masks = [_open_leaning(dark, slope, level) for level in (True, False)]
    closings = np.ones((1, _BREAK), np.uint8), np.ones((_BREAK, 1), np.uint8)
    closed = [
        np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, closing), np.uint8)
        for mask, closing in zip(masks, closings, strict=True)
    ]
    # Closing would join tables that stand beside each other.
    return Rules(closed[0], closed[1], slope, tuple(_find_outlines(masks[0], masks[1], slope)))


def _open_leaning(dark: Pixels, slope: float, level: bool) -> Pixels:
    """What remains of long strokes along the page's lines, or across them, thickened by a pixel."""
    high, wide, length = *dark.shape, _RULE // 2
    lean = [[1, 0, 0], [-slope, 1, slope * wide / 2]] if level else [[1, slope, -slope * high / 2], [0, 1, 0]]
    matrix, kernel = np.array(lean, np.float64), np.ones((1, length) if level else (length, 1), np.uint8)
    straight = cv2.warpAffine(dark, matrix, (wide, high), flags=cv2.INTER_NEAREST)
    opened = cv2.morphologyEx(straight, cv2.MORPH_OPEN, kernel)
    back = cv2.warpAffine(opened, matrix, (wide, high), flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP)
    return np.asarray(cv2.dilate(back, np.ones((3, 3), np.uint8)), np.uint8)


def split_at_rules(pieces: Sequence[Piece], rules: Rules, ink: Pixels) -> list[Piece]:
    """The lines parted where a table's upright rule stands between their letters. ink: the page's, full size."""
    parts: list[Piece] = []
    for piece in pieces:
        span = level_piece(piece, rules.slope)
        if any(_holds(outline, span) for outline in rules.outlines):
            parts += _split(piece, rules, ink)
        else:
            parts.append(piece)
    return parts


def _split(piece: Piece, rules: Rules, ink: Pixels) -> list[Piece]:
    xs = np.arange(piece.x0 + piece.x_height, piece.x1 - piece.x_height, 2.0)
    rows = ((piece.heights(xs) - piece.x_height / 2) / 2).astype(int).clip(0, rules.upright.shape[0] - 1)
    marked = rules.upright[rows, (xs / 2).astype(int).clip(0, rules.upright.shape[1] - 1)] > 0
    steps = np.diff(marked.astype(np.int8), prepend=0, append=0)
    cuts = [
        (float(xs[start]), float(xs[end - 1] + 2))
        for start, end in zip(np.flatnonzero(steps == 1), np.flatnonzero(steps == -1), strict=True)
        if _stands_free(piece, float(xs[start]), float(xs[end - 1] + 2), ink)
    ]
    edges = [piece.x0, *(edge for cut in cuts for edge in cut), piece.x1]
    return [piece.stretch(x0, x1) for x0, x1 in zip(edges[::2], edges[1::2], strict=True)] if cuts else [piece]


def _stands_free(piece: Piece, x0: float, x1: float, ink: Pixels) -> bool:
    """Whether there is bare paper on both sides of a rule from x0 to x1."""
    base, room = piece.y_at(x0), max(2, round(0.3 * piece.x_height))
    rows = slice(max(0, round(base - piece.x_height)), max(1, round(base)))
    sides = ink[rows, max(0, int(x0) - room) : int(x0)], ink[rows, int(x1) : int(x1) + room]
    return all(side.size > 0 and float((side > _INK).mean()) < 0.06 for side in sides)


def join_in_cells(pieces: Sequence[Piece], rules: Rules) -> list[Piece]:
    """Joins what stands on one base line in one cell of a table: widely spaced words there are no columns."""
    spans = [level_piece(piece, rules.slope) for piece in pieces]
    joined = dict(enumerate(pieces))
    for outline in rules.outlines:
        cells: dict[tuple[int, int], list[int]] = {}
        for one in [at for at in joined if _holds(outline, spans[at])]:
            cell = rules.find_cell(spans[one], outline)
            cells.setdefault(cell, []).append(one)
        if len({column for _, column in cells}) < 2:
            continue
        for row in (row for held in cells.values() for row in cut_rows(held, spans)):
            for left, right in pairwise(row):
                if joined[right].x0 - joined[left].x1 < _WORDS_APART * joined[right].x_height:
                    joined[right] = unite(joined.pop(left), joined[right])
    return list(joined.values())


def find_tables(spans: Sequence[Span], rules: Rules) -> list[Table]:
    """The page's ruled tables with lines in more than one column."""
    free = set(range(len(spans)))
    tables = []
    for outline in rules.outlines:
        inside = sorted(one for one in free if _holds(outline, spans[one]))
        cells = {one: rules.find_cell(spans[one], outline) for one in inside}
        if len({cell[1] for cell in cells.values()}) > 1:
            tables.append(Table(outline, _order_cells(inside, spans, cells)))
            free -= set(inside)
    return tables


def _holds(outline: Span, span: Span) -> bool:
    return outline.x0 < span.middle < outline.x1 and outline.top < span.base - span.x_height / 2 < outline.bottom


def _find_outlines(level: Pixels, upright: Pixels, slope: float) -> list[Span]:
    """Around rules that meet, both level and upright ones; the smallest first. What reaches the page's edge is no table
    but what the scanner saw beside the page.
    """
    if not upright.any():
        return []
    count, labels, stats, _ = cv2.connectedComponentsWithStats(level | upright, connectivity=8)
    both = [np.bincount(labels[mask > 0], minlength=count) > 0 for mask in (level, upright)]
    outlines = []
    for label in np.flatnonzero(both[0] & both[1]):
        x, y, width, height = (2.0 * float(value) for value in stats[label][:4])
        inside = x > 0 and y > 0 and x + width < 2 * labels.shape[1] and y + height < 2 * labels.shape[0]
        if label and inside and width >= _LEAST_WIDTH and height >= _LEAST_HEIGHT:
            # The corners of a leaning table, levelled, lie a little outside it, which does no harm.
            tops = [y - slope * at for at in (x, x + width)]
            lefts = [x + slope * at for at in (y, y + height)]
            bottom = max(tops) + height
            outlines.append(Span(min(lefts), max(lefts) + width, min(tops), bottom, bottom, 8.0))
    return sorted(outlines, key=lambda one: (one.x1 - one.x0) * (one.bottom - one.top))


def _order_cells(inside: Sequence[int], spans: Sequence[Span], cells: dict[int, tuple[int, int]]) -> list[list[int]]:
    """By rows of cells, in a row by cells, in a cell from the top."""
    rows: list[list[int]] = []
    for row in sorted({cell[0] for cell in cells.values()}):
        rows.append([])
        for column in sorted({cell[1] for cell in cells.values() if cell[0] == row}):
            held = [one for one in inside if cells[one] == (row, column)]
            rows[-1] += [one for line in cut_rows(held, spans) for one in line]
    return rows


def cut_rows(own: Sequence[int], spans: Sequence[Span]) -> list[list[int]]:
    """Lines on one base line together, left to right; from the top."""
    rows: list[list[int]] = []
    for one in sorted(own, key=lambda at: spans[at].base):
        if rows and spans[one].base - spans[rows[-1][-1]].base < 0.6 * spans[one].x_height:
            rows[-1].append(one)
        else:
            rows.append([one])
    return [sorted(row, key=lambda at: spans[at].x0) for row in rows]
