"""What paper, scanners and fax machines do to a page.

A damage of tone is `(image, strength, rng) -> image` with strength in 0..1 and RGB pixels in and out. Damage of
geometry (skew, quarter turns, another resolution) moves the boxes along. `VARIANTS` names combinations of both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import cv2
import numpy as np
import numpy.typing as npt

from core.recognition import Rotation
from synthesis.stamps import turn_box, turn_line
from synthesis.truth import Pixels, RenderedPage, TruthLine, TruthWord

Damage = Callable[[Pixels, float, np.random.Generator], Pixels]
Matrix = npt.NDArray[np.float64]
"""An affine map, 2 x 3, of pixel edges: (x, y, 1) of the old page to (x, y) of the new one."""


def _as_pixels(values: npt.NDArray[np.float32]) -> Pixels:
    return np.clip(values, 0, 255).astype(np.uint8)


def _cloud(shape: tuple[int, int], cells: int, rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """Smooth noise in 0..1 over the page, `cells` across."""
    small = rng.random((cells, cells), dtype=np.float32)
    smooth = cv2.resize(small, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return np.asarray(smooth, np.float32).clip(0, 1)


def add_noise(image: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    """Grain of the sensor, the same in all channels: sigma up to 28 grey levels."""
    grain = rng.standard_normal(image.shape[:2], dtype=np.float32) * (28 * strength)
    return _as_pixels(image + grain[:, :, None])


def add_speckle(image: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    """Dust and specks: up to 1,500 dark dots and short hairs a page."""
    out = image.copy()
    height, width = image.shape[:2]
    for _ in range(int(1500 * strength)):
        x, y = int(rng.integers(width)), int(rng.integers(height))
        shade = int(rng.integers(30, 150))
        cv2.circle(out, (x, y), int(rng.integers(0, 2)), (shade, shade, shade), -1)
    return out


def blur(image: Pixels, strength: float, _rng: np.random.Generator) -> Pixels:
    """Out of focus: Gaussian sigma up to 2.2 pixels."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), max(0.05, 2.2 * strength)), np.uint8)


def yellow(image: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    """Old paper: yellow-brown, in clouds, darker towards the edges."""
    stain = 0.55 + 0.45 * _cloud(image.shape[:2], 7, rng)
    tone = np.array([0.09, 0.20, 0.48], np.float32) * strength
    return _as_pixels(image * (1 - stain[:, :, None] * tone))


def bleed_through(image: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    """The print of the back side, mirrored, blurred, up to 45 % as dark; here the page's own print stands for it."""
    back = np.roll(image[:, ::-1], int(rng.integers(-90, 90)), axis=0)
    blurred = np.asarray(cv2.GaussianBlur(back, (0, 0), 2.0), np.float32)
    return np.minimum(image, _as_pixels(255 - (255 - blurred) * (0.45 * strength)))


def shade(image: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    """A shadow that falls from one side, as in a photograph: down to 50 %."""
    height, width = image.shape[:2]
    across, down = np.linspace(0, 1, width, dtype=np.float32), np.linspace(0, 1, height, dtype=np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    ramp = np.cos(angle) * (across[None, :] - 0.5) + np.sin(angle) * (down[:, None] - 0.5) + 0.5
    return _as_pixels(image * (1 - 0.5 * strength * ramp.clip(0, 1))[:, :, None])


def fade(image: Pixels, strength: float, _rng: np.random.Generator) -> Pixels:
    """Faint ink: contrast down to a quarter."""
    return _as_pixels(255 - (255 - image.astype(np.float32)) * (1 - 0.75 * strength))


def darken_borders(image: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    """The scanner's dark edge on one or two sides, up to 2.5 % of the page, uneven."""
    out = image.copy()
    for side in rng.choice(4, size=int(rng.integers(1, 3)), replace=False):
        turned = np.rot90(out, int(side))
        depth = max(2, int(turned.shape[1] * 0.025 * strength * rng.uniform(0.5, 1)))
        first, last = (depth * float(rng.uniform(0.3, 1.0)) for _ in range(2))
        for row, reach in enumerate(np.linspace(first, last, turned.shape[0])):
            turned[row, : int(reach)] = 28
    return out


def compress(image: Pixels, strength: float, _rng: np.random.Generator) -> Pixels:
    """JPEG, quality 92 down to 18."""
    quality = round(92 - 74 * strength)
    _, data = cv2.imencode(".jpg", image[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    decoded = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return np.ascontiguousarray(np.asarray(decoded, np.uint8)[:, :, ::-1])


def make_bilevel(image: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    """Black and white as a fax: one threshold, ragged edges; a higher strength thickens the print."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32)
    grain = rng.standard_normal(image.shape[:2], dtype=np.float32) * np.float32(9)
    black = grey + cv2.GaussianBlur(grain, (0, 0), 0.8) < 120 + 60 * strength
    return np.repeat(np.where(black, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


DAMAGES: Mapping[str, Damage] = MappingProxyType({
    "noise": add_noise, "speckle": add_speckle, "blur": blur, "yellow": yellow, "bleed_through": bleed_through,
    "shadow": shade, "faint": fade, "borders": darken_borders, "jpeg": compress, "bilevel": make_bilevel,
})  # fmt: skip


def _moved(page: RenderedPage, matrix: Matrix, width: int, height: int) -> tuple[TruthLine, ...]:
    """The lines with every box mapped and kept on the page; words that fell off it are left out."""
    lines = []
    for line in page.lines:
        words = []
        for word in line.words:
            x0, y0, x1, y1 = turn_box(word.box, matrix)
            box = max(0, x0), max(0, y0), min(width, x1), min(height, y1)
            if box[0] < box[2] and box[1] < box[3]:
                words.append(TruthWord(word.text, box, word.pen, word.joined))
        if words:
            lines.append(replace(turn_line(line, matrix), words=tuple(words)))
    return tuple(lines)


def skew_page(page: RenderedPage, degrees: float) -> RenderedPage:
    """The page lying askew in the scanner: turning it counter-clockwise by `degrees` would make it level again."""
    height, width = page.image.shape[:2]
    matrix = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0), np.float64)
    centred = matrix.copy()  # OpenCV maps pixel centres, boxes are made of edges
    centred[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
    paper = tuple(int(tone) for tone in np.percentile(page.image[::8, ::8].reshape(-1, 3), 90, axis=0))
    image = cv2.warpAffine(page.image, centred, (width, height), flags=cv2.INTER_LINEAR, borderValue=paper)
    lines = _moved(page, matrix, width, height)
    return replace(page, image=np.asarray(image, np.uint8), lines=lines, skew=page.skew + degrees, patches=())


def turn_page(page: RenderedPage, rotation: Rotation) -> RenderedPage:
    """The page laid in sideways or upside down: turning it clockwise by `rotation` makes it upright."""
    height, width = page.image.shape[:2]
    maps = {
        0: [[1, 0, 0], [0, 1, 0]],
        90: [[0, 1, 0], [-1, 0, width]],
        180: [[-1, 0, width], [0, -1, height]],
        270: [[0, -1, height], [1, 0, 0]],
    }
    image = np.ascontiguousarray(np.rot90(page.image, rotation // 90))
    lines = _moved(page, np.array(maps[rotation], np.float64), image.shape[1], image.shape[0])
    turned = {0: 0, 90: 90, 180: 180, 270: 270}[(page.rotation + rotation) % 360]
    return replace(page, image=image, lines=lines, rotation=turned, patches=())  # type: ignore[arg-type]


def resample_page(page: RenderedPage, dpi: int) -> RenderedPage:
    """The page as scanned at another resolution."""
    height, width = page.image.shape[:2]
    wide, high = round(width * dpi / page.dpi), round(height * dpi / page.dpi)
    image = cv2.resize(page.image, (wide, high), interpolation=cv2.INTER_AREA if dpi < page.dpi else cv2.INTER_CUBIC)
    matrix = np.array([[wide / width, 0, 0], [0, high / height, 0]], np.float64)
    return replace(page, image=np.asarray(image, np.uint8), dpi=dpi, lines=_moved(page, matrix, wide, high), patches=())


@dataclass(frozen=True, slots=True)
class Step:
    """A damage of tone by its name, its strength drawn between two ends."""

    damage: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Variant:
    """A combination. skew: most degrees to either side, and least. dpi: of the result, None = as it is."""

    steps: tuple[Step, ...] = ()
    skew: tuple[float, float] = (0.0, 0.0)
    rotation: Rotation = 0
    dpi: int | None = None


_SCAN = (Step("noise", 0.05, 0.15), Step("jpeg", 0.1, 0.3))
VARIANTS: Mapping[str, Variant] = MappingProxyType({
    "clean": Variant(),
    "office": Variant(_SCAN, skew=(0.0, 0.6)),
    "skewed": Variant(_SCAN, skew=(1.2, 4.0)),
    "noisy": Variant((Step("noise", 0.5, 1.0), Step("speckle", 0.2, 0.7)), skew=(0.0, 0.8)),
    "blurred": Variant((Step("blur", 0.45, 0.9), *_SCAN), skew=(0.0, 0.6)),
    "yellowed": Variant((Step("yellow", 0.5, 1.0), *_SCAN), skew=(0.0, 1.0)),
    "bleed_through": Variant((Step("bleed_through", 0.4, 0.9), *_SCAN), skew=(0.0, 0.6)),
    "low_dpi": Variant(_SCAN, skew=(0.0, 0.5), dpi=100),
    "fax": Variant((Step("blur", 0.2, 0.4), Step("bilevel", 0.2, 0.8), Step("speckle", 0.1, 0.4)), skew=(0.0, 1.0)),
    "faint": Variant((Step("faint", 0.5, 0.85), *_SCAN), skew=(0.0, 0.6)),
    "shadow": Variant((Step("shadow", 0.5, 1.0), *_SCAN), skew=(0.0, 1.0)),
    "borders": Variant((Step("borders", 0.4, 1.0), *_SCAN), skew=(0.3, 1.5)),
    "jpeg": Variant((Step("jpeg", 0.7, 1.0),), skew=(0.0, 0.5)),
    "old": Variant(
        (Step("faint", 0.1, 0.4), Step("bleed_through", 0.1, 0.4), Step("yellow", 0.4, 0.9), Step("blur", 0.1, 0.35),
         Step("speckle", 0.1, 0.3), *_SCAN),
        skew=(0.2, 2.0),
    ),
    "turned_90": Variant(_SCAN, skew=(0.0, 0.5), rotation=90),
    "turned_180": Variant(_SCAN, skew=(0.0, 0.5), rotation=180),
    "turned_270": Variant(_SCAN, skew=(0.0, 0.5), rotation=270),
})  # fmt: skip


def damage_page(page: RenderedPage, variant: str, rng: np.random.Generator) -> RenderedPage:
    """The page as the named variant delivers it. Raises KeyError for an unknown name."""
    wanted = VARIANTS[variant]
    low, high = wanted.skew
    degrees = float(rng.uniform(low, high) * rng.choice((-1, 1)))
    if degrees:
        page = skew_page(page, degrees)
    if wanted.dpi:
        page = resample_page(page, wanted.dpi)
    image = page.image
    for step in wanted.steps:
        image = DAMAGES[step.damage](image, float(rng.uniform(step.low, step.high)), rng)
    return turn_page(replace(page, image=image), wanted.rotation)


def make_blank_back(front: RenderedPage, rng: np.random.Generator) -> RenderedPage:
    """The empty back of a sheet: paper with grain and a breath of the front's print, mirrored."""
    ghost = cv2.GaussianBlur(front.image[:, ::-1], (0, 0), 2.5).astype(np.float32)
    paper = 255 - (255 - ghost) * float(rng.uniform(0.0, 0.05)) - float(rng.uniform(1, 6))
    image = add_noise(_as_pixels(paper), 0.08, rng)
    return RenderedPage(image, front.dpi, (), blank=True)
