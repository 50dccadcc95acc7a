"""Which fields of a record type a person may see, and so enter and confirm."""

from __future__ import annotations

from core.catalogue import FieldRule, RecordType
from core.labels import Clearance


def is_readable(rule: FieldRule, clearance: Clearance) -> bool:
    """Whether the field's own secrecy and sensitivity lie within the clearance. The document's label holds beside."""
    return rule.secrecy <= clearance.secrecy and rule.sensitivity <= clearance.sensitivity


def unreadable_fields(record_type: RecordType, clearance: Clearance) -> frozenset[str]:
    """Names of the fields above the clearance."""
    return frozenset(rule.name for rule in record_type.fields if not is_readable(rule, clearance))
