"""Pen and graphic ink of a page: each line's share by pen, and marks that are no lines."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.images import Pixels
from ocr.lines.maps import Maps
from ocr.lines.prepare import Floats
from ocr.lines.shapes import LineKind, outline
from ocr.lines.tracing import Piece

_SURE, _DOUBTFUL = 0.5, 0.35
_RATHER = 0.7
"""Where both are likely, the likelier counts; a signature over a seal is both."""
_INK = 60
"""Of 200."""
_MIXED, _ALL_PEN = 0.06, 0.8
_LEAST_PEN_CELLS, _LEAST_PEN_SIDE = 12, 5
_LEAST_SEAL_SIDE = 10
"""In cells of four working pixels, about a millimetre each."""
MapBox = tuple[int, int, int, int]


def measure_pen(piece: Piece, maps: Maps) -> tuple[float, LineKind]:
    """The share of the line's ink that is by pen, and what kind of line that makes it."""
    ends = sorted((piece.y_at(piece.x0), piece.y_at(piece.x1)))
    x0, y0 = max(0, int(piece.x0)), max(0, int(ends[0] - 1.5 * piece.x_height))
    x1, y1 = int(piece.x1) + 1, int(ends[1] + 0.4 * piece.x_height) + 1
    if not (maps.pen[y0 // 4 : y1 // 4 + 1, x0 // 4 : x1 // 4 + 1] > _SURE).any():
        return 0.0, "print"
    ink = maps.ink[y0:y1:2, x0:x1:2] > _INK
    rows = (np.arange(y0, y0 + 2 * ink.shape[0], 2) // 4).clip(0, maps.pen.shape[0] - 1)
    columns = (np.arange(x0, x0 + 2 * ink.shape[1], 2) // 4).clip(0, maps.pen.shape[1] - 1)
    pen = maps.pen[np.ix_(rows, columns)] > _SURE
    share = float((pen & ink).sum() / ink.sum()) if ink.any() else 0.0
    return share, "pen" if share > _ALL_PEN else "mixed" if share > _MIXED else "print"


def find_handwriting(pieces: list[Piece], kinds: list[LineKind], maps: Maps) -> list[MapBox]:
    """Boxes in working pixels of writing by pen outside printed lines, and of lines by pen alone."""
    pen = ((maps.pen > _SURE) & (maps.pen > _RATHER * maps.graphic)).astype(np.uint8)
    for piece, kind in zip(pieces, kinds, strict=True):
        if kind != "pen":
            corners = outline(piece.points(), piece.x_height, 1.5, 0.5, beyond=0.3) / 4
            cv2.fillPoly(pen, [np.round(corners).astype(np.int32)], 0)
    return _enclose(pen, 3, _LEAST_PEN_SIDE, _LEAST_PEN_CELLS, both=False)


def find_seals(maps: Maps) -> list[MapBox]:
    """Boxes in working pixels of seals and pictures."""
    graphic = (maps.graphic > _SURE) & (maps.graphic > _RATHER * maps.pen)
    return _enclose(graphic.astype(np.uint8), 2, _LEAST_SEAL_SIDE, 20, both=True)


def _enclose(map_: np.ndarray, gap: int, least: int, cells: int, both: bool) -> list[MapBox]:
    """Boxes around what lies within `gap` cells of each other; small ones left out."""
    kernel = np.ones((2 * gap + 1, 2 * gap + 1), np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(map_, kernel), connectivity=8)
    filled = np.bincount(labels[map_ > 0], minlength=count)
    boxes = []
    for label in range(1, count):
        x, y, width, height = (int(value) for value in stats[label][:4])
        x0, y0, x1, y1 = x + gap, y + gap, x + width - gap, y + height - gap
        sides = sorted((x1 - x0, y1 - y0))
        if filled[label] >= cells and sides[0 if both else 1] >= least:
            boxes.append((x0 * 4, y0 * 4, x1 * 4, y1 * 4))
    return boxes


def hide_marks(maps: Maps) -> tuple[Pixels, Pixels]:
    """The page's mean and darkest ink at half size, without seals, pictures and pen strokes, which look like rules or
    letters in part."""
    cells = cv2.dilate((np.maximum(maps.pen, maps.graphic) > _DOUBTFUL).astype(np.uint8), np.ones((3, 3), np.uint8))
    marks = cv2.resize(cells, maps.half.shape[::-1], interpolation=cv2.INTER_NEAREST)
    peaks = cv2.dilate(maps.ink, np.ones((2, 2), np.uint8), anchor=(0, 0))[::2, ::2]
    mean, darkest = (np.where(marks > 0, 0, ink).astype(np.uint8) for ink in (maps.half, peaks))
    return mean, darkest


def weigh_turns(maps: Maps) -> Floats:
    """The page's probabilities of the four rotations, from all its text together; all equal where there is none."""
    text = cv2.resize(maps.core, maps.turn.shape[:0:-1], interpolation=cv2.INTER_AREA)
    text = np.where(text > 0.1, text, 0)
    if text.sum() < 1:
        return np.full(4, 0.25, np.float32)
    logs = (np.log(np.maximum(maps.turn, 1e-4)) * text).sum(axis=(1, 2)) / text.sum()
    # Places beside each other agree without being independent: the mean, sharpened by a few independent voices.
    scores = np.exp((logs - logs.max()) * min(20.0, float(text.sum())))
    return np.asarray(scores / scores.sum(), np.float32)
