"""What people do to batches, documents and pages, each said once: the JSON API and the pages both take it from here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy.orm import Session

from api.visitors import PersonDep, ServiceDep
from core.errors import NotFound
from flow.service import Service
from people.persons import Person

AnswerT = TypeVar("AnswerT", bound=BaseModel)
Run = Callable[[Service, Session, Person, str, Any], object]


class Nothing(BaseModel):
    """An action that needs no more than its address."""


class RevisionBody(BaseModel):
    """The revision that the caller looked at: a newer one refuses the change."""

    revision: int


class ReasonBody(BaseModel):
    """Why, in a sentence."""

    reason: str = ""


class RevisionReasonBody(RevisionBody, ReasonBody):
    """Both."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do: the last part of its address, what it asks for, the step of the flow it runs."""

    name: str
    summary: str
    body: type[BaseModel]
    run: Run


def choose(actions: tuple[Action, ...], name: str) -> Action:
    """The action of that name. Raises NotFound."""
    for action in actions:
        if action.name == name:
            return action
    raise NotFound(f"There is no action '{name[:40]}'.", "Go back to the page.")


def add_json_routes(
    router: APIRouter,
    path: str,
    actions: tuple[Action, ...],
    model: type[AnswerT],
    answer: Callable[[Session, str], AnswerT],
) -> None:
    """Adds a POST route for each action. `path` names the thing as {key}; `answer` tells how it stands afterwards."""
    for action in actions:
        router.add_api_route(
            f"{path}/{action.name}",
            _endpoint(action, answer),
            methods=["POST"],
            response_model=model,
            summary=action.summary,
            operation_id=f"{path.split('/')[1]}_{action.name}".replace("-", "_"),
        )


def _endpoint(action: Action, answer: Callable[[Session, str], AnswerT]) -> Callable[..., AnswerT]:
    def perform(service: Service, person: Person, key: str, body: BaseModel) -> AnswerT:
        with service.records.writing() as session:
            action.run(service, session, person, key, body)
            session.flush()
            return answer(session, key)

    def without_body(key: str, service: ServiceDep, person: PersonDep) -> AnswerT:
        return perform(service, person, key, Nothing())

    def with_body(key: str, body: BaseModel, service: ServiceDep, person: PersonDep) -> AnswerT:
        return perform(service, person, key, body)

    if action.body is Nothing:
        return without_body
    with_body.__annotations__["body"] = action.body
    return with_body
