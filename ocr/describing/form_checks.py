"""Values of one form weighed against one another: what contradicts another value is not sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.recognition import Suggestion

_DOUBTFUL = 0.5
_ORDER = (
    ("birth_date", "admission_date", 18), ("admission_date", "full_member_date", 0),
    ("birth_date", "effective_date", 18), ("first_date", "last_date", 0),
)  # fmt: skip
"""Dates of which the first lies so many years before the second."""


def weigh_together(found: Sequence[Suggestion]) -> list[Suggestion]:
    """The suggestions, those in contradiction lowered to at most 0.5: one of them is wrong, which one nobody knows."""
    values = {one.name: one.value for one in found if isinstance(one.value, str)}
    doubtful = {name for pair in _contradictions(values) for name in pair}
    return [
        replace(one, confidence=min(one.confidence, _DOUBTFUL)) if one.name in doubtful and one.value else one
        for one in found
    ]


def _contradictions(values: dict[str, str]) -> list[tuple[str, ...]]:
    pairs: list[tuple[str, ...]] = []
    for earlier, later, years in _ORDER:
        if earlier in values and later in values:
            first, second = values[earlier], values[later]
            if int(second[:4]) < int(first[:4]) + years or (not years and len(first) == len(second) and second < first):
                pairs.append((earlier, later))
    number = values.get("citizen_number", "")
    if len(number) == 12:
        century, woman = divmod(int(number[3]), 2)
        if "sex" in values and (values["sex"] == "nữ") != bool(woman):
            pairs.append(("citizen_number", "sex"))
        if "birth_date" in values and values["birth_date"][:4] != str(1900 + 100 * century + int(number[4:6])):
            pairs.append(("citizen_number", "birth_date"))
    return pairs
