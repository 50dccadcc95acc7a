"""The page of entry and confirmation: the image beside the form."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from api.document_pages import page_places, viewer_pages
from api.document_reading import DocumentReading, read_document
from api.forms import FormDep
from api.templates import render_page
from api.visitors import ServiceDep, VisitorDep
from api.work_form import claim_text, make_field, read_entries
from core.errors import InvalidValue
from core.labels import Role
from core.states import DocumentState
from flow.changes import ENTRY_ROLES, OPEN_BATCHES
from flow.enter import enter_values
from flow.service import Service
from people.persons import Person
from review.queries import Task
from review.reasons import RejectReason, RescanReason
from storage.tables import Batch, Document

router = APIRouter(include_in_schema=False)

_EDITABLE = frozenset({DocumentState.ENTERED, DocumentState.CONFIRMED, DocumentState.ACCEPTED})


@router.get("/documents/{document_id}/work")
def show_work(
    document_id: str,
    request: Request,
    service: ServiceDep,
    visitor: VisitorDep,
    record_type: Annotated[str | None, Query(max_length=60)] = None,
    edit: bool = False,
) -> Response:
    """The document with the form to type or to confirm its values."""
    with service.records.writing() as session:
        content = _work(session, service, visitor.person, document_id, record_type, edit=edit)
    return render_page(request, "work.html", content)


@router.post("/documents/{document_id}/work")
def take_work(document_id: str, request: Request, service: ServiceDep, form: FormDep) -> Response:
    """Keeps what was typed, as a draft or as complete; or shows the form for another record type, keeping nothing."""
    intent, record_type = form.text("intent"), form.text("record_type")
    if intent == "retype":
        return _show_again(request, service, form.person, document_id, record_type, form.fields, None)
    complete = intent == "complete"
    try:
        with service.records.writing() as session:
            document = enter_values(
                session,
                form.person,
                service.dictionaries.of_document(session, document_id),
                document_id,
                _revision(form.text("revision")),
                record_type,
                read_entries(form.fields),
                complete=complete,
                ceiling=service.settings.ceiling,
            )
            code = session.get_one(Batch, document.batch_id).code
    except InvalidValue as error:
        if not error.faults:
            raise
        return _show_again(request, service, form.person, document_id, record_type, form.fields, error)
    target = f"/batches/{code}/next/{Task.ENTRY}?after={document_id}" if complete else f"/documents/{document_id}/work"
    return RedirectResponse(target, status_code=303)


def _revision(text: str) -> int:
    if not text.isdecimal():
        raise InvalidValue("The form lacks its revision.", "Load the page again.")
    return int(text)


def _show_again(
    request: Request,
    service: Service,
    person: Person,
    document_id: str,
    record_type: str,
    given: FormData,
    error: InvalidValue | None,
) -> Response:
    with service.records.writing() as session:
        content = _work(session, service, person, document_id, record_type, edit=True, given=given, error=error)
    return render_page(request, "work.html", content, status=error.status if error else 200)


def _work(
    session: Session,
    service: Service,
    person: Person,
    document_id: str,
    record_type: str | None,
    *,
    edit: bool,
    given: FormData | None = None,
    error: InvalidValue | None = None,
) -> dict[str, Any]:
    dictionary = service.dictionaries.of_document(session, document_id)
    document, reading = read_document(session, person, dictionary, document_id, record_type)
    view = reading.view
    places = page_places(view)
    faults = dict(reversed(error.faults)) if error else {}
    file = reading.person_file
    fields = [make_field(field, dictionary, places, given, faults, file) for field in view.fields]
    known = {field.rule.name for field in fields}
    return {
        "reading": reading,
        "view": view,
        "mode": _mode(person, document, reading, edit),
        "fields": fields,
        "person_file": file,
        "claim_text": claim_text(dictionary),
        "dictionary": dictionary,
        "field_titles": {rule.name: rule.title for one in dictionary.record_types for rule in one.fields}
        | {field.rule.name: field.rule.title for field in fields},
        "other_faults": [message for name, message in error.faults if name not in known] if error else [],
        "fault_count": len(error.faults) if error else 0,
        "viewer_pages": viewer_pages(view),
        "places": places,
        "duplicates": reading.duplicates,
        "reject_reasons": list(RejectReason),
        "rescan_reasons": list(RescanReason),
        "may_review": person.may(Role.REVIEWER, document.unit_id),
        "may_enter": any(person.may(role, document.unit_id) for role in ENTRY_ROLES),
        "open": view.batch_state in OPEN_BATCHES,
    }


def _mode(person: Person, document: Document, reading: DocumentReading, edit: bool) -> str:
    """entry: fields to type; confirm: to look at and vouch for; read: to look at."""
    if reading.view.batch_state not in OPEN_BATCHES:
        return "read"
    may_enter = any(person.may(role, document.unit_id) for role in ENTRY_ROLES)
    if may_enter and (document.state is DocumentState.DESCRIBED or (edit and document.state in _EDITABLE)):
        return "entry"
    others = document.entered_by != person.user_id
    if document.state is DocumentState.ENTERED and others and person.may(Role.REVIEWER, document.unit_id):
        return "confirm"
    return "read"
