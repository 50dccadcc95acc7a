"""The search page."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from api.search_routes import SearchParameters, run_search
from api.templates import render_page
from api.visitors import ServiceDep, VisitorDep
from core.errors import QueryRefused
from indexing.backend import FURTHEST_HIT, FacetCount, SearchResults, Sort

router = APIRouter(include_in_schema=False)

_SHOWN_VALUES = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """A facet's value as a link; `chosen` ones lead back to all values."""

    value: str
    count: int | None
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """A facet with its values."""

    title: str
    choices: tuple[Choice, ...]


def search_address(wanted: SearchParameters, **changed: str | int) -> str:
    """The address of this search with some of it changed; what is empty or usual is left out."""
    usual = SearchParameters()
    given = wanted.model_dump(mode="json") | changed
    return "/search?" + urlencode({name: value for name, value in given.items() if value != getattr(usual, name)})


def _group(title: str, name: str, counts: tuple[FacetCount, ...], wanted: SearchParameters) -> FacetGroup:
    present = str(getattr(wanted, name))
    choices = [
        Choice(one.value, one.count, search_address(wanted, page=1, **{name: one.value}), one.value == present)
        for one in counts[:_SHOWN_VALUES]
    ]
    if present and not any(choice.chosen for choice in choices):
        choices.insert(0, Choice(present, None, "", chosen=True))
    off = search_address(wanted, page=1, **{name: ""})
    return FacetGroup(
        title, tuple(Choice(one.value, one.count, off if one.chosen else one.address, one.chosen) for one in choices)
    )


def _facet_groups(results: SearchResults, wanted: SearchParameters) -> list[FacetGroup]:
    facets = results.facets
    groups = (
        _group("Loại hồ sơ, tài liệu", "record_type", facets.record_types, wanted),
        _group("Tên loại văn bản", "type_code", facets.type_codes, wanted),
        _group("Cơ quan ban hành", "issuer", facets.issuers, wanted),
        _group("Năm", "year", facets.years, wanted),
    )
    return [group for group in groups if group.choices]


@router.get("/search")
def show_search(
    request: Request, service: ServiceDep, visitor: VisitorDep, wanted: Annotated[SearchParameters, Query()]
) -> Response:
    """The box; and once something is asked, the hits with their facets."""
    asked = "q" in request.query_params or bool(wanted.record_type or wanted.type_code or wanted.issuer or wanted.year)
    results, refusal = None, None
    if asked:
        try:
            results = run_search(service, visitor.person, wanted.as_query())
        except QueryRefused as error:
            refusal = error
    furthest = min(results.total, FURTHEST_HIT) if results else 0
    last = max(1, math.ceil(furthest / wanted.size))
    content = {
        "wanted": wanted,
        "results": results,
        "refusal": refusal,
        "groups": _facet_groups(results, wanted) if results else [],
        "sorts": [(sort, search_address(wanted, sort=sort.value, page=1)) for sort in Sort],
        "last_page": last,
        "before": search_address(wanted, page=wanted.page - 1) if wanted.page > 1 else "",
        "after": search_address(wanted, page=wanted.page + 1) if wanted.page < last else "",
    }
    return render_page(request, "search.html", content, status=422 if refusal else 200)
