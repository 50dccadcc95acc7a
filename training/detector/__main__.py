"""Commands: `pages` draws the pool, `train` trains for some minutes or goes on where it stopped, `export` writes the
ONNX file, `measure` prints that file's figures on generated pages.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ocr.lines.detector import LineDetector
from synthesis.fonts import find_fonts
from synthesis.truth import RenderedPage
from training.detector.measure import draw_worn_pages, measure
from training.detector.pages import fill_pool

HOME = Path("~/.cache/sohoa-training/detector").expanduser()
WEIGHTS = Path(__file__).resolve().parents[2] / "ocr" / "weights" / "detector.onnx"


def main(arguments: list[str] | None = None) -> int:
    """The command line. Returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m training.detector", description=__doc__)
    parser.add_argument("command", choices=("pages", "train", "export", "measure"))
    parser.add_argument("--home", type=Path, default=HOME, help="where pages, checkpoints and the log are kept")
    parser.add_argument("--pages", type=int, default=700, help="pages in the pool, or to measure on")
    parser.add_argument("--minutes", type=float, default=30, help="how long to train")
    parser.add_argument("--rate", type=float, default=3e-3, help="peak learning rate")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="the ONNX file")
    chosen = parser.parse_args(arguments)
    if chosen.command == "pages":
        fill_pool(chosen.home / "validation", 40, 900_000, find_fonts())
        fill_pool(chosen.home / "pages", chosen.pages, chosen.seed * 1_000_000, find_fonts())
        return 0
    if chosen.command == "measure":
        _print_figures(chosen.out, chosen.pages)
        return 0
    from training.detector.train import export, train  # noqa: PLC0415  drawing pages needs no PyTorch

    if chosen.command == "train":
        train(chosen.home, chosen.minutes, chosen.rate, chosen.seed, chosen.threads)
    else:
        sys.stdout.write(f"{export(chosen.home, chosen.out)} bytes\n")
    return 0


def _print_figures(weights: Path, count: int) -> None:
    """A line for office pages, one for assorted ones."""
    detector = LineDetector(weights)
    kinds: dict[str, list[RenderedPage]] = {}
    for name, page in draw_worn_pages(count, 77_000_000):
        kinds.setdefault(name.split()[0], []).append(page)
    for kind, pages in kinds.items():
        sys.stdout.write(f"{kind}: {measure(detector, pages)}\n")


if __name__ == "__main__":
    sys.exit(main())
