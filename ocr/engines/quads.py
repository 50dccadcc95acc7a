"""Lines as a detector outlines them: cut out level, words placed back on the page, sorted from top to bottom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from core.recognition import Box, RecognizedLine, RecognizedWord
from ocr.images import Pixels

Quad = npt.NDArray[np.float32]
"""4 x 2: corners of a line in pixels of the page, clockwise from the top left as it is read."""

_SAME_ROW = 0.5
"""Share of the lower line's height by which two lines overlap that stand side by side."""


@dataclass(frozen=True, slots=True)
class Span:
    """A word of a line and where it may lie: start and end along the line, 0..1, in the middle of the spaces around."""

    text: str
    confidence: float
    start: float
    end: float


def cut_quad(grey: Pixels, quad: Quad) -> Pixels:
    """The line, level, about as many pixels high as it is on the page."""
    wide = max(2, round(float(max(np.linalg.norm(quad[1] - quad[0]), np.linalg.norm(quad[2] - quad[3])))))
    high = max(2, round(float(max(np.linalg.norm(quad[3] - quad[0]), np.linalg.norm(quad[2] - quad[1])))))
    level = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    matrix = cv2.getPerspectiveTransform(quad, level)
    cut = cv2.warpPerspective(grey, matrix, (wide, high), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return cut.astype(np.uint8, copy=False)


def place_words(spans: Sequence[Span], quad: Quad, crop: Pixels, page: tuple[int, ...]) -> list[RecognizedWord]:
    """The words with their boxes on the page, drawn in to the ink of the line. page: its height and width."""
    threshold, _ = cv2.threshold(crop, 0, 255, cv2.THRESH_OTSU)
    ink = crop <= threshold
    height, width = crop.shape
    placed = []
    for span in spans:
        x0 = min(width - 1, int(span.start * width))
        x1 = max(x0 + 1, int(np.ceil(span.end * width)))
        inner = _draw_in(ink[:, x0:x1])
        box = inner[0] + x0, inner[1], inner[2] + x0, inner[3]
        placed.append(RecognizedWord(span.text, span.confidence, _box_on_page(box, quad, (width, height), page)))
    return placed


def _draw_in(ink: npt.NDArray[np.bool_]) -> Box:
    """The smallest box around the ink; all of it where there is none."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not rows.size:
        return 0, 0, ink.shape[1], ink.shape[0]
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _box_on_page(box: Box, quad: Quad, size: tuple[int, int], page: tuple[int, ...]) -> Box:
    """The smallest box on the page around one in the cut line of this size (width, height)."""
    x0, y0, x1, y1 = box
    corners = []
    for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1)):
        across, down = x / size[0], y / size[1]
        top, bottom = quad[0] + (quad[1] - quad[0]) * across, quad[3] + (quad[2] - quad[3]) * across
        corners.append(top + (bottom - top) * down)
    height, width = page[:2]
    low = np.floor(np.min(corners, axis=0) + 0.01).astype(int).clip((0, 0), (width - 1, height - 1))
    high = np.ceil(np.max(corners, axis=0) - 0.01).astype(int).clip(low + 1, (width, height))
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])


def sort_lines(lines: Sequence[RecognizedLine]) -> list[RecognizedLine]:
    """From top to bottom, those side by side from left to right."""
    rows: list[list[RecognizedLine]] = []
    for line in sorted(lines, key=lambda one: one.box[1] + one.box[3]):
        if rows and _stand_side_by_side(rows[-1][-1].box, line.box):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda one: one.box[0])]


def _stand_side_by_side(first: Box, second: Box) -> bool:
    shared = min(first[3], second[3]) - max(first[1], second[1])
    return shared > _SAME_ROW * min(first[3] - first[1], second[3] - second[1])
