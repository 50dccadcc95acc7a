"""Pieces to lines: what the network broke is joined, junk goes, ends that were cut off are found again."""

from __future__ import annotations

import numpy as np

from ocr.images import Pixels
from ocr.lines.maps import Maps
from ocr.lines.tracing import Piece

_INK = 60
"""From here on a pixel is ink, of 200."""
_NEAR = 1.0
"""Gap in x-heights, about a word space and a half, over which pieces on one base line belong together."""
_DOUBTFUL_NEAR = 4.5
_DOUBTFUL = 0.22
"""Mean core probability in a wider gap from which the network meant one line."""
_LEAST_WIDTH = 0.45
_LEAST_SURENESS = 0.62
_LEAST_INK = 0.04
_SHORT_ON_GRAPHIC = 0.3


def join_pieces(pieces: list[Piece], maps: Maps) -> list[Piece]:
    """Joins neighbours on one base line, leftmost first."""
    waiting = sorted(pieces, key=lambda piece: piece.x0)
    joined: list[Piece] = []
    for piece in waiting:
        before = min(
            (at for at, other in enumerate(joined) if _belong(other, piece, maps)),
            key=lambda at: piece.x0 - joined[at].x1,
            default=None,
        )
        if before is None:
            joined.append(piece)
        else:
            joined[before] = unite(joined[before], piece)
    return joined


def _belong(left: Piece, right: Piece, maps: Maps) -> bool:
    tall = max(left.x_height, right.x_height)
    gap = right.x0 - left.x1
    if not -1.5 * tall < gap < _DOUBTFUL_NEAR * tall or tall > 1.6 * min(left.x_height, right.x_height):
        return False
    meeting = (left.x1 + right.x0) / 2
    short, long = sorted((left, right), key=lambda piece: piece.width)
    if abs(long.y_at(short.middle) - short.curve[0]) > 0.45 * tall:
        return False
    if _has_rule(maps.ink, meeting, long.y_at(meeting), tall, max(2.0, gap)):
        return False
    return gap < _NEAR * tall or _mean_core(maps, long, left.x1, right.x0) > _DOUBTFUL


def _mean_core(maps: Maps, line: Piece, x0: float, x1: float) -> float:
    """Mean of the core's probability between two places of a line's middle height."""
    xs = np.arange(x0, x1, 2.0)
    columns = (xs / 2).astype(int).clip(0, maps.core.shape[1] - 1)
    ys = line.heights(xs) - line.x_height / 2
    rows = (ys / 2).astype(int).clip(0, maps.core.shape[0] - 1)
    return float(maps.core[rows, columns].mean()) if len(xs) else 1.0


def _has_rule(ink: Pixels, x: float, y: float, tall: float, gap: float) -> bool:
    """Whether an upright stroke taller than any letter stands in the gap."""
    left, right = max(0, int(x - gap / 2)), min(ink.shape[1], int(x + gap / 2) + 1)
    strip = ink[max(0, int(y - 2.6 * tall)) : max(0, int(y + 1.3 * tall)), left:right]
    return bool(strip.size and ((strip > _INK).mean(axis=0) > 0.9).any())


def unite(left: Piece, right: Piece) -> Piece:
    """One piece with the base line through both, each counting by its width."""
    widths = np.array((left.width, right.width))
    x0, x1 = min(left.x0, right.x0), max(left.x1, right.x1)
    middle = (x0 + x1) / 2
    if widths.min() < 0.35 * widths.max():
        long = left if left.width > right.width else right
        line = long.stretch(x0, x1)
    else:
        slope = float(np.average((left.curve[1], right.curve[1]), weights=widths))
        ends = [piece.curve[0] + slope * (middle - piece.middle) for piece in (left, right)]
        line = Piece(x0, x1, (float(np.average(ends, weights=widths)), slope, 0.0), 1.0, 1.0)
    tall, sure = (
        float(np.average(values, weights=widths))
        for values in ((left.x_height, right.x_height), (left.sureness, right.sureness))
    )
    return Piece(x0, x1, line.curve, tall, sure)


def drop_junk(pieces: list[Piece], maps: Maps) -> list[Piece]:
    """Without specks, without what a seal, a picture or a stroke alone gave rise to, and nothing twice."""
    kept: list[Piece] = []
    for piece in sorted(pieces, key=lambda one: -one.width * one.sureness):
        if _is_text(piece, maps) and not any(_covers(other, piece) for other in kept):
            kept.append(piece)
    return kept


def _covers(line: Piece, part: Piece) -> bool:
    """Whether most of the part lies within the line's letters."""
    shared = min(line.x1, part.x1) - max(line.x0, part.x0)
    if shared < 0.6 * part.width:
        return False
    away = part.curve[0] - line.y_at(part.middle)
    return -0.7 * line.x_height < away < 0.4 * line.x_height + 0.3 * part.x_height


def _is_text(piece: Piece, maps: Maps) -> bool:
    width = piece.width / piece.x_height
    if width < _LEAST_WIDTH or not 2.0 < piece.x_height < 40:
        return False
    if piece.sureness < _LEAST_SURENESS:
        return False
    rows, columns = _band(piece, maps.ink.shape, 1.3, 0.1, step=2)
    if float((maps.ink[rows, columns] > _INK).mean()) < _LEAST_INK:
        return False
    rows, columns = (places // 4 for places in _band(piece, maps.ink.shape, 1.0, 0.0, step=4))
    graphic = float(maps.graphic[rows, columns].mean())
    if width < 2:
        return graphic < _SHORT_ON_GRAPHIC
    return graphic < 0.6 or (piece.sureness > 0.85 and width > 3)


def _band(piece: Piece, shape: tuple[int, ...], above: float, below: float, step: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns of every so many pixels along a line, above and below in x-heights."""
    xs = np.arange(piece.x0, piece.x1, step)
    offsets = np.arange(-above * piece.x_height, below * piece.x_height + 0.5, step)
    rows = (piece.heights(xs)[None, :] + offsets[:, None]).astype(np.int32)
    columns = xs.astype(np.int32)
    return np.clip(rows, 0, shape[0] - 1), np.clip(columns, 0, shape[1] - 1)[None, :]


def extend_ends(pieces: list[Piece], maps: Maps) -> list[Piece]:
    """Pieces with letters that stand right before or behind them on the line, if no other line has them."""
    extended = []
    spans = np.array([(one.x0, one.x1, one.curve[0], one.x_height) for one in pieces]).reshape(-1, 4)
    for at, piece in enumerate(pieces):
        left, right = _free_ends(piece, np.delete(spans, at, axis=0), maps.ink.shape[1])
        x1 = piece.x1 + _reach(piece, maps, piece.x1, right)
        x0 = piece.x0 - _reach(piece, maps, piece.x0, left)
        extended.append(piece.stretch(x0, x1) if (x0, x1) != (piece.x0, piece.x1) else piece)
    return extended


def _free_ends(piece: Piece, others: np.ndarray, width: int) -> tuple[float, float]:
    """How far to the left and right the line may reach before it meets another one; those as x0, x1, y, x-height."""
    middles = (others[:, 0] + others[:, 1]) / 2
    away = np.abs(others[:, 2] - piece.curve[0] - piece.curve[1] * (middles - piece.middle))
    beside = others[away < 1.6 * np.maximum(others[:, 3], piece.x_height)]
    before = (beside[:, 0] + beside[:, 1]) / 2 < piece.middle
    return float(beside[before, 1].max(initial=0.0)), float(beside[~before, 0].min(initial=float(width)))


def _reach(piece: Piece, maps: Maps, end: float, border: float) -> float:
    """How many pixels beyond its end letters go on without a gap wider than a word space."""
    sign = 1 if border > end else -1
    tall = piece.x_height
    count = int(min(abs(border - end), 12 * tall)) - 1
    if count < 2:
        return 0.0
    xs = (end + sign * (np.arange(count) + 0.5)).astype(int).clip(0, maps.ink.shape[1] - 1)
    base = piece.y_at(end)
    rows = slice(max(0, round(base - tall)), max(1, round(base)))
    strip = maps.ink[rows, :][:, xs] > _INK
    if not strip[:, : int(0.7 * tall) + 1].any():
        return 0.0
    high = maps.ink[max(0, round(base - 2.6 * tall)) : max(1, round(base + 1.2 * tall)), :][:, xs] > _INK
    row = min(max(0, round(base - tall / 2) // 4), maps.pen.shape[0] - 1)
    other = np.maximum(maps.pen[row, xs // 4], maps.graphic[row, xs // 4]) > 0.4
    filled = (strip.mean(axis=0) > 0.12) & ~other
    rule = high.mean(axis=0) > 0.85
    last, gap = 0, 0
    for at in range(count):
        if rule[at] or gap > 0.7 * tall:
            break
        last, gap = (at + 1, 0) if filled[at] else (last, gap + 1)
    # A rule along the line would be followed to its end: it is thin.
    thin = strip[:, :last].sum(axis=0).mean() < 0.3 * tall if last else True
    return 0.0 if thin else float(last)
