"""Files made to break readers, through `sohoa ocr`: each gets a result or a named error in bounded time and memory."""

from __future__ import annotations

import io
import json
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from PIL import Image

from tests.image_kinds import encode, pdf_files
from tests.layered_pdfs import FONT, draw_lines

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = ROOT.parent / "shared" / "eval" / "hostile"
NAMED = {
    "damaged_file", "empty_file", "encrypted_file", "limit_exceeded", "memory_limit", "process_died", "reading_failed",
    "split_failed", "time_limit", "unsupported_type",
}  # fmt: skip
MOST_MEGABYTES = 1_500
# Linux counts the memory of a process from before its `exec`, here that of pytest: a small process in between measures.
_MEASURED = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[2:])
open(sys.argv[1], "w").write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(code)
"""

needs_font = pytest.mark.skipif(not FONT.is_file(), reason="fonts-dejavu-core is not installed")


def read_all(files: list[Path], folder: Path, seconds: int) -> list[dict[str, Any]]:
    """What the command answers, a line a file; it may not crash, nor use more memory than it is told."""
    settings = {
        "SOHOA_DATA_DIR": str(folder / "never"),
        "SOHOA_PAGE_SECONDS": str(seconds),
        "SOHOA_PAGE_MEGABYTES": str(MOST_MEGABYTES),
        "SOHOA_MAX_PAGE_PIXELS": "40000000",
    }
    command = [sys.executable, "-m", "cli", "ocr", "--json", "--jobs", "2", *map(str, files)]
    said, complaints, peak = folder / "said", folder / "complaints", folder / "peak"
    with said.open("wb") as out, complaints.open("wb") as err:
        done = subprocess.run(
            [sys.executable, "-c", _MEASURED, str(peak), *command],
            stdout=out, stderr=err, env={**os.environ, **settings}, cwd=ROOT, check=False,
        )  # fmt: skip
    assert done.returncode in (0, 4, 6, 8), complaints.read_text()[-800:]
    assert "Traceback" not in complaints.read_text()
    rows = [json.loads(line) for line in said.read_text().splitlines()]
    assert [row["file"] for row in rows] == list(map(str, files))
    assert int(peak.read_text()) >> 10 < MOST_MEGABYTES
    return rows


def errors_of(rows: list[dict[str, Any]]) -> Iterator[dict[str, str]]:
    for row in rows:
        if "error" in row:
            yield row["error"]
        yield from (page["error"] for page in row.get("pages", ()) if "error" in page)


def assert_all_named(rows: list[dict[str, Any]]) -> None:
    assert {error["code"] for error in errors_of(rows)} <= NAMED
    assert [error["message"] for error in errors_of(rows) if error["message"].startswith("Unexpected")] == []


@pytest.mark.eval
@pytest.mark.timeout(1_200)
@pytest.mark.skipif(not HOSTILE.is_dir(), reason="the evaluation data is not on this machine")
def test_every_hostile_file_is_read_or_refused_by_name(tmp_path: Path) -> None:
    files = sorted(path for path in HOSTILE.rglob("*") if path.is_file())
    rows = read_all(files, tmp_path, seconds=10)
    assert_all_named(rows)
    assert sum("pages" in row for row in rows) > 200


def flipped(data: bytes, seed: int) -> bytes:
    """With some of its bytes changed, as a worn disk or an attacker does."""
    rng = np.random.default_rng(seed)
    changed = bytearray(data)
    for at in rng.integers(20, len(data), max(3, len(data) // 2_000)):
        changed[int(at)] = int(rng.integers(256))
    return bytes(changed)


def bomb(width: int, height: int) -> bytes:
    """A PNG of some kilobytes that is really as large as it says."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = zlib.compressobj(9)
    packed = b"".join(rows.compress(bytes(width // 8 + 1)) for _ in range(height)) + rows.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def nested_pdf(depth: int) -> bytes:
    """A page whose forms draw one another, twice each: 2 to the power of depth drawings."""
    pdf = pikepdf.new()
    form = pdf.make_stream(b"0 0 1 1 re f")
    for _ in range(depth):
        form = pdf.make_stream(
            b"/F Do /F Do",
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Form,
            BBox=[0, 0, 600, 800],
            Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form)),
        )
    page = pdf.add_blank_page(page_size=(595, 842))
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
    page.obj.Contents = pdf.make_stream(b"/F Do")
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def made_files() -> dict[str, bytes]:
    page = draw_lines(("Căn cứ Luật", "Tổ chức chính quyền"), (600, 300), 30)
    sound = {kind: encode(page.convert("RGB"), kind) for kind in ("PNG", "JPEG", "TIFF", "JPEG2000")}
    sound |= {f"pdf {kind}": data for kind, data in pdf_files(page).items() if kind in ("jpx", "jbig2", "group 4")}
    broken = {f"{kind} {seed}": flipped(data, seed) for kind, data in sound.items() for seed in range(4)}
    one_bit = Image.new("1", (1, 1), 1)
    return broken | {
        "empty": b"",
        "pixel.png": encode(one_bit, "PNG"),
        "wide.png": encode(Image.new("L", (30_000, 1), 255), "PNG"),
        "high.png": encode(Image.new("L", (1, 30_000), 0), "PNG"),
        "within.png": bomb(6_000, 6_000),
        "bomb.png": bomb(60_000, 6_000),
        "nested.pdf": nested_pdf(40),
        "text.pdf": b"%PDF-1.7 nothing else",
    }


@needs_font
@pytest.mark.timeout(900)
def test_files_made_to_break_readers_are_read_or_refused_by_name(tmp_path: Path) -> None:
    files = []
    for name, data in made_files().items():
        files.append(tmp_path / name.replace(" ", "_"))
        files[-1].write_bytes(data)
    rows = {Path(row["file"]).name: row for row in read_all(files, tmp_path, seconds=12)}
    assert_all_named(list(rows.values()))
    assert rows["bomb.png"]["error"]["code"] == "limit_exceeded"
    assert rows["empty"]["error"]["code"] == "empty_file"
    assert rows["within.png"]["pages"][0]["width"] == 6_000
    assert [name for name, row in rows.items() if "pages" not in row and "error" not in row] == []
