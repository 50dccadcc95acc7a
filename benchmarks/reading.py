"""How well and how fast pages are read: the service's engine against raw Tesseract and OCRmyPDF, in one run.

usage: python -m benchmarks.reading [--engines raw,sohoa,ocrmypdf] [--only VARIANT,...] [--generated N] [--results DIR]

Real pages as they are and in every variant of benchmarks.damage, and generated pages in the same variants. All readers
get the same grey arrays. CER: edit distance of the running text placed at its best position inside the page's text,
over its length. Word recall: words of the whole page that were found, order ignored. Seconds are CPU time of one page
over all threads and child processes. Everything is drawn from fixed seeds. --results keeps the texts; --kept, what
raw Tesseract and OCRmyPDF read on damaged and generated pages, which later runs take from there. Needs the extra
`tesseract`; OCRmyPDF, with unpaper and Ghostscript, is installed apart and named in OCRMYPDF; else it is left out.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks import reading_pen
from benchmarks.damage import AS_IT_IS, VARIANTS
from benchmarks.memory import Cost, measure_alone
from benchmarks.outcomes import Outcome, Outcomes, score
from benchmarks.page_sets import MAX_PIXELS, Case, load_sample, make_page, real_pages
from benchmarks.readers import OCRMYPDF, RAW, SOHOA, Compared, Kept, open_compared
from benchmarks.reading_table import Costs, print_calibration, print_pages, print_table, print_variants
from core.errors import SettingsError
from ocr.images import load_page_image

_TIMES = 3
"""Readings of a real page as it is, whose median time counts."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What one run measures. slow: real pages a damaged variant for OCRmyPDF, which takes 20 seconds a page."""

    root: Path
    readers: tuple[str, ...]
    device: str
    variants: tuple[str, ...]
    generated: int
    slow: int
    kept: Path | None = None

    @property
    def ours(self) -> list[str]:
        return [name for name in self.readers if name not in (RAW, OCRMYPDF)]

    def cases(self) -> Iterator[tuple[Case, tuple[str, ...]]]:
        """Every page with the readers that read it."""
        quick = tuple(name for name in self.readers if name != OCRMYPDF)
        for variant in self.variants:
            for at, path in enumerate(real_pages(self.root)):
                few = variant == AS_IT_IS or at < self.slow
                yield Case("real", variant, path.stem), self.readers if few else quick
            for number in range(self.generated):
                yield Case("generated", variant, str(number)), quick


@cache
def _open(name: str, device: str) -> Compared:
    """This process's reader of that name."""
    return open_compared(name, device)


def measure(case: Case, readers: tuple[str, ...], plan: Plan) -> list[Outcome]:
    """One page by all readers, one after the other. Real pages as they are give the times: they are always read."""
    sample = load_sample(case, plan.root)
    timed = case.origin == "real" and case.variant == AS_IT_IS
    outcomes = []
    for name in readers:
        reader = _open(name, plan.device)
        if plan.kept and name in (RAW, OCRMYPDF) and not timed:
            reader = Kept(name, reader, plan.kept)
        times = _TIMES if timed and name != OCRMYPDF else 1
        found = [reader.read(sample.sheet.grey, sample.sheet.dpi) for _ in range(times)]
        outcomes.append(score(sample, name, found[-1], [one.seconds for one in found]))
    return outcomes


def measure_all(plan: Plan, jobs: int) -> list[Outcome]:
    """Every case, in the plan's order."""
    outcomes: dict[Case, list[Outcome]] = {}
    order = list(plan.cases())
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        runs = [pool.submit(measure, case, readers, plan) for case, readers in order]
        for run in as_completed(runs):
            found = run.result()
            outcomes[found[0].case] = found
            if sys.stderr.isatty():
                print(f"\r{len(outcomes)} of {len(order)} pages ", end="", file=sys.stderr, flush=True)
    return [one for case, _ in order for one in outcomes[case]]


def measure_costs(plan: Plan) -> dict[str, Costs]:
    """Memory and time of each of our engines on an A4 page at 300 dpi and on two of them as one A3 sheet at 600."""
    costs: dict[str, Costs] = {}
    if not plan.ours:
        return costs
    sheet = Image.fromarray(make_page("memory/front").image)
    spread = Image.fromarray(np.hstack([np.asarray(sheet), make_page("memory/back").image]))
    spread = spread.resize((spread.width * 2, spread.height * 2), Image.Resampling.BICUBIC)
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder, "a4.jpg"), Path(folder, "a3.jpg")
        sheet.save(small, quality=85)
        spread.save(large, quality=85)
        for name in plan.ours:
            found: list[Cost | None] = [
                measure_alone(name, plan.device, page, dpi) for page, dpi in ((small, 300), (large, 600))
            ]
            costs[name] = Costs(*found)
    return costs


def print_skew(plan: Plan) -> None:
    """The error of the skew that each of our engines finds on scans whose skew is known."""
    listed = plan.root / "skew" / "angles.tsv"
    rows = [line.split("\t") for line in listed.read_text("utf8").splitlines()[1:]] if listed.exists() else []
    for name in plan.ours if rows else ():
        errors = []
        for file, degrees in rows:
            page = load_page_image(listed.parent / file, max_pixels=MAX_PIXELS)
            errors.append(abs(_open(name, plan.device).read(page.grey, page.dpi).skew - float(degrees)))
        print(f"\n{name}: skew of {len(rows)} scans, error {np.mean(errors):.2f}, at most {max(errors):.2f} degrees")


def _keep(outcomes: list[Outcome], folder: Path) -> None:
    for one in outcomes:
        place = folder / f"{one.case.origin} {one.case.variant} {one.reader}".replace(" ", "_")
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{one.case.page}.txt").write_text(one.text, "utf8")


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engines", default=f"{RAW},{SOHOA}", help=f"{RAW}, {OCRMYPDF}, and engines of the service")
    parser.add_argument("--device", default="cpu", help="of the service's engines")
    parser.add_argument("--only", default=",".join((AS_IT_IS, *VARIANTS)), help="variants, with commas between")
    parser.add_argument("--generated", type=int, default=4, metavar="N", help="generated pages a variant")
    parser.add_argument("--pen", type=int, default=100, metavar="N", help="generated heads by pen; 0: no heads")
    parser.add_argument("--slow-pages", type=int, default=2, metavar="N", help="real pages a variant for OCRmyPDF")
    parser.add_argument("--eval", type=Path, default=Path(__file__).parents[2] / "shared" / "eval")
    parser.add_argument("--results", type=Path, metavar="DIR", help="keeps the texts here")
    parser.add_argument("--kept", type=Path, metavar="DIR", help="an existing folder outside the project")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--pages", action="store_true", help="a row for every page, not for the real ones alone")
    return parser.parse_args()


def _is_here(name: str) -> bool:
    """Whether a reader can take part; a yardstick that is not installed says so and is left out."""
    try:
        if name == OCRMYPDF:
            open_compared(name, "cpu")
    except SettingsError as error:
        print(f"{name} is left out: {error}")
        return False
    return True


def main() -> None:
    options = _read_options()
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # for the processes that load Tesseract
    variants = tuple(options.only.split(","))
    readers = tuple(filter(_is_here, options.engines.split(",")))
    plan = Plan(options.eval, readers, options.device, variants, options.generated, options.slow_pages, options.kept)
    if not real_pages(plan.root):
        print(f"No evaluation data at {plan.root}: generated pages alone.")
    measured = measure_all(plan, options.jobs)
    if options.results:
        _keep(measured, options.results)
    outcomes = Outcomes(measured)
    print_pages(outcomes, plan.readers, variants if options.pages else (AS_IT_IS,))
    print_variants(outcomes, plan.readers, variants)
    print_calibration(outcomes, plan.ours or [RAW])
    print_skew(plan)
    pens: list[reading_pen.Answer] = []
    if SOHOA in readers and options.pen:
        pens = reading_pen.measure(plan.root, options.pen, options.jobs, ("page", "signature"))
    print_table(outcomes, plan.readers, variants, pens, measure_costs(plan))


if __name__ == "__main__":
    main()
