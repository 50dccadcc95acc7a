"""A parsed query as expressions over the index's columns: what must match, and what raises a document's rank.

Each backend renders the expressions in its own language. Points are fixed, never computed from how rare a word is
(BM25's idf and mean length): those figures come from all documents, so that the order of hits would tell of documents
that the reader may not read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from indexing.analysis import shingles
from indexing.query import Clause, ParsedQuery, Term

# Three tiers, each above all that the lesser points can add up to: the document of that number, then all words with
# the tones that were typed, then all words as typed but for tones; variants and abbreviations come last.
NUMBER_POINTS = 10_000
EXACT_POINTS = 2_000
TYPED_POINTS = 1_000

_MENTION_POINTS = 5
_WORD_POINTS = (("head", 4), ("often", 1))
_EXACT_WORD_POINTS = (("head_exact", 4), ("exact", 3))
_PAIR_POINTS = (("head", 3), ("folded", 2))
_OFTEN_PAIR_POINTS = 1
_EXACT_PAIR_POINTS = (("exact", 2),)
_RUN_POINTS = (("head", 8), ("folded", 6))


@dataclass(frozen=True, slots=True)
class Phrase:
    """These words, one or more, stand next to each other in the column."""

    column: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of the ways matches. Never empty."""

    ways: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part matches. Never empty."""

    parts: tuple[Expression, ...]


Expression = Phrase | AnyOf | AllOf


@dataclass(frozen=True, slots=True)
class Signal:
    """A document that matches the expression gets the points."""

    expression: Expression
    points: int


def any_of(ways: Iterable[Expression]) -> Expression:
    """One of them, each named once."""
    once = tuple(dict.fromkeys(ways))
    return once[0] if len(once) == 1 else AnyOf(once)


def all_of(parts: Iterable[Expression]) -> Expression:
    """All of them, each named once."""
    once = tuple(dict.fromkeys(parts))
    return once[0] if len(once) == 1 else AllOf(once)


def _typed(clause: Clause, column: str) -> Expression:
    exact = column.endswith("exact")
    return all_of(Phrase(column, term.exact if exact else term.folded) for term in clause.terms)


def _clause(clause: Clause) -> Expression:
    ways = [_typed(clause, "folded")]
    ways += [Phrase("folded", other) for other in clause.others]
    ways += [Phrase(column, (key,)) for key in clause.numbers for column in ("number", "mentions")]
    return any_of(ways)


def required(query: ParsedQuery) -> Expression | None:
    """What a document must match; None where nothing is required."""
    if not query.clauses:
        return None
    every = all_of(_clause(clause) for clause in query.clauses)
    return any_of([every, Phrase("number", (query.number,))]) if query.number else every


def forbidden(query: ParsedQuery) -> Expression | None:
    """What a document must not match; None where nothing is excluded. Tones that were typed count."""
    ways = [Phrase("exact", term.exact) if term.toned else Phrase("folded", term.folded) for term in query.excluded]
    return any_of(ways) if ways else None


def _tiers(query: ParsedQuery) -> list[Signal]:
    tiers = [Signal(all_of(_typed(clause, "folded") for clause in query.clauses), TYPED_POINTS)]
    if query.toned:
        tiers.append(Signal(all_of(_typed(clause, "exact") for clause in query.clauses), EXACT_POINTS))
    numbers = [key for clause in query.clauses for key in clause.numbers] + ([query.number] if query.number else [])
    if numbers:
        tiers.append(Signal(any_of(Phrase("number", (key,)) for key in numbers), NUMBER_POINTS))
        tiers.append(Signal(any_of(Phrase("mentions", (key,)) for key in numbers), _MENTION_POINTS))
    return tiers


def _word_signals(query: ParsedQuery) -> list[Signal]:
    columns = _WORD_POINTS + (_EXACT_WORD_POINTS if query.toned else ())
    return [Signal(_typed(clause, column), points) for clause in query.clauses for column, points in columns]


def _run_signals(run: Term, toned: bool) -> list[Signal]:
    signals = [Signal(Phrase("often", (pair,)), _OFTEN_PAIR_POINTS) for pair in shingles(run.folded)]
    for at in range(len(run.folded) - 1):
        folded, exact = run.folded[at : at + 2], run.exact[at : at + 2]
        signals += [Signal(Phrase(column, folded), points) for column, points in _PAIR_POINTS]
        if toned:
            signals += [Signal(Phrase(column, exact), points) for column, points in _EXACT_PAIR_POINTS]
    if len(run.folded) > 2:
        signals += [Signal(Phrase(column, run.folded), points) for column, points in _RUN_POINTS]
    return signals


def signals(query: ParsedQuery) -> tuple[Signal, ...]:
    """What raises a document's rank, each expression once."""
    if not query.clauses:
        return ()
    every = _tiers(query) + _word_signals(query)
    for run in query.runs:
        every += _run_signals(run, query.toned)
    return tuple(dict.fromkeys(every))
