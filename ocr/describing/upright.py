"""Pages that were stored turned: described upright, with every box given back as stored."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.recognition import Box, RecognizedPage


def turn_box(box: Box, height: int) -> Box:
    """A box after a quarter turn clockwise of a page of this height."""
    x0, y0, x1, y1 = box
    return height - y1, x0, height - y0, x1


def turn_page(page: RecognizedPage) -> RecognizedPage:
    """The page with its boxes as they lie when it is upright; `rotation` 0."""
    for _ in range(page.rotation // 90):
        lines = tuple(
            replace(
                line,
                words=tuple(replace(word, box=turn_box(word.box, page.height)) for word in line.words),
                box=turn_box(line.box, page.height),
            )
            for line in page.lines
        )
        marks = tuple(replace(mark, box=turn_box(mark.box, page.height)) for mark in page.marks)
        places = tuple(replace(place, box=turn_box(place.box, page.height)) for place in page.places)
        page = replace(page, lines=lines, marks=marks, places=places, width=page.height, height=page.width)
    return replace(page, rotation=0)


def turn_image(image: np.ndarray, rotation: int) -> np.ndarray:
    """The image turned clockwise by a multiple of 90 degrees."""
    return np.ascontiguousarray(np.rot90(image, -(rotation // 90)))


def turn_box_back(box: Box, page: RecognizedPage) -> Box:
    """A box of the upright page in pixels of the page as stored."""
    width, height = page.width, page.height
    if page.rotation in (90, 270):
        width, height = height, width
    for _ in range((360 - page.rotation) % 360 // 90):
        box, width, height = turn_box(box, height), height, width
    return box
