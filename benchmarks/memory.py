"""One page in a process of its own: `python -m benchmarks.memory ENGINE DEVICE FILE DPI` says what it cost, as JSON."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from ocr.engines.registry import EngineOptions
from ocr.images import load_page_image
from ocr.reading import Reader

_MAX_PIXELS = 150_000_000
_LONGEST = 900


@dataclass(frozen=True, slots=True)
class Cost:
    """peak: MB of memory held at most. seconds: of CPU, without loading the engine. words: read on the page."""

    peak: float
    seconds: float
    words: int


def measure_alone(engine: str, device: str, page: Path, dpi: int) -> Cost | None:
    """The cost in a fresh process; None where it failed, having said why."""
    command = [sys.executable, "-m", "benchmarks.memory", engine, device, str(page), str(dpi)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=_LONGEST)
    if done.returncode:
        print(f"{engine} failed on {page.name}: {done.stderr.strip()[-300:]}")
        return None
    return Cost(**json.loads(done.stdout))


def _peak() -> float:
    """MB that this process held at most. Its own figure: the kernel's `maxrss` counts the parent's before `exec`."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    return int(found[1]) / 1024 if found else float("nan")


def main() -> None:
    engine, device, page, dpi = sys.argv[1:]
    reader = Reader.open(EngineOptions(engine, device=device))
    started = time.process_time()
    read = reader.read(load_page_image(Path(page), max_pixels=_MAX_PIXELS, dpi=int(dpi)), 1)
    cost = Cost(_peak(), time.process_time() - started, len(read.words))
    print(json.dumps(asdict(cost)))


if __name__ == "__main__":
    main()
