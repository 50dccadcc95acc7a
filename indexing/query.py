"""What a person types, parsed. Nothing of it reaches a search engine but words that the analysis made.

Words must all be found; "words in quotes" must stand together; -word must not be found. A document number is found in
any spacing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.errors import QueryRefused
from core.text import has_tones, normalize
from indexing.analysis import Token, analyze, equivalents, is_compact_number, number_keys, spelling_variants

LONGEST_QUERY = 300
MOST_WORDS = 32

_QUOTES = str.maketrans("“”„«»", '"""""')
_PIECE = re.compile(
    r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"'
    r"|(?P<number>\d{1,6}[a-zA-Z]?(?:\s{0,3}[-/]\s{0,3}[^\W_]+)+)"
    r"|(?P<word>[^\W_]+))"
)


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand next to each other: mostly one. Both forms have the same length."""

    exact: tuple[str, ...]
    folded: tuple[str, ...]
    toned: bool


@dataclass(frozen=True, slots=True)
class Clause:
    """What must be found: all `terms`; or, at low weight, one of the folded phrases `others`; or a document number."""

    terms: tuple[Term, ...]
    others: tuple[tuple[str, ...], ...] = ()
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """`toned`: some word carries a mark, so exact words come first. `number`: key of the whole text, if it is one.

    `runs`: the plain words that were typed next to each other. `blank`: nothing typed at all, which finds everything.
    """

    clauses: tuple[Clause, ...] = ()
    excluded: tuple[Term, ...] = ()
    runs: tuple[Term, ...] = ()
    number: str = ""
    toned: bool = False
    blank: bool = False

    @property
    def hopeless(self) -> bool:
        """Something was typed, and no word was in it."""
        return not (self.blank or self.clauses or self.excluded)


@dataclass(slots=True)
class _Builder:
    clauses: list[Clause] = field(default_factory=list)
    excluded: list[Term] = field(default_factory=list)
    runs: list[Term] = field(default_factory=list)
    run: list[Token] = field(default_factory=list)

    def end_run(self) -> None:
        """Turns the collected plain words into clauses, a known full form or abbreviation into one."""
        if len(self.run) > 1:
            self.runs.append(_term(self.run))
        at = 0
        while at < len(self.run):
            length, others = equivalents([token.folded for token in self.run[at:]])
            words = self.run[at : at + max(length, 1)]
            at += len(words)
            self.clauses.append(_plain_clause(words, others))
        self.run.clear()


def _term(tokens: Sequence[Token]) -> Term:
    exact = tuple(token.exact for token in tokens)
    return Term(exact, tuple(token.folded for token in tokens), has_tones(" ".join(exact)))


def _plain_clause(words: Sequence[Token], others: tuple[tuple[str, ...], ...]) -> Clause:
    terms = tuple(_term([word]) for word in words)
    if len(words) > 1:
        return Clause(terms, others)
    folded = words[0].folded
    variants = tuple((variant,) for variant in spelling_variants(folded))
    return Clause(terms, others + variants, number_keys(folded) if is_compact_number(folded) else ())


def _take(builder: _Builder, piece: re.Match[str]) -> None:
    tokens = analyze(next(text for text in piece.group("phrase", "number", "word") if text is not None))
    if not tokens:
        return
    if piece["minus"]:
        builder.end_run()
        builder.excluded.append(_term(tokens))
    elif piece["word"]:
        builder.run += tokens
    else:
        builder.end_run()
        builder.clauses.append(Clause((_term(tokens),), numbers=number_keys(piece["number"] or "")))


def _whole_number(text: str) -> str:
    keys = number_keys(text)
    return keys[0] if keys and is_compact_number(keys[0]) else ""


def parse(text: str) -> ParsedQuery:
    """What was typed, as clauses. Raises QueryRefused where it is longer than one search may be."""
    if len(text) > LONGEST_QUERY:
        raise QueryRefused(
            f"The search text has {len(text)} characters.", f"Shorten it to {LONGEST_QUERY} characters or fewer."
        )
    typed = normalize(text.translate(_QUOTES))
    builder = _Builder()
    for piece in _PIECE.finditer(typed):
        _take(builder, piece)
    builder.end_run()
    terms = [term for clause in builder.clauses for term in clause.terms] + builder.excluded
    if sum(len(term.exact) for term in terms) > MOST_WORDS:
        raise QueryRefused("The search text has too many words.", f"Search for {MOST_WORDS} words or fewer.")
    clauses = tuple(dict.fromkeys(builder.clauses))
    return ParsedQuery(
        clauses,
        tuple(builder.excluded),
        tuple(builder.runs),
        _whole_number(typed),
        any(term.toned for clause in clauses for term in clause.terms),
        blank=not typed,
    )
