"""Makes the weights anew, or goes on where it was stopped: `python -m training --minutes N [--device cuda]`.

A fourth of the time goes to the line finder, the rest to the recognizer; both leave checkpoints and logs in the folder.
On a CPU one process a core learns and as many draw; ready weights replace those in `ocr/weights`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

_FINDERS_SHARE = 0.25


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, required=True, help="of training in all, earlier pieces included")
    parser.add_argument("--device", default="cpu", help="cpu or cuda, for the recognizer")
    parser.add_argument("--folder", type=Path, default=Path.home() / ".cache" / "sohoa-training")
    options = parser.parse_args()
    finder = ["training.detector", "--home", str(options.folder / "detector")]
    folder = ["--folder", str(options.folder)]
    minutes = _FINDERS_SHARE * options.minutes
    for command in (
        [*finder, "pages"],
        [*finder, "train", "--minutes", str(minutes)],
        [*finder, "export"],
        ["training.recognizer", "--minutes", str(options.minutes - minutes), "--device", options.device, *folder],
        ["training.recognizer.finish", *folder],
    ):
        subprocess.run([sys.executable, "-m", *command], check=True)


if __name__ == "__main__":
    main()
