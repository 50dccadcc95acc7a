"""The key by which two documents are one: issuer, number and year in state form; issuer, type, number and term in the
Party's. What is compared is normalised: no marks, no case, no leading zeros, abbreviations in full."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from core.abbreviations import issuer_key
from core.catalogue import Dictionary
from core.catalogue.dates import days_of
from core.text import document_number_key, fold, normalize

KEY_FIELDS = ("issuing_body", "number", "symbol", "type_code", "date")
_YEAR = re.compile(r"^((?:19|20)\d\d)\s*/\s*")
_CENTRAL = re.compile(r"tw$")


def document_key(dictionary: Dictionary, values: Mapping[str, Any]) -> str | None:
    """SHA-256, in hexadecimal, of the document's key; None unless every part of it is known.

    values: of `KEY_FIELDS`, as suggestions or entered values hold them. The symbol tells the form: `KH/TU` is the
    Party's, `KH-UBND` and `2020/NĐ-CP` the state's; and the level whose terms count: an organ in …TW is central.
    """
    issuer, number, symbol, kind, day = (_text(values.get(name)) for name in KEY_FIELDS)
    issuer, number = issuer_key(issuer), document_number_key(number).lstrip("0")
    own_year = _YEAR.match(symbol)
    bare = symbol[own_year.end() :] if own_year else symbol
    days = days_of(day) if day else None
    if not issuer or not number or not bare:
        return None
    if "/" in bare and own_year is None:
        prefix, _, organ = bare.partition("/")
        series = "central" if _CENTRAL.search(document_number_key(organ)) else "local"
        term = dictionary.party_term(series, days[0]) if days else None
        parts = ["party", issuer, fold(kind or prefix), number, term]
    else:
        year = own_year[1] if own_year else str(days[0].year) if days and days[0].year == days[1].year else None
        parts = ["state", issuer, number, document_number_key(bare), year]
    if None in parts:
        return None
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


def _text(value: Any) -> str:
    return normalize(value) if isinstance(value, str) else ""
