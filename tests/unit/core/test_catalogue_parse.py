"""Reading a dictionary from YAML: what it makes, and what every fault is called."""

from __future__ import annotations

import pytest

from core.catalogue import FieldKind, OrderRule, parse_dictionary
from core.errors import NotFound, SettingsError
from core.labels import Secrecy, Sensitivity

LISTS = """
version: "7"
code_lists:
  maintenance: {title: Thời hạn, values: {"01": Vĩnh viễn}}
  types: {title: Loại, values: {QĐ: Quyết định}}
defaults:
  common: {owner: Văn phòng, origin: Văn bản, update_frequency: Một lần}
fields:
  start: {defaults: common, title: Bắt đầu, title_en: Start, kind: date, required: true}
  end: {defaults: common, title: Kết thúc, title_en: End, kind: date}
groups:
  period: [{name: start}, {name: end, required: true}]
"""
TYPES = """
record_types:
  decision:
    title: Quyết định
    title_en: Decision
    form: state
    type_codes: [QĐ]
    labels: {secrecy: mật, sensitivity: nội bộ, access: unit, retention: "01", protection: ordinary}
    fields:
      - {name: type_code, defaults: common, title: Loại, title_en: Type, kind: code, code_list: types}
      - {group: period}
      - {name: closed, defaults: common, title: Đóng, title_en: Closed, kind: date}
    rules:
      - start + 2y <= end <= closed
compositions:
  folder: {title: Tập, title_en: Folder, required: [decision]}
"""


def test_builds_types_from_groups_shared_fields_and_defaults() -> None:
    dictionary = parse_dictionary({"lists.yaml": LISTS, "types.yaml": TYPES})
    decision = dictionary.record_type("decision")
    assert dictionary.version == "7"
    assert [(one.name, one.required, one.owner) for one in decision.fields] == [
        ("type_code", False, "Văn phòng"),
        ("start", True, "Văn phòng"),
        ("end", True, "Văn phòng"),
        ("closed", False, "Văn phòng"),
    ]
    assert decision.rules == (
        OrderRule(earlier="start", later="end", years=2),
        OrderRule(earlier="end", later="closed"),
    )
    assert (decision.labels.secrecy, decision.labels.sensitivity) == (Secrecy.MAT, Sensitivity.INTERNAL)
    assert dictionary.field("decision", "end").kind is FieldKind.DATE
    assert dictionary.composition("folder").required == ("decision",)
    assert dict(dictionary.code_list("types").values) == {"QĐ": "Quyết định"}


def test_what_does_not_exist_is_named() -> None:
    dictionary = parse_dictionary({"lists.yaml": LISTS, "types.yaml": TYPES})
    with pytest.raises(NotFound, match=r"no record type 'memo'.*decision"):
        dictionary.record_type("memo")
    with pytest.raises(NotFound, match="'decision' has no field 'colour'"):
        dictionary.field("decision", "colour")
    with pytest.raises(NotFound, match=r"no composition 'box'.*folder"):
        dictionary.composition("box")
    with pytest.raises(NotFound, match="no code list 'towns'"):
        dictionary.code_list("towns")


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("kind: code, ", "kind: colour, ", "types.yaml: record_types: 'decision', field 'type_code': kind: "),
        (", code_list: types", "", "field 'type_code': a field of kind 'code' names a code list"),
        ("code_list: types", "code_list: towns", "field 'type_code': there is no code list 'towns'"),
        ("title_en: Closed, ", "", "'decision', field 'closed': title_en: Field required"),
        ("name: closed, defaults: common", "name: closed, defaults: rare", "there are no defaults 'rare'"),
        ("name: closed", "name: start", "field 'start': it stands twice"),
        ("group: period", "group: time", "'decision': there is no group 'time'"),
        ("group: period", "group: period, required: true", "group 'period' takes nothing beside its name"),
        ("fields:", "felder:", "'decision': 'fields' is a list"),
        ("title_en: Closed", "title_en: Closed, pattern: '('", "field 'closed': pattern: "),
        ("title_en: Closed", "title_en: Closed, pattern: a", "needs a help text"),
        ("kind: code, ", "kind: code, partial_allowed: true, ", "only a date can be partial"),
        ("secrecy: mật", "secrecy: rất mật", "'decision': labels.secrecy: "),
        ("secrecy: mật, ", "", "labels.secrecy: Field required"),
        ('retention: "01"', 'retention: "09"', "labels.retention: '09' is no code of 'maintenance'"),
        ("type_codes: [QĐ]", "type_codes: [QĐ, XX]", "type_codes: XX not in 'types'"),
        ("<= closed", "<= opened", "'decision': rule 'start + 2y <= end <= opened'"),
        ("start + 2y", "start + 2d", "write 'date_field + 18y <= other_date_field'"),
        ("form: state", "form: church", "'decision': form: "),
        ("form: state", "form: state\n    colour: red", "colour: Extra inputs are not permitted"),
        ("required: [decision]", "required: [memo]", "compositions: 'folder': there is no record type 'memo'"),
        (
            "required: [decision]",
            "person: [{fact: start, also: [decision.colour]}]",
            "compositions: 'folder': there is no field 'decision.colour'",
        ),
        ("compositions:", "kompositions:", "types.yaml: kompositions: there is no such section"),
        ("record_types:", "version: 8\nrecord_types:", "2 versions instead of one"),
        ("  folder: {", "  folder: 5\n  other: {", "'folder': this should be a mapping"),
        ("    form: state", "    form: state\n    form: party", "types.yaml: this is no YAML: .*'form' stands twice"),
        ("compositions:", "fields:\n  start: {}\ncompositions:", "fields: 'start': it stands in lists.yaml already"),
        ("compositions:", "code_lists:\n  t: {title: T, values: {01: A}}\ncompositions:", "write them in quotes"),
        ("compositions:", "code_lists:\n  12: {title: T}\ncompositions:", "a name is text; write it in quotes"),
    ],
)
def test_names_file_entry_field_and_fault(before: str, after: str, fault: str) -> None:
    assert before in TYPES
    with pytest.raises(SettingsError) as refused:
        parse_dictionary({"lists.yaml": LISTS, "types.yaml": TYPES.replace(before, after, 1)})
    head, _, tail = fault.partition(": .*")
    assert head in refused.value.message
    assert tail in refused.value.message
    assert refused.value.message.startswith(("types.yaml: ", "lists.yaml, types.yaml: "))


@pytest.mark.parametrize("text", ["", "- a", "a: [", "!!python/object/apply:os.getcwd []"])
def test_refuses_what_is_no_dictionary(text: str) -> None:
    with pytest.raises(SettingsError, match=r"^bad\.yaml: "):
        parse_dictionary({"bad.yaml": text})
