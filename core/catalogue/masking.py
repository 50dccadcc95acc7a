"""Masking of personal values for people who may read the document but not the value [default]."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from core.catalogue.model import FieldKind
from core.text import fold

_HIDDEN = "***"
_COMMUNE = re.compile(r"(xa|phuong|thi tran|dac khu)\s")
_BELOW_COMMUNE = re.compile(r"(so|so nha|nha|duong|pho|thon|xom|ap|khom|khu|to|to dan pho|ban|buon|ngo|hem|ngach)\s")
_PARTS = re.compile(r"\s*[,;\n]\s*|\s+-\s+")


def mask(kind: FieldKind, value: str) -> str:
    """The value as it is shown masked; unchanged for the kinds that are never masked.

    Citizen number `*********123`, Party card `*****678`, phone `09*****12`, birth date to its year, address to its
    commune and province. What does not look like its kind is hidden more, never less.
    """
    rule = _RULES.get(kind)
    return rule(value) if rule else value


def _mask_number(value: str) -> str:
    """All but the last three characters; a value of six or fewer is hidden whole."""
    return "*" * (len(value) - 3) + value[-3:] if len(value) > 6 else "*" * len(value)


def _mask_phone(value: str) -> str:
    """The first two and the last two digits, whatever the length between."""
    return f"{value[:2]}*****{value[-2:]}" if len(value) > 8 else "*" * len(value)


def _mask_birth_date(value: str) -> str:
    """The year of a normalised date, which begins it."""
    return value[:4] if re.fullmatch(r"\d{4}(-\d{2}){0,2}", value) else _HIDDEN


def _mask_address(value: str) -> str:
    parts = [part for part in _PARTS.split(value) if part]
    communes = [part for part in parts if _COMMUNE.match(fold(part))]
    province = parts[-1] if parts else ""
    if any(letter.isdigit() for letter in province) or _BELOW_COMMUNE.match(fold(province)):
        province = ""
    shown = [*communes[:1], *([province] if province not in communes else [])]
    return ", ".join(filter(None, shown)) or _HIDDEN


_RULES: Mapping[FieldKind, Callable[[str], str]] = {
    FieldKind.CITIZEN_NUMBER: _mask_number,
    FieldKind.PARTY_CARD: _mask_number,
    FieldKind.PHONE: _mask_phone,
    FieldKind.BIRTH_DATE: _mask_birth_date,
    FieldKind.ADDRESS: _mask_address,
}
MASKED_KINDS = frozenset(_RULES)
"""The kinds whose values are shown masked."""
