"""Figures of a page image before it is read, the defects they amount to, and whether the page is blank.

Needs no OCR engine: the scan station runs it while the paper is still on the table. Nearly all of it works at half the
resolution of a usual scan; what needs every pixel, the sharpness of edges, is measured on some letters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from core.defects import find_defects
from core.recognition import PageQuality

Pixels = npt.NDArray[np.uint8]
Boxes = npt.NDArray[np.intp]
"""n x 4: x, y, width, height."""

_WORK_DPI = 150
_COARSE_DPI = 50
_TEXT_HEIGHT_MM = (0.9, 9.0)
"""Of letters and of capitals in titles."""
_SPECK_MM = 0.45
"""Below this nothing is text, not even of a reduced copy."""
_MANY_SPECKS = 300
"""Spots from which on a page is of text, however small."""
_SMALL_LETTERS = 70
"""Percentile of the heights of all spots at which the small letters lie: below are marks, above are tall letters."""
_INK = 0.78
"""Ink is darker than this share of the paper around it: pencil is, most of what shows through is not."""
_SURELY_TEXT = 60
"""Text-sized spots that no blank back has; pages of text have some hundreds."""
_SHORTEST_ROW = 4
_ROW_SHARE = 0.6
"""Letters stand in rows; the spots of a seal that came through stand in a circle."""
_PICTURE_SHARE = 0.02
"""A page with this much ink holds something, even if no letters."""
_SIGNED_SPOTS, _SIGNED_SHARE = 15, 0.0008
"""Text-sized spots, and share of the page in larger ones, from which on a page holds at least a signer and a seal: what
comes through from the other side is paler, holes are smaller, and dirt has nothing large.
"""
_HOLE_MM = 9.0
_LETTERS_MEASURED = 100
_MOST_CUT = 200
"""Spots on one edge that are looked at; a page has fewer lines."""
_GROUND = 30
"""The part of the page's shorter side that must be dark."""
_GLARE_BELOW = 235
"""Median grey of paper from which on a scanner's white is no glare."""


@dataclass(frozen=True, slots=True)
class _Ink:
    """What is dark on a page. letters: boxes in page pixels of the spots of the size of letters.

    level: median over letters of their darkest pixel as a share of their paper. cut: letters that the edge of the
    picture cuts, on the side that cuts most. pictured: share of the page that is dark and touches no edge. drawn: the
    same of spots larger than punched holes, as seals and signatures are. height: of small letters, in millimetres; 0
    where there is no text.
    """

    letters: Boxes
    height: float
    level: float
    cut: int
    pictured: float
    drawn: float


def measure_quality(grey: Pixels, dpi: int) -> PageQuality:
    """Figures of a page and its defects. `grey`: height x width."""
    return assess(grey, dpi)[0]


def is_blank(grey: Pixels, dpi: int) -> bool:
    """Whether the page holds nothing to read: no letters, no picture; a seal that came through is nothing."""
    return _is_blank(_find_ink(_shrink(grey, _WORK_DPI / dpi), dpi))


def assess(grey: Pixels, dpi: int) -> tuple[PageQuality, bool]:
    """The page's quality and whether it is blank, for the price of one."""
    return assess_letters(grey, dpi)[:2]


def assess_letters(grey: Pixels, dpi: int) -> tuple[PageQuality, bool, Boxes]:
    """The same, and the boxes in page pixels of the spots of ink that have the size of letters and touch no edge."""
    small = _shrink(grey, _WORK_DPI / dpi)
    ink = _find_ink(small, dpi)
    return _measure(grey, small, dpi, ink), _is_blank(ink), ink.letters


def _find_ink(small: Pixels, dpi: int) -> _Ink:
    work = min(dpi, _WORK_DPI)
    paper = _find_paper(small)
    dark = cv2.compare(small, cv2.convertScaleAbs(paper, alpha=_INK), cv2.CMP_LT)
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8, ltype=cv2.CV_32S)
    spots = stats[1:].astype(np.intp)  # the first is the paper
    width, height, area = spots[:, 2], spots[:, 3], spots[:, 4]
    shortest, tallest = (size * work / 25.4 for size in _TEXT_HEIGHT_MM)
    longest = np.maximum(width, height)
    fits = (longest <= 4 * tallest) & (np.minimum(width, height) <= tallest) & (area >= 0.08 * width * height)
    sides = _touched_sides(spots, small.shape)
    within = fits & ~sides.any(axis=1)
    specks = height[within & (longest >= _SPECK_MM * work / 25.4)]
    fits &= longest >= shortest
    inside = spots[within & fits, :4]
    pictured, drawn = _measure_pictures(_shrink(small, _COARSE_DPI / work))
    return _Ink(
        letters=np.rint(inside * (dpi / work)).astype(np.intp),
        height=_measure_height(specks, len(inside)) * 25.4 / work,
        level=_measure_level(small, paper, inside),
        cut=_count_cut(spots[fits], sides[fits], inside),
        pictured=pictured,
        drawn=drawn,
    )


def _measure_height(specks: npt.NDArray[np.intp], letters: int) -> float:
    """Height of small letters in pixels, from the heights of all spots that may be text."""
    if letters < _SURELY_TEXT and len(specks) < _MANY_SPECKS:
        return 0.0
    return float(np.percentile(specks, _SMALL_LETTERS))


def _find_paper(small: Pixels) -> Pixels:
    """The lightness of the paper at each pixel, without what is written on it."""
    coarse = cv2.dilate(_shrink(small, 1 / 4), np.ones((3, 3), np.uint8))
    paper = cv2.resize(cv2.medianBlur(coarse, 5), (small.shape[1], small.shape[0]), interpolation=cv2.INTER_LINEAR)
    return paper.astype(np.uint8, copy=False)


def _touched_sides(spots: npt.NDArray[np.intp], shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    """n x 4: whether each spot touches the left, top, right, bottom edge."""
    left, top, width, height = spots[:, :4].T
    return np.stack([left == 0, top == 0, left + width == shape[1], top + height == shape[0]], axis=1)


def _measure_level(small: Pixels, paper: Pixels, letters: Boxes) -> float:
    darkest = [
        small[y : y + height, x : x + width].min() / max(int(paper[y + height // 2, x + width // 2]), 1)
        for x, y, width, height in _some(letters)
    ]
    return float(np.median(darkest)) if darkest else 1.0


def _some(letters: Boxes) -> list[list[int]]:
    """Letters from all over the page, as many as are enough."""
    return [list(map(int, box)) for box in letters[:: max(1, len(letters) // _LETTERS_MEASURED)]]


def _count_cut(spots: npt.NDArray[np.intp], sides: npt.NDArray[np.bool_], letters: Boxes) -> int:
    """Letters that one edge cuts, on the worst side: of the page's usual size, with the rest of their line beside them.

    The rest of a line that the left or right edge cuts stands inside; one that the top or bottom cuts is cut whole.
    """
    if not len(letters):
        return 0
    usual = np.median(letters[:, 2:], axis=0)
    alike = (spots[:, 2:4] > 0.5 * usual) & (spots[:, 2:4] < 2 * usual)
    counts = []
    for side in range(4):
        cut = spots[sides[:, side] & alike[:, 1 - side % 2], :4][:_MOST_CUT]
        line = letters if side % 2 == 0 else cut
        counts.append(int(_have_neighbour(cut, line, 1.5 * float(usual[1])).sum()))
    return max(counts)


def _have_neighbour(spots: Boxes, line: Boxes, reach: float) -> npt.NDArray[np.bool_]:
    """For each spot, whether another box of the line stands on its level within reach to its left or right."""
    ends, others = spots[:, :2] + spots[:, 2:], line[:, :2] + line[:, 2:]
    low = np.maximum(spots[:, None, :2], line[None, :, :2])
    high = np.minimum(ends[:, None], others[None])
    gap, overlap = low[..., 0] - high[..., 0], high[..., 1] - low[..., 1]
    beside = (gap > -2) & (gap < reach) & (overlap > 0.4 * spots[:, None, 3])
    return np.asarray(beside.any(axis=1), np.bool_)


def _measure_pictures(coarse: Pixels) -> tuple[float, float]:
    """Share of the page that is much darker than its paper and does not touch an edge, as shadows do; and of it what is
    larger than a hole.
    """
    dark = (coarse < 0.7 * _percentile(coarse, 90)).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8, ltype=cv2.CV_32S)
    spots = stats[1:].astype(np.intp)
    inside = ~_touched_sides(spots, coarse.shape).any(axis=1)
    large = spots[:, 2:4].max(axis=1) > _HOLE_MM * _COARSE_DPI / 25.4
    return float(spots[inside, 4].sum()) / coarse.size, float(spots[inside & large, 4].sum()) / coarse.size


def _is_blank(ink: _Ink) -> bool:
    spots = len(ink.letters)
    if spots >= _SURELY_TEXT or ink.pictured >= _PICTURE_SHARE:
        return False
    if spots >= _SIGNED_SPOTS and ink.drawn >= _SIGNED_SHARE:
        return False
    in_rows = max(_count_in_rows(ink.letters), _count_in_rows(ink.letters[:, [1, 0, 3, 2]]))
    return in_rows < max(_SHORTEST_ROW, _ROW_SHARE * spots)


def _count_in_rows(boxes: Boxes) -> int:
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


def _measure(grey: Pixels, small: Pixels, dpi: int, ink: _Ink) -> PageQuality:
    work = min(dpi, _WORK_DPI)
    middling = _shrink(small, 100 / work)
    brightness = _percentile(middling, 50)
    _, deviation = cv2.meanStdDev(cv2.Laplacian(middling, cv2.CV_16S))
    text = len(ink.letters) >= _SURELY_TEXT
    figures = PageQuality(
        sharpness=round(float(deviation[0, 0]) ** 2, 1),
        contrast=round(_percentile(middling, 95) - _percentile(middling, 5), 1),
        brightness=round(brightness, 1),
        noise=round(_estimate_noise(grey), 2),
        glare=round(_measure_glare(middling), 4) if brightness < _GLARE_BELOW else 0.0,
        text_height=round(ink.height * 300 / 25.4, 1),
        edge_width=round(_measure_edges(grey, dpi, ink.letters), 2) if text else 0.0,
        ink_level=round(ink.level, 3) if text else 0.0,
        cut_sides=_count_cut_sides(_shrink(small, _COARSE_DPI / work)),
        cut_letters=ink.cut if text else 0,
    )
    return replace(figures, defects=find_defects(figures))


def _shrink(grey: Pixels, scale: float) -> Pixels:
    if scale >= 1:
        return grey
    size = max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale))
    return cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _percentile(grey: Pixels, share: float) -> float:
    """The grey level below which that many percent of the pixels lie."""
    counts = cv2.calcHist([grey], [0], None, [256], [0, 256]).ravel().cumsum()
    return float(np.searchsorted(counts, share / 100 * counts[-1]))


def _measure_glare(middling: Pixels) -> float:
    return float(np.mean(cv2.blur(middling, (15, 15)) >= 254))


def _estimate_noise(grey: Pixels) -> float:
    """Sigma of the noise by the method of Immerkaer (1996), on the calmer half of the middle of the page."""
    height, width = grey.shape
    top, left = max(0, height // 2 - 400), max(0, width // 2 - 400)
    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    response = np.abs(cv2.filter2D(grey[top : top + 800, left : left + 800], cv2.CV_16S, kernel)).ravel()
    if not response.size:
        return 0.0
    counts = np.bincount(response)
    calm = _lower_half(counts)
    # The lower half of |N(0, 6 sigma)| has its mean at 0.3246 of the whole's standard deviation.
    return float((calm * np.arange(len(calm))).sum() / calm.sum() / (6 * 0.3246))


def _lower_half(counts: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    """A histogram without what is above the median; of the median's own bin only the part that is not."""
    half = counts.sum() / 2
    below = np.minimum(counts.cumsum(), half)
    return np.diff(below, prepend=0.0)


def _measure_edges(grey: Pixels, dpi: int, letters: Boxes) -> float:
    """Pixels at 300 dpi over which the edges of letters go from paper to ink: contrast over steepest slope, median."""
    widths = []
    for x, y, width, height in _some(letters):
        part = cv2.GaussianBlur(grey[max(0, y - 3) : y + height + 3, max(0, x - 3) : x + width + 3], (3, 3), 0)
        slopes = cv2.Sobel(part, cv2.CV_16S, 1, 0), cv2.Sobel(part, cv2.CV_16S, 0, 1)
        steepest = max(int(np.abs(slope).max()) for slope in slopes) / 8
        widths.append(int(np.ptp(part)) / max(steepest, 0.1))
    return float(np.median(widths)) * 300 / max(dpi, 300)


def _count_cut_sides(coarse: Pixels) -> int:
    """Sides on which a light page on a dark ground runs out of the picture; none where there is no such ground.

    A ground is deeper than the dark edge that scanners leave beside a page.
    """
    strip = max(2, min(coarse.shape) // _GROUND)
    sides = (coarse[:strip], coarse[-strip:], coarse[:, :strip], coarse[:, -strip:])
    dark = [float(np.mean(side < 70)) for side in sides]
    return sum(share < 0.3 for share in dark) if sum(share > 0.9 for share in dark) >= 2 else 0
