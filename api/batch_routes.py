"""Batches over JSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.actions import add_json_routes
from api.batch_actions import BATCH_ACTIONS
from api.batch_reading import Gap, StageProgress, read_batch
from api.visitors import PersonDep, ServiceDep
from core.errors import NotFound
from core.labels import Secrecy
from core.states import BatchState
from core.words import parse_secrecy
from flow.find import BATCH_ROLES, find_batch
from flow.open_batch import open_batch
from flow.service import Service
from people.persons import Person
from review.quality import Quality
from review.queries import ArchivalFileView, BatchOverview, BatchSummary, Task, list_batches, next_document
from storage.access_log import append_event
from storage.tables import Acceptance, Batch

router = APIRouter(prefix="/api/v1", tags=["batches"])


class NewBatchBody(BaseModel):
    """A batch to open under an approved catalogue entry. `secrecy`: the highest its documents are declared with."""

    code: str = Field(max_length=60)
    catalogue: str = Field(max_length=40)
    title: str = Field("", max_length=300)
    secrecy: str = Field(Secrecy.THUONG.vietnamese, max_length=20)
    station: str | None = Field(None, max_length=40)


class BatchStateAnswer(BaseModel):
    """A batch and its state."""

    code: str
    state: BatchState


class BatchAnswer(BaseModel):
    """A batch with both equations, what is missing, and the machine's work. `hidden`: missing out of one's sight."""

    overview: BatchOverview
    dictionary_version: str
    """Of the data dictionary that its documents are entered and checked by."""
    files: list[ArchivalFileView]
    files_equation_holds: bool
    pages_equation_holds: bool
    missing: list[Gap]
    hidden: int
    stages: list[StageProgress]
    quality: Quality


class NextAnswer(BaseModel):
    """The next document to work on, if any is left."""

    document_id: str | None


def open_new_batch(service: Service, session: Session, person: Person, body: NewBatchBody) -> Batch:
    """Opens the batch. Raises CatalogueRefused, AboveCeiling, InvalidValue, ManifestMismatch for an unknown secrecy."""
    return open_batch(
        session,
        person,
        code=body.code,
        title=body.title,
        catalogue_code=body.catalogue,
        secrecy=parse_secrecy(body.secrecy),
        ceiling=service.settings.ceiling,
        station_code=body.station,
    )


def find_minutes(session: Session, person: Person, code: str) -> tuple[Batch, Acceptance]:
    """The batch with the minutes of its last decision. Raises NotFound."""
    batch = find_batch(session, person, code)
    query = select(Acceptance).where(Acceptance.batch_id == batch.id).order_by(Acceptance.round.desc()).limit(1)
    decision = session.scalars(query).first()
    if decision is None:
        raise NotFound(f"Batch {code} has no minutes yet.", "They are written when it is decided about.")
    append_event(session, person.actor, "view_minutes", f"batch:{batch.id}", allowed=True)
    return batch, decision


@router.get("/batches")
def show_batches(service: ServiceDep, person: PersonDep) -> list[BatchSummary]:
    """The batches of the caller's units, newest first."""
    with service.records.reading() as session:
        return list_batches(session, person.clearance.units_of(BATCH_ROLES))


@router.post("/batches", status_code=201)
def add_batch(body: NewBatchBody, service: ServiceDep, person: PersonDep) -> BatchStateAnswer:
    """Opens a batch."""
    with service.records.writing() as session:
        batch = open_new_batch(service, session, person, body)
        return BatchStateAnswer(code=batch.code, state=batch.state)


@router.get("/batches/{code}")
def show_batch(code: str, service: ServiceDep, person: PersonDep) -> BatchAnswer:
    """A batch as the caller may see it."""
    with service.records.writing() as session:
        dictionary = service.dictionaries.of_batch(session, code)
        batch, reading = read_batch(session, person, dictionary, code)
        append_event(session, person.actor, "view_batch", f"batch:{batch.id}", allowed=True)
    summary = reading.overview.summary
    return BatchAnswer(
        overview=reading.overview,
        dictionary_version=batch.dictionary_version,
        files=list(reading.files),
        files_equation_holds=summary.files.holds,
        pages_equation_holds=summary.pages.holds,
        missing=list(reading.gaps),
        hidden=reading.hidden,
        stages=list(reading.stages),
        quality=reading.quality,
    )


@router.get("/batches/{code}/minutes", response_class=PlainTextResponse)
def show_minutes(code: str, service: ServiceDep, person: PersonDep) -> PlainTextResponse:
    """The acceptance minutes of the last decision, as plain text."""
    with service.records.writing() as session:
        return PlainTextResponse(find_minutes(session, person, code)[1].minutes)


@router.get("/batches/{code}/next")
def show_next(
    code: str, service: ServiceDep, person: PersonDep, task: Task, after: Annotated[str | None, Query()] = None
) -> NextAnswer:
    """The next document that waits for this task and that the caller can do it on."""
    with service.records.reading() as session:
        find_batch(session, person, code)
        return NextAnswer(document_id=next_document(session, person.clearance, code, task, after))


def _state(session: Session, code: str) -> BatchStateAnswer:
    batch = session.scalars(select(Batch).where(Batch.code == code)).one()
    return BatchStateAnswer(code=batch.code, state=batch.state)


add_json_routes(router, "/batches/{key}", BATCH_ACTIONS, BatchStateAnswer, _state)
