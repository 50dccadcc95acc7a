"""What a page holds, and the order in which it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.recognition import Mark, Rotation
from ocr.lines.order import arrange
from ocr.lines.shapes import TextLine
from ocr.lines.tables import Rules
from ocr.lines.tracing import Piece


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """lines: in no order. pieces: the same lines in working pixels of the upright page; rules: its rules, likewise.

    rotation: degrees clockwise that make the page upright; lines and marks are in pixels of the page as given. skew:
    degrees counter-clockwise that then level its lines.
    """

    lines: tuple[TextLine, ...]
    pieces: tuple[Piece, ...]
    rules: Rules
    marks: tuple[Mark, ...]
    rotation: Rotation
    rotation_confidence: float
    skew: float

    def arrange(self, text: Sequence[int]) -> list[tuple[int, int]]:
        """Of the lines that turned out to be text: indices in reading order, each with the number of its block, from 0.

        What is no text would stand between columns and paragraphs, so it is left out beforehand.
        """
        order, blocks = arrange([self.pieces[at] for at in text], self.rules)
        return [(text[at], block) for at, block in zip(order, blocks, strict=True)]
