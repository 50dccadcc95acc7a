"""The pages of batches: the list, a new one, one of them, its minutes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.actions import choose
from api.batch_actions import BATCH_ACTIONS
from api.batch_reading import BatchReading, read_batch
from api.batch_routes import NewBatchBody, find_minutes, open_new_batch
from api.forms import FormDep
from api.navigation import OPENER_ROLES
from api.templates import render_page
from api.visitors import ServiceDep, VisitorDep
from core.catalogue import Dictionary
from core.errors import SohoaError
from core.labels import Role, Secrecy
from core.states import BatchState, Grade
from flow.find import BATCH_ROLES, find_batch
from flow.register import KEEPERS, TAKING, read_batch_register
from flow.service import Service
from people.persons import Person
from review.person_file import fact_title
from review.queries import Task, list_batches, next_document
from review.signoffs import Aspect
from storage.access_log import append_event
from storage.tables import Batch, CatalogueEntry, Station, User

router = APIRouter(include_in_schema=False)

MOVING = frozenset({BatchState.RECEIVING, BatchState.SEALED, BatchState.PROCESSING})
"""States in which the machine is at work, so that the page looks again by itself."""


@router.get("/batches")
def show_batches(request: Request, service: ServiceDep, visitor: VisitorDep) -> Response:
    """The batches of the visitor's units."""
    return render_page(request, "batches.html", _list(service, visitor.person))


@router.get("/parts/batches")
def show_batches_part(request: Request, service: ServiceDep, visitor: VisitorDep) -> Response:
    """The list alone, for the page that looks again by itself."""
    return render_page(request, "batches_part.html", _list(service, visitor.person))


def _list(service: Service, person: Person) -> dict[str, Any]:
    with service.records.reading() as session:
        batches = list_batches(session, person.clearance.units_of(BATCH_ROLES))
    may_open = bool(person.clearance.units_of(OPENER_ROLES))
    return {"batches": batches, "may_open": may_open, "moving": any(one.state in MOVING for one in batches)}


@router.get("/batches/new")
def show_new_batch(request: Request, service: ServiceDep, visitor: VisitorDep) -> Response:
    """The form to open a batch."""
    with service.records.reading() as session:
        content = _new_batch(session, service, visitor.person)
    return render_page(request, "batch_new.html", {**content, "given": None, "failure": None})


@router.post("/batches/new")
def take_new_batch(request: Request, service: ServiceDep, form: FormDep) -> Response:
    """Opens the batch, or shows the form again with what is wrong."""
    try:
        body = form.read(NewBatchBody)
        with service.records.writing() as session:
            batch = open_new_batch(service, session, form.person, body)
    except SohoaError as error:
        with service.records.reading() as session:
            content = _new_batch(session, service, form.person)
        given = {name: form.text(name) for name in NewBatchBody.model_fields}
        return render_page(
            request, "batch_new.html", {**content, "given": given, "failure": error}, status=error.status
        )
    return RedirectResponse(f"/batches/{batch.code}", status_code=303)


def _new_batch(session: Session, service: Service, person: Person) -> dict[str, Any]:
    units = sorted(person.clearance.units_of(OPENER_ROLES))
    entries = select(CatalogueEntry).where(CatalogueEntry.unit_id.in_(units)).order_by(CatalogueEntry.code)
    stations = select(Station).where(Station.unit_id.in_(units), Station.active).order_by(Station.code)
    return {
        "entries": list(session.scalars(entries)),
        "stations": list(session.scalars(stations)),
        "levels": [level for level in Secrecy if level <= service.settings.ceiling],
    }


@router.get("/batches/{code}")
def show_batch(code: str, request: Request, service: ServiceDep, visitor: VisitorDep) -> Response:
    """One batch."""
    with service.records.writing() as session:
        batch, content = _batch(session, service, visitor.person, code)
        append_event(session, visitor.person.actor, "view_batch", f"batch:{batch.id}", allowed=True)
        dictionary = service.dictionaries.of_batch(session, code)
        content["register"] = read_batch_register(session, visitor.person, dictionary, batch)
    content["may_keep_register"] = batch.state in TAKING and any(
        visitor.person.may(role, batch.unit_id) for role in KEEPERS
    )
    return render_page(request, "batch.html", content)


@router.get("/parts/batches/{code}")
def show_batch_part(
    code: str, request: Request, service: ServiceDep, visitor: VisitorDep, state: Annotated[str, Query()] = ""
) -> Response:
    """The progress alone; when the batch has moved on since, the whole page is loaded anew."""
    with service.records.reading() as session:
        batch, content = _batch(session, service, visitor.person, code)
    response = render_page(request, "batch_part.html", content)
    if state and state != batch.state:
        response.headers["HX-Refresh"] = "true"
    return response


def _batch(session: Session, service: Service, person: Person, code: str) -> tuple[Batch, dict[str, Any]]:
    dictionary = service.dictionaries.of_batch(session, code)
    batch, reading = read_batch(session, person, dictionary, code)
    unit_id = batch.unit_id
    owners = session.scalars(select(User).where(User.active).order_by(User.full_name)).all()
    content = {
        "reading": reading,
        "overview": reading.overview,
        "summary": reading.overview.summary,
        "dictionary": dictionary,
        "field_title": _field_titles(dictionary, reading),
        "moving": batch.state in MOVING,
        "may": {role.value for role in Role if person.may(role, unit_id)},
        "aspects": list(Aspect),
        "grades": list(Grade),
        "owners": owners,
        "states": BatchState,
        "fact_title": partial(fact_title, dictionary),
    }
    return batch, content


def _field_titles(dictionary: Dictionary, reading: BatchReading) -> Callable[[str, str], str]:
    """Names the fields of a document as its own record type does, a document that is not there by its record type;
    what is neither keeps its name."""
    titles = {one.code: one.title for one in dictionary.record_types}
    types = {one.document_id: one.record_type for one in reading.overview.documents}

    def name_field(document_id: str, name: str) -> str:
        if not document_id and name in titles:
            return titles[name]
        code = types.get(document_id)
        record_type = dictionary.record_type(code) if code else None
        return record_type.field(name).title if record_type and record_type.has_field(name) else name

    return name_field


@router.get("/batches/{code}/minutes")
def show_minutes(code: str, request: Request, service: ServiceDep, visitor: VisitorDep) -> Response:
    """The minutes, to be printed."""
    with service.records.writing() as session:
        batch, decision = find_minutes(session, visitor.person, code)
    return render_page(request, "minutes.html", {"batch": batch, "decision": decision})


@router.get("/batches/{code}/next/{task}")
def go_to_next(
    code: str, task: Task, service: ServiceDep, visitor: VisitorDep, after: Annotated[str | None, Query()] = None
) -> Response:
    """Leads to the next document that waits for this task; back to the batch when none is left."""
    with service.records.reading() as session:
        find_batch(session, visitor.person, code)
        document_id = next_document(session, visitor.person.clearance, code, task, after)
    target = f"/documents/{document_id}/work" if document_id else f"/batches/{code}"
    return RedirectResponse(target, status_code=303)


@router.post("/batches/{code}/{name}")
def act_on_batch(code: str, name: str, service: ServiceDep, form: FormDep) -> Response:
    """Does what the form says, and shows the batch again."""
    action = choose(BATCH_ACTIONS, name)
    body = form.read(action.body)
    with service.records.writing() as session:
        action.run(service, session, form.person, code, body)
    return RedirectResponse(f"/batches/{code}", status_code=303)
