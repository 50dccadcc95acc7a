"""Documents over JSON: reading, typing values, deciding."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.actions import add_json_routes
from api.document_actions import DOCUMENT_ACTIONS
from api.document_reading import FileView, PageMarks, find_marks, list_withheld, read_document
from api.visitors import PersonDep, ServiceDep
from core.states import DocumentState
from flow.enter import EnteredValue, enter_values
from review.duplicates.pairs import Duplicates
from review.queries import DocumentView, PersonFileView
from storage.access_log import append_event
from storage.tables import Document

router = APIRouter(prefix="/api/v1", tags=["documents"])

_MOST_ITEMS = 500


class ValueBody(BaseModel):
    """A value, or why there is none, or neither to clear it. `origin_id`: the document that it was taken over from."""

    value: str | list[str] | None = None
    missing_reason: str | None = None
    suggestion_id: str | None = None
    origin_id: str | None = None


class ValuesBody(BaseModel):
    """What was typed. `complete`: the entry is finished and waits for its confirmation; else it is a draft."""

    revision: int
    record_type: str = Field(max_length=60)
    complete: bool = False
    values: dict[str, ValueBody] = Field(max_length=_MOST_ITEMS)

    def entries(self) -> dict[str, EnteredValue]:
        """The values as the flow takes them."""
        return {
            name: EnteredValue(one.value, one.missing_reason, one.suggestion_id, one.origin_id)
            for name, one in self.values.items()
        }


class DocumentAnswer(BaseModel):
    """A document as the caller may see it. `marks`: where the words of `q` stand on its pages.

    `person_file`: what the other documents of the same person's file say, for those who work on it. `label_reason`: why
    a machine raised its sensitivity. `masked`: personal values are not shown to the caller.
    """

    document: DocumentView
    person_file: PersonFileView | None
    files: list[FileView]
    secrecy: int
    sensitivity: int
    label_reason: str | None
    masked: bool
    marks: list[PageMarks]
    duplicates: Duplicates


class DocumentStateAnswer(BaseModel):
    """A document after a change: its state, and the revision for the next one."""

    id: str
    state: DocumentState
    revision: int


class WithheldAnswer(BaseModel):
    """A withheld document."""

    id: str
    revision: int
    place: str
    title: str
    reason: str | None


@router.get("/documents/{document_id}")
def show_document(
    document_id: str,
    service: ServiceDep,
    person: PersonDep,
    record_type: Annotated[str | None, Query(max_length=60)] = None,
    q: Annotated[str, Query(max_length=300)] = "",
) -> DocumentAnswer:
    """A document: its fields with suggestions and values, its pages, its originals."""
    with service.records.writing() as session:
        dictionary = service.dictionaries.of_document(session, document_id)
        document, reading = read_document(session, person, dictionary, document_id, record_type)
        marks = find_marks(session, document, q, reading.veil) if q else ()
    return DocumentAnswer(
        document=reading.view,
        person_file=reading.person_file,
        files=list(reading.files),
        secrecy=int(reading.secrecy),
        sensitivity=int(reading.sensitivity),
        label_reason=reading.label_reason,
        masked=reading.veil is not None,
        marks=list(marks),
        duplicates=reading.duplicates,
    )


@router.put("/documents/{document_id}/values")
def put_values(document_id: str, body: ValuesBody, service: ServiceDep, person: PersonDep) -> DocumentStateAnswer:
    """Stores what was typed; fields not named stay as they are. Every fault is named, and then nothing is kept."""
    with service.records.writing() as session:
        enter_values(
            session,
            person,
            service.dictionaries.of_document(session, document_id),
            document_id,
            body.revision,
            body.record_type,
            body.entries(),
            complete=body.complete,
            ceiling=service.settings.ceiling,
        )
        session.flush()
        return _state(session, document_id)


@router.get("/withheld")
def show_withheld(service: ServiceDep, person: PersonDep) -> list[WithheldAnswer]:
    """The withheld documents that the caller, a security officer, decides about."""
    with service.records.writing() as session:
        append_event(session, person.actor, "view_withheld", "", allowed=True)
        return [
            WithheldAnswer(
                id=document.id, revision=document.revision, place=place, title=document.title, reason=document.reason
            )
            for document, place in list_withheld(session, person.clearance)
        ]


def _state(session: Session, document_id: str) -> DocumentStateAnswer:
    document = session.get_one(Document, document_id)
    return DocumentStateAnswer(id=document.id, state=document.state, revision=document.revision)


add_json_routes(router, "/documents/{key}", DOCUMENT_ACTIONS, DocumentStateAnswer, _state)
