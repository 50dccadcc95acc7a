"""Searching over JSON."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from api.visitors import PersonDep, ServiceDep
from core.recognition import Box
from flow.service import Service
from indexing.backend import LARGEST_PAGE, Mark, SearchQuery, SearchResults, Sort
from indexing.query import LONGEST_QUERY
from people.persons import Person
from storage.access import readable
from storage.access_log import append_event
from storage.tables import Document

router = APIRouter(prefix="/api/v1", tags=["search"])

_LOGGED_TEXT = 200


class SearchParameters(BaseModel):
    """What is searched for, as it stands in an address. Empty filters are no filters."""

    q: str = Field("", max_length=LONGEST_QUERY)
    record_type: str = Field("", max_length=200)
    type_code: str = Field("", max_length=60)
    issuer: str = Field("", max_length=300)
    year: Annotated[str, Field(pattern=r"^(\d{4})?$")] = ""
    sort: Sort = Sort.RELEVANCE
    page: int = Field(1, ge=1, le=500)
    size: int = Field(20, ge=1, le=LARGEST_PAGE)

    def as_query(self) -> SearchQuery:
        """The query for the search backend. Raises QueryRefused."""
        return SearchQuery(
            text=self.q,
            record_type=self.record_type or None,
            type_code=self.type_code or None,
            issuer=self.issuer or None,
            year=int(self.year) if self.year else None,
            sort=self.sort,
            page=self.page,
            size=self.size,
        )


class _Read(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class SnippetAnswer(_Read):
    """A piece of a page's text; `marks` are offsets into it, `boxes` those of the marked words on the image."""

    page_id: str
    page_number: int
    text: str
    marks: list[Mark]
    boxes: list[Box]


class HitAnswer(_Read):
    """A document that was found."""

    document_id: str
    score: float
    title: str
    title_marks: list[Mark]
    record_type: str
    type_code: str
    issuer: str
    number_symbol: str
    issued_on: date | None
    abstract: str
    place: str
    snippets: list[SnippetAnswer]


class FacetAnswer(_Read):
    """How many of the found documents have this value."""

    value: str
    count: int


class FacetsAnswer(_Read):
    """Counts within the found documents."""

    record_types: list[FacetAnswer]
    type_codes: list[FacetAnswer]
    issuers: list[FacetAnswer]
    years: list[FacetAnswer]


class SearchAnswer(_Read):
    """What was found."""

    total: int
    hits: list[HitAnswer]
    facets: FacetsAnswer
    took_ms: int


def run_search(service: Service, person: Person, query: SearchQuery) -> SearchResults:
    """What this person finds, each hit held against the records once more; the search is logged."""
    results = service.search.search(person.clearance, query)
    found = [hit.document_id for hit in results.hits]
    with service.records.writing() as session:
        wanted = select(Document.id).where(Document.id.in_(found), readable(person.clearance))
        allowed = set(session.scalars(wanted))
        detail = {"text": query.text[:_LOGGED_TEXT], "total": results.total, "page": query.page}
        append_event(session, person.actor, "search", "", allowed=True, detail=detail)
    hits = tuple(hit for hit in results.hits if hit.document_id in allowed)
    return replace(results, hits=hits, total=results.total - (len(results.hits) - len(hits)))


@router.get("/search")
def search(service: ServiceDep, person: PersonDep, wanted: Annotated[SearchParameters, Query()]) -> SearchAnswer:
    """Searches what the caller may read. Words must all be found; "in quotes" together; -word must not be found."""
    return SearchAnswer.model_validate(run_search(service, person, wanted.as_query()))
