"""Terms of office (nhiệm kỳ), within which the Party's documents are numbered."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from pydantic import BaseModel, ConfigDict, Field, model_validator

_STRICT = ConfigDict(frozen=True, extra="forbid")


class PartyTerm(BaseModel):
    """A term, from the day it starts to the day before the next one's."""

    model_config = _STRICT
    name: str = Field(min_length=1, max_length=20)
    start: date


class TermSeries(BaseModel):
    """The terms of one level. `code`: `central` or `local`."""

    model_config = _STRICT
    code: str
    title: str = Field(min_length=1)
    terms: tuple[PartyTerm, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> TermSeries:
        if any(later.start <= earlier.start for earlier, later in pairwise(self.terms)):
            raise ValueError("terms stand in the order of their start")
        return self

    def term_of(self, day: date) -> str | None:
        """The name of the term that the day lies in; None before the first."""
        return next((term.name for term in reversed(self.terms) if term.start <= day), None)
