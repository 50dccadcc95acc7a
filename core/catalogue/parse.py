"""Reading the data dictionary from its YAML texts. Every fault is named with its file, line, record type and field.

Top-level keys, which may be spread over several texts and over several YAML documents of a text: `version`,
`code_lists`, `defaults` (what several fields have in common), `fields` (shared definitions), `groups` (lists of fields
used by several record types), `record_types`, `compositions`, `party_terms`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

from core.catalogue.entries import Entry, Model, Refused, Sections, collect_sections
from core.catalogue.fields import read_record_type
from core.catalogue.model import CodeList, Composition, Dictionary, RecordType
from core.catalogue.terms import TermSeries
from core.catalogue.yaml_lines import DictionaryFault
from core.errors import SettingsError

_SHOWN_FAULTS = 5


@lru_cache(maxsize=1)
def builtin_text() -> str:
    """The data files that come with the program as one text of several YAML documents."""
    files = [one for one in resources.files("core.catalogue").iterdir() if one.name.endswith(".yaml")]
    return join_texts({one.name: one.read_text("utf-8") for one in sorted(files, key=lambda one: one.name)})


def join_texts(texts: Mapping[str, str]) -> str:
    """Several YAML texts, by file name, as one."""
    return "".join(f"--- # {name}\n{text.rstrip()}\n" for name, text in texts.items())


@lru_cache(maxsize=1)
def load_builtin() -> Dictionary:
    """The dictionary that comes with the program. Raises SettingsError."""
    files = [one for one in resources.files("core.catalogue").iterdir() if one.name.endswith(".yaml")]
    return parse_dictionary({one.name: one.read_text("utf-8") for one in sorted(files, key=lambda one: one.name)})


def parse_dictionary(texts: Mapping[str, str]) -> Dictionary:
    """The dictionary that these YAML texts, by file name, make together.

    Raises SettingsError naming the file, the line, the entry, the field and the fault.
    """
    dictionary, faults = check_dictionary(texts)
    if dictionary is not None:
        return dictionary
    more = f" And {len(faults) - _SHOWN_FAULTS} more." if len(faults) > _SHOWN_FAULTS else ""
    raise SettingsError(" ".join(map(str, faults[:_SHOWN_FAULTS])) + more, "Mend the data dictionary.")


def check_dictionary(texts: Mapping[str, str]) -> tuple[Dictionary | None, tuple[DictionaryFault, ...]]:
    """The dictionary that these texts make, or None with every fault, in the order of files and lines."""
    faults: list[DictionaryFault] = []
    sections = collect_sections(texts, faults)
    version = _version(sections, texts, faults)
    code_lists = [made for one in sections.code_lists.values() if (made := _code_list(one))]
    record_types = [kind for one in sections.record_types.values() if (kind := read_record_type(one, sections))]
    compositions = [file for one in sections.compositions.values() if (file := _build(Composition, one))]
    party_terms = [series for one in sections.party_terms.values() if (series := _build(TermSeries, one))]
    dictionary = Dictionary(
        version=version,
        record_types=tuple(record_types),
        compositions=tuple(compositions),
        code_lists=tuple(code_lists),
        party_terms=tuple(party_terms),
    )
    _check_references(dictionary, sections)
    if not faults:
        return dictionary, ()
    order = list(texts)
    unique = {(one.file, one.line, one.message): one for one in faults}
    return None, tuple(sorted(unique.values(), key=lambda one: (order.index(one.file), one.line)))


def _version(sections: Sections, texts: Mapping[str, str], faults: list[DictionaryFault]) -> str:
    for again in sections.versions[1:]:
        again.note(f"it stands in {sections.versions[0].file}, line {sections.versions[0].line}, already.")
    if not sections.versions:
        faults.append(DictionaryFault(next(iter(texts), "?"), 1, "version", "there is none."))
        return "?"
    entry = sections.versions[0]
    text = str(entry.data)
    if not (0 < len(text) <= 20 and text.isascii() and text.replace(".", "").replace("-", "").isalnum()):
        entry.note("write at most 20 letters, digits, '.' and '-'.")
        return "?"
    return text


def _code_list(entry: Entry) -> CodeList | None:
    try:
        data = entry.mapping()
        values = data.get("values")
        for code, label in (values if isinstance(values, dict) else {}).items():
            if not isinstance(code, str) or not isinstance(label, str):
                entry.note(f"code {code!r}: code and label are text; write them in quotes.", values, code)
        return entry.build(CodeList, {**data, "code": entry.name})
    except Refused:
        return None


def _build(model: type[Model], entry: Entry) -> Model | None:
    """The model of an entry's own mapping; None for one that is wrong, which was noted."""
    try:
        return entry.build(model, {**entry.mapping(), "code": entry.name})
    except Refused:
        return None


def _check_references(dictionary: Dictionary, sections: Sections) -> None:
    """Every code list, code and record type that is named exists; what is broken itself counts as there."""
    lists = {one.code: one for one in dictionary.code_lists}
    for code_list in dictionary.code_lists:
        _check_map(code_list, lists, sections)
    for record_type in dictionary.record_types:
        _check_record_type(record_type, lists, sections)
    fields = {f"{one.code}.{rule.name}" for one in dictionary.record_types for rule in one.fields}
    for composition in dictionary.compositions:
        entry = sections.compositions[composition.code]
        for code in (*composition.required, *composition.optional):
            if code not in sections.record_types:
                entry.note(f"there is no record type '{code}'.")
        for name in (name for fact in composition.person for name in fact.also):
            if name not in fields:
                entry.note(f"there is no field '{name}'.")


def _check_map(code_list: CodeList, lists: Mapping[str, CodeList], sections: Sections) -> None:
    entry = sections.code_lists[code_list.code]
    if bool(code_list.maps_to) != bool(code_list.map):
        entry.note("'maps_to' and 'map' stand together.")
    elif code_list.maps_to and code_list.maps_to not in sections.code_lists:
        entry.note(f"there is no code list '{code_list.maps_to}'.", entry.data, "maps_to")
    elif code_list.maps_to in lists:
        pairs = entry.data["map"]
        for code, other in code_list.map.items():
            if code not in code_list.values:
                entry.note(f"map: '{code}' is no code of this list.", pairs, code)
            if other not in lists[code_list.maps_to].values:
                entry.note(f"map: '{other}' is no code of '{code_list.maps_to}'.", pairs, code)


def _check_record_type(record_type: RecordType, lists: Mapping[str, CodeList], sections: Sections) -> None:
    entry = sections.record_types[record_type.code]
    for rule in record_type.fields:
        if rule.code_list is not None and rule.code_list not in sections.code_lists:
            entry.at(rule.name).note(f"there is no code list '{rule.code_list}'.", entry.field_item(rule.name))
        known = lists.get(rule.code_list or "")
        unknown = set(record_type.type_codes) - set(known.values if known else record_type.type_codes)
        if rule.name == "type_code" and unknown:
            entry.note(f"type_codes: {', '.join(sorted(unknown))} not in '{rule.code_list}'.", entry.data, "type_codes")
    retention, terms = record_type.labels.retention, lists.get("maintenance")
    if retention not in (terms.values if terms else {}) and not (
        terms is None and "maintenance" in sections.code_lists
    ):
        entry.note(f"labels.retention: '{retention}' is no code of 'maintenance'.", entry.data["labels"], "retention")
