"""Figures of a page image before it is read, the defects they amount to, and whether the page is blank.

Needs no OCR engine: the scan station runs it while the paper is still on the table.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from core.recognition import Box, PageQuality

Pixels = npt.NDArray[np.uint8]

_WORK_DPI = 100
_TEXT_HEIGHT_MM = (0.9, 9.0)
"""Of letters and of capitals in titles."""
BLANK_BELOW = 3
"""Blank backs have 0 to 2 text-sized components."""
DOUBTFUL_BELOW = 47
"""Pages of text have more text-sized components; below it may be the ghost of a seal."""
_INK = 0.72
"""Ink is darker than this share of the paper around it."""
_GHOST = 0.55
"""Real ink is somewhere darker than this share of its paper; what shows through from the other side is not."""


def measure_quality(grey: Pixels, dpi: int, components: Sequence[Box]) -> PageQuality:
    """Figures of a page and its defects. `grey`: height x width. `components`: of `find_text_components`."""
    small = _resize(grey, dpi, _WORK_DPI)
    low, high = np.percentile(small, (5, 95))
    sharpness = float(cv2.Laplacian(small, cv2.CV_64F).var())
    noise = _estimate_noise(small)
    glare = float(np.mean(cv2.blur(small, (15, 15)) >= 254) if low < 200 and np.median(small) < 235 else 0.0)
    heights = [box[3] for box in components]
    text_height = float(np.median(heights)) * 300 / dpi if heights else 0.0
    contrast, brightness = float(high - low), float(np.median(small))
    defects = _name_defects(grey, dpi, sharpness, noise, contrast, brightness, glare, text_height)
    return PageQuality(
        round(sharpness, 1),
        round(contrast, 1),
        round(brightness, 1),
        round(noise, 2),
        round(glare, 4),
        round(text_height, 1),
        defects,
    )


def find_text_components(grey: Pixels, dpi: int) -> list[tuple[int, int, int, int]]:
    """Boxes `(x, y, width, height)` in page pixels of connected ink of the size of letters."""
    work = min(dpi, 150)
    small = _resize(grey, dpi, work)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), 21)
    relative = small.astype(np.float32) / np.maximum(paper, 1)
    ink = (relative < _INK).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    darkest = np.ones(len(stats), np.float32)
    np.minimum.at(darkest, labels.ravel().astype(np.intp), relative.ravel())
    shortest, tallest = (height * work / 25.4 for height in _TEXT_HEIGHT_MM)
    scale = dpi / work
    found = []
    for number in range(1, len(stats)):
        x, y, width, height, area = (int(value) for value in stats[number])
        fits = shortest <= height <= tallest and width <= 4 * tallest and area >= 0.08 * width * height
        if fits and darkest[number] < _GHOST:
            found.append((round(x * scale), round(y * scale), round(width * scale), round(height * scale)))
    return found


def _resize(grey: Pixels, dpi: int, wanted: int) -> Pixels:
    if dpi <= wanted:
        return grey
    scale = wanted / dpi
    resized = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return resized.astype(np.uint8, copy=False)


def _estimate_noise(grey: Pixels) -> float:
    """Sigma of the noise by the method of Immerkaer (1996), on the half of the page with the least structure."""
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    response = np.abs(cv2.filter2D(grey, cv2.CV_32F, kernel))
    calm = response[response <= np.median(response)]
    # The lower half of |N(0, 6 sigma)| has its mean at 0.3246 of the whole's standard deviation.
    return float(calm.mean() / (6 * 0.3246)) if calm.size else 0.0


def _name_defects(
    grey: Pixels,
    dpi: int,
    sharpness: float,
    noise: float,
    contrast: float,
    brightness: float,
    glare: float,
    text_height: float,
) -> tuple[str, ...]:
    """Defects by thresholds that hold for office pages; the scan station shows them as advice."""
    edge = max(2, dpi // 60)
    frame = np.concatenate([grey[:edge].ravel(), grey[-edge:].ravel(), grey[:, :edge].ravel(), grey[:, -edge:].ravel()])
    bilevel = contrast > 250
    checks = {
        "blurry": not bilevel and text_height > 0 and sharpness < 60,
        "noisy": noise > 12,
        "dark": brightness < 110,
        "faint": text_height > 0 and not bilevel and contrast < 25,
        "text_too_small": 0 < text_height < 14,
        "document_cut_off": bool(np.mean(frame < 60) > 0.5),
        "glare": glare > 0.05,
    }
    return tuple(name for name, present in checks.items() if present)
