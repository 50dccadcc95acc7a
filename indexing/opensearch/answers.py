"""What OpenSearch answers to a search, in our words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from core.errors import SearchUnavailable
from indexing.backend import FacetCount, Facets, SearchHit, Snippet, Sort
from indexing.best_pages import best_pages
from indexing.highlight import find_marks, make_snippets
from indexing.opensearch.access_filter import AccessFilter
from indexing.opensearch.connection import Json
from indexing.opensearch.mapping import unpack_page
from indexing.query import ParsedQuery

PageKey = tuple[str, int]
"""A document's id and the revision in which it was found."""


def require_whole(answer: Json) -> None:
    """Raises SearchUnavailable for an answer that OpenSearch cut off: a part would look like everything."""
    if answer.get("timed_out") or answer["_shards"]["failed"]:
        raise SearchUnavailable("The search took too long.", "Try again, or search for something narrower.")


def read_total(answer: Json) -> int:
    """How many documents were found."""
    total: int = answer["hits"]["total"]["value"]
    return total


def key_of(hit: Json) -> PageKey:
    """What the pages of a hit go by."""
    return hit["_source"]["document_id"], hit["_source"]["revision"]


def read_hit(
    hit: Json, access: AccessFilter, sort: Sort, parsed: ParsedQuery, snippets: tuple[Snippet, ...]
) -> SearchHit:
    """The hit in the content that is for this reader."""
    source = hit["_source"]
    (reading,) = (one for one in source["readings"] if access.is_for(one["audience"], one["holder"]))
    issued_on = reading["issued_on"]
    return SearchHit(
        document_id=source["document_id"],
        revision=source["revision"],
        score=float(hit["sort"][0]) if sort is Sort.RELEVANCE else 0.0,
        title=reading["title"],
        title_marks=find_marks(reading["title"], parsed),
        record_type=reading["record_type"],
        type_code=reading["type_code"],
        issuer=reading["issuer"],
        number_symbol=reading["number_symbol"],
        issued_on=date.fromisoformat(issued_on) if issued_on else None,
        abstract=reading["abstract"],
        place=source["place"],
        snippets=snippets,
    )


def read_snippets(answer: Json, parsed: ParsedQuery) -> Mapping[PageKey, tuple[Snippet, ...]]:
    """Snippets of the best pages of each document, best first."""
    return {
        key_of(hit): _snippets(hit["inner_hits"]["pages"]["hits"]["hits"], parsed) for hit in answer["hits"]["hits"]
    }


def _snippets(inner: list[Json], parsed: ParsedQuery) -> tuple[Snippet, ...]:
    stored = {one["_nested"]["offset"]: unpack_page(one["fields"]["pages.packed"][0]) for one in inner}
    best = best_pages((page.tokens(key) for key, page in stored.items()), parsed)
    return make_snippets([stored[page.key].page for page in best], parsed)


def read_facets(answer: Json) -> Facets:
    """The counts within all that was found."""
    mine = answer["aggregations"]["readings"]["mine"]

    def counts(name: str) -> tuple[FacetCount, ...]:
        return tuple(FacetCount(_value(bucket), bucket["doc_count"]) for bucket in mine[name]["buckets"])

    return Facets(counts("record_types"), counts("type_codes"), counts("issuers"), counts("years"))


def _value(bucket: Json) -> str:
    if "shown" in bucket:
        return str(bucket["shown"]["buckets"][0]["key"])
    return str(bucket["key"])
