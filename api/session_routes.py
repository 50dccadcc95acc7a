"""Signing in and out over JSON, and who one is."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import select

from api.visitors import PersonDep, ServiceDep, bearer_secret, session_secret
from core.errors import SignInRequired
from flow.service import Service
from people.sign_in import NewSignIn, check_attempts, sign_in, sign_out
from storage.access_log import append_event
from storage.tables import RoleGrant, Unit

router = APIRouter(prefix="/api/v1", tags=["sign-in"])

WRONG = "The name or the password is wrong."


class Credentials(BaseModel):
    """A name and its password."""

    username: str = Field(max_length=60)
    password: str = Field(max_length=200)


class TokenAnswer(BaseModel):
    """A bearer token, good for so many seconds."""

    token: str
    expires_in: int
    name: str


class GrantAnswer(BaseModel):
    """A role and the unit it is held in."""

    role: str
    unit: str


class MeAnswer(BaseModel):
    """The signed-in person."""

    username: str
    name: str
    secrecy: int
    sensitivity: int
    confidentiality_signed: bool
    grants: list[GrantAnswer]


def attempt_sign_in(service: Service, credentials: Credentials) -> NewSignIn:
    """Signs in. Raises SignInRequired, the same for a wrong name and a wrong password, or after too many attempts."""
    with service.records.writing() as session:
        check_attempts(session, credentials.username, service.settings.sign_in_attempts)
        entered = sign_in(session, credentials.username, credentials.password, service.settings.session_hours)
    if entered is None:
        raise SignInRequired(WRONG, "Try again.")
    return entered


@router.post("/sign-in")
def sign_in_for_token(credentials: Credentials, service: ServiceDep) -> TokenAnswer:
    """A token for programs: send it as 'Authorization: Bearer TOKEN'."""
    entered = attempt_sign_in(service, credentials)
    seconds = service.settings.session_hours * 3600
    return TokenAnswer(token=entered.secret, expires_in=seconds, name=entered.person.full_name)


@router.post("/sign-out", status_code=204)
def sign_out_token(request: Request, service: ServiceDep, person: PersonDep) -> Response:
    """Ends the sign-in that the request came with."""
    secret = bearer_secret(request) or session_secret(request)
    with service.records.writing() as session:
        sign_out(session, secret or "")
        append_event(session, person.actor, "sign_out", "", allowed=True)
    return Response(status_code=204)


@router.get("/me")
def show_me(service: ServiceDep, person: PersonDep) -> MeAnswer:
    """Who is signed in, with their roles as they were granted."""
    with service.records.reading() as session:
        granted = session.execute(
            select(RoleGrant.role, Unit.code)
            .join(Unit, Unit.id == RoleGrant.unit_id)
            .where(RoleGrant.user_id == person.user_id)
            .order_by(RoleGrant.id)
        ).all()
    return MeAnswer(
        username=person.username,
        name=person.full_name,
        secrecy=int(person.clearance.secrecy),
        sensitivity=int(person.clearance.sensitivity),
        confidentiality_signed=person.confidentiality_signed,
        grants=[GrantAnswer(role=role, unit=unit) for role, unit in granted],
    )
