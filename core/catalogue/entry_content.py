"""What a catalogue entry says, whole, as it is proposed and approved: by codes and user names, not by ids."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

_Text = Annotated[str, Field(max_length=500)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Target(_Frozen):
    """So much of the planned volume, in percent, is digitized and accepted by that day."""

    due: date
    percent: int = Field(ge=1, le=100)


class Card(_Frozen):
    """The process card of a record type: what goes in and comes out, who does it by when, and how it is measured."""

    record_type: str = Field(max_length=60)
    input: _Text = ""
    output: _Text = ""
    role: str = Field("", max_length=300)
    deadline: str = Field("", max_length=300)
    product: _Text = ""
    kpi: _Text = ""


class EntryContent(_Frozen):
    """An entry's content. Units by code, people by user name, record types and composition by the dictionary."""

    title: str = Field(min_length=1, max_length=300)
    unit: str = Field(max_length=40)
    """The one lead unit."""
    coordinating_units: tuple[str, ...] = ()
    business_owner: str = Field(max_length=60)
    technical_owner: str = Field(max_length=60)
    record_types: tuple[str, ...] = Field(min_length=1)
    composition: str = Field("", max_length=60)
    planned_pages: int = Field(0, ge=0, le=1_000_000_000)
    period_from: date | None = None
    period_to: date | None = None
    targets: tuple[Target, ...] = ()
    cards: tuple[Card, ...] = ()

    @model_validator(mode="after")
    def _agree(self) -> Self:
        """What the parts have to do with each other."""
        if self.period_from and self.period_to and self.period_from > self.period_to:
            raise ValueError("the period ends before it begins")
        if self.unit in self.coordinating_units:
            raise ValueError("the lead unit is no coordinating unit")
        days, shares = [one.due for one in self.targets], [one.percent for one in self.targets]
        if days != sorted(set(days)) or shares != sorted(set(shares)):
            raise ValueError("targets rise in percent from one day to a later one")
        types = [one.record_type for one in self.cards]
        if len(set(types)) < len(types) or not set(types) <= set(self.record_types):
            raise ValueError("there is at most one process card for each record type of the entry")
        return self
