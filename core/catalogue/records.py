"""Checking a whole record: what is missing, and the rules that join its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.catalogue.dates import add_years, days_of, show_date
from core.catalogue.model import FieldKind, FieldRule, OrderRule, RecordType

_FIRST_CENTURY = 1900
_SEX_FIELD = "sex"
_SEXES = ("male", "female")


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken rule, at the field to look at first. `message` is Vietnamese and names no value of a number."""

    field: str
    message: str


def missing_fields(
    record_type: RecordType, values: Mapping[str, Any], missing_reasons: Mapping[str, str]
) -> list[FieldRule]:
    """The required fields without a value, and without a reason where a reason is allowed; in the type's order."""
    return [
        rule
        for rule in record_type.fields
        if rule.required
        and _is_empty(values.get(rule.name))
        and not (rule.missing_reason_allowed and missing_reasons.get(rule.name, "").strip())
    ]


def _is_empty(value: Any) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def check_record(record_type: RecordType, values: Mapping[str, Any]) -> list[Fault]:
    """Broken rules between the fields; empty when there is none. `values` are normalised by `check_value`.

    Fields without a value take part in no rule; a partial date breaks one only if every day it can mean does.
    """
    faults = [fault for rule in record_type.rules if (fault := _check_order(record_type, rule, values))]
    births = [str(values[rule.name]) for rule in record_type.fields if _has(rule, FieldKind.BIRTH_DATE, values)]
    for rule in record_type.fields:
        if _has(rule, FieldKind.CITIZEN_NUMBER, values):
            faults += _check_person(rule, str(values[rule.name]), values.get(_SEX_FIELD), births)
    return faults


def _has(rule: FieldRule, kind: FieldKind, values: Mapping[str, Any]) -> bool:
    return rule.kind is kind and not _is_empty(values.get(rule.name))


def _check_order(record_type: RecordType, rule: OrderRule, values: Mapping[str, Any]) -> Fault | None:
    earlier, later = values.get(rule.earlier), values.get(rule.later)
    if _is_empty(earlier) or _is_empty(later):
        return None
    earlier_days, later_days = days_of(str(earlier)), days_of(str(later))
    if earlier_days is None or later_days is None:
        return None
    if add_years(earlier_days[0], rule.years) <= later_days[1]:
        return None
    title, other = record_type.field(rule.later).title, record_type.field(rule.earlier).title
    distance = f" ít nhất {rule.years} năm" if rule.years else ""
    relation = f"phải sau{distance}" if rule.years else "không được trước"
    shown = f"{title} ({show_date(str(later))}) {relation} {other} ({show_date(str(earlier))})."
    return Fault(rule.later, shown)


def _check_person(rule: FieldRule, number: str, sex: Any, births: list[str]) -> list[Fault]:
    """The fourth digit gives century and sex (0 and 1: man and woman of 19xx, 2 and 3 of 20xx), the next two the year.

    A number of 9 digits (CMND) says neither.
    """
    if len(number) != 12:
        return []
    century, woman = divmod(int(number[3]), 2)
    year = str(_FIRST_CENTURY + 100 * century + int(number[4:6]))
    faults = []
    if sex in _SEXES and sex != _SEXES[woman]:
        faults.append(Fault(rule.name, f"{rule.title}: chữ số thứ 4 không khớp với giới tính đã nhập."))
    if births and births[0][:4] != year:
        faults.append(Fault(rule.name, f"{rule.title}: chữ số thứ 4 đến thứ 6 không khớp với năm sinh đã nhập."))
    return faults
