"""A process that may die: decoders and engines run in it, so that a file made to crash or hang them costs one page.

A child is a fresh interpreter, never a fork, for OCR runtimes do not survive one. Calls travel to it as pickles over
its standard input, results come back over its standard output.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import LifoQueue
from typing import BinaryIO, Self, TypeVar, cast

from core.errors import ReadingFailed, SohoaError
from core.process_errors import MemoryLimit, ProcessDied, TimeLimit

if sys.platform != "win32":
    import resource

Result = TypeVar("Result")

_ROOT = Path(__file__).resolve().parents[1]
_SERVE = "from ingest.isolation import serve; serve()"
_ADVICE = "Scan the page again, or look at it and type it."
_BEGUN = "begun"
"""What the child says when it knows what to do and has imported it; the time of the work counts from there."""
_STARTING = 120
"""Most seconds until then."""
_GRACE = 5
"""Seconds after which a child whose parent is gone ends itself."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Most seconds of one call, and most megabytes of the process; megabytes count on POSIX only."""

    seconds: float
    megabytes: int


class IsolatedProcess:
    """One child, started at the first call and again after it died. Calls from several threads wait for each other."""

    def __init__(self, bounds: Bounds) -> None:
        """bounds: of a call that names none of its own."""
        self._bounds = bounds
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def call(self, work: Callable[..., Result], *arguments: object, bounds: Bounds | None = None) -> Result:
        """`work(*arguments)` in the child. work: a function at the top of its module.

        Raises what the work raises if it is a named error, ReadingFailed for any other of its errors, ProcessDied,
        TimeLimit, MemoryLimit.
        """
        bounds = bounds or self._bounds
        with self._lock:
            if self._child is not None and self._child.poll() is not None:
                self._stop()  # the system ended it while it had nothing to do
            child = self._child = self._child or _start()
            late = threading.Event()
            try:
                with _ended_after(child, _STARTING, late):
                    _send(cast(BinaryIO, child.stdin), (bounds, work, arguments))
                    pickle.load(cast(BinaryIO, child.stdout))
                with _ended_after(child, bounds.seconds, late):
                    answer = pickle.load(cast(BinaryIO, child.stdout))
            except (EOFError, OSError, pickle.UnpicklingError) as error:
                self._stop()
                raise _name_death(child, late.is_set(), bounds.seconds) from error
            if isinstance(answer, MemoryLimit) or late.is_set():
                self._stop()  # what the child still holds is not known; or it is ended after it answered
        if isinstance(answer, SohoaError):
            raise answer
        return cast(Result, cast(_Value, answer).value)

    def close(self) -> None:
        """Ends the child."""
        with self._lock:
            self._stop()

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):  # of a call that was not sent to its end
                    stream.close()
        child.wait()


@dataclass(frozen=True, slots=True)
class _Value:
    """A result as it crosses, told apart from an error."""

    value: object


def _start() -> subprocess.Popen[bytes]:
    path = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.Popen(
        [sys.executable, "-c", _SERVE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
    )


@contextlib.contextmanager
def _ended_after(child: subprocess.Popen[bytes], seconds: float, late: threading.Event) -> Iterator[None]:
    """Ends the child if the block takes longer."""

    def end() -> None:
        late.set()
        child.kill()

    timer = threading.Timer(seconds, end)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _send(stream: BinaryIO, message: object) -> None:
    pickle.dump(message, stream, pickle.HIGHEST_PROTOCOL)
    stream.flush()


def _name_death(child: subprocess.Popen[bytes], late: bool, seconds: float) -> ReadingFailed:
    if late or (sys.platform != "win32" and child.returncode == -signal.SIGALRM):
        return TimeLimit(f"It took longer than {seconds:g} seconds and was ended.", _ADVICE)
    return ProcessDied(f"The process that worked on it died ({_describe_end(child.returncode)}).", _ADVICE)


def _describe_end(code: int | None) -> str:
    if code is None or code >= 0:
        return f"exit code {code}"
    return signal.Signals(-code).name


def serve() -> None:
    """The child's life: answers calls until its standard input ends. Its own output goes to standard error."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")  # of doubtful metadata: what matters is whether the page is read
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent, whose end is noticed here
    while True:
        try:
            bounds, work, arguments = pickle.load(requests)
        except EOFError:
            return
        _send(answers, _BEGUN)
        _limit_memory(bounds.megabytes)
        _set_alarm(bounds.seconds + _GRACE)
        answer = _answer(work, arguments)
        _set_alarm(0)
        _send(answers, answer)


def _answer(work: Callable[..., object], arguments: tuple[object, ...]) -> object:
    try:
        return _Value(work(*arguments))
    except SohoaError as error:
        return error
    except MemoryError:
        return MemoryLimit("It needs more memory than SOHOA_PAGE_MEGABYTES allows.", "Scan at a lower resolution.")
    except Exception as error:  # noqa: BLE001  # the process's boundary: it lives on, the parent learns what it was
        unexpected = ReadingFailed(f"Unexpected {type(error).__name__}: {error}".replace("\n", " ")[:400], _ADVICE)
        unexpected.add_note("".join(traceback.format_exception(error)))
        return unexpected


def _limit_memory(megabytes: int) -> None:
    """Of data, not of addresses: drivers of graphics cards reserve more of those than there is memory."""
    if sys.platform != "win32":
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        wanted = megabytes << 20
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _set_alarm(seconds: float) -> None:
    """The system ends the process then, even inside a decoder, should the parent be gone."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


class IsolatedPool:
    """Several such processes, each driven by a thread. Closing it waits for what was begun."""

    def __init__(self, size: int, bounds: Bounds) -> None:
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="isolated")
        self._free: LifoQueue[IsolatedProcess] = LifoQueue()
        self._processes = [IsolatedProcess(bounds) for _ in range(size)]
        for process in self._processes:
            self._free.put(process)

    def submit(self, work: Callable[..., Result], *arguments: object, bounds: Bounds | None = None) -> Future[Result]:
        """`work(*arguments)` in one of the processes, as `IsolatedProcess.call`."""

        def run() -> Result:
            process = self._free.get()  # there are as many as threads; the last used is the warmest
            try:
                return process.call(work, *arguments, bounds=bounds)
            finally:
                self._free.put(process)

        return self._threads.submit(run)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(cancel_futures=True)
        for process in self._processes:
            process.close()
