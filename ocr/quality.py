"""Figures of a page image before it is read, the defects they amount to, and whether the page is blank.

Needs no OCR engine: the scan station runs it while the paper is still on the table.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from core.recognition import PageQuality

Pixels = npt.NDArray[np.uint8]

_WORK_DPI = 150
_TEXT_HEIGHT_MM = (0.9, 9.0)
"""Of letters and of capitals in titles."""
_INK = 0.78
"""Ink is darker than this share of the paper around it: pencil is, most of what shows through is not."""
_SURELY_TEXT = 60
"""Text-sized spots that no blank back has; pages of text have some hundreds."""
_SHORTEST_ROW = 4
_ROW_SHARE = 0.6
"""Letters stand in rows; the spots of a seal that came through stand in a circle."""
_PICTURE_SHARE = 0.02
"""A page with this much ink holds something, even if no letters."""


@dataclass(frozen=True, slots=True)
class _Ink:
    """What is dark on a page. boxes: n x 4, x y width height in page pixels, of the spots of the size of letters.

    level: median grey of the spots' darkest pixels as a share of their paper. on_edge: how many more such spots touch
    an edge of the page. pictured: share of the page that is dark, without what touches its edges.
    """

    boxes: npt.NDArray[np.intp]
    level: float
    on_edge: int
    pictured: float


def measure_quality(grey: Pixels, dpi: int) -> PageQuality:
    """Figures of a page and its defects. `grey`: height x width."""
    return _measure(grey, dpi, _find_ink(grey, dpi))


def is_blank(grey: Pixels, dpi: int) -> bool:
    """Whether the page holds nothing to read: no letters, no picture; a seal that came through is nothing."""
    return _is_blank(_find_ink(grey, dpi))


def assess(grey: Pixels, dpi: int) -> tuple[PageQuality, bool]:
    """The page's quality and whether it is blank, for the price of one."""
    ink = _find_ink(grey, dpi)
    return _measure(grey, dpi, ink), _is_blank(ink)


def _find_ink(grey: Pixels, dpi: int) -> _Ink:
    work = min(dpi, _WORK_DPI)
    small = _shrink(grey, work / dpi)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), 21)
    dark = small < _INK * paper.astype(np.float32)
    labels, stats = _connect(dark)
    width, height, area = (stats[:, column] for column in range(2, 5))
    shortest, tallest = (size * work / 25.4 for size in _TEXT_HEIGHT_MM)
    edge = _touches_edge(stats, small)
    longest = np.maximum(width, height)
    fits = (longest >= shortest) & (longest <= 4 * tallest) & (np.minimum(width, height) <= tallest)
    fits &= area >= 0.08 * width * height
    fits[0] = edge[0] = False
    inside = ~edge
    inside[0] = False
    darkest = np.full(len(stats), np.inf, np.float32)
    np.minimum.at(darkest, labels[dark], small[dark] / np.maximum(paper[dark], 1))
    wanted = fits & inside
    return _Ink(
        boxes=np.rint(stats[wanted, :4] * (dpi / work)).astype(np.intp),
        level=float(np.median(darkest[wanted])) if wanted.any() else 1.0,
        on_edge=int((fits & edge).sum()),
        pictured=_measure_pictures(_shrink(small, 1 / 4)),
    )


def _connect(dark: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Labels of connected pixels, and for each label x y width height area; label 0 is the paper."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark.astype(np.uint8), connectivity=8)
    return labels.astype(np.intp), stats.astype(np.intp)


def _touches_edge(stats: npt.NDArray[np.intp], page: Pixels) -> npt.NDArray[np.bool_]:
    left, top, width, height = (stats[:, column] for column in range(4))
    page_height, page_width = page.shape
    touches = (left == 0) | (top == 0) | (left + width == page_width) | (top + height == page_height)
    return np.asarray(touches, np.bool_)


def _measure_pictures(small: Pixels) -> float:
    """Share of the page that is much darker than its paper and does not touch an edge, as shadows do."""
    dark = small < 0.7 * float(np.percentile(small, 90))
    _, stats = _connect(dark)
    inside = ~_touches_edge(stats, small)
    inside[0] = False
    return float(stats[inside, 4].sum()) / small.size


def _is_blank(ink: _Ink) -> bool:
    spots = len(ink.boxes)
    if spots >= _SURELY_TEXT or ink.pictured >= _PICTURE_SHARE:
        return False
    in_rows = max(_count_in_rows(ink.boxes), _count_in_rows(ink.boxes[:, [1, 0, 3, 2]]))
    return in_rows < max(_SHORTEST_ROW, _ROW_SHARE * spots)


def _count_in_rows(boxes: npt.NDArray[np.intp]) -> int:
    """Boxes that stand in a row of at least four of a like height: at one level, and close to one another."""
    if len(boxes) < _SHORTEST_ROW:
        return 0
    left, top, width, height = boxes.T.astype(np.float64)
    middle, taller = top + height / 2, np.maximum.outer(height, height)
    gap = np.maximum.outer(left, left) - np.minimum.outer(left + width, left + width)
    level = np.abs(np.subtract.outer(middle, middle)) < 0.35 * taller
    linked = level & (gap < 1.5 * taller) & (taller < 2.5 * np.minimum.outer(height, height))
    reach = linked
    for _ in range(int(np.ceil(np.log2(len(boxes))))):  # neighbours of neighbours, twice as far each time
        reach = (reach.astype(np.int32) @ reach.astype(np.int32)) > 0
    return int((reach.sum(axis=1) >= _SHORTEST_ROW).sum())


def _measure(grey: Pixels, dpi: int, ink: _Ink) -> PageQuality:
    small = _shrink(grey, min(1.0, 100 / dpi))
    low, high = np.percentile(small, (5, 95))
    sharpness = float(cv2.Laplacian(small, cv2.CV_64F).var())
    brightness = float(np.median(small))
    burnt = float(np.mean(cv2.blur(small, (15, 15)) >= 254)) if brightness < 235 else 0.0
    height = float(np.median(ink.boxes[:, 3])) * 300 / dpi if len(ink.boxes) else 0.0
    figures = PageQuality(
        sharpness=round(sharpness, 1),
        contrast=round(float(high - low), 1),
        brightness=round(brightness, 1),
        noise=round(_estimate_noise(grey), 2),
        glare=round(burnt, 4),
        text_height=round(height, 1),
    )
    return _with_defects(figures, grey, dpi, ink)


def _shrink(grey: Pixels, scale: float) -> Pixels:
    if scale >= 1:
        return grey
    return cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _estimate_noise(grey: Pixels) -> float:
    """Sigma of the noise by the method of Immerkaer (1996), on the calmer half of the middle of the page."""
    height, width = grey.shape
    top, left = max(0, height // 2 - 600), max(0, width // 2 - 600)
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    response = np.abs(cv2.filter2D(grey[top : top + 1200, left : left + 1200], cv2.CV_32F, kernel))
    calm = response[response <= np.median(response)]
    # The lower half of |N(0, 6 sigma)| has its mean at 0.3246 of the whole's standard deviation.
    return float(calm.mean() / (6 * 0.3246)) if calm.size else 0.0


def _with_defects(figures: PageQuality, grey: Pixels, dpi: int, ink: _Ink) -> PageQuality:
    """Defects by thresholds that hold for office pages; the scan station shows them as advice."""
    text = len(ink.boxes) >= _SURELY_TEXT
    checks = {
        "blurry": text and _edge_width(grey, dpi, ink) > 3.9,
        "noisy": figures.noise > 8,
        "dark": figures.brightness < 110,
        "faint": text and ink.level > 0.55,
        "text_too_small": text and figures.text_height < 14,
        "document_cut_off": _is_cut_off(_shrink(grey, min(1.0, 50 / dpi))),
        "text_cut_off": ink.on_edge >= 24,
        "glare": figures.glare > 0.05,
    }
    defects = tuple(name for name, present in checks.items() if present)
    return PageQuality(
        figures.sharpness,
        figures.contrast,
        figures.brightness,
        figures.noise,
        figures.glare,
        figures.text_height,
        defects,
    )


def _edge_width(grey: Pixels, dpi: int, ink: _Ink) -> float:
    """Pixels at 300 dpi over which the edges of letters go from paper to ink: contrast over steepest slope, median."""
    calm = cv2.GaussianBlur(grey, (3, 3), 0)
    slope_x, slope_y = cv2.Sobel(calm, cv2.CV_16S, 1, 0), cv2.Sobel(calm, cv2.CV_16S, 0, 1)
    widths = []
    for x, y, width, height in ink.boxes[:: max(1, len(ink.boxes) // 200)]:
        part = slice(max(0, y - 2), y + height + 2), slice(max(0, x - 2), x + width + 2)
        steepest = max(np.abs(slope_x[part]).max(), np.abs(slope_y[part]).max()) / 8
        widths.append(np.ptp(calm[part]) / max(steepest, 0.1))
    return float(np.median(widths)) * 300 / max(dpi, 300)


def _is_cut_off(small: Pixels) -> bool:
    """Whether a light page on a dark ground shows some of its edges and runs out of the picture at others."""
    strip = max(2, min(small.shape) // 60)
    sides = (small[:strip], small[-strip:], small[:, :strip], small[:, -strip:])
    dark = [float(np.mean(side < 70)) for side in sides]
    return sum(share > 0.9 for share in dark) >= 2 and any(share < 0.3 for share in dark)
