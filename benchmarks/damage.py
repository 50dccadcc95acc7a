"""What happens to pages before they are read, for measuring: grey pages with the map that moves boxes along.

Written apart from the generator's own damage, on other models, so that nobody is measured on what they were trained
on: light counts multiply, lenses blur with discs, sensors grain with the light, faxes have oblong pixels.
Lengths are in pixels at 300 dpi and scale with the page. The same seed gives the same page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from benchmarks.sheets import Sheet, resize, scan_at, tilt, turn
from ocr.images import Pixels

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Chance:
    """What a damage may use: numbers by chance, and another page whose print may shine through."""

    rng: np.random.Generator
    back: Pixels

    def between(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def sign(self) -> int:
        return int(self.rng.choice((-1, 1)))


AS_IT_IS = "as it is"
Damage = Callable[[Sheet, Chance], Sheet]


def _toned(sheet: Sheet, values: npt.NDArray[np.generic]) -> Sheet:
    return replace(sheet, grey=np.clip(np.rint(np.asarray(values, np.float32)), 0, 255).astype(np.uint8))


def _field(shape: tuple[int, ...], cells: int, chance: Chance) -> Floats:
    """A smooth field with mean 0 and deviation about 1."""
    coarse = chance.rng.standard_normal((cells, cells)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), np.float32)


def _kernel(points: npt.NDArray[np.float32]) -> Floats:
    return np.asarray(points / points.sum(), np.float32)


def _disc(radius: float) -> Floats:
    """A lens out of focus: a disc with a soft edge of one pixel."""
    reach = int(np.ceil(radius)) + 1
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    return _kernel(np.clip(radius + 0.5 - np.hypot(x, y), 0, 1).astype(np.float32))


def grain(sheet: Sheet, chance: Chance) -> Sheet:
    """A sensor's noise: more where there is more light, and a fixed part; sigma 9 to 20 on white paper."""
    light = sheet.grey.astype(np.float32)
    spread = chance.between(9, 20) * np.sqrt(0.35 + 0.65 * light / 255)
    return _toned(sheet, light + spread * chance.rng.standard_normal(light.shape, dtype=np.float32))


def specks(sheet: Sheet, chance: Chance) -> Sheet:
    """Dead and burnt pixels: salt and pepper on 0.5 to 2 % of the page."""
    draw, share = chance.rng.random(sheet.grey.shape, dtype=np.float32), chance.between(0.005, 0.02)
    grey = sheet.grey.copy()
    grey[draw < share / 2] = 12
    grey[draw > 1 - share / 2] = 250
    return replace(sheet, grey=grey)


def defocus(sheet: Sheet, chance: Chance) -> Sheet:
    """Out of focus by a disc of 2.2 to 3.6 pixels."""
    return _toned(sheet, cv2.filter2D(sheet.grey, cv2.CV_32F, _disc(chance.between(2.2, 3.6) * sheet.unit)))


def smear(sheet: Sheet, chance: Chance) -> Sheet:
    """Moved while it was scanned: a streak of 5 to 8 pixels in any direction."""
    length, angle = chance.between(5, 8) * sheet.unit, chance.between(0, np.pi)
    reach = int(np.ceil(length / 2)) + 1
    streak = np.zeros((2 * reach + 1,) * 2, np.float32)
    for at in np.linspace(-length / 2, length / 2, 64):
        streak[round(reach + at * np.sin(angle)), round(reach + at * np.cos(angle))] += 1
    return _toned(sheet, cv2.filter2D(sheet.grey, cv2.CV_32F, _kernel(streak)))


def yellow(sheet: Sheet, chance: Chance) -> Sheet:
    """Old paper: darker towards its edges, fibres, brown spots, ink that has browned."""
    height, width = sheet.grey.shape
    x, y = np.linspace(-1, 1, width, dtype=np.float32), np.linspace(-1, 1, height, dtype=np.float32)
    rim = np.maximum(np.abs(x)[None, :], np.abs(y)[:, None]) ** 4
    paper = chance.between(150, 195) - 45 * rim + 7 * _field((height, width), 9, chance)
    paper += 3 * _field((height, width), 160, chance)
    spots = np.zeros((height, width), np.float32)
    for _ in range(int(chance.rng.integers(15, 50))):
        at = int(chance.rng.integers(width)), int(chance.rng.integers(height))
        cv2.circle(spots, at, max(1, round(chance.between(3, 22) * sheet.unit)), chance.between(10, 45), -1)
    paper -= cv2.GaussianBlur(spots, (0, 0), max(0.5, 4 * sheet.unit))
    ink = 1 - sheet.grey.astype(np.float32) / 255
    brown = chance.between(45, 75)
    return _toned(sheet, paper * (1 - ink) + brown * ink)


def shine_through(sheet: Sheet, chance: Chance) -> Sheet:
    """Another page's print from the back, mirrored, soft and 18 to 40 % as dark: it dims the light that comes back."""
    height, width = sheet.grey.shape
    back = cv2.resize(chance.back[:, ::-1], (width, height), interpolation=cv2.INTER_AREA)
    shift = np.array([[1, 0.004 * chance.sign(), chance.between(-40, 40) * sheet.unit],
                      [0, 1, chance.between(-60, 60) * sheet.unit]])  # fmt: skip
    back = cv2.warpAffine(back, shift, (width, height), borderValue=(255,))
    soft = cv2.filter2D(back, cv2.CV_32F, _disc(chance.between(1.2, 3.0) * sheet.unit))
    passed = 1 - chance.between(0.18, 0.40) * (1 - soft / 255)
    return _toned(sheet, sheet.grey * passed)


def frame(sheet: Sheet, chance: Chance) -> Sheet:
    """The lid left open: black beside the page on one to three sides, with a slanted edge and a shade along it."""
    pad = round(chance.between(40, 110) * sheet.unit)
    grey = cv2.copyMakeBorder(sheet.grey, pad, pad, pad, pad, cv2.BORDER_REPLICATE).astype(np.float32)
    for side in chance.rng.choice(4, size=int(chance.rng.integers(1, 4)), replace=False):
        view = np.rot90(grey, int(side))
        first, last = pad * chance.between(0.4, 1.0), pad * chance.between(0.4, 1.0)
        edge = np.linspace(first, last, view.shape[0])[:, None]
        away = (np.arange(view.shape[1])[None, :] - edge) / (12 * sheet.unit)
        view *= np.clip(0.55 + 0.45 * away, 0.08, 1)
    matrix = np.array([[1, 0, pad], [0, 1, pad], [0, 0, 1]], np.float64) @ sheet.matrix
    return replace(_toned(sheet, grey), matrix=matrix)


def jpeg(sheet: Sheet, chance: Chance) -> Sheet:
    """Kept as JPEG of quality 20 to 30."""
    _, data = cv2.imencode(".jpg", sheet.grey, [cv2.IMWRITE_JPEG_QUALITY, int(chance.rng.integers(20, 31))])
    return replace(sheet, grey=np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8))


def fax(sheet: Sheet, chance: Chance, lines: int, dithered: bool = False) -> Sheet:
    """Sent by fax: 204 dots by 196 or 98 lines an inch in black and white, drawn square again where it arrives."""
    sent = resize(sheet, min(1.0, 204 / sheet.dpi), min(1.0, lines / sheet.dpi))
    grey = sent.grey.astype(np.float32)
    level, _ = cv2.threshold(sent.grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    ink, paper = float(grey[grey <= level].mean()), float(grey[grey >= level].mean())
    light = (grey - ink) / max(1.0, paper - ink)
    if dithered:  # the sender's "photo" mode, with some contrast
        drawn_out = np.clip(255 * (1.5 * light - 0.25), 0, 255).astype(np.uint8)
        black_white = np.asarray(Image.fromarray(drawn_out).convert("1").convert("L"))
    else:
        edge = chance.rng.normal(0, 0.05, grey.shape)
        black_white = np.where(light + edge > chance.between(0.45, 0.65), 255, 0).astype(np.uint8)
    height, width = black_white.shape
    dpi = min(204, sheet.dpi)
    high = round(height * dpi / min(lines, sheet.dpi))
    square = np.asarray(cv2.resize(black_white, (width, high), interpolation=cv2.INTER_NEAREST), np.uint8)
    return replace(sent, grey=square, dpi=dpi, matrix=np.diag([1, high / height, 1]) @ sent.matrix)


def shadow(sheet: Sheet, chance: Chance) -> Sheet:
    """A hand's or a book's shadow with a soft edge over a part of the page, under a lamp at one corner."""
    height, width = sheet.grey.shape
    x, y = np.meshgrid(np.linspace(0, 1, width, dtype=np.float32), np.linspace(0, 1, height, dtype=np.float32))
    angle = chance.between(0, 2 * np.pi)
    across = np.cos(angle) * (x - chance.between(0.3, 0.7)) + np.sin(angle) * (y - chance.between(0.3, 0.7))
    cover = 1 / (1 + np.exp(-across / chance.between(0.02, 0.08)))
    lamp = 1 - chance.between(0.1, 0.3) * np.hypot(x - chance.rng.integers(2), y - chance.rng.integers(2))
    return _toned(sheet, sheet.grey * lamp * (1 - chance.between(0.3, 0.55) * cover))


def faint(sheet: Sheet, chance: Chance) -> Sheet:
    """A dry cartridge: 25 to 40 % of the ink, in upright bands and patches, on greyish paper."""
    height, width = sheet.grey.shape
    bands = 0.12 * _field((1, width), 24, chance)[:1] + 0.06 * _field((height, width), 14, chance)
    ink = (255 - sheet.grey.astype(np.float32)) * np.clip(chance.between(0.25, 0.40) * (1 + bands), 0.15, 0.6)
    return _toned(sheet, chance.between(225, 250) - ink)


def _skewed(low: float, high: float) -> Damage:
    return lambda sheet, chance: tilt(sheet, chance.sign() * chance.between(low, high))


def _some(*choices: Damage) -> Damage:
    def damage(sheet: Sheet, chance: Chance) -> Sheet:
        return choices[int(chance.rng.integers(len(choices)))](sheet, chance)

    return damage


def _all(*steps: Damage) -> Damage:
    def damage(sheet: Sheet, chance: Chance) -> Sheet:
        for step in steps:
            sheet = step(sheet, chance)
        return sheet

    return damage


def _kept(sheet: Sheet, _chance: Chance) -> Sheet:
    return sheet


_MILD = _all(
    lambda sheet, chance: _toned(sheet, sheet.grey * 0.9 + chance.rng.normal(12, 5, sheet.grey.shape)),
    lambda sheet, _: _toned(sheet, cv2.filter2D(sheet.grey, cv2.CV_32F, _disc(1.2 * sheet.unit))),
)
"""Several damages at once, each of which is milder than where it comes alone."""

VARIANTS: Mapping[str, Damage] = MappingProxyType({
    "skew 1-3": _skewed(1, 3),
    "skew 3-5": _skewed(3, 5),
    "grain": grain,
    "specks": specks,
    "defocus": defocus,
    "smear": smear,
    "yellowed": yellow,
    "bleed-through": shine_through,
    "100 dpi": lambda sheet, _: scan_at(sheet, 100),
    "150 dpi": lambda sheet, _: scan_at(sheet, 150),
    "200 dpi": lambda sheet, _: scan_at(sheet, 200),
    "turned 90": lambda sheet, _: turn(sheet, 1),
    "turned 180": lambda sheet, _: turn(sheet, 2),
    "turned 270": lambda sheet, _: turn(sheet, 3),
    "borders": _all(_skewed(0, 1), frame),
    "jpeg": jpeg,
    "fax": lambda sheet, chance: fax(sheet, chance, 196),
    "fax coarse": lambda sheet, chance: fax(sheet, chance, 98),
    "fax dithered": lambda sheet, chance: fax(sheet, chance, 196, dithered=True),
    "shadow": shadow,
    "faint": faint,
    "mixed": _all(_skewed(0.5, 2.5), _some(yellow, shadow, shine_through), _MILD, _some(_kept, jpeg)),
    "mixed turned": _all(
        _some(yellow, shadow, faint), _skewed(0.3, 2), _some(_kept, frame), lambda sheet, _: scan_at(sheet, 200), jpeg,
        lambda sheet, chance: turn(sheet, int(chance.rng.integers(1, 4))),
    ),
})  # fmt: skip


def damage_sheet(grey: Pixels, dpi: int, back: Pixels, variant: str, seed: str) -> Sheet:
    """The page as the variant leaves it; "as it is" changes nothing. Raises KeyError for an unknown name."""
    sheet = Sheet(grey, dpi)
    if variant == AS_IT_IS:
        return sheet
    chance = Chance(np.random.default_rng(list(f"{seed}/{variant}".encode())), back)
    return VARIANTS[variant](sheet, chance)
