"""Reading a record type: its fields from groups, shared definitions and defaults, and the rules between them."""

from __future__ import annotations

import re
from contextlib import suppress
from itertools import pairwise
from typing import Any

from pydantic import ValidationError

from core.catalogue.entries import Entry, Refused, Sections, fault_of
from core.catalogue.model import FieldKind, FieldRule, OrderRule, RecordType
from core.catalogue.yaml_lines import LinedMapping

_TERM = re.compile(r"(?P<name>[a-z]\w*)(?:\s*\+\s*(?P<years>\d{1,3})y)?")
_LISTED = frozenset({FieldKind.CODE, FieldKind.CITIZEN_NUMBER})
"""Kinds that may name a code list; the first must."""


def read_record_type(entry: Entry, sections: Sections) -> RecordType | None:
    """The record type, or None with every fault of it noted."""
    known = len(entry.faults)
    try:
        data = entry.mapping()
    except Refused:
        return None
    try:
        items = _expand(entry, data.get("fields"), sections, ())
    except Refused:
        items = []
    fields: list[FieldRule] = []
    unread: set[str] = set()
    for source, item in items:
        name = str(item.get("name", "?"))
        if name in unread or any(rule.name == name for rule in fields):
            entry.at(name).note("it stands twice.", *((item, "name") if source is entry else ()))
            continue
        try:
            fields.append(_field(source, item, sections))
        except Refused:
            unread.add(name)
    rules = [rule for at in range(len(_rule_texts(entry, data))) for rule in _order_rules(entry, at, fields, unread)]
    _check_codes(entry, data, fields, sections)
    try:
        made = entry.build(
            RecordType,
            {**data, "code": entry.name, "fields": fields, "rules": rules},
            frozenset({"fields"} if len(entry.faults) > known else ()),
        )
    except Refused:
        return None
    return made if len(entry.faults) == known else None


def _expand(entry: Entry, items: Any, sections: Sections, within: tuple[str, ...]) -> list[tuple[Entry, LinedMapping]]:
    """The field items with every `group` replaced by the group's own, each with the entry it stands in.

    Raises Refused.
    """
    if not isinstance(items, list) or not all(isinstance(one, LinedMapping) for one in items):
        entry.refuse("'fields' is a list of 'name: …' and 'group: …'.", entry.data, "fields")
    found: list[tuple[Entry, LinedMapping]] = []
    for item in items:
        if "group" not in item:
            found.append((entry, item))
            continue
        group = sections.groups.get(str(item["group"]))
        if group is None:
            entry.note(f"there is no group '{item['group']}'.", item, "group")
        elif len(item) > 1:
            entry.note(f"group '{group.name}' takes nothing beside its name.", item, "group")
        elif group.name in within:
            entry.note(f"group '{group.name}' holds itself.", item, "group")
        else:
            found += _expand(group, group.data, sections, (*within, group.name))
    return found


def _field(entry: Entry, item: LinedMapping, sections: Sections) -> FieldRule:
    """The shared definition of that name over its defaults, with what the item says instead. Raises Refused."""
    name = str(item.get("name", "?"))
    shared = sections.fields.get(name)
    if shared is None and "kind" not in item:
        entry.at(name).refuse("there is no such field in 'fields', and its kind is not said here.", item, "name")
    rule = _build_field([(entry.at(name), item)] + ([(shared, shared.mapping())] if shared else []), sections, name)
    _check_field(entry.at(name), item, rule, sections)
    return rule


def _build_field(
    layers: list[tuple[Entry, LinedMapping]], sections: Sections, name: str, *, whole: bool = True
) -> FieldRule:
    """The field that these definitions make, the first that says something counting, with the defaults they name.

    whole: what none of them says is a fault too. Raises Refused.
    """
    definition = layers[-1]
    says_defaults = next(((said_by, layer) for said_by, layer in layers if "defaults" in layer), None)
    if says_defaults is not None:
        said_by, layer = says_defaults
        defaults = sections.defaults.get(str(layer["defaults"]))
        if defaults is None:
            said_by.refuse(f"there are no defaults '{layer['defaults']}'.", layer, "defaults")
        layers = [*layers, (defaults, defaults.mapping())]
    data = {key: value for _, layer in reversed(layers) for key, value in layer.items() if key != "defaults"}
    try:
        return FieldRule.model_validate({**data, "name": data.get("name", name)})
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False):
            if whole or one["type"] != "missing":
                key = one["loc"][0] if one["loc"] else ""
                said_by, layer = next((pair for pair in layers if key in pair[1]), definition)
                said_by.note(f"{'.'.join(map(str, one['loc']))}: {fault_of(one)}.", layer, key)
        raise Refused from error


def check_shared_field(entry: Entry, sections: Sections) -> None:
    """What is wrong with a shared definition, also where no record type uses it yet; it need not be whole."""
    with suppress(Refused):
        data = entry.mapping()
        _check_pattern(entry, data, _build_field([(entry, data)], sections, entry.name, whole=False))


def _check_field(entry: Entry, item: LinedMapping, rule: FieldRule, sections: Sections) -> None:
    """What the parts of a field have to do with each other, and its code list. Raises Refused."""
    if rule.code_list is not None and rule.code_list not in sections.code_lists:
        entry.note(f"there is no code list '{rule.code_list}'.", item, "code_list")
    if (rule.kind is FieldKind.CODE and rule.code_list is None) or (rule.code_list and rule.kind not in _LISTED):
        entry.refuse("a field of kind 'code' names a code list, and no other does but a citizen number.", item, "kind")
    if rule.partial_allowed and not rule.kind.is_date:
        entry.refuse("only a date can be partial.", item, "partial_allowed")
    if rule.minimum is not None and rule.maximum is not None and rule.minimum > rule.maximum:
        entry.refuse("minimum is above maximum.", item, "minimum")
    _check_pattern(entry, item, rule)


def _check_pattern(entry: Entry, item: LinedMapping, rule: FieldRule) -> None:
    """Raises Refused."""
    try:
        re.compile(rule.pattern)
    except (re.error, OverflowError) as error:
        entry.refuse(f"pattern: {error}.", item, "pattern")
    if rule.pattern and not rule.help:
        entry.refuse("a pattern needs a help text, which its error shows.", item, "pattern")


def _check_codes(entry: Entry, data: LinedMapping, fields: list[FieldRule], sections: Sections) -> None:
    """The type's own codes are of their lists; a list that is broken itself is not asked."""
    codes, listed = data.get("type_codes"), next((one.code_list for one in fields if one.name == "type_code"), None)
    known = sections.codes_of(listed or "")
    for at, code in enumerate(codes if isinstance(codes, list) else ()):
        if known is not None and isinstance(code, str) and code not in known:
            entry.note(f"type_codes: '{code}' is no code of '{listed}'.", codes, at)
    labels = data.get("labels")
    retention = labels.get("retention") if isinstance(labels, LinedMapping) else None
    terms = sections.codes_of("maintenance") if "maintenance" in sections.code_lists else {}
    if isinstance(retention, str) and terms is not None and retention not in terms:
        entry.note(f"labels.retention: '{retention}' is no code of 'maintenance'.", labels, "retention")


def _rule_texts(entry: Entry, data: LinedMapping) -> list[Any]:
    texts = data.get("rules") or []
    if not isinstance(texts, list):
        entry.note("'rules' is a list.", data, "rules")
        return []
    return texts


def _order_rules(entry: Entry, at: int, fields: list[FieldRule], unread: set[str]) -> list[OrderRule]:
    """The rule at this place, `a + 18y <= b <= c`, as rules between neighbours."""
    text = entry.data["rules"][at]
    terms = [_TERM.fullmatch(part.strip()) for part in str(text).split("<=")]
    dates = {rule.name for rule in fields if rule.kind.is_date} | unread
    matches = [term for term in terms if term is not None and term["name"] in dates]
    if len(matches) != len(terms) or len(terms) < 2:
        entry.note(
            f"rule '{text}': write 'date_field + 18y <= other_date_field' with date fields of the type.",
            entry.data["rules"],
            at,
        )
        return []
    return [
        OrderRule(earlier=one["name"], years=int(one["years"] or 0), later=other["name"])
        for one, other in pairwise(matches)
    ]
