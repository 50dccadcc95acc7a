"""What is made to crash, hang or eat memory ends one process, is named, and costs the next page nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from core.errors import (
    DamagedFile,
    LimitExceeded,
    OffsetMismatch,
    ReadingFailed,
    SplitFailed,
)
from core.process_errors import MemoryLimit, ProcessDied, TimeLimit
from ingest.checks import Limits, inspect_file
from ingest.isolation import Bounds, IsolatedPool, IsolatedProcess
from ingest.splitting import take_page
from tests.layered_pdfs import A4, draw_lines

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX")


@pytest.fixture
def process() -> Iterator[IsolatedProcess]:
    made = IsolatedProcess(Bounds(seconds=20, megabytes=900))
    yield made
    made.close()


def test_results_and_named_errors_come_back_whole(process: IsolatedProcess, tmp_path: Path) -> None:
    assert process.call(sum, [1, 2, 3]) == 6
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7 torn")
    with pytest.raises(DamagedFile, match=r"a\.pdf.*Scan or export it again"):
        process.call(inspect_file, path, Limits())
    with pytest.raises(LimitExceeded):
        process.call(inspect_file, path, Limits(max_bytes=3))


@pytest.mark.parametrize("error", [SplitFailed("torn", 3, "again"), OffsetMismatch(7), ReadingFailed("x", "y")])
def test_errors_keep_what_they_carry(process: IsolatedProcess, error: Exception) -> None:
    back = process.call(_same, error)
    assert (type(back), str(back), vars(back)) == (type(error), str(error), vars(error))


def _same(error: Exception) -> Exception:
    return error


def test_an_unexpected_error_is_named_and_shows_where_it_arose(process: IsolatedProcess) -> None:
    with pytest.raises(ReadingFailed, match="Unexpected ValueError: invalid literal") as caught:
        process.call(int, "x")
    assert "Traceback" in caught.value.__notes__[0]
    assert process.call(int, "4") == 4


@posix
@pytest.mark.parametrize(
    ("work", "arguments", "name"),
    [(os.abort, (), "SIGABRT"), (os._exit, (3,), "exit code 3"), (signal.raise_signal, (signal.SIGSEGV,), "SIGSEGV")],
)
def test_a_crash_is_named_and_the_next_call_starts_anew(
    process: IsolatedProcess, work: Callable[..., object], arguments: tuple[int, ...], name: str
) -> None:
    with pytest.raises(ProcessDied, match=name):
        process.call(work, *arguments)
    assert process.call(len, "abc") == 3


def test_a_hang_ends_at_its_limit(process: IsolatedProcess) -> None:
    started = time.monotonic()
    with pytest.raises(TimeLimit, match=r"longer than 0\.5 seconds"):
        process.call(time.sleep, 60, bounds=Bounds(0.5, 900))
    assert time.monotonic() - started < 5
    assert process.call(len, "abc") == 3


@posix
def test_memory_is_bounded(process: IsolatedProcess) -> None:
    with pytest.raises(MemoryLimit, match="SOHOA_PAGE_MEGABYTES"):
        process.call(np.ones, 150_000_000)
    assert process.call(len, "abc") == 3


@posix
def test_a_child_whose_parent_is_killed_ends_too() -> None:
    code = (
        "import os, time\nfrom ingest.isolation import *\n"
        "p = IsolatedProcess(Bounds(60, 900)); print(p.call(os.getpid), flush=True); time.sleep(60)"
    )
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=root) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    psutil.wait_procs([child], timeout=10)
    assert not child.is_running()


def test_a_pool_goes_on_when_some_of_its_work_dies() -> None:
    with IsolatedPool(2, Bounds(20, 900)) as pool:
        begun = [pool.submit(os._exit, 1) if number % 3 == 0 else pool.submit(abs, -number) for number in range(9)]
        outcomes = [one.exception() or one.result() for one in begun]
    assert [type(one) for one in outcomes[::3]] == [ProcessDied] * 3
    assert outcomes[1] == 1 and outcomes[8] == 8


def test_a_page_of_a_file_that_changed_is_not_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    for size in ((200, 300), A4):
        draw_lines(("chữ",), size).save(path)
        page = take_page(path, "image/png", Limits(), 1)
        assert (page.width, page.height) == size
