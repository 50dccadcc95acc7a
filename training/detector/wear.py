"""What scanners, copiers, fax machines and time do to a piece of a page; grey in, grey out. Fast rather than exact."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from ocr.images import Pixels

Chance = np.random.Generator


def _clip(values: np.ndarray) -> Pixels:
    return np.asarray(np.clip(values, 0, 255), np.uint8)


def _cloud(shape: tuple[int, int], cells: int, chance: Chance) -> np.ndarray:
    small = chance.random((cells, cells), dtype=np.float32)
    return np.asarray(cv2.resize(small, shape[::-1], interpolation=cv2.INTER_CUBIC), np.float32)


def tone(image: Pixels, chance: Chance) -> Pixels:
    """Lighter ink, darker or clouded paper, a shadow from one side."""
    ink = chance.uniform(0.2, 1.0) if chance.random() < 0.4 else 1.0
    paper = chance.uniform(150, 255)
    lit = paper - (255 - image.astype(np.float32)) * (paper / 255 * ink)
    if chance.random() < 0.4:
        lit *= 1 - chance.uniform(0.05, 0.35) * _cloud(image.shape, int(chance.integers(2, 8)), chance)
    if chance.random() < 0.25:
        ramp = np.linspace(chance.uniform(0.4, 1), chance.uniform(0.4, 1), image.shape[1], dtype=np.float32)
        lit *= ramp[None, :]
    return _clip(lit)


def soften(image: Pixels, chance: Chance) -> Pixels:
    """Out of focus, the same or different along and across."""
    sigma = chance.uniform(0.4, 2.2)
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma, sigmaY=sigma * chance.uniform(0.7, 1.4)), np.uint8)


def grain(image: Pixels, chance: Chance) -> Pixels:
    """Noise of the sensor, fine or coarse."""
    noise: np.ndarray = chance.standard_normal(image.shape, dtype=np.float32)
    if chance.random() < 0.3:
        noise = np.asarray(cv2.GaussianBlur(noise, (0, 0), 1.0)) * 2
    return _clip(image + noise * np.float32(chance.uniform(3, 30)))


def speckle(image: Pixels, chance: Chance) -> Pixels:
    """Dust, hairs, scratches."""
    out = image.copy()
    height, width = image.shape
    for _ in range(int(chance.integers(3, 120))):
        x, y, shade = int(chance.integers(width)), int(chance.integers(height)), int(chance.integers(0, 160))
        cv2.circle(out, (x, y), int(chance.integers(0, 3)), shade, -1)
    for _ in range(int(chance.integers(0, 3))):
        ends = chance.integers(0, min(height, width), 4)
        shade = int(chance.choice((20, 110, 230)))
        cv2.line(out, (int(ends[0]), int(ends[1])), (int(ends[2]), int(ends[3])), shade, int(chance.integers(1, 3)))
    return out


def copy(image: Pixels, chance: Chance) -> Pixels:
    """Two tones, as from a fax or a bilevel scan; strokes thicker or thinner."""
    noisy = image + chance.standard_normal(image.shape, dtype=np.float32) * np.float32(chance.uniform(0, 25))
    paper = float(np.percentile(image[::8, ::8], 90))
    level = paper * chance.uniform(0.45, 0.82)
    return np.where(cv2.GaussianBlur(noisy, (0, 0), 0.7) < level, 0, 255).astype(np.uint8)


def thicken(image: Pixels, chance: Chance) -> Pixels:
    """Spread ink, or ink that has gone: strokes wider or thinner by a pixel."""
    kernel = np.ones((2, 2) if chance.random() < 0.7 else (3, 3), np.uint8)
    turned = cv2.erode if chance.random() < 0.6 else cv2.dilate
    return np.asarray(cv2.addWeighted(turned(image, kernel), 0.6, image, 0.4, 0), np.uint8)


def compress(image: Pixels, chance: Chance) -> Pixels:
    """JPEG of a low to middling quality."""
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(chance.integers(12, 80))])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)


def blacken_edge(image: Pixels, chance: Chance) -> Pixels:
    """The scanner's dark background along one side, its border slanting."""
    side = int(chance.integers(4))
    out = np.ascontiguousarray(np.rot90(image, side))
    near, far = chance.uniform(5, 120, 2)
    corners = np.array([(0, 0), (near, 0), (far, out.shape[0]), (0, out.shape[0])], np.int32)
    cv2.fillPoly(out, [corners], int(chance.integers(0, 90)))
    return np.ascontiguousarray(np.rot90(out, -side))


def erase_strip(image: Pixels, chance: Chance) -> Pixels:
    """A fold or a bad drum: a light or dark streak along the page."""
    at, wide = int(chance.integers(image.shape[1])), int(chance.integers(1, 4))
    out = image.copy()
    out[:, at : at + wide] = _clip(out[:, at : at + wide] + chance.uniform(-120, 150))
    return out


DAMAGES: tuple[tuple[Callable[[Pixels, Chance], Pixels], float], ...] = (
    (thicken, 0.25), (tone, 0.6), (soften, 0.35), (speckle, 0.15), (erase_strip, 0.06), (grain, 0.45), (copy, 0.18),
    (blacken_edge, 0.12), (compress, 0.35),
)  # fmt: skip
"""In the order in which they happen, each with its chance."""


def wear_out(image: Pixels, chance: Chance) -> Pixels:
    """The piece after whatever happened to it."""
    for damage, odds in DAMAGES:
        if chance.random() < odds:
            image = damage(image, chance)
    return image


def show_through(image: Pixels, back: Pixels, chance: Chance) -> Pixels:
    """The print of the sheet's other side, mirrored by the caller, blurred and weak."""
    ghost = cv2.GaussianBlur(back, (0, 0), chance.uniform(0.8, 3.0)).astype(np.float32)
    return _clip(image * (1 - (255 - ghost) / 255 * chance.uniform(0.05, 0.45)))
