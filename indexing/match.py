"""A parsed query as FTS5 expressions: what must match, and what raises a document's rank.

Points are fixed, never computed from how rare a word is (BM25's idf and mean length): those figures come from all
documents, so that the order of hits would tell of documents that the reader may not read.
"""

from __future__ import annotations

from collections.abc import Sequence
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
class Signal:
    """A document that matches the FTS5 expression gets the points."""

    expression: str
    points: int


def _phrase(column: str, words: Sequence[str]) -> str:
    # Words come from the analysis: letters and digits alone, so that nothing needs escaping within the quotes.
    return f'({column} : "{" ".join(words)}")'


def _any(expressions: Sequence[str]) -> str:
    return f"({' OR '.join(dict.fromkeys(expressions))})"


def _all(expressions: Sequence[str]) -> str:
    return f"({' AND '.join(dict.fromkeys(expressions))})"


def _typed(clause: Clause, column: str) -> str:
    exact = column.endswith("exact")
    return _all([_phrase(column, term.exact if exact else term.folded) for term in clause.terms])


def _clause(clause: Clause) -> str:
    ways = [_typed(clause, "folded")]
    ways += [_phrase("folded", other) for other in clause.others]
    ways += [_phrase(column, (key,)) for key in clause.numbers for column in ("number", "mentions")]
    return _any(ways)


def required(query: ParsedQuery) -> str:
    """What a document must match; empty where nothing is required."""
    if not query.clauses:
        return ""
    every = _all([_clause(clause) for clause in query.clauses])
    return _any([every, _phrase("number", (query.number,))]) if query.number else every


def forbidden(query: ParsedQuery) -> str:
    """What a document must not match; empty where nothing is excluded. Tones that were typed count."""
    ways = [_phrase("exact", term.exact) if term.toned else _phrase("folded", term.folded) for term in query.excluded]
    return _any(ways) if ways else ""


def _tiers(query: ParsedQuery) -> list[Signal]:
    tiers = [Signal(_all([_typed(clause, "folded") for clause in query.clauses]), TYPED_POINTS)]
    if query.toned:
        tiers.append(Signal(_all([_typed(clause, "exact") for clause in query.clauses]), EXACT_POINTS))
    numbers = [key for clause in query.clauses for key in clause.numbers] + ([query.number] if query.number else [])
    if numbers:
        tiers.append(Signal(_any([_phrase("number", (key,)) for key in numbers]), NUMBER_POINTS))
        tiers.append(Signal(_any([_phrase("mentions", (key,)) for key in numbers]), _MENTION_POINTS))
    return tiers


def _word_signals(query: ParsedQuery) -> list[Signal]:
    columns = _WORD_POINTS + (_EXACT_WORD_POINTS if query.toned else ())
    return [Signal(_typed(clause, column), points) for clause in query.clauses for column, points in columns]


def _run_signals(run: Term, toned: bool) -> list[Signal]:
    signals = [Signal(_phrase("often", (pair,)), _OFTEN_PAIR_POINTS) for pair in shingles(run.folded)]
    for at in range(len(run.folded) - 1):
        folded, exact = run.folded[at : at + 2], run.exact[at : at + 2]
        signals += [Signal(_phrase(column, folded), points) for column, points in _PAIR_POINTS]
        if toned:
            signals += [Signal(_phrase(column, exact), points) for column, points in _EXACT_PAIR_POINTS]
    if len(run.folded) > 2:
        signals += [Signal(_phrase(column, run.folded), points) for column, points in _RUN_POINTS]
    return signals


def signals(query: ParsedQuery) -> tuple[Signal, ...]:
    """What raises a document's rank, each expression once."""
    if not query.clauses:
        return ()
    every = _tiers(query) + _word_signals(query)
    for run in query.runs:
        every += _run_signals(run, query.toned)
    return tuple(dict.fromkeys(every))
