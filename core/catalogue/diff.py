"""What changes from one version of the dictionary to another, in words that people decide by, and what would break."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from core.catalogue.model import CodeList, Dictionary, RecordType
from core.catalogue.terms import TermSeries


class Part(StrEnum):
    """What a change is about."""

    RECORD_TYPE = "record_type"
    FIELD = "field"
    CODE_LIST = "code_list"
    CODE = "code"
    COMPOSITION = "composition"
    TERM_SERIES = "term_series"
    TERM = "term"


class Kind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One change. `owner`: the record type of a field, the list of a code, the series of a term.

    `name`: the code of the thing itself. `text`: the change in a Vietnamese sentence; `text_en`: the same in English.
    """

    kind: Kind
    part: Part
    owner: str
    name: str
    text: str
    text_en: str


_PARTS = {
    Part.RECORD_TYPE: ("loại hồ sơ", "record type"),
    Part.FIELD: ("trường", "field"),
    Part.CODE_LIST: ("danh mục mã", "code list"),
    Part.CODE: ("mã", "code"),
    Part.COMPOSITION: ("thành phần hồ sơ", "composition"),
    Part.TERM_SERIES: ("dãy nhiệm kỳ", "series of terms"),
    Part.TERM: ("nhiệm kỳ", "term"),
}
_ATTRIBUTES = {
    "title": "tên",
    "title_en": "tên tiếng Anh",
    "form": "thể thức",
    "type_codes": "tên loại",
    "labels": "nhãn",
    "rules": "quy tắc",
    "kind": "kiểu",
    "required": "bắt buộc",
    "descriptive": "dữ liệu chỉ mục",
    "missing_reason_allowed": "bỏ trống được khi nêu lý do",
    "partial_allowed": "ngày thiếu",
    "code_list": "danh mục mã",
    "max_length": "độ dài tối đa",
    "minimum": "nhỏ nhất",
    "maximum": "lớn nhất",
    "pattern": "mẫu",
    "secrecy": "độ mật",
    "sensitivity": "độ nhạy",
    "access": "quyền truy cập",
    "owner": "chủ quản",
    "origin": "nguồn",
    "update_frequency": "cập nhật",
    "help": "hướng dẫn",
    "maps_to": "ứng với danh mục",
    "map": "mã tương ứng",
    "optional": "có thể có",
    "start": "ngày bắt đầu",
}
"""What attributes are called; one that is not named here keeps its name in the data."""
_KINDS = {Kind.ADDED: ("Thêm", "Added"), Kind.REMOVED: ("Bỏ", "Removed"), Kind.CHANGED: ("Sửa", "Changed")}


class _Named(Protocol):
    @property
    def title(self) -> str: ...


def compare(before: Dictionary, after: Dictionary) -> tuple[Difference, ...]:
    """Every change, in the order of record types, code lists, compositions, terms of office.

    Empty when only the version differs.
    """
    found: list[Difference] = []
    types = _by_code(before.record_types), _by_code(after.record_types)
    found += _compare_named(Part.RECORD_TYPE, "", *types, lambda one: one.model_dump(mode="json", exclude={"fields"}))
    for code in [code for code in types[0] if code in types[1]]:
        found += _compare_fields(types[0][code], types[1][code])
    lists = _by_code(before.code_lists), _by_code(after.code_lists)
    found += _compare_named(Part.CODE_LIST, "", *lists, lambda one: one.model_dump(mode="json", exclude={"values"}))
    for code in [code for code in lists[0] if code in lists[1]]:
        found += _compare_codes(lists[0][code], lists[1][code])
    compositions = _by_code(before.compositions), _by_code(after.compositions)
    found += _compare_named(Part.COMPOSITION, "", *compositions, lambda one: one.model_dump(mode="json"))
    series = _by_code(before.party_terms), _by_code(after.party_terms)
    found += _compare_named(Part.TERM_SERIES, "", *series, lambda one: one.model_dump(mode="json", exclude={"terms"}))
    for code in [code for code in series[0] if code in series[1]]:
        found += _compare_terms(series[0][code], series[1][code])
    return tuple(found)


def _by_code(items: Iterable[Any]) -> dict[str, Any]:
    return {one.code: one for one in items}


def _compare_named(
    part: Part, owner: str, before: Mapping[str, Any], after: Mapping[str, Any], dump: Any
) -> Iterable[Difference]:
    for name in before:
        if name not in after:
            yield _difference(Kind.REMOVED, part, owner, name, before[name])
    for name, one in after.items():
        if name not in before:
            yield _difference(Kind.ADDED, part, owner, name, one)
        elif changes := _attributes(dump(before[name]), dump(one)):
            yield _difference(Kind.CHANGED, part, owner, name, one, changes)


def _compare_fields(before: RecordType, after: RecordType) -> Iterable[Difference]:
    earlier, later = ({rule.name: rule for rule in one.fields} for one in (before, after))
    return _compare_named(Part.FIELD, after.code, earlier, later, lambda one: one.model_dump(mode="json"))


@dataclass(frozen=True, slots=True)
class _Label:
    title: str


def _compare_codes(before: CodeList, after: CodeList) -> Iterable[Difference]:
    earlier, later = ({code: _Label(label) for code, label in one.values.items()} for one in (before, after))
    return _compare_named(Part.CODE, after.code, earlier, later, lambda one: {"title": one.title})


def _compare_terms(before: TermSeries, after: TermSeries) -> Iterable[Difference]:
    """A term's title is its first day: names such as XIII are of both series."""
    earlier, later = ({one.name: _Label(f"{one.start:%d/%m/%Y}") for one in its.terms} for its in (before, after))
    return _compare_named(Part.TERM, after.code, earlier, later, lambda one: {"start": one.title})


def _attributes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Each attribute that differs, with its value before and after."""
    return [(name, before[name], after[name]) for name in after if before[name] != after[name]]


def _show(value: Any, yes: str, no: str) -> str:
    if value in (None, "", [], {}):
        return "–"
    if isinstance(value, bool):
        return yes if value else no
    if isinstance(value, list):
        return ", ".join(_show(one, yes, no) for one in value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_show(one, yes, no)}" for key, one in value.items()) + "}"
    return str(value)


def _difference(
    kind: Kind, part: Part, owner: str, name: str, thing: _Named, changes: Iterable[tuple[str, Any, Any]] = ()
) -> Difference:
    told = list(changes)
    title = thing.title
    title_en = getattr(thing, "title_en", "") or title
    at, at_en = (f" của '{owner}'", f" of '{owner}'") if owner else ("", "")
    detail = "; ".join(
        f"{_ATTRIBUTES.get(key, key)}: {_show(old, 'có', 'không')} → {_show(new, 'có', 'không')}"
        for key, old, new in told
    )
    detail_en = "; ".join(f"{key}: {_show(old, 'yes', 'no')} → {_show(new, 'yes', 'no')}" for key, old, new in told)
    vietnamese = f"{_KINDS[kind][0]} {_PARTS[part][0]} '{name}' ({title}){at}{': ' if told else ''}{detail}."
    english = f"{_KINDS[kind][1]} {_PARTS[part][1]} '{name}' ({title_en}){at_en}{': ' if told else ''}{detail_en}."
    return Difference(kind, part, owner, name, vietnamese, english)
