"""`core.labels.permits` as an SQL condition on the label columns of the embedded search index."""

from __future__ import annotations

import json
from dataclasses import dataclass

from core.labels import READERS, Clearance, Visibility


@dataclass(frozen=True, slots=True)
class Condition:
    """An SQL condition and its named parameters."""

    sql: str
    parameters: dict[str, str | int]


NOTHING = Condition("0", {})


def access_condition(clearance: Clearance | None) -> Condition:
    """True for exactly the rows whose label `permits` lets this clearance read, and only in the content meant for it.

    Columns: unit_id, secrecy, sensitivity, visibility; first and above bound the sensitivity ceilings a content is for.
    """
    if clearance is None:
        return NOTHING
    parameters: dict[str, str | int] = {
        "secrecy": int(clearance.secrecy),
        "sensitivity": int(clearance.sensitivity),
    }
    ways: list[str] = []
    for visibility, roles in READERS.items():
        if not (units := clearance.units_of(roles)):
            continue
        # One parameter for all units: SQLite bounds the number of parameters.
        parameters[f"units_{visibility}"] = json.dumps(sorted(units))
        way = f"visibility = '{visibility}' AND unit_id IN (SELECT value FROM json_each(:units_{visibility}))"
        if visibility is not Visibility.WITHHELD:
            way += " AND secrecy <= :secrecy AND sensitivity <= :sensitivity"
        ways.append(f"({way})")
    if not ways:
        return NOTHING
    return Condition(f"({' OR '.join(ways)}) AND first <= :sensitivity AND :sensitivity < above", parameters)
