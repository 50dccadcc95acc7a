"""`core.labels.permits` and `core.personal_data.reveals` as an SQL condition on the embedded search index."""

from __future__ import annotations

import json
from dataclasses import dataclass

from core.labels import READERS, Clearance, Visibility
from core.personal_data import FULL_READERS


@dataclass(frozen=True, slots=True)
class Condition:
    """An SQL condition and its named parameters."""

    sql: str
    parameters: dict[str, str | int]


NOTHING = Condition("0", {})


def access_condition(clearance: Clearance | None) -> Condition:
    """True for exactly the rows whose label `permits` lets this clearance read, and only in the content meant for it.

    Columns: unit_id, secrecy, sensitivity, visibility, and audience.
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
        parameters[f"full_{visibility}"] = json.dumps(sorted(clearance.units_of(FULL_READERS[visibility])))
        full = f"unit_id IN (SELECT value FROM json_each(:full_{visibility}))"
        way += f" AND audience IN ('everyone', CASE WHEN {full} THEN 'full' ELSE 'masked' END)"
        ways.append(f"({way})")
    return Condition(f"({' OR '.join(ways)})", parameters) if ways else NOTHING
