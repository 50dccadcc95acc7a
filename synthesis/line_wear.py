"""What a line suffers between the printer and the page image, at the resolution of the scan.

Grey levels are float32 0..255 here; each step takes and returns an image of the same size unless it says otherwise.
"""

from __future__ import annotations

from random import Random

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.float32]
Mask = npt.NDArray[np.uint8]


def put_on_paper(print_mask: Mask, pen: Mask, overlay: Mask | None, rng: Random, noise: np.random.Generator) -> Grey:
    """Ink of the given coverage on paper, each ink with its own darkness; stamps let what lies under them show."""
    paper, ink = rng.uniform(205, 255), rng.uniform(5, 90)
    cover: Grey = np.asarray(print_mask.astype(np.float32) / 255, np.float32)
    if rng.random() < 0.35:
        cover = _press_unevenly(cover, rng, noise)
    page = paper - cover * (paper - ink)
    if overlay is not None:
        shade = 1 - overlay.astype(np.float32) / 255 * rng.uniform(0.15, 0.8)
        page = page * shade
    if pen.any():
        pen_ink = rng.uniform(20, 130)
        page = np.minimum(page, paper - pen.astype(np.float32) / 255 * (paper - pen_ink))
    return np.asarray(page, np.float32)


def _press_unevenly(cover: Grey, rng: Random, noise: np.random.Generator) -> Grey:
    """Worn type: ink spread or eaten, and patches that printed less."""
    dice = rng.random()
    if dice < 0.4:
        soft = np.asarray(cv2.GaussianBlur(cover, (0, 0), rng.uniform(0.5, 1.1)), np.float32)
        cover = np.clip((soft - rng.uniform(0.1, 0.6)) * rng.uniform(1.6, 3.5), 0, 1).astype(np.float32)
    elif dice < 0.75:
        grain = noise.random(cover.shape, dtype=np.float32)
        grain = np.asarray(cv2.GaussianBlur(grain, (0, 0), rng.uniform(0.6, 1.6)), np.float32)
        spread = float(grain.std()) or 1.0
        cover = cover * np.clip(1.25 + (grain - 0.5) / spread * rng.uniform(0.1, 0.45), 0, 1)
    else:
        coarse = noise.random((4, max(2, cover.shape[1] // 40)), dtype=np.float32)
        patches = cv2.resize(coarse, (cover.shape[1], cover.shape[0]), interpolation=cv2.INTER_CUBIC)
        cover = cover * np.clip(1.15 - rng.uniform(0.2, 0.8) * patches, 0.15, 1)
    return np.asarray(cover, np.float32)


def show_through(page: Grey, back: Mask, rng: Random) -> Grey:
    """The print of the other side, mirrored and blurred."""
    ghost = cv2.GaussianBlur(back[:, ::-1].astype(np.float32), (0, 0), rng.uniform(0.8, 3.0))
    ghost = ghost[: page.shape[0], : page.shape[1]]
    faded = page.copy()
    faded[: ghost.shape[0], : ghost.shape[1]] -= ghost / 255 * page.mean() * rng.uniform(0.06, 0.42)
    return faded


def shade_unevenly(page: Grey, rng: Random, noise: np.random.Generator) -> Grey:
    """Stains, shadows, yellow paper: the light changes slowly along the line."""
    coarse = noise.random((3, max(2, page.shape[1] // 120)), dtype=np.float32)
    light = cv2.resize(coarse, (page.shape[1], page.shape[0]), interpolation=cv2.INTER_CUBIC)
    return np.asarray(page * (1 - rng.uniform(0.1, 0.55) * np.clip(light, 0, 1)), np.float32)


def blur(page: Grey, em: int, rng: Random) -> Grey:
    """Out of focus, or moved in one direction."""
    if rng.random() < 0.75:
        return np.asarray(cv2.GaussianBlur(page, (0, 0), em * rng.uniform(0.008, 0.055)), np.float32)
    length = max(2, round(em * rng.uniform(0.03, 0.12)))
    kernel = np.zeros((length, length), np.float32)
    if rng.random() < 0.5:
        kernel[length // 2] = 1 / length
    else:
        kernel[:, length // 2] = 1 / length
    return np.asarray(cv2.filter2D(page, -1, kernel, borderType=cv2.BORDER_REPLICATE), np.float32)


def coarsen(page: Grey, em: int, rng: Random) -> Grey:
    """As scanned at a low resolution: an em of 12 pixels is 14 points at 62 dpi, of 20 at 100 dpi."""
    scale = min(1.0, rng.uniform(13, 26) / em)
    if scale >= 0.98:
        return page
    small = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    method = rng.choice((cv2.INTER_LINEAR, cv2.INTER_CUBIC))
    return np.asarray(cv2.resize(small, (page.shape[1], page.shape[0]), interpolation=method), np.float32)


def add_grain(page: Grey, rng: Random, noise: np.random.Generator) -> Grey:
    """Grain of the sensor, fine or clotted."""
    grain = noise.standard_normal(page.shape, dtype=np.float32)
    if rng.random() < 0.4:
        size = rng.uniform(0.5, 1.2)
        grain = cv2.GaussianBlur(grain, (0, 0), size) * (1 + 2.6 * size)
    return np.asarray(page + grain * rng.uniform(2, 30), np.float32)


def add_specks(page: Grey, em: int, rng: Random) -> Grey:
    """Dust, dark or light, and short hairs."""
    out = page.copy()
    height, width = page.shape
    most = max(1, width * height // (em * em))
    for _ in range(rng.randrange(1, 2 + most)):
        x, y = rng.randrange(width), rng.randrange(height)
        shade = rng.uniform(0, 120) if rng.random() < 0.7 else rng.uniform(200, 255)
        cv2.circle(out, (x, y), rng.randrange(0, max(1, em // 18) + 1), shade, -1)
    return out


def scratch(page: Grey, em: int, rng: Random) -> Grey:
    """White lines of a worn roller or fold, dark streaks of a dirty glass."""
    out = page.copy()
    height, width = page.shape
    for _ in range(rng.randrange(1, 4)):
        shade = rng.choice((rng.uniform(210, 250), rng.uniform(60, 190)))
        if rng.random() < 0.5:
            y = rng.randrange(height)
            cv2.line(out, (0, y), (width, y + rng.randrange(-3, 4)), shade, max(1, em // 30))
        else:
            x = rng.randrange(width)
            cv2.line(out, (x, 0), (x + rng.randrange(-9, 10), height), shade, max(1, em // 30))
    return out


def compress(page: Grey, rng: Random) -> Grey:
    """JPEG of any quality."""
    quality = rng.randrange(12, 90)
    _, data = cv2.imencode(".jpg", np.clip(page, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.float32)


def make_bilevel(page: Grey, rng: Random, noise: np.random.Generator) -> Grey:
    """Black and white, as fax machines and old scanners deliver; now and then with a fax's coarse rows, or dithered."""
    work = page
    if rng.random() < 0.3:
        rows = max(8, round(page.shape[0] * rng.uniform(0.45, 0.8)))
        work = np.asarray(cv2.resize(page, (page.shape[1], rows), interpolation=cv2.INTER_AREA), np.float32)
    grain = noise.standard_normal(work.shape, dtype=np.float32) * rng.uniform(2, 26)
    low, high = np.percentile(work, (2, 90))
    threshold = low + (high - low) * rng.uniform(0.35, 0.78)
    if rng.random() < 0.25:
        grain = np.asarray(cv2.GaussianBlur(grain, (0, 0), 0.7) * 2, np.float32)
    flat = np.where(work + grain < threshold, 0, 255).astype(np.float32)
    if flat.shape == page.shape:
        return flat
    return np.asarray(cv2.resize(flat, (page.shape[1], page.shape[0]), interpolation=cv2.INTER_NEAREST), np.float32)


def wear_line(page: Grey, back: Mask | None, em: int, amount: float, rng: Random) -> Grey:
    """A chain of what happens to scans, most of it mild. amount: 0 none .. 1 as bad as archives are."""
    noise = np.random.default_rng(rng.getrandbits(64))

    def hit(chance: float) -> bool:
        return rng.random() < chance * amount

    if back is not None and hit(0.8):
        page = show_through(page, back, rng)
    if hit(0.25):
        page = shade_unevenly(page, rng, noise)
    if hit(0.15):
        page = scratch(page, em, rng)
    if hit(0.55):
        page = blur(page, em, rng)
    if hit(0.3):
        page = coarsen(page, em, rng)
    if hit(0.12):
        page = 255 - (255 - page) * rng.uniform(0.12, 0.5)
    if hit(0.5):
        page = add_grain(page, rng, noise)
    if hit(0.15):
        page = add_specks(page, em, rng)
    if hit(0.22):
        page = make_bilevel(page, rng, noise)
    if hit(0.4):
        page = compress(page, rng)
    return page
