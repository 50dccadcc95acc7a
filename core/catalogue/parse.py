"""Reading the data dictionary from its YAML texts. Every fault is named with its file, record type and field.

Top-level keys, which may be spread over several texts: `version`, `code_lists`, `defaults` (what several fields have
in common), `fields` (shared definitions), `groups` (lists of fields used by several record types), `record_types`,
`compositions`.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from typing import Any, NoReturn, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from core.catalogue.model import CodeList, Composition, Dictionary, FieldKind, FieldRule, OrderRule, RecordType
from core.errors import SettingsError

_SECTIONS = ("code_lists", "defaults", "fields", "groups", "record_types", "compositions")
_TERM = re.compile(r"(?P<name>[a-z]\w*)(?:\s*\+\s*(?P<years>\d+)y)?")
Model = TypeVar("Model", bound=BaseModel)


class _Loader(yaml.SafeLoader):
    """The safe loader, which also refuses a key written twice: the first would be lost silently."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            raise yaml.constructor.ConstructorError(None, None, f"'{twice}' stands twice", node.start_mark)
        return super().construct_mapping(node, deep)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One named entry of a section and where it stands."""

    file: str
    place: str
    name: str
    data: Any

    def refuse(self, fault: str) -> NoReturn:
        raise SettingsError(f"{self.file}: {self.place}: {fault}", "Mend the data dictionary.")

    def mapping(self) -> dict[str, Any]:
        if not isinstance(self.data, dict):
            self.refuse("this should be a mapping.")
        return dict(self.data)

    def at(self, field: str) -> _Entry:
        return _Entry(self.file, f"{self.place}, field '{field}'", self.name, self.data)


@lru_cache(maxsize=1)
def load_builtin() -> Dictionary:
    """The dictionary that comes with the program: data files of this package. Raises SettingsError."""
    files = [one for one in resources.files("core.catalogue").iterdir() if one.name.endswith(".yaml")]
    return parse_dictionary({one.name: one.read_text("utf-8") for one in sorted(files, key=lambda one: one.name)})


def parse_dictionary(texts: Mapping[str, str]) -> Dictionary:
    """The dictionary that these YAML texts, by file name, make together.

    Raises SettingsError naming the file, the entry, the field and the fault.
    """
    version, sections = _collect(texts)
    code_lists = tuple(_code_list(one) for one in sections["code_lists"].values())
    record_types = tuple(_record_type(one, sections) for one in sections["record_types"].values())
    compositions = tuple(
        _build(Composition, one, {**one.mapping(), "code": one.name}) for one in sections["compositions"].values()
    )
    dictionary = Dictionary(
        version=version, record_types=record_types, compositions=compositions, code_lists=code_lists
    )
    _check_references(dictionary, sections)
    return dictionary


def _collect(texts: Mapping[str, str]) -> tuple[str, dict[str, dict[str, _Entry]]]:
    versions: list[str] = []
    sections: dict[str, dict[str, _Entry]] = {section: {} for section in _SECTIONS}
    for file, text in texts.items():
        for key, content in _load(file, text).items():
            here = _Entry(file, str(key), str(key), content)
            if key == "version":
                versions.append(str(content))
            elif key not in sections:
                here.refuse(f"there is no such section; use one of: version, {', '.join(_SECTIONS)}.")
            else:
                _add_entries(here, sections[key])
    if len(versions) != 1:
        raise SettingsError(f"{', '.join(texts)}: {len(versions)} versions instead of one.", "Give 'version' once.")
    return versions[0], sections


def _load(file: str, text: str) -> dict[Any, Any]:
    try:
        content = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise SettingsError(f"{file}: this is no YAML: {error}.", "Mend the data dictionary.") from error
    if not isinstance(content, dict):
        raise SettingsError(f"{file}: the file holds no sections.", "Mend the data dictionary.")
    return content


def _add_entries(section: _Entry, found: dict[str, _Entry]) -> None:
    for name, data in section.mapping().items():
        entry = _Entry(section.file, f"{section.name}: '{name}'", name, data)
        if not isinstance(name, str):
            entry.refuse("a name is text; write it in quotes.")
        if name in found:
            entry.refuse(f"it stands in {found[name].file} already.")
        found[name] = entry


def _build(model: type[Model], entry: _Entry, data: dict[str, Any]) -> Model:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        entry.refuse(f"{faults}.")


def _code_list(entry: _Entry) -> CodeList:
    data = entry.mapping()
    for code, label in (data.get("values") or {}).items():
        if not isinstance(code, str) or not isinstance(label, str):
            entry.refuse(f"code {code!r}: code and label are text; write them in quotes.")
    return _build(CodeList, entry, {**data, "code": entry.name})


def _record_type(entry: _Entry, sections: dict[str, dict[str, _Entry]]) -> RecordType:
    data = entry.mapping()
    fields = tuple(_field(entry, one, sections) for one in _expand(entry, data.get("fields"), sections))
    names = [rule.name for rule in fields]
    for name in names:
        if names.count(name) > 1:
            entry.at(name).refuse("it stands twice.")
    rules = tuple(rule for text in data.get("rules") or () for rule in _order_rules(entry, text, fields))
    return _build(RecordType, entry, {**data, "code": entry.name, "fields": fields, "rules": rules})


def _expand(entry: _Entry, items: Any, sections: dict[str, dict[str, _Entry]]) -> list[dict[str, Any]]:
    """The field items with every `group` replaced by the group's own."""
    if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
        entry.refuse("'fields' is a list of 'name: …' and 'group: …'.")
    found: list[dict[str, Any]] = []
    for item in items:
        if "group" not in item:
            found.append(item)
        elif item["group"] not in sections["groups"]:
            entry.refuse(f"there is no group '{item['group']}'.")
        elif len(item) > 1:
            entry.refuse(f"group '{item['group']}' takes nothing beside its name.")
        else:
            group = sections["groups"][item["group"]]
            found += _expand(group, group.data, sections)
    return found


def _field(entry: _Entry, item: dict[str, Any], sections: dict[str, dict[str, _Entry]]) -> FieldRule:
    """The shared definition of that name over its defaults, with what the item says instead."""
    name = str(item.get("name", "?"))
    shared, defaults = sections["fields"], sections["defaults"]
    data = {**(shared[name].mapping() if name in shared else {}), **item}
    common = data.pop("defaults", None)
    if common is not None and common not in defaults:
        entry.at(name).refuse(f"there are no defaults '{common}'.")
    rule = _build(FieldRule, entry.at(name), {**(defaults[common].mapping() if common else {}), **data})
    if (rule.kind is FieldKind.CODE) != (rule.code_list is not None):
        entry.at(name).refuse("a field of kind 'code' names a code list, and no other does.")
    if rule.partial_allowed and not rule.kind.is_date:
        entry.at(name).refuse("only a date can be partial.")
    try:
        re.compile(rule.pattern)
    except re.error as error:
        entry.at(name).refuse(f"pattern: {error}.")
    if rule.pattern and not rule.help:
        entry.at(name).refuse("a pattern needs a help text, which its error shows.")
    return rule


def _order_rules(entry: _Entry, text: object, fields: tuple[FieldRule, ...]) -> list[OrderRule]:
    """`a + 18y <= b <= c` as rules between neighbours."""
    terms = [_TERM.fullmatch(part.strip()) for part in str(text).split("<=")]
    dates = {rule.name for rule in fields if rule.kind.is_date}
    matches = [term for term in terms if term is not None and term["name"] in dates]
    if len(matches) != len(terms) or len(terms) < 2:
        entry.refuse(f"rule '{text}': write 'date_field + 18y <= other_date_field' with date fields of the type.")
    return [
        OrderRule(earlier=one["name"], years=int(one["years"] or 0), later=other["name"])
        for one, other in pairwise(matches)
    ]


def _check_references(dictionary: Dictionary, sections: dict[str, dict[str, _Entry]]) -> None:
    """Every code list, retention code and record type that is named exists."""
    lists = {one.code: one.values for one in dictionary.code_lists}
    for record_type in dictionary.record_types:
        entry = sections["record_types"][record_type.code]
        for rule in record_type.fields:
            if rule.code_list is not None and rule.code_list not in lists:
                entry.at(rule.name).refuse(f"there is no code list '{rule.code_list}'.")
        if record_type.labels.retention not in lists.get("maintenance", {}):
            entry.refuse(f"labels.retention: '{record_type.labels.retention}' is no code of 'maintenance'.")
        for rule in record_type.fields:
            unknown = set(record_type.type_codes) - set(lists.get(rule.code_list or "", {}))
            if rule.name == "type_code" and unknown:
                entry.refuse(f"type_codes: {', '.join(sorted(unknown))} not in '{rule.code_list}'.")
    known = {one.code for one in dictionary.record_types}
    for composition in dictionary.compositions:
        for code in (*composition.required, *composition.optional):
            if code not in known:
                sections["compositions"][composition.code].refuse(f"there is no record type '{code}'.")
        fields = {f"{one.code}.{rule.name}" for one in dictionary.record_types for rule in one.fields}
        for name in (name for fact in composition.person for name in fact.also):
            if name not in fields:
                sections["compositions"][composition.code].refuse(f"there is no field '{name}'.")
