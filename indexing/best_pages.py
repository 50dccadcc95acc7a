"""Which pages of a document are shown with it, the same on every backend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nsmallest

from indexing.query import Clause, ParsedQuery

MOST_SNIPPETS = 3
CANDIDATES = 32
"""Of a document with more pages that fit equally well, only so many are compared by how often the words come."""


@dataclass(frozen=True, slots=True)
class PageTokens:
    """A page's tokens as `PageColumns` has them. `key` is the backend's own, ascending in the order of pages."""

    key: int
    number: int
    exact: str
    folded: str


@dataclass(frozen=True, slots=True)
class _Rank:
    """Clauses found with the tones that were typed, clauses found, occurrences."""

    exact: int
    found: int
    occurrences: int


def best_pages(pages: Iterable[PageTokens], query: ParsedQuery) -> list[PageTokens]:
    """The pages that fit the query best, best first; none in which nothing of it stands."""
    ranked = [(_rank(page, query), page) for page in pages]
    fitting = nsmallest(
        CANDIDATES,
        ((rank, page) for rank, page in ranked if rank.found),
        key=lambda one: (-one[0].exact, -one[0].found, one[1].number, one[1].key),
    )
    fitting.sort(key=lambda one: (-one[0].exact, -one[0].found, -one[0].occurrences, one[1].number, one[1].key))
    return [page for _, page in fitting[:MOST_SNIPPETS]]


def _rank(page: PageTokens, query: ParsedQuery) -> _Rank:
    counts = [_count(page, clause) for clause in query.clauses]
    exact = [query.toned and _is_exact(page, clause) for clause in query.clauses]
    mentioned = bool(query.number) and _occurrences(page.folded, (query.number,)) > 0
    return _Rank(sum(exact), sum(count > 0 for count in counts) + mentioned, sum(counts))


def _count(page: PageTokens, clause: Clause) -> int:
    """How often a word of the clause stands there as typed; where none does, what may stand for it."""
    count = sum(_occurrences(page.folded, term.folded) for term in clause.terms)
    if count:
        return count
    return sum(_occurrences(page.folded, words) for words in (*clause.others, *((key,) for key in clause.numbers)))


def _is_exact(page: PageTokens, clause: Clause) -> bool:
    return all(_occurrences(page.exact, term.exact) for term in clause.terms)


def _occurrences(tokens: str, words: tuple[str, ...]) -> int:
    return tokens.count(f" {' '.join(words)} ")
