"""How fast the embedded search index is built and answers: `python -m benchmarks.search [documents]`."""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from core.labels import AccessLabel, Clearance, Grant, Role, Secrecy, Sensitivity, Visibility
from core.recognition import RecognizedLine, RecognizedWord
from indexing.backend import SearchQuery
from indexing.fts5 import Fts5Backend
from indexing.records import SearchRecord, page_record

UNITS = tuple(f"unit{number}" for number in range(20))
WORDS_A_DOCUMENT = 300
BATCH = 500
ROUNDS = 5
_ONSETS = (*"bcdđghklmnqtvx", "ch", "kh", "ng", "nh", "ph", "th", "tr")
_RIMES = (*"aáàạeêioóuủyý", "an", "án", "anh", "ảnh", "ao", "ấp", "én", "ến", "ính", "iệc", "iện", "ong", "ộng", "ương")
QUERIES = (
    "quyết định",
    "ủy ban nhân dân",
    "uy ban nhan dan",
    "UBND",
    "15/QĐ-BNV",
    "03khbcd",
    '"ban chỉ đạo"',
    "về việc ban hành quyết định của ủy ban nhân dân",
    "quyết định -kế",
    "",
)


def make_record(random_: random.Random, number: int) -> SearchRecord:
    """A document of about 300 words: invented syllables, rare ones and common ones, and set phrases of offices."""
    phrases = ("quyết định", "ủy ban nhân dân", "ban chỉ đạo", "về việc", "ban hành", "của", "và", "kế hoạch", "ngày")
    words: list[str] = []
    while len(words) < WORDS_A_DOCUMENT:
        invented = random_.choice(_ONSETS) + random_.choice(_RIMES)
        words += random_.choice(phrases).split() if random_.random() < 0.1 else [invented]
    lines = [
        RecognizedLine(
            tuple(
                RecognizedWord(word, 0.9, (100 + 90 * x, 40 * y, 180 + 90 * x, 40 * y + 30))
                for x, word in enumerate(words[y * 12 : y * 12 + 12])
            ),
            (100, 40 * y, 1300, 40 * y + 30),
        )
        for y in range(len(words) // 12)
    ]
    return SearchRecord(
        document_id=f"{number:032x}",
        revision=1,
        label=AccessLabel(random_.choice(UNITS), Secrecy.THUONG, Sensitivity.INTERNAL, Visibility.PUBLISHED),
        title=" ".join(words[:10]),
        record_type="administrative",
        type_code=random_.choice(("QĐ", "KH", "BC")),
        issuer=f"Sở {number % 30}",
        number_symbol=f"{number % 400}/QĐ-BNV",
        issued_on=date(2015, 1, 1) + timedelta(days=number % 4000),
        pages=(page_record(f"p{number}", 1, lines, 1600, 2300),),
    )


def measure(backend: Fts5Backend, clearance: Clearance, text: str) -> tuple[float, float, int]:
    """Median and longest milliseconds of a search, and how many documents it finds."""
    times = []
    total = 0
    for _ in range(ROUNDS):
        started = time.perf_counter()
        total = backend.search(clearance, SearchQuery(text)).total
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times), max(times), total


def main() -> None:
    """Builds the index in a folder that is thrown away, and prints the timings."""
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    random_ = random.Random(7)
    readers = {
        "all units": Clearance("all", (Grant(Role.SEARCHER, frozenset(UNITS)),), Secrecy.MAT, Sensitivity.PERSONAL),
        "one unit": Clearance("one", (Grant(Role.SEARCHER, frozenset(UNITS[:1])),), Secrecy.MAT, Sensitivity.PERSONAL),
    }
    with tempfile.TemporaryDirectory() as folder:
        backend = Fts5Backend(Path(folder) / "search.db")
        seconds = 0.0
        for start in range(0, documents, BATCH):
            records = [make_record(random_, number) for number in range(start, min(start + BATCH, documents))]
            started = time.perf_counter()
            backend.write(records)
            seconds += time.perf_counter() - started
        size = sum(file.stat().st_size for file in Path(folder).iterdir())
        print(f"write: {documents} documents in {seconds:.1f} s, {documents / seconds:.0f}/s, {size / 1e6:.0f} MB")
        for name, clearance in readers.items():
            figures = [(text, *measure(backend, clearance, text)) for text in QUERIES]
            print(f"{name}: p50 {statistics.median(figure[1] for figure in figures):.1f} ms")
            for text, median, longest, total in figures:
                print(f"  {median:7.1f} ms  longest {longest:7.1f}  {total:6} found  {text!r}")


if __name__ == "__main__":
    main()
