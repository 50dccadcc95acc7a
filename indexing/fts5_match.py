"""Expressions in FTS5's query language."""

from __future__ import annotations

from indexing.match import AnyOf, Expression, Phrase


def render(expression: Expression) -> str:
    """The expression for FTS5's MATCH."""
    if isinstance(expression, Phrase):
        # Words come from the analysis: letters and digits alone, so that nothing needs escaping within the quotes.
        return f'({expression.column} : "{" ".join(expression.words)}")'
    if isinstance(expression, AnyOf):
        return f"({' OR '.join(map(render, expression.ways))})"
    return f"({' AND '.join(map(render, expression.parts))})"
