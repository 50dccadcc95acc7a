"""Building, searching and keeping up: both search backends with the same documents and the same questions."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from unittest.mock import patch

from benchmarks.scale_records import Documents, make_readers
from core.labels import Clearance
from indexing import fts5
from indexing.access_filter import Condition
from indexing.backend import SearchBackend, SearchQuery
from indexing.opensearch import backend as opensearch
from indexing.opensearch.access_filter import AccessFilter
from indexing.opensearch.connection import Json
from indexing.records import Audience, SearchRecord

_DOCUMENTS_A_WRITE = 200
_ROUNDS = 7
_LAG_TRIES = 20
QUERIES = (
    "quyết định",
    "ủy ban nhân dân",
    "uy ban nhan dan",
    "UBND",
    "chuyển đổi số",
    "cải cách hành chính",
    "15/QĐ-UBND",
    "127-QĐ/TU",
    '"trên địa bàn tỉnh"',
    "nguyễn văn",
    "tỷ lệ thực hiện đạt",
    "kế hoạch công tác năm 2024",
    "hoàn thành nhiệm vụ -báo",
    "",
)


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds over all questions and rounds."""

    p50: float
    p95: float


def build(backend: SearchBackend, documents: Documents, pages: int) -> tuple[int, float]:
    """Writes records of so many pages; answers how many documents they are and the seconds of writing alone."""
    records, count, seconds = documents.make(pages), 0, 0.0
    while portion := list(islice(records, _DOCUMENTS_A_WRITE)):
        started = time.perf_counter()
        backend.write(portion)
        seconds += time.perf_counter() - started
        count += len(portion)
    started = time.perf_counter()
    backend.refresh()
    return count, seconds + time.perf_counter() - started


def measure_lag(backend: SearchBackend, template: SearchRecord) -> Latency:
    """From the call that writes a document to the moment at which a search finds it."""
    reader = make_readers()["all units"]
    times = []
    for number in range(_LAG_TRIES):
        word = f"dauhieu{number:04d}"
        started = time.perf_counter()
        label = replace(template.label, unit_id="unit000")
        backend.write([replace(template, document_id=f"lag{number:029d}", title=word, label=label)])
        while not backend.search(reader, SearchQuery(word)).total:
            time.sleep(0.005)
        times.append((time.perf_counter() - started) * 1000)
    return _latency(times)


def measure_searches(backend: SearchBackend, clearance: Clearance) -> tuple[Latency, Latency]:
    """All questions with the access filter, and without it; each some times, its first answer not counted.

    The two take turns, so that what else the machine does meanwhile slows both.
    """
    filtered, free = [], []
    for text in QUERIES:
        for number in range(_ROUNDS + 1):
            took = _time_search(backend, clearance, text)
            with without_filter():
                took_free = _time_search(backend, clearance, text)
            if number:
                filtered.append(took)
                free.append(took_free)
    return _latency(filtered), _latency(free)


def _time_search(backend: SearchBackend, clearance: Clearance, text: str) -> float:
    started = time.perf_counter()
    backend.search(clearance, SearchQuery(text))
    return (time.perf_counter() - started) * 1000


def _latency(times: list[float]) -> Latency:
    return Latency(statistics.median(times), statistics.quantiles(times, n=20)[-1])


@contextmanager
def without_filter() -> Iterator[None]:
    """Searches as if everybody might read everything: what the filter costs is told by the difference."""
    with ExitStack() as patches:
        patches.enter_context(patch.object(fts5, "access_condition", lambda _clearance: _ALL))
        patches.enter_context(patch.object(opensearch, "access_filter", lambda _clearance: _EVERYTHING))
        yield


class _Unfiltered(AccessFilter):
    """Every document, in full."""

    def within(self, path: str) -> Json:
        """See AccessFilter."""
        return {"terms": {f"{path}.audience": _IN_FULL}}

    def is_for(self, audience: str, _holder: str) -> bool:
        """See AccessFilter."""
        return audience in _IN_FULL


_IN_FULL = [str(Audience.EVERYONE), str(Audience.FULL)]
_ALL = Condition("audience IN ('everyone', 'full')", {})
_EVERYTHING = _Unfiltered({"match_all": {}}, frozenset())
