"""Search records for tests, and readers who look for them."""

from __future__ import annotations

from dataclasses import replace

from core.labels import AccessLabel, Clearance, Grant, Role, Secrecy, Sensitivity, Visibility
from core.recognition import RecognizedLine, RecognizedWord
from indexing.backend import SearchBackend, SearchQuery
from indexing.records import SearchPage, SearchRecord, page_record

OPEN = AccessLabel("u1", Secrecy.THUONG, Sensitivity.PUBLIC, Visibility.PUBLISHED)
READER = Clearance(
    "reader", (Grant(Role.SEARCHER, frozenset({"u1"})),), Secrecy.THUONG, sensitivity=Sensitivity.INTERNAL
)


def make_page(number: int, text: str) -> SearchPage:
    """A page of these lines, with a box for each word."""
    lines = [
        RecognizedLine(
            tuple(RecognizedWord(word, 0.9, (10 * x, 10 * y, 10 * x + 9, 10 * y + 8)) for x, word in enumerate(words)),
            (0, 10 * y, 10 * len(words), 10 * y + 8),
        )
        for y, words in enumerate(line.split() for line in text.split("\n"))
    ]
    return page_record(f"page{number}", number, lines, 800, 600)


def make_record(document_id: str, *pages: str, title: str = "", number: str = "", **more: object) -> SearchRecord:
    """A document that everybody in its unit may read, with these pages."""
    record = SearchRecord(
        document_id=document_id,
        revision=1,
        label=OPEN,
        title=title,
        number_symbol=number,
        pages=tuple(make_page(at + 1, text) for at, text in enumerate(pages)),
    )
    return replace(record, **more)  # type: ignore[arg-type]


def find(backend: SearchBackend, text: str, reader: Clearance | None = READER) -> list[str]:
    """Ids of what this reader finds, in order."""
    return [hit.document_id for hit in backend.search(reader, SearchQuery(text)).hits]
