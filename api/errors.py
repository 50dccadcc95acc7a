"""Errors as answers: JSON for programs, a page for people; every denial goes to the access log."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlencode, urlsplit

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException

from api.templates import render_page
from api.visitors import API_PREFIX
from core.errors import (
    Forbidden,
    GateClosed,
    InvalidValue,
    NotFound,
    OffsetMismatch,
    RecordsUnavailable,
    SearchUnavailable,
    SohoaError,
    StaleRevision,
)
from flow.service import Service
from storage.access_log import append_event

logger = logging.getLogger(__name__)

_COLLISIONS = frozenset({"40001", "40P01", "55P03"})
"""SQLSTATE of a failed serialization, a deadlock, a lock that was not to be had."""


def install_error_handlers(app: FastAPI) -> None:
    """Has every error answered by name, never by a trace."""
    app.add_exception_handler(SohoaError, _answer_named)
    app.add_exception_handler(SearchUnavailable, _answer_without_search)
    app.add_exception_handler(StaleDataError, _answer_stale)
    app.add_exception_handler(OperationalError, _answer_operational)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_exception_handler(Exception, _answer_unexpected)


def _answer_named(request: Request, error: Exception) -> Response:
    assert isinstance(error, SohoaError)
    _log_denial(request, error)
    if not _wants_page(request):
        return JSONResponse({"error": describe_error(error)}, status_code=error.status)
    if error.status == 401 and request.method == "GET":
        return _lead_to_sign_in(request)
    return _show_page(request, error, error.status)


def _lead_to_sign_in(request: Request) -> Response:
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.headers.get("HX-Request"):  # a part of a page: the whole page leads to the form, not the part
        return Response(status_code=401, headers={"HX-Redirect": "/sign-in"})
    return RedirectResponse(f"/sign-in?{urlencode({'next': here})}", status_code=303)


def _show_page(request: Request, error: SohoaError, status: int) -> Response:
    """The error for people, with a way back to the page of ours that they came from."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    ours = came_from.netloc == request.headers.get("Host") and not came_from.path.startswith("//")
    content = {
        "error": error,
        "faults": getattr(error, "faults", ()),
        "missing": getattr(error, "missing", ()),
        "back": came_from.path + (f"?{came_from.query}" if came_from.query else "") if ours else "/",
    }
    return render_page(request, "error.html", content, status=status)


def describe_error(error: SohoaError) -> dict[str, Any]:
    """The error as JSON: its name, what happened, what to do, and what goes with its kind."""
    content: dict[str, Any] = {"code": error.code, "message": error.message, "advice": error.advice}
    if isinstance(error, OffsetMismatch):
        content["expected"] = error.expected
    if isinstance(error, GateClosed):
        content["missing"] = list(error.missing)
    if isinstance(error, InvalidValue) and error.faults:
        content["faults"] = [{"field": field, "message": message} for field, message in error.faults]
    return content


def _answer_stale(request: Request, error: Exception) -> Response:
    logger.info("two changes at once: %s", error)
    return _answer_named(
        request, StaleRevision("Somebody else changed this at the same moment.", "Load it again and look.")
    )


def _answer_operational(request: Request, error: Exception) -> Response:
    """The database refused: two transactions stood in each other's way, or it does not answer."""
    assert isinstance(error, OperationalError)
    if getattr(error.orig, "sqlstate", None) in _COLLISIONS:
        return _answer_stale(request, error)
    logger.error("%s %s: the records cannot be used: %s", request.method, request.url.path, error.orig)
    return _answer_named(request, RecordsUnavailable("The records cannot be used at the moment.", "Try again shortly."))


def _answer_without_search(request: Request, error: Exception) -> Response:
    """Where the index is and what is wrong with it is for the administrator, who has the log."""
    logger.error("%s %s: %s", request.method, request.url.path, error)
    return _answer_named(
        request, SearchUnavailable("The search index cannot be used at the moment.", "Try again shortly.")
    )


def _answer_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [{"field": ".".join(map(str, one["loc"])), "message": one["msg"]} for one in error.errors()]
    if _wants_page(request):
        named = InvalidValue("; ".join(f"{one['field']}: {one['message']}" for one in faults))
        return _show_page(request, named, 422)
    content = {"code": "invalid_request", "message": "The request is not of the right form.", "advice": ""}
    return JSONResponse(jsonable_encoder({"error": {**content, "faults": faults}}), status_code=422)


def _answer_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return _answer_named(request, NotFound("There is nothing at this address."))
    content = {"code": "http", "message": str(error.detail), "advice": ""}
    return JSONResponse({"error": content}, status_code=error.status_code, headers=error.headers)


def _answer_unexpected(request: Request, error: Exception) -> Response:
    logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
    unexpected = SohoaError("The service failed at this request.", "It is in the log. Try again, or ask support.")
    if _wants_page(request):
        return _show_page(request, unexpected, 500)
    return JSONResponse({"error": describe_error(unexpected)}, status_code=500)


def _wants_page(request: Request) -> bool:
    return not request.url.path.startswith(API_PREFIX)


def _log_denial(request: Request, error: SohoaError) -> None:
    """What somebody was refused is kept, though their transaction was rolled back."""
    target = error.denied if isinstance(error, NotFound) else ""
    if not target and not isinstance(error, Forbidden) and error.status not in (401, 403):
        return
    service: Service = request.app.state.service
    actor = getattr(request.state, "actor", "nobody")
    if actor == "nobody" and error.status == 401 and not request.headers.get("Authorization"):
        return  # somebody who has yet to sign in
    detail = {"code": error.code, "method": request.method, "path": request.url.path[:200]}
    with service.records.writing() as session:
        append_event(session, actor, "denied", target, allowed=False, detail=detail)
