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
from core.catalogue.parse import builtin_text, check_dictionary, join_texts, load_builtin, parse_dictionary
from core.catalogue.records import Fault, check_record, missing_fields
from core.catalogue.values import check_value
from core.catalogue.yaml_lines import DictionaryFault

__all__ = [
    "MASKED_KINDS",
    "AccessRight",
    "CodeList",
    "Composition",
    "Dictionary",
    "DictionaryFault",
    "Fault",
    "FieldKind",
    "FieldRule",
    "Labels",
    "OrderRule",
    "PersonFact",
    "Protection",
    "RecordType",
    "builtin_text",
    "check_dictionary",
    "check_record",
    "check_value",
    "join_texts",
    "load_builtin",
    "mask",
    "missing_fields",
    "parse_dictionary",
]
