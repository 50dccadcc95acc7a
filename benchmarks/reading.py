"""Reading of real pages, ours against raw Tesseract in the same run: as scanned, damaged, skewed, turned.

usage: python -m benchmarks.reading [--results DIR] [--eval DIR] [--jobs N] [--only NAME,...]

Body CER: edit distance of the running text placed at its best position inside the page's text, over its length. Word
recall: words of the whole page that were found, order ignored. Seconds are CPU time of one page, thread by thread.
Raw is Tesseract on the greyscale page as it is. --results keeps the texts, a folder a variant and reader, for scoring.
"""

from __future__ import annotations

import argparse
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import cv2
import edlib
import numpy as np

from core.errors import ReadingFailed
from core.recognition import RecognizedPage
from ocr.engines.tesseract import TesseractEngine
from ocr.images import PageImage, Pixels, load_page_image
from ocr.preprocess import find_skew
from ocr.reading import Reader

_MAX_PIXELS = 150_000_000
_SHORTEST_BODY = 400


def _as_pixels(values: object) -> Pixels:
    return np.clip(np.asarray(values), 0, 255).astype(np.uint8)


def _unchanged(grey: Pixels) -> Pixels:
    return grey


def _shrink(dpi: int) -> Callable[[Pixels], Pixels]:
    """Scales an A4 page to that resolution."""

    def shrink(grey: Pixels) -> Pixels:
        factor = min(1.0, 11.7 * dpi / max(grey.shape))
        return _as_pixels(cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA))

    return shrink


def _compress(grey: Pixels) -> Pixels:
    _, data = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, 25])
    return _as_pixels(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE))


def _blur(grey: Pixels) -> Pixels:
    noise = np.random.default_rng(7).normal(0, 14, grey.shape)
    return _as_pixels(cv2.GaussianBlur(grey, (0, 0), max(0.5, 1.6 * max(grey.shape) / 3508)) + noise)


def _fade(grey: Pixels) -> Pixels:
    return _as_pixels(225 - (255 - grey.astype(np.float32)) * 0.28)


def _stain(grey: Pixels) -> Pixels:
    """Yellowed paper under uneven light: the left edge has two fifths of the light of the right one."""
    height, width = grey.shape
    light = np.linspace(0.35, 0.85, width)[None, :] * np.linspace(1.0, 0.8, height)[:, None]
    return _as_pixels(grey * light)


def _bilevel(grey: Pixels) -> Pixels:
    return _as_pixels(cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1])


def _tilt(degrees: float) -> Callable[[Pixels], Pixels]:
    """Turns counter-clockwise, so that `-degrees` is the skew to be found."""

    def tilt(grey: Pixels) -> Pixels:
        height, width = grey.shape
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        paper = (float(np.percentile(grey, 90)),)
        turned = cv2.warpAffine(grey, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=paper)
        return _as_pixels(turned)

    return tilt


def _turn(quarters: int) -> Callable[[Pixels], Pixels]:
    """Turns clockwise, so that 360 - 90 * quarters is the rotation to be found."""
    return lambda grey: np.ascontiguousarray(np.rot90(grey, -quarters))


VARIANTS: dict[str, Callable[[Pixels], Pixels]] = {
    "scanned": _unchanged,
    "100dpi": _shrink(100),
    "75dpi": _shrink(75),
    "jpeg25": _compress,
    "blurred": _blur,
    "faint": _fade,
    "stained": _stain,
    "bilevel": _bilevel,
    "tilt2": _tilt(2.0),
    "tilt-5": _tilt(-5.0),
    "turn90": _turn(1),
    "turn180": _turn(2),
    "turn270": _turn(3),
    "lying-4": lambda grey: _tilt(-4.0)(_turn(1)(grey)),
}
_EXPECTED_TURN = {"turn90": 270, "turn180": 180, "turn270": 90, "lying-4": 270}
_EXPECTED_SKEW = {"tilt2": -2.0, "tilt-5": 5.0, "lying-4": 4.0}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One page read once by each. edits, letters: of the body; hits, words: of the page; [raw, ours]."""

    variant: str
    page: str
    edits: tuple[int, int]
    letters: int
    hits: tuple[int, int]
    words: int
    seconds: tuple[float, float]
    texts: tuple[str, str]
    rotation: int
    skew: float


@lru_cache(maxsize=1)
def _readers() -> tuple[TesseractEngine, Reader]:
    return TesseractEngine(""), Reader.open(engine="tesseract", tessdata="")


def _fold(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def _count_edits(truth: str, found: str) -> int:
    return int(edlib.align(truth, found, mode="HW", task="distance")["editDistance"]) if found else len(truth)


def _count_hits(truth: str, found: str) -> int:
    return sum((Counter(truth.split()) & Counter(found.split())).values())


def _read(reader: Reader, image: PageImage) -> RecognizedPage | None:
    try:
        return reader.read(image, 1)
    except ReadingFailed:
        return None


def measure(variant: str, path: Path, truths: Path) -> Outcome:
    """Reads one variant of one page with both."""
    engine, reader = _readers()
    page = load_page_image(path, max_pixels=_MAX_PIXELS)
    grey = VARIANTS[variant](page.grey)
    dpi = round(page.dpi * max(grey.shape) / max(page.grey.shape))
    started = time.process_time()
    raw_text = "\n".join(line.text for line in engine.recognize(grey, dpi))
    between = time.process_time()
    ours = _read(reader, replace(page, grey=grey, colour=None, dpi=dpi))
    ended = time.process_time()
    texts = (raw_text, ours.text if ours else "")
    truth = _fold((truths / f"{path.stem}.txt").read_text("utf8"))
    body = _fold((truths / f"{path.stem}.body.txt").read_text("utf8"))
    body = body if len(body) > _SHORTEST_BODY else ""
    raw, own = (_fold(text) for text in texts)
    return Outcome(
        variant=variant,
        page=path.stem,
        edits=(_count_edits(body, raw), _count_edits(body, own)) if body else (0, 0),
        letters=len(body),
        hits=(_count_hits(truth, raw), _count_hits(truth, own)),
        words=len(truth.split()),
        seconds=(between - started, ended - between),
        texts=texts,
        rotation=ours.rotation if ours else -1,
        skew=ours.skew if ours else 0.0,
    )


_HEAD = (
    f"{'variant':10}{'page':16}{'CER % raw':>10}{'ours':>8}{'recall % raw':>14}{'ours':>8}{'CPU s raw':>11}{'ours':>8}"
)


def _row(name: str, page: str, outcomes: list[Outcome]) -> str:
    letters = max(1, sum(one.letters for one in outcomes))
    words = max(1, sum(one.words for one in outcomes))
    cer = [100 * sum(one.edits[k] for one in outcomes) / letters for k in (0, 1)]
    recall = [100 * sum(one.hits[k] for one in outcomes) / words for k in (0, 1)]
    seconds = [sum(one.seconds[k] for one in outcomes) / len(outcomes) for k in (0, 1)]
    return (
        f"{name:10}{page:16}{cer[0]:10.2f}{cer[1]:8.2f}{recall[0]:14.1f}{recall[1]:8.1f}{seconds[0]:11.2f}"
        f"{seconds[1]:8.2f}"
    )


def _marks(one: Outcome) -> str:
    """What went wrong with a page, for the end of its row."""
    marks = []
    if one.letters and one.edits[1] - one.edits[0] > 0.003 * one.letters:
        marks.append("worse than raw")
    if one.rotation != _EXPECTED_TURN.get(one.variant, 0):
        marks.append(f"rotation {one.rotation}")
    wanted = _EXPECTED_SKEW.get(one.variant)
    if wanted is not None and abs(one.skew - wanted) > 1.2:
        marks.append(f"skew {one.skew}")
    return "  " + ", ".join(marks) if marks else ""


def report(outcomes: list[Outcome], variants: list[str]) -> None:
    """Prints a row a page and a sum a variant."""
    print(_HEAD)
    for variant in variants:
        of_variant = [one for one in outcomes if one.variant == variant]
        for one in of_variant:
            print(_row(variant, one.page, [one]) + _marks(one))
        print(_row(variant, "ALL", of_variant))
    print("\nsums")
    for variant in variants:
        print(_row(variant, "ALL", [one for one in outcomes if one.variant == variant]))


def report_skew(folder: Path) -> None:
    """Prints the error of the skew found on pages whose skew is known."""
    errors = []
    started = time.process_time()
    for line in (folder / "angles.tsv").read_text("utf8").splitlines()[1:]:
        name, degrees = line.split("\t")
        image = load_page_image(folder / name, max_pixels=_MAX_PIXELS)
        found = find_skew(image.grey, image.dpi)
        errors.append(abs(found - float(degrees)))
        print(f"{name:32}{float(degrees):8.2f}{found:8.2f}")
    print(
        f"skew: mean error {np.mean(errors):.3f}, most {np.max(errors):.3f} degrees, of {len(errors)} pages; ", end=""
    )
    print(f"{(time.process_time() - started) / len(errors):.2f} CPU s a page with decoding")


def _keep(outcomes: list[Outcome], folder: Path) -> None:
    for one in outcomes:
        for reader, text in zip(("raw", "ours"), one.texts, strict=True):
            place = folder / f"{one.variant}_{reader}"
            place.mkdir(parents=True, exist_ok=True)
            (place / f"{one.page}.txt").write_text(text, "utf8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", type=Path, help="folder for the texts")
    parser.add_argument("--eval", type=Path, default=Path(__file__).parents[2] / "shared" / "eval")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default=",".join(VARIANTS), help="variants, with commas between")
    options = parser.parse_args()
    variants = options.only.split(",")
    pages = sorted((options.eval / "pages").iterdir())
    with ProcessPoolExecutor(options.jobs) as pool:
        runs = [pool.submit(measure, variant, page, options.eval / "gt") for variant in variants for page in pages]
        outcomes = [run.result() for run in runs]
    report(outcomes, variants)
    report_skew(options.eval / "skew")
    if options.results:
        _keep(outcomes, options.results)


if __name__ == "__main__":
    main()
