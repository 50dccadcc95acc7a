"""A search as OpenSearch is asked for it. Nothing that a person typed is in it but words that the analysis made."""

from __future__ import annotations

from collections.abc import Sequence

from indexing.backend import FURTHEST_HIT, MOST_FACETS, SearchQuery, Sort
from indexing.best_pages import CANDIDATES
from indexing.columns import issuer_key
from indexing.match import AnyOf, Expression, Phrase, all_of, any_of, forbidden, required, signals
from indexing.opensearch.access_filter import AccessFilter
from indexing.opensearch.connection import Json
from indexing.query import Clause, ParsedQuery

SEARCH_SECONDS = 10
_HEADER = ["document_id", "revision", "place", "readings"]
_EXACT_PAGE = 64
"""Points of a clause found with its tones: above all clauses of a query that are found without."""


def render(expression: Expression, path: str) -> Json:
    """The expression over the columns of these nested documents."""
    if isinstance(expression, Phrase):
        return {"match_phrase": {f"{path}.{expression.column}": " ".join(expression.words)}}
    if isinstance(expression, AnyOf):
        ways = [render(way, path) for way in expression.ways]
        return {"bool": {"should": ways, "minimum_should_match": 1}}
    return {"bool": {"filter": [render(part, path) for part in expression.parts]}}


def _points(expression: Expression, path: str, points: int) -> Json:
    return {"constant_score": {"filter": render(expression, path), "boost": points}}


def search_body(access: AccessFilter, query: SearchQuery, parsed: ParsedQuery) -> Json:
    """The hits of a page, their total, and the facets."""
    ranked = query.sort is Sort.RELEVANCE
    reading = {"path": "readings", "score_mode": "max", "query": _reading_query(access, query, parsed, ranked)}
    return {
        "query": {"bool": {"filter": [access.document], "must": [{"nested": reading}]}},
        "from": (query.page - 1) * query.size,
        "size": query.size,
        "sort": _order(access, query.sort),
        "track_total_hits": True,
        "track_scores": False,
        "timeout": f"{SEARCH_SECONDS}s",
        "_source": _HEADER,
        "aggs": {"readings": {"nested": {"path": "readings"}, "aggs": {"mine": _facets(access)}}},
    }


def _reading_query(access: AccessFilter, query: SearchQuery, parsed: ParsedQuery, ranked: bool) -> Json:
    """True for the reading that is found; its score adds up the points of what raises its rank."""
    conditions = [access.within("readings"), *_filters(query)]
    if (expression := required(parsed)) is not None:
        conditions.append(render(expression, "readings"))
    matching: Json = {"filter": conditions}
    if (expression := forbidden(parsed)) is not None:
        matching["must_not"] = [render(expression, "readings")]
    if ranked:
        matching["should"] = [_points(one.expression, "readings", one.points) for one in signals(parsed)]
        matching["minimum_should_match"] = 0
    return {"bool": matching}


def _filters(query: SearchQuery) -> list[Json]:
    wanted = {
        "record_type": query.record_type,
        "type_code": query.type_code,
        "issuer_key": None if query.issuer is None else issuer_key(query.issuer),
        "year": query.year,
    }
    return [{"term": {f"readings.{name}": value}} for name, value in wanted.items() if value is not None]


def _order(access: AccessFilter, sort: Sort) -> list[Json]:
    day = {
        "order": "asc" if sort is Sort.OLDEST else "desc",
        "missing": "_last",
        "nested": {"path": "readings", "filter": access.within("readings")},
    }
    order: list[Json] = [{"readings.day": day}, {"document_id": {"order": "asc"}}]
    return [{"_score": {"order": "desc"}}, *order] if sort is Sort.RELEVANCE else order


def _facets(access: AccessFilter) -> Json:
    counted = {
        "record_types": _values("record_type"),
        "type_codes": _values("type_code"),
        # Issuers are told apart by their key, and shown as one of them writes itself.
        "issuers": {**_values("issuer_key"), "aggs": {"shown": {"terms": _first("issuer")}}},
        "years": {"terms": {**_most("year")}},
    }
    return {"filter": access.within("readings"), "aggs": counted}


def _most(field: str) -> Json:
    """The most frequent values. Each shard answers with all that there can be, so that the counts are exact."""
    return {
        "field": f"readings.{field}",
        "size": MOST_FACETS,
        "shard_size": FURTHEST_HIT,
        "order": [{"_count": "desc"}, {"_key": "asc"}],
    }


def _values(field: str) -> Json:
    return {"terms": {**_most(field), "exclude": [""]}}


def _first(field: str) -> Json:
    return {"field": f"readings.{field}", "size": 1, "order": {"_key": "asc"}}


def pages_body(access: AccessFilter, document_ids: Sequence[str], parsed: ParsedQuery) -> Json:
    """Of these documents the pages that may be the best, with what they hold."""
    wanted = []
    for clause in parsed.clauses:
        wanted.append(_points(_any_word(clause), "pages", 1))
        if parsed.toned:
            exact = all_of(Phrase("exact", term.exact) for term in clause.terms)
            wanted.append(_points(exact, "pages", _EXACT_PAGE))
    if parsed.number:
        wanted.append(_points(Phrase("folded", (parsed.number,)), "pages", 1))
    pages = {
        "path": "pages",
        "query": {"bool": {"filter": [access.within("pages")], "should": wanted, "minimum_should_match": 1}},
        "inner_hits": {
            "size": CANDIDATES,
            "_source": False,
            "stored_fields": ["pages.packed"],
            "sort": [{"_score": {"order": "desc"}}, {"pages.number": {"order": "asc"}}],
        },
    }
    return {
        "query": {
            "bool": {"filter": [access.document, {"ids": {"values": list(document_ids)}}, {"nested": pages}]},
        },
        "size": len(document_ids),
        "timeout": f"{SEARCH_SECONDS}s",
        "_source": ["document_id", "revision"],
    }


def _any_word(clause: Clause) -> Expression:
    """What has a page count as one on which the clause was found."""
    ways = [Phrase("folded", term.folded) for term in clause.terms]
    ways += [Phrase("folded", other) for other in clause.others]
    ways += [Phrase("folded", (key,)) for key in clause.numbers]
    return any_of(ways)


def everything_body(after: str, size: int) -> Json:
    """The next documents that stand, by ascending id, after this one."""
    body: Json = {
        "query": {"term": {"gone": False}},
        "size": size,
        "sort": [{"document_id": {"order": "asc"}}],
        "track_total_hits": False,
        "_source": ["document_id", "revision"],
    }
    return {**body, "search_after": [after]} if after else body
