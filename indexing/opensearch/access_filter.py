"""`core.labels.permits` as a filter on the label of a document in OpenSearch."""

from __future__ import annotations

from dataclasses import dataclass

from core.labels import READERS, Clearance, Visibility
from indexing.opensearch.connection import Json


@dataclass(frozen=True, slots=True)
class AccessFilter:
    """`document`: true for exactly the documents whose label `permits` lets this clearance read.

    `sensitivity` bounds what of them: only readings and pages with first <= sensitivity < above.
    """

    document: Json
    sensitivity: int

    def within(self, path: str) -> Json:
        """True for the nested readings, or pages, that are for this reader."""
        return {
            "bool": {
                "filter": [
                    {"range": {f"{path}.first": {"lte": self.sensitivity}}},
                    {"range": {f"{path}.above": {"gt": self.sensitivity}}},
                ]
            }
        }


def access_filter(clearance: Clearance | None) -> AccessFilter | None:
    """What this clearance lets be found; None where that is nothing."""
    if clearance is None:
        return None
    ways: list[Json] = []
    for visibility, roles in READERS.items():
        if not (units := clearance.units_of(roles)):
            continue
        conditions: list[Json] = [{"term": {"visibility": str(visibility)}}, {"terms": {"unit_id": sorted(units)}}]
        if visibility is not Visibility.WITHHELD:
            conditions.append({"range": {"secrecy": {"lte": int(clearance.secrecy)}}})
            conditions.append({"range": {"sensitivity": {"lte": int(clearance.sensitivity)}}})
        ways.append({"bool": {"filter": conditions}})
    if not ways:
        return None
    return AccessFilter({"bool": {"should": ways, "minimum_should_match": 1}}, int(clearance.sensitivity))
