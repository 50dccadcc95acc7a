"""Reading a dictionary from YAML: what it makes, and what every fault is called."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalogue import (
    FieldKind,
    OrderRule,
    builtin_text,
    check_dictionary,
    join_texts,
    load_builtin,
    parse_dictionary,
)
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
    ("before", "after", "line", "fault"),
    [
        ("kind: code, ", "kind: colour, ", 10, "record_types: 'decision', field 'type_code': kind: "),
        (", code_list: types", "", 10, "field 'type_code': a field of kind 'code' names a code list"),
        ("code_list: types", "code_list: towns", 10, "field 'type_code': there is no code list 'towns'"),
        ("title_en: Closed, ", "", 12, "'decision', field 'closed': title_en: Field required"),
        ("name: closed, defaults: common", "name: closed, defaults: rare", 12, "there are no defaults 'rare'"),
        ("name: closed", "name: start", 12, "field 'start': it stands twice"),
        ("group: period", "group: time", 11, "'decision': there is no group 'time'"),
        ("group: period", "group: period, required: true", 11, "group 'period' takes nothing beside its name"),
        ("fields:", "felder:", 4, "'decision': 'fields' is a list"),
        ("title_en: Closed", "title_en: Closed, pattern: '('", 12, "field 'closed': pattern: "),
        ("title_en: Closed", "title_en: Closed, pattern: a", 12, "needs a help text"),
        ("kind: code, ", "kind: code, partial_allowed: true, ", 10, "only a date can be partial"),
        ("title_en: Closed", "title_en: Closed, access: all", 12, "field 'closed': access: "),
        ("title_en: Closed", "title_en: Closed, minimum: 5, maximum: 4", 12, "minimum is above maximum"),
        ("secrecy: mật", "secrecy: rất mật", 8, "'decision': labels.secrecy: "),
        ("secrecy: mật, ", "", 8, "labels.secrecy: Field required"),
        ('retention: "01"', 'retention: "09"', 8, "labels.retention: '09' is no code of 'maintenance'"),
        ("type_codes: [QĐ]", "type_codes: [QĐ, XX]", 7, "type_codes: 'XX' is no code of 'types'"),
        ("<= closed", "<= opened", 14, "'decision': rule 'start + 2y <= end <= opened'"),
        ("start + 2y", "start + 2d", 14, "write 'date_field + 18y <= other_date_field'"),
        ("form: state", "form: church", 6, "'decision': form: "),
        ("form: state", "form: state\n    colour: red", 7, "colour: Extra inputs are not permitted"),
        ("required: [decision]", "required: [memo]", 16, "compositions: 'folder': there is no record type 'memo'"),
        (
            "required: [decision]",
            "person: [{fact: start, also: [decision.colour]}]",
            16,
            "compositions: 'folder': there is no field 'decision.colour'",
        ),
        ("compositions:", "kompositions:", 15, "kompositions: there is no such section"),
        ("record_types:", "version: 8\nrecord_types:", 2, "version: it stands in lists.yaml, line 2, already"),
        ("  folder: {", "  folder: 5\n  other: {", 16, "'folder': this should be a mapping"),
        ("    form: state", "    form: state\n    form: party", 7, "'form' stands twice"),
        (
            "compositions:",
            "fields:\n  start: {}\ncompositions:",
            16,
            "fields: 'start': it stands in lists.yaml, line 9,",
        ),
        ("compositions:", "code_lists:\n  t: {title: T, values: {01: A}}\ncompositions:", 16, "write them in quotes"),
        ("compositions:", "code_lists:\n  12: {title: T}\ncompositions:", 16, "a name is text; write it in quotes"),
        ("{group: period}", "{group: loop}", 11, "there is no group 'loop'"),
        (
            "compositions:",
            "code_lists:\n  t: {title: T, values: {A: B}, maps_to: types, map: {A: C}}\ncompositions:",
            16,
            "code_lists: 't': map: 'C' is no code of 'types'",
        ),
        (
            "compositions:",
            "code_lists:\n  t: {title: T, values: {A: B}, maps_to: towns, map: {A: C}}\ncompositions:",
            16,
            "there is no code list 'towns'",
        ),
        ("compositions:", "groups: 3\ncompositions:", 15, "groups: this should be a mapping"),
        ("form: state", "form: *state", 6, "no anchors and aliases are taken"),
        ("form: state", "form: !!str state", 6, "no tags are taken"),
        ("form: state", "form: 2020-13-45", 6, "this is no YAML: month must be in"),
    ],
)
def test_names_line_entry_field_and_fault(before: str, after: str, line: int, fault: str) -> None:
    assert before in TYPES
    _, faults = check_dictionary({"lists.yaml": LISTS, "types.yaml": TYPES.replace(before, after, 1)})
    told = [(one.file, one.line) for one in faults if fault in str(one)]
    assert told[:1] == [("types.yaml", line)]


def test_every_fault_is_named_in_the_order_of_the_lines() -> None:
    broken = TYPES.replace("kind: code", "kind: colour").replace("name: closed", "name: start").replace("QĐ]", "XX]")
    lists = LISTS.replace("title_en: Start, ", "")
    _, faults = check_dictionary({"lists.yaml": lists, "types.yaml": broken})
    assert [(one.file, one.line) for one in faults] == [
        ("lists.yaml", 9),
        ("types.yaml", 10),
        ("types.yaml", 12),
        ("types.yaml", 14),
    ]
    with pytest.raises(SettingsError, match=r"^lists\.yaml:9: fields: 'start': title_en: .* types\.yaml:10: "):
        parse_dictionary({"lists.yaml": lists, "types.yaml": broken})


BROKEN = """
code_lists:
  sexes: {title: Giới tính, values: {male: Nam, on: Nữ}}
fields:
  unused: {title: X, kind: textt, secrecy: rất mật}
  unsaid: {pattern: "[0-9", title: X, title_en: X, kind: text, owner: a, origin: b, update_frequency: c}
record_types:
  memo:
    title: Ghi nhớ
    form: state
    type_codes:
      - QĐ
      - ZZ
    labels: {secrecy: thường, sensitivity: nội bộ, access: unit, retention: "99"}
    fields:
      - {name: type_code, defaults: common, title: Loại, title_en: Type, kind: code, code_list: types}
      - {name: nowhere}
      - {group: period}
    rules:
      - start <= end
      - nothing <= end
compositions:
  box:
    title: Hộp
    required:
      - decision
      - memo
      - letter
    optional: [memo]
    person: [{fact: start, also: [decision.nothing, memo.start]}]
"""


def test_what_is_wrong_in_one_place_hides_nothing_in_another() -> None:
    """An entry that is broken, or used by no other, is looked through to its end."""
    _, faults = check_dictionary({"lists.yaml": LISTS, "types.yaml": TYPES, "broken.yaml": BROKEN})
    kinds = "'text', 'long_text', 'person_name', 'address', 'symbol', 'date', 'birth_date', 'integer', 'code', 'list',"
    levels = "'rất mật' is no level of secrecy. Use one of: thường, mật, tối mật, tuyệt mật"
    nowhere = "there is no such field in 'fields', and its kind is not said here"
    pattern = "'date_field + 18y <= other_date_field' with date fields of the type"
    assert [str(one) for one in faults] == [
        "broken.yaml:3: code_lists: 'sexes': code True: code and label are text; write them in quotes.",
        f"broken.yaml:5: fields: 'unused': kind: Input should be {kinds} 'citizen_number', 'party_card' or 'phone'.",
        f"broken.yaml:5: fields: 'unused': secrecy: {levels}.",
        "broken.yaml:6: fields: 'unsaid': pattern: unterminated character set at position 0.",
        "broken.yaml:9: record_types: 'memo': title_en: Field required.",
        "broken.yaml:13: record_types: 'memo': type_codes: 'ZZ' is no code of 'types'.",
        "broken.yaml:14: record_types: 'memo': labels.retention: '99' is no code of 'maintenance'.",
        "broken.yaml:14: record_types: 'memo': labels.protection: Field required.",
        f"broken.yaml:17: record_types: 'memo', field 'nowhere': {nowhere}.",
        f"broken.yaml:21: record_types: 'memo': rule 'nothing <= end': write {pattern}.",
        "broken.yaml:24: compositions: 'box': title_en: Field required.",
        "broken.yaml:28: compositions: 'box': there is no record type 'letter'.",
        "broken.yaml:29: compositions: 'box': optional: 'memo' stands twice.",
    ]


@pytest.mark.parametrize("odd", ["[a]", "{a: b}", "3", "null"])
def test_odd_items_of_lists_are_faults(odd: str) -> None:
    broken = TYPES.replace("[QĐ]", f"[{odd}]").replace("required: [decision]", f"required: [{odd}, decision]")
    _, faults = check_dictionary({"lists.yaml": LISTS, "types.yaml": broken})
    assert {one.line for one in faults} == {7, 16}


def test_what_is_shared_about_a_person_is_a_field() -> None:
    changed = TYPES.replace("required: [decision]", "person: [{fact: start}, {fact: colour}]")
    _, faults = check_dictionary({"lists.yaml": LISTS, "types.yaml": changed})
    assert [str(one) for one in faults] == [
        "types.yaml:16: compositions: 'folder': no record type has a field 'colour'."
    ]


def test_a_group_that_holds_itself_is_a_fault() -> None:
    text = "groups:\n  a: [{group: b}]\n  b: [{group: a}]\n"
    looped = TYPES.replace("group: period", "group: a")
    _, faults = check_dictionary({"lists.yaml": LISTS, "more.yaml": text, "types.yaml": looped})
    assert "more.yaml:3: groups: 'b': group 'a' holds itself." in [str(one) for one in faults]


@pytest.mark.parametrize("text", ["", "- a", "a: [", "!!python/object/apply:os.getcwd []", "[" * 20_000, "a: 1\x00"])
def test_refuses_what_is_no_dictionary(text: str) -> None:
    with pytest.raises(SettingsError, match=r"^bad\.yaml:1: "):
        parse_dictionary({"bad.yaml": text})


def test_several_documents_in_one_text_are_several_texts() -> None:
    joined = parse_dictionary({"both.yaml": join_texts({"lists.yaml": LISTS, "types.yaml": TYPES})})
    assert joined == parse_dictionary({"lists.yaml": LISTS, "types.yaml": TYPES})
    assert parse_dictionary({"built in": builtin_text()}) == load_builtin()


_WORDS = sorted(set(TYPES.split()) | set(LISTS.split()) | {"-", "[", "]", "{", "}", ":", "null", "1", "&a", "*a"})


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 14), st.sampled_from(_WORDS)), max_size=4))
def test_a_spoilt_text_gives_a_dictionary_or_faults_with_lines(spoilt: list[tuple[int, str]]) -> None:
    lines = TYPES.splitlines()
    for number, word in spoilt:
        head, _, _ = lines[number].rpartition(" ")
        lines[number] = f"{head} {word}"
    dictionary, faults = check_dictionary({"lists.yaml": LISTS, "types.yaml": "\n".join(lines)})
    assert (dictionary is None) == bool(faults)
    assert all(1 <= one.line <= len(lines) + 1 for one in faults)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_faults(text: str) -> None:
    assert check_dictionary({"any.yaml": text})[1]
