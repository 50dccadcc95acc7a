"""The pages around signing in: sign-in, home, language."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.forms import FormDep
from api.messages import LANGUAGE_COOKIE, LANGUAGES
from api.navigation import find_home
from api.session_routes import WRONG, Credentials, attempt_sign_in
from api.templates import render_page
from api.visitors import COOKIE, SECURE_COOKIE, ServiceDep, VisitorDep, require_own_origin, session_secret
from core.errors import SignInRequired
from people.sign_in import find_visitor, sign_out
from storage.access_log import append_event

router = APIRouter(include_in_schema=False)

_YEAR_SECONDS = 365 * 86_400


def local_path(wanted: str) -> str:
    """The path if it leads into this service, else the home page."""
    ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\", "/api/")) and wanted.isprintable()
    return wanted if ours else "/"


@router.get("/sign-in")
def show_sign_in(request: Request, service: ServiceDep, next: str = "/") -> Response:
    """The form to sign in; somebody signed in goes on."""
    secret = session_secret(request)
    if secret:
        try:
            with service.records.reading() as session:
                find_visitor(session, secret)
            return RedirectResponse(local_path(next), status_code=303)
        except SignInRequired:
            pass  # an old cookie: the form is what they need
    return render_page(request, "sign_in.html", {"next": local_path(next), "username": "", "failure": ""})


@router.post("/sign-in")
def take_sign_in(
    request: Request,
    service: ServiceDep,
    username: Annotated[str, Form(max_length=60)] = "",
    password: Annotated[str, Form(max_length=200)] = "",
    next: Annotated[str, Form(max_length=500)] = "/",
) -> Response:
    """Signs in and sets the session cookie; a wrong name and a wrong password look the same."""
    require_own_origin(request)
    try:
        entered = attempt_sign_in(service, Credentials(username=username.strip(), password=password))
    except SignInRequired as error:
        failure = "wrong" if error.message == WRONG else "wait"
        content = {"next": local_path(next), "username": username, "failure": failure}
        return render_page(request, "sign_in.html", content, status=401)
    response = RedirectResponse(local_path(next), status_code=303)
    secure = request.url.scheme == "https"
    response.set_cookie(
        SECURE_COOKIE if secure else COOKIE,
        entered.secret,
        max_age=service.settings.session_hours * 3600,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )
    return response


@router.post("/sign-out")
def take_sign_out(request: Request, service: ServiceDep, form: FormDep) -> Response:
    """Ends the session."""
    with service.records.writing() as session:
        sign_out(session, session_secret(request) or "")
        append_event(session, form.person.actor, "sign_out", "", allowed=True)
    response = RedirectResponse("/sign-in", status_code=303)
    response.delete_cookie(COOKIE, path="/")
    response.delete_cookie(SECURE_COOKIE, path="/", secure=True)
    return response


@router.get("/language")
def choose_language(to: str, next: str = "/") -> Response:
    """Shows the pages in this language from now on."""
    response = RedirectResponse(local_path(next), status_code=303)
    if to in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, to, max_age=_YEAR_SECONDS, path="/", httponly=True, samesite="lax")
    return response


@router.get("/", response_class=HTMLResponse)
def show_home(request: Request, visitor: VisitorDep) -> Response:
    """Where this person's work begins."""
    home = find_home(visitor.person)
    return RedirectResponse(home, status_code=303) if home else render_page(request, "home.html", {})
