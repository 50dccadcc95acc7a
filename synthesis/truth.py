"""What the generator knows about its own pages: the ground truth.

Boxes are integers `(x0, y0, x1, y1)` in pixels of the page image as delivered, x1 and y1 exclusive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.recognition import Box, Rotation

Pixels = npt.NDArray[np.uint8]
"""An RGB image, height x width x 3."""

FieldValue = str | bool | tuple[str, ...] | None
"""A field's value: text, a list of texts, a flag of the `*_is_handwritten` kind, or nothing."""

LineKind = Literal[
    "header", "title", "body", "table", "recipients", "signature", "stamp", "page_number", "form", "note"
]

Point = tuple[float, float]

Mask = npt.NDArray[np.uint8]
"""Coverage 0..255, height x width."""


def join_boxes(boxes: list[Box]) -> Box:
    """The smallest box around all of them."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


@dataclass(frozen=True, slots=True)
class TruthWord:
    """A word with the bounds of its ink. `joined`: no space stands before it. `pen`: written by pen."""

    text: str
    box: Box
    pen: bool = False
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Base:
    """What a line stands on: the ends (x, y) of its base line, left to right; and its font's x-height, in pixels."""

    start: Point
    end: Point
    x_height: float


@dataclass(frozen=True, slots=True)
class TruthLine:
    """Words of one line, in reading order. `base`: None where it is not known."""

    words: tuple[TruthWord, ...]
    kind: LineKind
    base: Base | None = None

    @property
    def text(self) -> str:
        """The line's words, a space between them except before joined ones."""
        parts = [word.text if word.joined or not at else " " + word.text for at, word in enumerate(self.words)]
        return "".join(parts)

    @property
    def box(self) -> Box:
        return join_boxes([word.box for word in self.words])


@dataclass(frozen=True, slots=True)
class InkPatch:
    """Ink that is no print: writing by pen, or a seal or picture; the mask's corner lies at x, y on the page."""

    kind: Literal["pen", "graphic"]
    mask: Mask
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """One page as the scanner delivers it.

    rotation: degrees clockwise that make it upright. skew: degrees counter-clockwise that then make its lines level.
    patches: only of a page as drawn; they do not follow damage of geometry, which drops them.
    """

    image: Pixels
    dpi: int
    lines: tuple[TruthLine, ...]
    rotation: Rotation = 0
    skew: float = 0.0
    blank: bool = False
    patches: tuple[InkPatch, ...] = ()

    @property
    def words(self) -> tuple[TruthWord, ...]:
        """All words in reading order."""
        return tuple(word for line in self.lines for word in line.words)

    @property
    def text(self) -> str:
        """The page's text, a line a line."""
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class RenderedDocument:
    """The pages of one document and the values that a person would enter for it, named as in the dictionary."""

    record_type: str
    pages: tuple[RenderedPage, ...]
    fields: Mapping[str, FieldValue]

    @property
    def blank_pages(self) -> tuple[int, ...]:
        """Numbers of the blank pages, from 1."""
        return tuple(number for number, page in enumerate(self.pages, 1) if page.blank)
