"""Data quality by record type, and how right suggested record types were, over JSON and as a page."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from api.templates import render_page
from api.visitors import PersonDep, ServiceDep, VisitorDep
from core.errors import Forbidden
from core.labels import WORKING_ROLES
from flow.service import Service
from people.persons import Person
from review.learning import TypeLearning, read_type_learning
from review.quality import Quality, measure_quality
from storage.access import readable
from storage.access_log import append_event

router = APIRouter(prefix="/api/v1", tags=["quality"])
pages = APIRouter(include_in_schema=False)


class QualityAnswer(BaseModel):
    """The six words by record type, and the two tables about suggested types, over what the caller may read."""

    quality: Quality
    record_types: TypeLearning


def _read(session: Session, service: Service, person: Person) -> QualityAnswer:
    if not person.clearance.units_of(WORKING_ROLES):
        raise Forbidden("Quality is for those who work on batches.", "Ask one of them.")
    which = readable(person.clearance)
    append_event(session, person.actor, "view_quality", "", allowed=True)
    dictionary = service.dictionaries.present(session)
    return QualityAnswer(
        quality=measure_quality(session, dictionary, which), record_types=read_type_learning(session, which)
    )


@router.get("/quality")
def show_quality(service: ServiceDep, person: PersonDep) -> QualityAnswer:
    """Data quality over the documents that the caller may read."""
    with service.records.writing() as session:
        return _read(session, service, person)


@pages.get("/quality")
def show_quality_page(request: Request, service: ServiceDep, visitor: VisitorDep) -> Response:
    """The same as a page."""
    with service.records.writing() as session:
        answer = _read(session, service, visitor.person)
        dictionary = service.dictionaries.present(session)
    content = {"quality": answer.quality, "learning": answer.record_types, "dictionary": dictionary}
    return render_page(request, "quality.html", content)
