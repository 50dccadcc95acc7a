"""Catalogue entries over JSON: what they say, how they change, the questions about them."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.actions import ReasonBody
from api.catalogue_reading import EntryAnswer, EntrySummary, list_catalogue, read_entry
from api.dictionary_routes import ApprovalBody
from api.visitors import PersonDep, ServiceDep
from core.catalogue.entry_content import EntryContent
from flow.catalogue_entries import approve_entry, find_change, propose_entry, reject_entry
from flow.open_questions import NewQuestion, QuestionKind, answer_question, ask_question

router = APIRouter(prefix="/api/v1/catalogue", tags=["catalogue"])


class EntryProposalBody(BaseModel):
    """What an entry is to say, and why."""

    content: EntryContent
    reason: str = Field(max_length=300)


class QuestionBody(BaseModel):
    """A legal or business question with a proposal. `blocking`: no batch is accepted before its answer."""

    kind: QuestionKind
    question: str = Field(max_length=2000)
    proposal: str = Field(max_length=2000)
    needs_authority: bool = False
    blocking: bool = False

    def asked(self) -> NewQuestion:
        return NewQuestion(self.kind, self.question, self.proposal, self.needs_authority, self.blocking)


class AnswerBody(BaseModel):
    """The answer to a question."""

    answer: str = Field(max_length=2000)


@router.get("")
def show_catalogue(service: ServiceDep, person: PersonDep) -> list[EntrySummary]:
    """The entries of the caller's units."""
    with service.records.reading() as session:
        return list_catalogue(session, person)


@router.get("/{code}")
def show_entry(code: str, service: ServiceDep, person: PersonDep) -> EntryAnswer:
    """An entry with its change requests and questions."""
    with service.records.reading() as session:
        return read_entry(session, person, code)


@router.post("/{code}/changes", status_code=201)
def propose_change(code: str, body: EntryProposalBody, service: ServiceDep, person: PersonDep) -> EntryAnswer:
    """Proposes what the entry is to say; an unknown code makes a draft."""
    with service.records.writing() as session:
        propose_entry(session, service.dictionaries, person, code, body.content, body.reason)
        return read_entry(session, person, code)


@router.post("/changes/{key}/approve")
def approve_change(key: str, body: ApprovalBody, service: ServiceDep, person: PersonDep) -> EntryAnswer:
    """Approves a change that somebody else proposed, with the day from which it holds."""
    with service.records.writing() as session:
        approve_entry(session, service.dictionaries, person, key, body.effective_on)
        return read_entry(session, person, find_change(session, person, key)[1].code)


@router.post("/changes/{key}/reject")
def reject_change(key: str, body: ReasonBody, service: ServiceDep, person: PersonDep) -> EntryAnswer:
    """Rejects a change, or takes one's own back."""
    with service.records.writing() as session:
        reject_entry(session, person, key, body.reason)
        return read_entry(session, person, find_change(session, person, key)[1].code)


@router.post("/{code}/questions", status_code=201)
def add_question(code: str, body: QuestionBody, service: ServiceDep, person: PersonDep) -> EntryAnswer:
    """Asks a question about the entry."""
    with service.records.writing() as session:
        ask_question(session, person, code, body.asked())
        return read_entry(session, person, code)


@router.post("/{code}/questions/{question_id}/answer")
def add_answer(code: str, question_id: str, body: AnswerBody, service: ServiceDep, person: PersonDep) -> EntryAnswer:
    """Answers a question."""
    with service.records.writing() as session:
        answer_question(session, person, code, question_id, body.answer)
        return read_entry(session, person, code)
