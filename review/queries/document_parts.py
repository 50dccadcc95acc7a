"""The parts of a document as the page of entry and review shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.catalogue import FieldRule
from core.states import BatchState, DocumentState, PageState

Value = str | list[str] | None


@dataclass(frozen=True, slots=True)
class TypeChoice:
    """A record type that the batch's catalogue entry allows."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """What the machine suggests, and where it read it. `box` in pixels of the page image."""

    suggestion_id: str
    value: Value
    printed: str
    confidence: float
    page_id: str | None
    page_number: int | None
    box: tuple[int, ...] | None
    rule: str
    engine: str
    """What read its page; empty where nothing did."""
    handwritten: bool
    candidates: tuple[str, ...]
    """Of what is written by pen, likeliest first."""
    sources: tuple[str, ...]
    """What speaks for each of them, joined by "+": of "pen", "signature", "neighbours", "register"."""


@dataclass(frozen=True, slots=True)
class ValueView:
    """What was entered, by whom, and whether another person confirmed it."""

    value: Value
    missing_reason: str | None
    suggestion_id: str | None
    page_id: str | None
    page_number: int | None
    box: tuple[int, ...] | None
    entered_by: str
    entered_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field of the form. One above the reader's clearance is not readable and shows nothing but its name."""

    rule: FieldRule
    readable: bool
    suggestions: tuple[SuggestionView, ...]
    """Surest first."""
    entered: ValueView | None
    missing: bool
    """Required, and neither a value nor an allowed reason is there."""


@dataclass(frozen=True, slots=True)
class PageView:
    """A page; its image is served by its id."""

    page_id: str
    number: int
    state: PageState
    width: int
    height: int
    has_image: bool
    rotation: int
    blank: bool
    engine: str
    failure: str | None
    failure_settled: bool


@dataclass(frozen=True, slots=True)
class ChangeView:
    """Before and after of a change of a value."""

    name: str
    before: Value
    after: Value
    reason: str
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class DocumentView:
    """Everything that entry and review of a document need."""

    document_id: str
    revision: int
    batch_code: str
    batch_state: BatchState
    place: str
    title: str
    state: DocumentState
    reason: str | None
    reason_code: str | None
    record_type: str | None
    """The one a person chose."""
    suggested_record_type: str | None
    suggested_confidence: float | None
    shown_record_type: str
    """The one whose fields are shown: asked for, chosen, suggested, declared, or the entry's first."""
    type_choices: tuple[TypeChoice, ...]
    fields: tuple[FieldView, ...]
    pages: tuple[PageView, ...]
    history: tuple[ChangeView, ...]
    """Newest first."""
    entered_by: str | None
    confirmed_by: str | None
