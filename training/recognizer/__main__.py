"""`python -m training.recognizer --minutes N [--device cuda] [--processes P] [--seed S] [--folder DIR]`."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from torch import multiprocessing

from training.recognizer.train import Plan, train_share


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains the line recognizer, or goes on where it was stopped.")
    parser.add_argument("--minutes", type=float, required=True, help="of training in all, earlier pieces included")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--processes", type=int, default=2, help="on a CPU, one a core")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=Path.home() / ".cache" / "sohoa-training")
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[3] / "shared")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    world = options.processes if options.device == "cpu" else 1
    plan = Plan(options.minutes, options.folder, options.shared, options.seed, options.device, world)
    with tempfile.TemporaryDirectory() as folder:
        if world == 1:
            train_share(0, plan, folder)
        else:
            multiprocessing.spawn(train_share, args=(plan, folder), nprocs=world)


if __name__ == "__main__":
    main()
