"""The legal and business questions about a catalogue entry; a blocking one without an answer stops acceptance."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import IllegalTransition, InvalidValue, NotFound
from core.labels import Role
from flow.catalogue_entries import find_entry
from people.persons import Person
from storage.access_log import append_event
from storage.database import present
from storage.tables import OpenQuestion

_ASKERS = (Role.ADMINISTRATOR, Role.BUSINESS_OWNER, Role.TECHNICAL_OWNER)
_ANSWERERS = (Role.ADMINISTRATOR, Role.BUSINESS_OWNER)
_LONGEST = 2000


class QuestionKind(StrEnum):
    LEGAL = "legal"
    BUSINESS = "business"


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question with what its asker proposes. needs_authority: somebody above decides; else it can be done now."""

    kind: QuestionKind
    question: str
    proposal: str
    needs_authority: bool
    blocking: bool


def ask_question(session: Session, person: Person, code: str, asked: NewQuestion) -> OpenQuestion:
    """Adds a question to the entry. Raises NotFound, Forbidden, InvalidValue for an empty text."""
    entry = find_entry(session, person, code)
    person.require_any(_ASKERS, entry.unit_id)
    row = OpenQuestion(
        entry_id=entry.id,
        kind=asked.kind.value,
        question=_text("question", asked.question),
        proposal=_text("proposal", asked.proposal),
        needs_authority=asked.needs_authority,
        blocking=asked.blocking,
        asked_by=person.user_id,
        asked_at=present(session),
    )
    session.add(row)
    session.flush()
    detail = {"question": row.id, "blocking": row.blocking}
    append_event(session, person.actor, "ask_question", f"catalogue:{entry.id}", allowed=True, detail=detail)
    return row


def answer_question(session: Session, person: Person, code: str, question_id: str, answer: str) -> OpenQuestion:
    """Answers a question, once. Raises NotFound, Forbidden, IllegalTransition, InvalidValue."""
    entry = find_entry(session, person, code)
    person.require_any(_ANSWERERS, entry.unit_id)
    query = select(OpenQuestion).where(OpenQuestion.id == question_id, OpenQuestion.entry_id == entry.id)
    row = session.scalars(query.with_for_update(key_share=True)).one_or_none()
    if row is None:
        raise NotFound(f"Entry '{code}' has no question '{question_id[:40]}'.", "Look at its list.")
    if row.answered_at is not None:
        raise IllegalTransition("This question is answered already.", "Ask another one.")
    row.answer, row.answered_by, row.answered_at = _text("answer", answer), person.user_id, present(session)
    detail = {"question": row.id}
    append_event(session, person.actor, "answer_question", f"catalogue:{entry.id}", allowed=True, detail=detail)
    return row


def _text(name: str, text: str) -> str:
    stripped = text.strip()
    if not stripped or len(stripped) > _LONGEST:
        raise InvalidValue(f"A text of 1 to {_LONGEST} characters is needed.", "Write it.", ((name, "is needed"),))
    return stripped
