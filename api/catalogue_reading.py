"""Catalogue entries as the pages and the JSON API show them."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.catalogue_words import ATTRIBUTE_WORDS
from core.catalogue.entry_content import Card, EntryContent
from core.states import ChangeState
from flow.catalogue_entries import find_entry, read_content
from flow.find import CATALOGUE_ROLES
from flow.open_questions import QuestionKind
from people.persons import Person
from storage.tables import CatalogueEntry, EntryChange, OpenQuestion, Unit, User


class EntrySummary(BaseModel):
    """An entry in the list. `open_questions`: blocking ones without an answer."""

    code: str
    title: str
    unit: str
    approved_at: datetime | None
    planned_pages: int
    open_questions: int
    waiting: bool
    """A change of it waits for a decision or for its day."""


class AttributeChange(BaseModel):
    """One attribute of the content that a change request changes, as plain text."""

    name: str
    before: str
    after: str


class EntryChangeAnswer(BaseModel):
    """A change request with what it changes against what the entry says now."""

    id: str
    state: ChangeState
    reason: str
    proposed_by: str
    proposed_at: datetime
    mine: bool
    decided_by: str
    decided_at: datetime | None
    decision_note: str
    effective_on: date | None
    content: EntryContent
    changes: list[AttributeChange]


class QuestionAnswer(BaseModel):
    """A question with its answer, if it has one."""

    id: str
    kind: QuestionKind
    question: str
    proposal: str
    needs_authority: bool
    blocking: bool
    asked_by: str
    asked_at: datetime
    answer: str | None
    answered_by: str
    answered_at: datetime | None


class EntryAnswer(BaseModel):
    """An entry: what it says, its change requests newest first, its questions."""

    code: str
    dictionary_version: str
    approved_by: str
    approved_at: datetime | None
    content: EntryContent
    changes: list[EntryChangeAnswer]
    questions: list[QuestionAnswer]


def list_catalogue(session: Session, person: Person) -> list[EntrySummary]:
    """The entries of the person's units, by code."""
    units = sorted(person.clearance.units_of(CATALOGUE_ROLES))
    blocking = select(OpenQuestion.entry_id).where(OpenQuestion.blocking, OpenQuestion.answered_at.is_(None))
    open_questions = list(session.scalars(blocking))
    open_states = (ChangeState.PROPOSED, ChangeState.APPROVED)
    waiting = set(session.scalars(select(EntryChange.entry_id).where(EntryChange.state.in_(open_states))))
    rows = session.execute(
        select(CatalogueEntry, Unit.name)
        .join(Unit, Unit.id == CatalogueEntry.unit_id)
        .where(CatalogueEntry.unit_id.in_(units))
        .order_by(CatalogueEntry.code)
    )
    return [
        EntrySummary(
            code=entry.code,
            title=entry.title,
            unit=unit,
            approved_at=entry.approved_at,
            planned_pages=entry.planned_pages,
            open_questions=open_questions.count(entry.id),
            waiting=entry.id in waiting,
        )
        for entry, unit in rows
    ]


def read_entry(session: Session, person: Person, code: str) -> EntryAnswer:
    """An entry of the person's units. Raises NotFound."""
    entry = find_entry(session, person, code)
    names = dict(session.execute(select(User.id, User.full_name)).all())
    content = read_content(session, entry)
    changes = session.scalars(
        select(EntryChange).where(EntryChange.entry_id == entry.id).order_by(EntryChange.proposed_at.desc())
    )
    questions = session.scalars(
        select(OpenQuestion).where(OpenQuestion.entry_id == entry.id).order_by(OpenQuestion.asked_at)
    )
    return EntryAnswer(
        code=entry.code,
        dictionary_version=entry.dictionary_version,
        approved_by=names.get(entry.approved_by or "", ""),
        approved_at=entry.approved_at,
        content=content,
        changes=[_change(one, content, names, person) for one in changes],
        questions=[_question(one, names) for one in questions],
    )


def _change(row: EntryChange, present: EntryContent, names: dict[str, str], person: Person) -> EntryChangeAnswer:
    content = EntryContent.model_validate(row.content)
    waits = row.state in (ChangeState.PROPOSED, ChangeState.APPROVED)
    return EntryChangeAnswer(
        id=row.id,
        state=row.state,
        reason=row.reason,
        proposed_by=names.get(row.proposed_by or "", ""),
        proposed_at=row.proposed_at,
        mine=row.proposed_by == person.user_id,
        decided_by=names.get(row.decided_by or "", ""),
        decided_at=row.decided_at,
        decision_note=row.decision_note,
        effective_on=row.effective_on,
        content=content,
        changes=compare_contents(present, content) if waits else [],
    )


def compare_contents(before: EntryContent, after: EntryContent) -> list[AttributeChange]:
    """The attributes that differ."""
    earlier, later = (_texts(one) for one in (before, after))
    return [
        AttributeChange(name=name, before=earlier[name], after=later[name])
        for name in later
        if earlier[name] != later[name]
    ]


def _texts(content: EntryContent) -> dict[str, str]:
    """Each attribute as people read it."""
    texts = {name: _text(value) for name, value in content if name not in ("targets", "cards")}
    texts["targets"] = "; ".join(f"{one.percent} % {one.due:%d/%m/%Y}" for one in content.targets)
    texts["cards"] = "; ".join(_card_text(one) for one in content.cards)
    return texts


def _card_text(card: Card) -> str:
    parts = [f"{ATTRIBUTE_WORDS[name]}: {value}" for name, value in card if name != "record_type" and value]
    return f"{card.record_type} ({', '.join(parts)})"


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)


def _question(row: OpenQuestion, names: dict[str, str]) -> QuestionAnswer:
    return QuestionAnswer(
        id=row.id,
        kind=QuestionKind(row.kind),
        question=row.question,
        proposal=row.proposal,
        needs_authority=row.needs_authority,
        blocking=row.blocking,
        asked_by=names.get(row.asked_by, ""),
        asked_at=row.asked_at,
        answer=row.answer,
        answered_by=names.get(row.answered_by or "", ""),
        answered_at=row.answered_at,
    )
