"""The data dictionary over JSON: its versions, their text, and the change requests by which it changes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.actions import ReasonBody
from api.navigation import roles_of
from api.visitors import PersonDep, ServiceDep
from core.catalogue import Dictionary
from core.catalogue.diff import Difference
from core.catalogue.yaml_lines import LONGEST_TEXT
from core.errors import Forbidden
from core.states import ChangeState
from flow.change_dictionary import approve_dictionary, find_proposal, propose_dictionary, reject_dictionary
from flow.dictionaries import find_version, present_version
from flow.find import CATALOGUE_ROLES
from flow.service import Service
from people.persons import Person
from storage.tables import DictionaryVersion, User

router = APIRouter(prefix="/api/v1/dictionary", tags=["dictionary"])
_VERSION = Query(max_length=20)


class ProposalBody(BaseModel):
    """A new version: its YAML text, possibly of several documents, and why."""

    text: str = Field(max_length=LONGEST_TEXT)
    reason: str = Field(max_length=300)


class ApprovalBody(BaseModel):
    """From which day it holds: today or later."""

    effective_on: date


class VersionAnswer(BaseModel):
    """A version, or a proposal of one. `present`: it holds today."""

    id: str
    version: str
    state: ChangeState
    content_hash: str
    reason: str
    proposed_by: str
    """Full name; empty for the program itself."""
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    decision_note: str
    effective_on: date | None
    present: bool


class ChangeAnswer(VersionAnswer):
    """A proposal with what it changes against today's dictionary, and what it would break."""

    differences: list[Difference]
    uses: list[str]


def require_reader(person: Person) -> None:
    """Raises Forbidden for somebody who has no work with the catalogue."""
    if not roles_of(person) & CATALOGUE_ROLES:
        raise Forbidden("The catalogue is for those who work on batches.", "Ask the administrator for a role.")


def list_versions(session: Session) -> list[VersionAnswer]:
    """All versions and proposals, newest first."""
    names = dict(session.execute(select(User.id, User.full_name)).all())
    holds = present_version(session)
    rows = session.scalars(select(DictionaryVersion).order_by(DictionaryVersion.proposed_at.desc()))
    return [_answer(row, names, holds) for row in rows]


def _answer(row: DictionaryVersion, names: dict[str, str], holds: str) -> VersionAnswer:
    return VersionAnswer(
        id=row.id,
        version=row.version,
        state=row.state,
        content_hash=row.content_hash,
        reason=row.reason,
        proposed_by=names.get(row.proposed_by or "", ""),
        proposed_at=row.proposed_at,
        decided_by=names.get(row.decided_by or "", ""),
        decided_at=row.decided_at,
        decision_note=row.decision_note,
        effective_on=row.effective_on,
        present=row.state is ChangeState.APPROVED and row.version == holds,
    )


def read_change(session: Session, service: Service, key: str) -> ChangeAnswer:
    """A proposal with what it changes. Raises NotFound."""
    proposal = find_proposal(session, service.dictionaries, key)
    names = dict(session.execute(select(User.id, User.full_name)).all())
    answer = _answer(proposal.row, names, present_version(session))
    return ChangeAnswer(**answer.model_dump(), differences=list(proposal.differences), uses=list(proposal.uses))


@router.get("")
def show_dictionary(
    service: ServiceDep, person: PersonDep, version: Annotated[str | None, _VERSION] = None
) -> Dictionary:
    """A version of the dictionary; by default the one that holds today."""
    require_reader(person)
    with service.records.reading() as session:
        return service.dictionaries.of(session, version or present_version(session))


@router.get("/text", response_class=PlainTextResponse)
def show_text(
    service: ServiceDep, person: PersonDep, version: Annotated[str | None, _VERSION] = None
) -> PlainTextResponse:
    """The YAML text of a version, to make the next one from."""
    require_reader(person)
    with service.records.reading() as session:
        row = find_version(session, version)
    headers = {"Content-Disposition": f'attachment; filename="dictionary-{row.version}.yaml"'}
    return PlainTextResponse(row.text, headers=headers)


@router.get("/changes")
def show_changes(service: ServiceDep, person: PersonDep) -> list[VersionAnswer]:
    """All versions and proposals, newest first."""
    require_reader(person)
    with service.records.reading() as session:
        return list_versions(session)


@router.post("/changes", status_code=201)
def propose(body: ProposalBody, service: ServiceDep, person: PersonDep) -> ChangeAnswer:
    """Proposes a new version. Every fault of its text is named with its line."""
    with service.records.writing() as session:
        row = propose_dictionary(session, service.dictionaries, person, body.text, body.reason)
        return read_change(session, service, row.id)


@router.get("/changes/{key}")
def show_change(key: str, service: ServiceDep, person: PersonDep) -> ChangeAnswer:
    """A proposal, with what it changes and what it would break."""
    require_reader(person)
    with service.records.reading() as session:
        return read_change(session, service, key)


@router.post("/changes/{key}/approve")
def approve(key: str, body: ApprovalBody, service: ServiceDep, person: PersonDep) -> ChangeAnswer:
    """Approves a version that somebody else proposed, with the day from which it holds."""
    with service.records.writing() as session:
        approve_dictionary(session, person, service.dictionaries, key, body.effective_on)
        return read_change(session, service, key)


@router.post("/changes/{key}/reject")
def reject(key: str, body: ReasonBody, service: ServiceDep, person: PersonDep) -> ChangeAnswer:
    """Rejects a proposal with a reason, or takes one's own back."""
    with service.records.writing() as session:
        reject_dictionary(session, person, key, body.reason)
        return read_change(session, service, key)
