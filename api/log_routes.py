"""The access log, for auditors and administrators: who did what to which thing, never a thing's content."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.navigation import LOG_ROLES, roles_of
from api.templates import render_page
from api.visitors import PersonDep, ServiceDep, VisitorDep
from core.errors import Forbidden
from people.persons import Person
from storage.access_log import append_event
from storage.tables import AccessEvent, Station, User

router = APIRouter(prefix="/api/v1", tags=["access log"])
pages = APIRouter(include_in_schema=False)


class LogFilter(BaseModel):
    """Which events, newest first: those before a sequence number, of an actor, an action or a target."""

    before: Annotated[str, Field(pattern=r"^\d{0,15}$")] = ""
    actor: str = Field("", max_length=80)
    action: str = Field("", max_length=40)
    target: str = Field("", max_length=120)
    limit: int = Field(100, ge=1, le=1000)


class EventAnswer(BaseModel):
    """One event."""

    model_config = ConfigDict(from_attributes=True)

    sequence: int
    at: datetime
    actor: str
    action: str
    target: str
    allowed: bool
    detail: dict[str, Any]
    hash: str


def read_events(session: Session, person: Person, wanted: LogFilter) -> list[AccessEvent]:
    """The events, newest first; that somebody looked is an event too. Raises Forbidden."""
    if not roles_of(person) & LOG_ROLES:
        raise Forbidden("The access log is for auditors and administrators.", "Ask one of them.")
    query = select(AccessEvent).order_by(AccessEvent.sequence.desc()).limit(wanted.limit)
    if wanted.before:
        query = query.where(AccessEvent.sequence < int(wanted.before))
    for column, value in (
        (AccessEvent.actor, wanted.actor),
        (AccessEvent.action, wanted.action),
        (AccessEvent.target, wanted.target),
    ):
        if value:
            query = query.where(column == value)
    events = list(session.scalars(query))
    append_event(session, person.actor, "view_log", "", allowed=True)
    return events


@router.get("/access-events")
def list_events(service: ServiceDep, person: PersonDep, wanted: Annotated[LogFilter, Query()]) -> list[EventAnswer]:
    """Events of the access log, newest first; `before` pages on."""
    with service.records.writing() as session:
        return [EventAnswer.model_validate(event) for event in read_events(session, person, wanted)]


@pages.get("/log")
def show_log(
    request: Request, service: ServiceDep, visitor: VisitorDep, wanted: Annotated[LogFilter, Query()]
) -> Response:
    """The access log as a table."""
    with service.records.writing() as session:
        events = read_events(session, visitor.person, wanted)
        names = _names(session)
        actions = list(session.scalars(select(AccessEvent.action).distinct().order_by(AccessEvent.action)))
    content = {"events": events, "names": names, "actions": actions, "wanted": wanted}
    return render_page(request, "log.html", content)


def _names(session: Session) -> dict[str, str]:
    names = {f"user:{key}": name for key, name in session.execute(select(User.id, User.full_name))}
    return names | {f"station:{key}": code for key, code in session.execute(select(Station.id, Station.code))}
