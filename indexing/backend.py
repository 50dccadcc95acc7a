"""The interface of a search backend, and what is asked of it and answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from core.errors import QueryRefused
from core.labels import Clearance
from core.recognition import Box
from indexing.records import SearchRecord

LARGEST_PAGE = 100
FURTHEST_HIT = 10_000
MOST_FACETS = 50

Mark = tuple[int, int]
"""Start and end (exclusive) of marked characters."""


class Sort(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is searched for. Empty text finds everything that the filters leave; `page` counts from 1.

    Raises QueryRefused for a page that is too large or too far away.
    """

    text: str = ""
    record_type: str | None = None
    type_code: str | None = None
    issuer: str | None = None
    year: int | None = None
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    size: int = 20

    def __post_init__(self) -> None:
        if not 1 <= self.size <= LARGEST_PAGE:
            raise QueryRefused(f"{self.size} hits a page.", f"Ask for 1 to {LARGEST_PAGE}.")
        if self.page < 1 or self.page * self.size > FURTHEST_HIT:
            raise QueryRefused(
                f"Page {self.page}.", f"Only the first {FURTHEST_HIT} hits are listed: narrow the search."
            )


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a page's text, not escaped. `marks`: offsets into it. `boxes`: of the marked words on the image."""

    page_id: str
    page_number: int
    text: str
    marks: tuple[Mark, ...]
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A document that was found, in the content that this reader may see."""

    document_id: str
    revision: int
    score: float
    title: str
    title_marks: tuple[Mark, ...]
    record_type: str
    type_code: str
    issuer: str
    number_symbol: str
    issued_on: date | None
    abstract: str
    place: str
    snippets: tuple[Snippet, ...]


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many of the found documents have this value."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts within the found documents, most frequent first, at most MOST_FACETS each. Empty values are left out."""

    record_types: tuple[FacetCount, ...] = ()
    type_codes: tuple[FacetCount, ...] = ()
    issuers: tuple[FacetCount, ...] = ()
    years: tuple[FacetCount, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResults:
    """`total`: all found documents that this reader may read. `took_ms`: wall time in the backend."""

    total: int
    hits: tuple[SearchHit, ...]
    facets: Facets
    took_ms: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What the index holds of a document: its revision, and whether it was removed with it."""

    revision: int
    gone: bool


class SearchWriter(Protocol):
    """Takes records and removals.

    Call it with what the records say at that moment, read before the call: a rebuild that begins later reads them too.
    Every method raises SearchUnavailable when the index is down: nothing is lost if the call is repeated later.
    """

    def write(self, records: Sequence[SearchRecord]) -> int:
        """Takes the records and returns how many were taken: none over a newer revision or removal.

        At the same revision a removal stands and a record is replaced. Each record is taken whole or not at all.
        Raises SearchRefused, naming those that the index can never take; the others may have been taken.
        """

    def remove(self, document_id: str, revision: int) -> bool:
        """Removes the document unless a newer revision stands; leaves a tombstone, so that no late write revives it."""


class SearchBackend(SearchWriter, Protocol):
    """A search index: disposable, rebuilt from the records. Every method raises SearchUnavailable when it is down.

    What was written is found within a second or two, what was removed is found no more when the call returns.
    """

    def search(self, clearance: Clearance | None, query: SearchQuery) -> SearchResults:
        """What this reader finds. Nothing in the answer depends on documents that they may not read.

        Raises QueryRefused.
        """

    def refresh(self) -> None:
        """Has everything found that was written before the call."""

    def rebuild(self) -> AbstractContextManager[SearchWriter]:
        """Makes the index anew. The block fills it through the writer that it gets, from the records read within it.

        Meanwhile others search and write. When the block ends the index holds what was written since it began, by
        anybody, and nothing else; when it raises, what stood before still stands. A rebuild that begins while another
        is under way takes its place.
        """

    def compact(self) -> None:
        """Leaves nothing of removed documents in the index's files. Takes as long as the index is large."""

    def revisions(self) -> Iterator[tuple[str, int]]:
        """Every document that stands in the index with its revision, by ascending id, a portion at a time."""

    def standing(self, document_id: str) -> Standing | None:
        """What the index holds of this document at this moment; None if it never heard of it."""

    def close(self) -> None:
        """Gives up the connections."""
