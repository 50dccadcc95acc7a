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
from core.catalogue.fields import check_shared_field, read_record_type
from core.catalogue.model import CodeList, Composition, Dictionary
from core.catalogue.terms import TermSeries
from core.catalogue.yaml_lines import DictionaryFault, LinedList, LinedMapping
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
    for one in sections.fields.values():
        check_shared_field(one, sections)
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
        told = set()
        for code, label in (values if isinstance(values, dict) else {}).items():
            if not isinstance(code, str) or not isinstance(label, str):
                entry.note(f"code {code!r}: code and label are text; write them in quotes.", values, code)
                told.add("values")
        return entry.build(CodeList, {**data, "code": entry.name}, frozenset(told))
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
    for entry in sections.compositions.values():
        _check_held(entry, sections)
    for composition in dictionary.compositions:
        _check_person(composition, dictionary, sections)


def _check_held(entry: Entry, sections: Sections) -> None:
    """What a kind of file requires and may hold: record types, each named once."""
    named: set[str] = set()
    for key in ("required", "optional"):
        codes = entry.data.get(key) if isinstance(entry.data, LinedMapping) else None
        for at, code in enumerate(codes if isinstance(codes, LinedList) else ()):
            if str(code) not in sections.record_types:
                entry.note(f"there is no record type '{code}'.", codes, at)
            if str(code) in named:
                entry.note(f"{key}: '{code}' stands twice.", codes, at)
            named.add(str(code))


def _check_person(composition: Composition, dictionary: Dictionary, sections: Sections) -> None:
    """Every fact about the person is a field of some record type."""
    whole = {one.code: one for one in dictionary.record_types}
    entry = sections.compositions[composition.code]
    facts = entry.data.get("person")
    for at, fact in enumerate(composition.person):
        for name in fact.also:
            code, _, field = name.partition(".")
            if code not in sections.record_types or (code in whole and not whole[code].has_field(field)):
                entry.note(f"there is no field '{name}'.", facts, at)
        said = fact.also or any(one.has_field(fact.fact) for one in whole.values())
        if not said and len(whole) == len(sections.record_types):
            entry.note(f"no record type has a field '{fact.fact}'.", facts, at)


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
