"""The checks and the splitting on real documents and on files that were made to break readers."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image

from core.errors import SohoaError
from ingest.checks import Limits, inspect_file
from ingest.splitting import split_file

ROOT = Path(__file__).resolve().parents[2]
EVAL = ROOT.parent / "shared" / "eval"
MOST_MEGABYTES = 1_500
SECONDS_A_FILE = 20

pytestmark = [
    pytest.mark.eval,
    pytest.mark.skipif(not EVAL.is_dir(), reason="the evaluation data is not on this machine"),
]

_CHILD = """
import json, re, sys, time, warnings
from pathlib import Path
from core.errors import SohoaError
from ingest.checks import Limits, inspect_file
from ingest.splitting import open_pages

warnings.simplefilter("ignore")
limits = Limits(max_pixels=40_000_000)
for line in sys.stdin:
    path, pages, started = Path(line.rstrip("\\n")), 0, time.monotonic()
    try:
        facts = inspect_file(path, limits)
        outcome = facts.media_type
        with open_pages(path, facts.media_type, limits) as source:
            for number in range(1, min(source.count, 20) + 1):
                pages += source.take(number).number > 0
    except SohoaError as error:
        outcome = error.code
    # `ru_maxrss` would count what the process was before its `exec`.
    peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
    print(json.dumps([str(path), outcome, pages, time.monotonic() - started, peak]), flush=True)
"""


def outcomes_of(paths: list[Path]) -> list[tuple[str, str, int, float, int]]:
    """Path, media type or error code, pages taken, seconds, peak megabytes; in a process that may crash or hang."""
    names = "".join(f"{path}\n" for path in paths)
    done = subprocess.run(
        [sys.executable, "-c", _CHILD], input=names, capture_output=True, text=True, cwd=ROOT, timeout=240, check=False
    )
    rows = [tuple(json.loads(line)) for line in done.stdout.splitlines()]
    assert done.returncode == 0, f"crashed after {rows[-1:]}: {done.stderr[-500:]}"
    return rows


def test_every_hostile_file_gets_a_result_or_a_named_error() -> None:
    before = {path: path.stat().st_mtime_ns for path in sorted((EVAL / "hostile").rglob("*"))}
    files = [path for path in before if path.is_file()]
    rows = outcomes_of(files)
    assert [row[0] for row in rows] == [str(path) for path in files]
    assert max(row[3] for row in rows) < SECONDS_A_FILE
    assert max(row[4] for row in rows) < MOST_MEGABYTES
    assert {path: path.stat().st_mtime_ns for path in sorted((EVAL / "hostile").rglob("*"))} == before


def test_odd_but_valid_images_are_read() -> None:
    marks = (b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"II+\x00")
    valid = [
        path
        for path in sorted((EVAL / "hostile" / "img_valid_odd").rglob("*"))
        if path.is_file()
        and path.read_bytes().startswith(marks)
        and not path.name.startswith(("crash-", "oom-", "seek_too_large", "libtiff_segfault", "multipage_single_frame"))
    ]
    assert [(row[0], row[1]) for row in outcomes_of(valid) if row[2] == 0] == []


@pytest.mark.parametrize("path", sorted((EVAL / "pdfs").glob("*.pdf")), ids=lambda path: path.stem)
def test_pages_of_real_pdfs_look_like_the_document(path: Path) -> None:
    drawn = pdfium.PdfDocument(path)
    drawn.init_forms()
    facts = inspect_file(path, Limits())
    pages = list(split_file(path, facts.media_type))
    assert [page.number for page in pages] == list(range(1, len(drawn) + 1))
    for page in pages:
        rendered = drawn[page.number - 1].render(scale=page.dpi / 72).to_pil().convert("L")
        taken = Image.open(io.BytesIO(page.data)).convert("L")
        assert abs(taken.width / rendered.width - 1) < 0.01
        assert abs(taken.height / rendered.height - 1) < 0.01
        grey = [np.asarray(one.resize((60, 85), Image.Resampling.BOX), dtype=float) for one in (taken, rendered)]
        assert np.abs(grey[0] - grey[1]).mean() < 3
    drawn.close()


def test_exif_orientations_give_the_same_upright_picture() -> None:
    shown = []
    for path in sorted((EVAL / "exif").glob("Portrait_[1-8].jpg")):
        (page,) = split_file(path, inspect_file(path, Limits()).media_type)
        assert page.width < page.height
        image = Image.open(io.BytesIO(page.data)).convert("L")
        shown.append(np.asarray(image.resize((45, 60), Image.Resampling.BOX), dtype=float))
    assert len(shown) == 8
    assert max(float(np.abs(one - shown[0]).mean()) for one in shown) < 4


def test_limits_hold_for_real_documents() -> None:
    path = EVAL / "pdfs" / "tt_209.pdf"
    for limits in (Limits(max_pages=3), Limits(max_bytes=1_000), Limits(max_pixels=1_000_000)):
        with pytest.raises(SohoaError, match="tt_209") as caught:
            inspect_file(path, limits)
        assert caught.value.code == "limit_exceeded"
