"""The catalogue's record types and the data dictionary, as data, with the checks of values and records."""

from core.catalogue.masking import MASKED_KINDS, mask
from core.catalogue.model import (
    AccessRight,
    CodeList,
    Composition,
    Dictionary,
    FieldKind,
    FieldRule,
    Labels,
    OrderRule,
    PersonFact,
    Protection,
    RecordType,
)
from core.catalogue.parse import load_builtin, parse_dictionary
from core.catalogue.records import Fault, check_record, missing_fields
from core.catalogue.values import check_value

__all__ = [
    "MASKED_KINDS",
    "AccessRight",
    "CodeList",
    "Composition",
    "Dictionary",
    "Fault",
    "FieldKind",
    "FieldRule",
    "Labels",
    "OrderRule",
    "PersonFact",
    "Protection",
    "RecordType",
    "check_record",
    "check_value",
    "load_builtin",
    "mask",
    "missing_fields",
    "parse_dictionary",
]
