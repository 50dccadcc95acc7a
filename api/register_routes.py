"""The register of a batch over JSON and on the batch's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from starlette.datastructures import UploadFile

from api.bodies import BodyDep
from api.forms import FormDep
from api.visitors import CSRF_FIELD, PersonDep, ServiceDep, VisitorDep, require_csrf
from core.errors import InvalidValue, NotFound
from flow.find import find_batch
from flow.register import RegisterView, keep_register, read_batch_register, remove_register
from ingest.register import MOST_BYTES
from people.persons import Person
from storage.access_log import append_event

router = APIRouter(prefix="/api/v1/batches/{code}/register", tags=["batches"])
pages = APIRouter(include_in_schema=False)

_CSV = {"requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}}}


class RegisterKept(BaseModel):
    """How many documents' suggestions the change touched."""

    documents_changed: int


@router.get("")
def show_register(code: str, service: ServiceDep, person: PersonDep) -> RegisterView:
    """The register as the caller may see it."""
    with service.records.writing() as session:
        batch = find_batch(session, person, code)
        found = read_batch_register(session, person, service.dictionaries.of_batch(session, code), batch)
        if found is None:
            raise NotFound(f"Batch {code} has no register.", "Upload one.")
        append_event(session, person.actor, "view_register", f"batch:{batch.id}", allowed=True)
        return found


@router.put("", openapi_extra=_CSV)
def put_register(
    code: str,
    body: BodyDep,
    service: ServiceDep,
    person: PersonDep,
    name: Annotated[str, Query(max_length=200)] = "",
) -> RegisterKept:
    """Puts a CSV file in place of the batch's earlier register."""
    with service.records.writing() as session:
        return RegisterKept(documents_changed=keep_register(session, person, code, name, body))


@router.delete("")
def delete_register(code: str, service: ServiceDep, person: PersonDep) -> RegisterKept:
    """Takes the register away."""
    with service.records.writing() as session:
        return RegisterKept(documents_changed=remove_register(session, person, code))


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a signed-in person sent from the batch's page."""

    person: Person
    name: str
    data: bytes


async def read_upload(request: Request, visitor: VisitorDep) -> Upload:
    """Raises Forbidden without the CSRF token of the visitor's sign-in, InvalidValue without a file or one too long."""
    async with request.form(max_files=1, max_fields=3) as fields:
        token, file = fields.get(CSRF_FIELD, ""), fields.get("file")
        require_csrf(visitor, token if isinstance(token, str) else "")
        if not isinstance(file, UploadFile) or not file.filename:
            raise InvalidValue("No file was chosen.", "Choose the register's CSV file.")
        return Upload(visitor.person, file.filename, await file.read(MOST_BYTES + 1))


@pages.post("/batches/{code}/register")
def take_register(code: str, service: ServiceDep, upload: Annotated[Upload, Depends(read_upload)]) -> Response:
    """Keeps the uploaded register, and shows the batch again."""
    with service.records.writing() as session:
        keep_register(session, upload.person, code, upload.name, upload.data)
    return RedirectResponse(f"/batches/{code}#register", status_code=303)


@pages.post("/batches/{code}/remove-register")
def drop_register(code: str, service: ServiceDep, form: FormDep) -> Response:
    """Takes the register away, and shows the batch again."""
    with service.records.writing() as session:
        remove_register(session, form.person, code)
    return RedirectResponse(f"/batches/{code}#register", status_code=303)
