"""`core.labels.permits` and `core.personal_data.reveals` as filters in OpenSearch."""

from __future__ import annotations

from dataclasses import dataclass

from core.labels import READERS, Clearance, Visibility
from core.personal_data import FULL_READERS
from indexing.opensearch.connection import Json
from indexing.opensearch.mapping import holder_of
from indexing.records import Audience


@dataclass(frozen=True, slots=True)
class AccessFilter:
    """`document`: true for exactly the documents whose label `permits` lets this clearance read.

    `full`: holders, as the mapping names them, whose documents the reader sees in full; of all others masked.
    """

    document: Json
    full: frozenset[str]

    def within(self, path: str) -> Json:
        """True for the nested readings, or pages, that are for this reader."""
        held = {"terms": {f"{path}.holder": sorted(self.full)}}
        ways = [
            _is(path, Audience.EVERYONE),
            {"bool": {"filter": [_is(path, Audience.FULL), held]}},
            {"bool": {"filter": [_is(path, Audience.MASKED)], "must_not": [held]}},
        ]
        return {"bool": {"filter": [{"bool": {"should": ways, "minimum_should_match": 1}}]}}

    def is_for(self, audience: str, holder: str) -> bool:
        """The same, said of one content."""
        return audience in (Audience.EVERYONE, Audience.FULL if holder in self.full else Audience.MASKED)


def _is(path: str, audience: Audience) -> Json:
    return {"term": {f"{path}.audience": str(audience)}}


def access_filter(clearance: Clearance | None) -> AccessFilter | None:
    """What this clearance lets be found; None where that is nothing."""
    if clearance is None:
        return None
    ways: list[Json] = []
    full: set[str] = set()
    for visibility, roles in READERS.items():
        if not (units := clearance.units_of(roles)):
            continue
        conditions: list[Json] = [{"term": {"visibility": str(visibility)}}, {"terms": {"unit_id": sorted(units)}}]
        if visibility is not Visibility.WITHHELD:
            conditions.append({"range": {"secrecy": {"lte": int(clearance.secrecy)}}})
            conditions.append({"range": {"sensitivity": {"lte": int(clearance.sensitivity)}}})
        full.update(holder_of(str(visibility), unit) for unit in clearance.units_of(FULL_READERS[visibility]))
        ways.append({"bool": {"filter": conditions}})
    if not ways:
        return None
    return AccessFilter({"bool": {"should": ways, "minimum_should_match": 1}}, frozenset(full))
