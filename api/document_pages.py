"""The pages of documents: reading one, and what the security officer decides about."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.actions import choose
from api.document_actions import DOCUMENT_ACTIONS, PAGE_ACTIONS
from api.document_reading import PageMarks, find_marks, list_withheld, read_document
from api.forms import FormDep
from api.image_routes import DOWNLOAD_ROLES, find_viewable_page
from api.templates import render_page
from api.visitors import ServiceDep, VisitorDep
from api.work_form import show_label
from core.errors import Forbidden
from core.labels import READERS, Role, Visibility
from core.personal_data import may_unmask
from core.states import DocumentState
from flow.find import find_document
from flow.unmask import protection_of
from indexing.query import LONGEST_QUERY
from review.queries import DocumentView, Task
from storage.access import label_of
from storage.access_log import append_event
from storage.tables import Batch

router = APIRouter(include_in_schema=False)

_WITHDRAWABLE = frozenset({DocumentState.PUBLISHED, DocumentState.CORRECTED})


def viewer_pages(view: DocumentView) -> list[dict[str, Any]]:
    """The pages that have an image, as the page viewer takes them."""
    return [
        {
            "image": f"/api/v1/pages/{page.page_id}/image",
            "words_url": f"/api/v1/pages/{page.page_id}/words",
            "width": page.width,
            "height": page.height,
            "rotation": page.rotation,
            "title": str(page.number),
        }
        for page in view.pages
        if page.has_image
    ]


def page_places(view: DocumentView) -> dict[int, int]:
    """Of each page number, its place among the viewer's pages, from 1."""
    shown = [page.number for page in view.pages if page.has_image]
    return {number: place for place, number in enumerate(shown, start=1)}


def viewer_marks(marks: tuple[PageMarks, ...], places: dict[int, int]) -> list[dict[str, Any]]:
    """Boxes to mark, as the page viewer takes them."""
    return [{"page": places[one.page_number], "boxes": one.boxes} for one in marks if one.page_number in places]


@router.get("/documents/{document_id}")
def show_document(
    document_id: str,
    request: Request,
    service: ServiceDep,
    visitor: VisitorDep,
    q: Annotated[str, Query(max_length=LONGEST_QUERY)] = "",
    page: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """A document to read, with the words of a search marked."""
    person = visitor.person
    with service.records.writing() as session:
        dictionary = service.dictionaries.of_document(session, document_id)
        document, reading = read_document(session, person, dictionary, document_id)
        marks = find_marks(session, document, q, reading.veil) if q.strip() else ()
    view, places = reading.view, page_places(reading.view)
    start = places.get(page) or (places.get(marks[0].page_number) if marks else None) or 1
    unit_id = reading.unit_id
    content = {
        "reading": reading,
        "view": view,
        "q": q,
        "marks": marks,
        "places": places,
        "start": start,
        "viewer_pages": viewer_pages(view),
        "viewer_marks": viewer_marks(marks, places),
        "record_type": dictionary.record_type(view.shown_record_type),
        "values": [
            (field, show_label(field.rule, field.entered.value, dictionary) if field.entered else "")
            for field in view.fields
        ],
        "may_download": any(person.may(role, unit_id) for role in DOWNLOAD_ROLES),
        "may_withdraw": view.state in _WITHDRAWABLE
        and any(person.may(role, unit_id) for role in (Role.BUSINESS_OWNER, Role.SECURITY_OFFICER)),
        "may_unmask": reading.veil is not None
        and may_unmask(person.clearance, label_of(document), protection_of(dictionary, document)),
        "unmask_minutes": service.settings.unmask_minutes,
        "withheld": document.visibility is Visibility.WITHHELD,
    }
    return render_page(request, "document.html", content)


@router.post("/documents/{document_id}/{name}")
def act_on_document(document_id: str, name: str, service: ServiceDep, form: FormDep) -> Response:
    """Does what the form says, and goes on to what comes next in that work."""
    action = choose(DOCUMENT_ACTIONS, name)
    body = form.read(action.body)
    with service.records.writing() as session:
        document = find_document(session, form.person, document_id)
        code = session.get_one(Batch, document.batch_id).code
        action.run(service, session, form.person, document_id, body)
    return RedirectResponse(_next_place(name, code, document_id), status_code=303)


def _next_place(name: str, code: str, document_id: str) -> str:
    if name in ("clear", "purge"):
        return "/withheld"
    if name == "decide-duplicate":
        return f"/documents/{document_id}/work"
    if name == "unmask":
        return f"/documents/{document_id}"
    if name == "withdraw":
        return f"/batches/{code}"
    if name == "settle-contradiction":
        return f"/documents/{document_id}/work"
    task = Task.CONFIRM if name in ("confirm", "return") else Task.ENTRY
    return f"/batches/{code}/next/{task}?after={document_id}"


@router.post("/pages/{page_id}/{name}")
def act_on_page(page_id: str, name: str, service: ServiceDep, form: FormDep) -> Response:
    """Does what the form says about a failed page, and shows its document again."""
    action = choose(PAGE_ACTIONS, name)
    body = form.read(action.body)
    with service.records.writing() as session:
        page = find_viewable_page(session, form.person, page_id)
        code = session.get_one(Batch, page.batch_id).code
        action.run(service, session, form.person, page_id, body)
    target = f"/documents/{page.document_id}/work" if name == "settle" else f"/batches/{code}"
    return RedirectResponse(target, status_code=303)


@router.get("/withheld")
def show_withheld(request: Request, service: ServiceDep, visitor: VisitorDep) -> Response:
    """The withheld documents, for the security officer."""
    person = visitor.person
    if not person.clearance.units_of(READERS[Visibility.WITHHELD]):
        raise Forbidden("Withheld documents are for the security officer.", "Ask one of them.")
    with service.records.writing() as session:
        append_event(session, person.actor, "view_withheld", "", allowed=True)
        rows = list_withheld(session, person.clearance)
    return render_page(request, "withheld.html", {"rows": rows})
