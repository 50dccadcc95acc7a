"""The pages of the data dictionary: what it says, and the change requests by which it changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session
from starlette.datastructures import UploadFile

from api.actions import ReasonBody
from api.dictionary_routes import ApprovalBody, list_versions, read_change, require_reader
from api.forms import FormDep
from api.templates import render_page
from api.visitors import CSRF_FIELD, ServiceDep, VisitorDep, require_csrf
from core.catalogue.yaml_lines import LONGEST_TEXT
from core.errors import Forbidden, InvalidValue
from core.labels import Role
from flow.change_dictionary import approve_dictionary, propose_dictionary, reject_dictionary, require_over_all
from flow.dictionaries import present_version, today
from people.persons import Person
from storage.tables import DictionaryVersion

router = APIRouter(include_in_schema=False)


@router.get("/dictionary")
def show_dictionary(
    request: Request,
    service: ServiceDep,
    visitor: VisitorDep,
    version: Annotated[str, Query(max_length=20)] = "",
    record_type: Annotated[str, Query(max_length=60)] = "",
    code_list: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """A version's record types with their fields, its code lists and compositions."""
    require_reader(visitor.person)
    with service.records.reading() as session:
        holds = present_version(session)
        dictionary = service.dictionaries.of(session, version or holds)
        versions = [one for one in list_versions(session) if one.state == "approved"]
    content = {
        "dictionary": dictionary,
        "holds": holds,
        "versions": versions,
        "shown_type": dictionary.record_type(record_type) if record_type else None,
        "shown_list": dictionary.code_list(code_list) if code_list else None,
    }
    return render_page(request, "dictionary.html", content)


@router.get("/dictionary/changes")
def show_changes(request: Request, service: ServiceDep, visitor: VisitorDep) -> Response:
    """All versions and proposals, and the form to propose one."""
    require_reader(visitor.person)
    with service.records.reading() as session:
        content = _changes(session, visitor.person)
    return render_page(request, "dictionary_changes.html", {**content, "failure": None, "reason": ""})


def _changes(session: Session, person: Person) -> dict[str, Any]:
    return {
        "versions": list_versions(session),
        "present_version": present_version(session),
        "may_propose": _may(session, person, Role.ADMINISTRATOR),
    }


def _may(session: Session, person: Person, *roles: Role) -> bool:
    try:
        require_over_all(session, person, roles)
    except Forbidden:
        return False
    return True


@dataclass(frozen=True, slots=True)
class PostedText:
    """A file of text that a signed-in person sent from our page, with a reason."""

    person: Person
    text: str
    reason: str


async def read_posted_text(request: Request, visitor: VisitorDep) -> PostedText:
    """Reads the form with its file. Raises Forbidden for a wrong CSRF token, InvalidValue for what is no text."""
    async with request.form(max_files=1, max_fields=10) as fields:
        token, file, reason = fields.get(CSRF_FIELD, ""), fields.get("file"), fields.get("reason", "")
        require_csrf(visitor, token if isinstance(token, str) else "")
        if not isinstance(file, UploadFile):
            raise InvalidValue("No file was chosen.", "Choose the YAML file of the new version.")
        content = await file.read(4 * LONGEST_TEXT + 1)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidValue("The file is no text in UTF-8.", "Choose the YAML file of the new version.") from error
    return PostedText(visitor.person, text, reason if isinstance(reason, str) else "")


@router.post("/dictionary/changes")
def take_proposal(
    request: Request, service: ServiceDep, posted: Annotated[PostedText, Depends(read_posted_text)]
) -> Response:
    """Proposes the version of the file, or shows every fault of it."""
    try:
        with service.records.writing() as session:
            row = propose_dictionary(session, service.dictionaries, posted.person, posted.text, posted.reason)
            key = row.id
    except InvalidValue as error:
        with service.records.reading() as session:
            content = _changes(session, posted.person)
        content |= {"failure": error, "reason": posted.reason}
        return render_page(request, "dictionary_changes.html", content, status=error.status)
    return RedirectResponse(f"/dictionary/changes/{key}", status_code=303)


@router.get("/dictionary/changes/{key}")
def show_change(key: str, request: Request, service: ServiceDep, visitor: VisitorDep) -> Response:
    """A proposal: what it changes, what it would break, and the forms to decide."""
    person = visitor.person
    require_reader(person)
    with service.records.reading() as session:
        change = read_change(session, service, key)
        content = {
            "change": change,
            "mine": session.get_one(DictionaryVersion, key).proposed_by == person.user_id,
            "may_decide": _may(session, person, Role.ADMINISTRATOR, Role.BUSINESS_OWNER),
            "today": today(session),
        }
    return render_page(request, "dictionary_change.html", content)


@router.post("/dictionary/changes/{key}/approve")
def take_approval(key: str, service: ServiceDep, form: FormDep) -> Response:
    """Approves the version from the day of the form on."""
    body = form.read(ApprovalBody)
    with service.records.writing() as session:
        approve_dictionary(session, form.person, service.dictionaries, key, body.effective_on)
    return RedirectResponse(f"/dictionary/changes/{key}", status_code=303)


@router.post("/dictionary/changes/{key}/reject")
def take_rejection(key: str, service: ServiceDep, form: FormDep) -> Response:
    """Rejects the version, or takes one's own proposal back."""
    body = form.read(ReasonBody)
    with service.records.writing() as session:
        reject_dictionary(session, form.person, key, body.reason)
    return RedirectResponse(f"/dictionary/changes/{key}", status_code=303)
