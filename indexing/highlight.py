"""Where a query's words stand in a text, by the same analysis that found the document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from core.recognition import Box
from indexing.analysis import Token, analyze, find_numbers
from indexing.backend import Mark, Snippet
from indexing.query import Clause, ParsedQuery
from indexing.records import PageWord, SearchPage

SNIPPET_LENGTH = 240
_LEAD = 40
"""Characters of a snippet before its first mark."""


def _sequences(tokens: Sequence[Token], forms: Sequence[str], wanted: Sequence[str]) -> Iterator[Mark]:
    length = len(wanted)
    for at, form in enumerate(forms):
        if form == wanted[0] and list(forms[at : at + length]) == list(wanted):
            yield tokens[at].start, tokens[at + length - 1].end


def _clause_marks(text: str, tokens: Sequence[Token], clause: Clause, toned: bool) -> list[Mark]:
    folded = [token.folded for token in tokens]
    marks: list[Mark] = []
    for term in clause.terms:
        found = list(_sequences(tokens, [token.exact for token in tokens], term.exact)) if toned else []
        marks += found or _sequences(tokens, folded, term.folded)
    if not marks:
        marks = [mark for other in clause.others for mark in _sequences(tokens, folded, other)]
    if clause.numbers:
        marks += [(start, end) for start, end, keys in find_numbers(text) if not set(keys).isdisjoint(clause.numbers)]
    return marks


def _merge(marks: list[Mark]) -> tuple[Mark, ...]:
    merged: list[Mark] = []
    for start, end in sorted(marks):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def find_marks(text: str, query: ParsedQuery) -> tuple[Mark, ...]:
    """What to mark in normalised text: in order, none overlapping.

    For each word the occurrences with the tones that were typed, where there are any; else those without; else its
    variants.
    """
    tokens = analyze(text)
    marks = [mark for clause in query.clauses for mark in _clause_marks(text, tokens, clause, query.toned)]
    if query.number:
        marks += [(start, end) for start, end, keys in find_numbers(text) if query.number in keys]
    return _merge(marks)


def find_boxes(words: Sequence[PageWord], marks: Sequence[Mark]) -> tuple[Box, ...]:
    """Boxes of the words that any mark touches, in reading order."""
    return tuple(word.box for word in words if any(start < word.end and word.start < end for start, end in marks))


def mark_page(page: SearchPage, query: ParsedQuery) -> tuple[Box, ...]:
    """Boxes of all words on the page image that the query meant."""
    return find_boxes(page.words, find_marks(page.text, query))


def _window(text: str, marks: Sequence[Mark]) -> Mark:
    """The stretch of text that holds most marks, the first such; cut between words."""
    reach = SNIPPET_LENGTH - _LEAD
    first = max(marks, key=lambda mark: (sum(mark[0] <= start < mark[0] + reach for start, _ in marks), -mark[0]))
    start = max(first[0] - _LEAD, 0)
    end = min(max(start + SNIPPET_LENGTH, first[1]), len(text))
    tokens = analyze(text[start:end])
    if start and text[start - 1].isalnum():
        start += next((token.start for token in tokens[1:]), 0)
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum() and end > first[1]:
        end -= 1
    return start, end


def make_snippet(page: SearchPage, marks: Sequence[Mark]) -> Snippet:
    """The page's best stretch of about 240 characters on one line, with its marks and their boxes."""
    start, end = _window(page.text, marks)
    inside = [mark for mark in marks if start <= mark[0] and mark[1] <= end]
    return Snippet(
        page.page_id,
        page.number,
        page.text[start:end].replace("\n", " "),
        tuple((mark[0] - start, mark[1] - start) for mark in inside),
        find_boxes(page.words, inside),
    )


def make_snippets(pages: Iterable[SearchPage], query: ParsedQuery) -> tuple[Snippet, ...]:
    """One of each page on which something is to be marked, in the order given."""
    marked = ((page, find_marks(page.text, query)) for page in pages)
    return tuple(make_snippet(page, marks) for page, marks in marked if marks)
