"""Page defects: how many are found, how many sound pages are complained of, and what looking for them costs.

usage: python -m benchmarks.defects [--pages N] [--seed N] [--eval DIR]

Generated pages (synthesis) get each defect in turn, from as slight as should be scanned again to strong; sound pages
are as scanners deliver them, with every damage that reads well. A complaint about a page with another defect counts as
false too. Then every real page: good scans, of which none should be complained of. Seconds are CPU time of one thread.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import cv2
import numpy as np

from core.defects import DEFECTS
from core.recognition import PageQuality
from ingest.checks import Limits, inspect_file
from ingest.splitting import split_file
from ocr.images import Pixels, load_page_image
from ocr.quality import assess, measure_quality
from synthesis.blocks import Looks
from synthesis.damage import damage_page
from synthesis.fonts import find_fonts
from synthesis.forms import make_document
from synthesis.truth import RenderedPage

_DPI = 300
_SOUND = ("clean", "office", "skewed", "yellowed", "bleed_through", "low_dpi", "shadow", "borders", "jpeg", "old")
_ALSO = {"document_cut_off": {"text_cut_off"}, "blurry": {"faint"}}
"""What a defect brings with it: a page out of the picture loses text, thin strokes fade when they are blurred."""
Spoil = Callable[[Pixels, np.random.Generator], Pixels]


def _as_pixels(values: object) -> Pixels:
    return np.clip(np.asarray(values), 0, 255).astype(np.uint8)


def _blur(grey: Pixels, rng: np.random.Generator) -> Pixels:
    return _as_pixels(cv2.GaussianBlur(grey, (0, 0), rng.uniform(2.4, 4.5)))


def _grain(grey: Pixels, rng: np.random.Generator) -> Pixels:
    return _as_pixels(grey * 0.9 + rng.normal(0, rng.uniform(14, 30), grey.shape))


def _darken(grey: Pixels, rng: np.random.Generator) -> Pixels:
    return _as_pixels(grey * rng.uniform(0.2, 0.4))


def _fade(grey: Pixels, rng: np.random.Generator) -> Pixels:
    return _as_pixels(245 - (255 - grey.astype(np.float32)) * rng.uniform(0.22, 0.36))


def _reduce(grey: Pixels, rng: np.random.Generator) -> Pixels:
    """A copy of the page reduced to a third and less, as on a sheet of several pages."""
    scale = rng.uniform(0.25, 0.38)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    sheet = np.full_like(grey, 250)
    for row, column in ((row, column) for row in range(2) for column in range(2)):
        top, left = (round((0.03 + 0.48 * at) * side) for at, side in zip((row, column), grey.shape, strict=True))
        sheet[top : top + small.shape[0], left : left + small.shape[1]] = small
    return sheet


def _lay_off(grey: Pixels, rng: np.random.Generator) -> Pixels:
    """The page on a dark table, in a picture that one or two of its sides run out of."""
    margin = int(rng.uniform(0.05, 0.12) * grey.shape[1])
    ground = rng.normal(rng.uniform(15, 50), 4, (grey.shape[0] + margin, grey.shape[1] + margin))
    placed = _as_pixels(ground)
    across, down = ((margin, margin), (margin // 2, margin), (margin, margin // 2))[int(rng.integers(3))]
    part = grey[: placed.shape[0] - down, : placed.shape[1] - across]
    placed[down : down + part.shape[0], across : across + part.shape[1]] = part
    return placed[: grey.shape[0], : grey.shape[1]] if across == down else placed[:, : grey.shape[1]]


def _cut(grey: Pixels, rng: np.random.Generator) -> Pixels:
    """A side of the picture goes through the text."""
    rows, columns = np.nonzero(grey < 128)
    side = int(rng.integers(3))
    if side == 2:
        return np.ascontiguousarray(grey[:, : int(np.percentile(columns, rng.uniform(75, 95)))])
    if side == 1:
        return np.ascontiguousarray(grey[:, int(np.percentile(columns, rng.uniform(5, 25))) :])
    profile = np.convolve((grey < 128).sum(axis=1), np.ones(5), "same")
    low, high = (int(np.percentile(rows, share)) for share in (60, 90))
    return np.ascontiguousarray(grey[: low + int(profile[low:high].argmax())])


def _dazzle(grey: Pixels, rng: np.random.Generator) -> Pixels:
    """A photographed page with burnt-out spots on a tenth to a quarter of it."""
    height, width = grey.shape
    mask = np.zeros((height, width), np.float32)
    radius = int((rng.uniform(0.10, 0.25) * height * width / np.pi) ** 0.5)
    cv2.circle(mask, (int(rng.uniform(0.3, 0.7) * width), int(rng.uniform(0.3, 0.7) * height)), radius, 1.0, -1)
    soft = cv2.resize(cv2.GaussianBlur(cv2.resize(mask, None, fx=0.1, fy=0.1), (0, 0), 6), (width, height))
    return _as_pixels(grey * 0.75 + soft * 400)


SPOILS: dict[str, Spoil] = {
    "blurry": _blur,
    "noisy": _grain,
    "dark": _darken,
    "faint": _fade,
    "text_too_small": _reduce,
    "document_cut_off": _lay_off,
    "text_cut_off": _cut,
    "glare": _dazzle,
}


def make_pages(count: int, seed: int) -> Iterator[RenderedPage]:
    """First pages of generated documents, which have text enough for every figure."""
    fonts, rng = find_fonts(), Random(seed)
    for at in range(count):
        form = "state" if at % 2 else "party"
        yield make_document(rng, fonts, form, None, Looks(length=4), _DPI).pages[0]  # type: ignore[arg-type]


def _grey(page: RenderedPage) -> Pixels:
    return np.asarray(cv2.cvtColor(page.image, cv2.COLOR_RGB2GRAY), np.uint8)


def measure(count: int, seed: int) -> dict[str, list[PageQuality]]:
    """Name of a defect, or "sound: VARIANT" → the figures of each page."""
    found: dict[str, list[PageQuality]] = {}
    rng = np.random.default_rng(seed)
    for page in make_pages(count, seed):
        for variant in _SOUND:
            damaged = damage_page(page, variant, rng)
            found.setdefault(f"sound: {variant}", []).append(measure_quality(_grey(damaged), damaged.dpi))
        office = _grey(damage_page(page, "office", rng))
        for name, spoil in SPOILS.items():
            found.setdefault(name, []).append(measure_quality(spoil(office, rng), _DPI))
    return found


def print_detection(found: dict[str, list[PageQuality]]) -> None:
    """A row a defect, with the figures of pages that have it and of sound ones."""
    sound = [one for name, pages in found.items() if name.startswith("sound") for one in pages]
    print(
        f"{'defect':18}{'limit':>8}{'recall':>9}{'precision':>11}{'false on sound':>16}   its figures | sound figures"
    )
    for name, rule in DEFECTS.items():
        pages = found[name]
        right = sum(name in one.defects for one in pages)
        false_sound = sum(name in one.defects for one in sound)
        others = (its for other, its in found.items() if other != name and name not in _ALSO.get(other, ()))
        false_all = sum(name in one.defects for its in others for one in its)
        spans = [np.percentile([rule.measure(one) for one in its], (0, 50, 100)) for its in (pages, sound)]
        shown = " | ".join(" .. ".join(f"{value:.3g}" for value in span) for span in spans)
        precision = right / max(1, right + false_all)
        print(
            f"{name:18}{rule.limit:8g}{right / len(pages):9.0%}{precision:11.0%}"
            f"{f'{false_sound} of {len(sound)}':>16}   {shown}"
        )
    print("\ncomplaints by what the page is")
    for name, pages in found.items():
        told = Counter(defect for one in pages for defect in one.defects)
        print(f"  {name:24}{len(pages):4}  {dict(told) or ''}")


def print_real(root: Path) -> None:
    """Every real page that is complained of, with the figure."""
    complaints, total = 0, 0
    for name, data, dpi in _real_pages(root):
        image = load_page_image(data, max_pixels=Limits().max_pixels, dpi=dpi)
        quality = measure_quality(image.grey, image.dpi)
        total += 1
        complaints += bool(quality.defects)
        for defect in quality.defects:
            print(f"  {name}: {defect} {DEFECTS[defect].measure(quality):g} (limit {DEFECTS[defect].limit:g})")
    print(f"real pages complained of: {complaints} of {total}")


def _real_pages(root: Path) -> Iterator[tuple[str, bytes, int | None]]:
    for path in sorted((root / "pages").iterdir()):
        yield path.name, path.read_bytes(), None
    for path in sorted((root / "pdfs").glob("*.pdf")):
        for page in split_file(path, inspect_file(path, Limits()).media_type):
            yield f"{path.name}, page {page.number}", page.data, page.dpi


def print_cost(seed: int) -> None:
    """CPU seconds of one thread for a page."""
    cv2.setNumThreads(1)
    grey = _grey(damage_page(next(make_pages(1, seed)), "office", np.random.default_rng(seed)))
    assess(grey, _DPI)
    started = time.process_time()
    for _ in range(10):
        assess(grey, _DPI)
    print(f"assess: {(time.process_time() - started) / 10:.3f} CPU s a page of {grey.shape[1]} x {grey.shape[0]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=12)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--eval", type=Path, default=Path(__file__).parents[2] / "shared" / "eval")
    options = parser.parse_args()
    print_detection(measure(options.pages, options.seed))
    if options.eval.is_dir():
        print_real(options.eval)
    print_cost(options.seed)


if __name__ == "__main__":
    main()
