"""Who is asking: a person by session cookie or bearer token, a station by its key.

A request that changes something and came with a cookie must prove that it came from our own pages: its CSRF token must
match, and its Origin must be ours.
"""

from __future__ import annotations

import hmac
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from core.errors import Forbidden, SignInRequired, StationRefused
from flow.service import Service
from people.persons import Person
from people.sign_in import Visitor, find_visitor
from people.stations import StationIdentity, find_station
from storage.tables import now

COOKIE = "sohoa-session"
SECURE_COOKIE = "__Host-sohoa-session"
CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "csrf_token"
API_PREFIX = "/api/"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def get_service(request: Request) -> Service:
    """The service that this application serves."""
    service: Service = request.app.state.service
    return service


ServiceDep = Annotated[Service, Depends(get_service)]


def session_secret(request: Request) -> str | None:
    """The secret in the session cookie, whichever of its names was set."""
    return request.cookies.get(SECURE_COOKIE) or request.cookies.get(COOKIE)


def bearer_secret(request: Request) -> str | None:
    """The secret of a bearer token, if the request carries one."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def get_visitor(request: Request, service: ServiceDep) -> Visitor:
    """The signed-in visitor. Raises SignInRequired, or Forbidden for a change that did not come from our pages."""
    token = bearer_secret(request)
    secret = token or session_secret(request)
    if not secret:
        raise SignInRequired("Not signed in.", "Sign in first.")
    with service.records.reading() as session:
        visitor = find_visitor(session, secret)
    request.state.actor = visitor.person.actor
    request.state.visitor = visitor
    if not token and request.method not in _SAFE_METHODS:
        require_own_origin(request)
        header = request.headers.get(CSRF_HEADER)
        if header is not None:
            require_csrf(visitor, header)
        elif not _is_form(request):
            raise Forbidden("This request lacks its CSRF token.", "Load the page again.")
    return visitor


def _is_form(request: Request) -> bool:
    """Form posts of pages carry their token as a field, which `api.forms` checks; the API takes no forms."""
    if request.url.path.startswith(API_PREFIX):
        return False
    kind = request.headers.get("content-type", "")
    return kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data"))


def require_csrf(visitor: Visitor, token: str) -> None:
    """Raises Forbidden unless the token is that of the visitor's sign-in."""
    if not hmac.compare_digest(visitor.csrf_token.encode(), token.encode()):
        raise Forbidden("This form has expired.", "Load the page again.")


def require_own_origin(request: Request) -> None:
    """Raises Forbidden for a request that another site's page made."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("Host"):
        raise Forbidden("This request came from another site.", "Use the pages of this service.")


def get_person(visitor: Annotated[Visitor, Depends(get_visitor)]) -> Person:
    """The signed-in person."""
    return visitor.person


def get_station(request: Request, service: ServiceDep) -> StationIdentity:
    """The station whose key the request carries. Raises StationRefused."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "station" or not key:
        raise StationRefused("This needs a station key.", "Send 'Authorization: Station KEY'.")
    with service.records.reading() as session:
        station = find_station(session, key.strip(), now().date())
    request.state.actor = station.actor
    return station


VisitorDep = Annotated[Visitor, Depends(get_visitor)]
PersonDep = Annotated[Person, Depends(get_person)]
StationDep = Annotated[StationIdentity, Depends(get_station)]
