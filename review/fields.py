"""Which fields of a record type a person may see, and so enter and confirm."""

from __future__ import annotations

from core.catalogue import AccessRight, FieldRule, RecordType
from core.labels import WORKING_ROLES, Clearance


def is_readable(rule: FieldRule, clearance: Clearance, unit_id: str) -> bool:
    """Whether the field of a document of this unit lies within the clearance. The document's label holds beside.

    Its own secrecy and sensitivity do; and a field for named people is for those who work on the unit's documents.
    """
    if rule.access is AccessRight.NAMED_PEOPLE and unit_id not in clearance.units_of(WORKING_ROLES):
        return False
    return rule.secrecy <= clearance.secrecy and rule.sensitivity <= clearance.sensitivity


def unreadable_fields(record_type: RecordType, clearance: Clearance, unit_id: str) -> frozenset[str]:
    """Names of the fields of a document of this unit that are not for this clearance."""
    return frozenset(rule.name for rule in record_type.fields if not is_readable(rule, clearance, unit_id))
