"""The named entries of a dictionary's sections, each with its place in the texts, and the faults found in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from core.catalogue.yaml_lines import DictionaryFault, LinedList, LinedMapping, read_documents

Model = TypeVar("Model", bound=BaseModel)


def message_of(error: ErrorDetails) -> str:
    """What pydantic says of a fault, or our own validator through it."""
    return error["msg"].removeprefix("Value error, ")


def fault_of(error: ErrorDetails) -> str:
    """Likewise, without its full stop."""
    return message_of(error).rstrip(".")


class Refused(Exception):
    """An entry is of no use; why was noted."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One named entry of a section and where it stands."""

    file: str
    line: int
    place: str
    name: str
    data: Any
    faults: list[DictionaryFault]

    def note(self, message: str, within: Any = None, key: Any = None) -> None:
        """Notes a fault at the mapping's key or the list's item if they are given and known, else where it stands."""
        line = within.line_of(key) if isinstance(within, LinedMapping | LinedList) else self.line
        self.faults.append(DictionaryFault(self.file, line, self.place, message))

    def refuse(self, message: str, within: Any = None, key: Any = None) -> NoReturn:
        """Notes the fault and gives the entry up. Raises Refused."""
        self.note(message, within, key)
        raise Refused

    def mapping(self) -> LinedMapping:
        """The entry's own mapping. Raises Refused."""
        if not isinstance(self.data, LinedMapping):
            self.refuse("this should be a mapping.")
        return self.data

    def at(self, field_name: str) -> Entry:
        """The same entry, its faults named by a field of it."""
        return replace(self, place=f"{self.place}, field '{field_name}'")

    def build(self, model: type[Model], data: Mapping[str, Any], told: frozenset[str] = frozenset()) -> Model:
        """The model of this data, which the entry's own mapping holds. Raises Refused with each fault noted.

        told: attributes whose faults were noted already.
        """
        try:
            return model.model_validate(dict(data))
        except ValidationError as error:
            for one in error.errors(include_url=False, include_input=False):
                path = one["loc"]
                if path and path[0] in told:
                    continue
                if not path:  # of the whole entry
                    self.note(f"{fault_of(one)}.")
                    continue
                inner = self.data.get(path[0]) if isinstance(self.data, dict) else None
                lined = isinstance(inner, LinedMapping | LinedList) and len(path) > 1
                where = (inner, path[1]) if lined else (self.data, path[0])
                self.note(f"{'.'.join(map(str, path))}: {fault_of(one)}.", *where)
            raise Refused from error


@dataclass(frozen=True, slots=True)
class Sections:
    """All entries by section and name."""

    code_lists: dict[str, Entry] = field(default_factory=dict)
    defaults: dict[str, Entry] = field(default_factory=dict)
    fields: dict[str, Entry] = field(default_factory=dict)
    groups: dict[str, Entry] = field(default_factory=dict)
    record_types: dict[str, Entry] = field(default_factory=dict)
    compositions: dict[str, Entry] = field(default_factory=dict)
    party_terms: dict[str, Entry] = field(default_factory=dict)
    versions: list[Entry] = field(default_factory=list)

    def codes_of(self, code_list: str) -> Mapping[Any, Any] | None:
        """The codes of a list as they are written, with their labels; None where there is no such list to be read."""
        entry = self.code_lists.get(code_list)
        values = entry.data.get("values") if entry is not None and isinstance(entry.data, LinedMapping) else None
        return values if isinstance(values, LinedMapping) else None


_NAMES = tuple(one.name for one in fields(Sections) if one.name != "versions")


def collect_sections(texts: Mapping[str, str], faults: list[DictionaryFault]) -> Sections:
    """The entries of all texts; what is wrong with their outer form is added to the faults."""
    sections = Sections()
    for file, text in texts.items():
        documents, broken = read_documents(file, text)
        faults += broken
        for document in documents:
            for key, content in document.items():
                here = Entry(file, document.line_of(key), str(key), str(key), content, faults)
                if key == "version":
                    sections.versions.append(here)
                elif key in _NAMES:
                    _add_entries(here, getattr(sections, key))
                else:
                    here.note(f"there is no such section; use one of: version, {', '.join(_NAMES)}.")
    return sections


def _add_entries(section: Entry, found: dict[str, Entry]) -> None:
    if not isinstance(section.data, LinedMapping):
        section.note("this should be a mapping.")
        return
    for name, data in section.data.items():
        line = section.data.line_of(name)
        entry = Entry(section.file, line, f"{section.name}: '{name}'", name, data, section.faults)
        if not isinstance(name, str):
            entry.note("a name is text; write it in quotes.")
        elif name in found:
            entry.note(f"it stands in {found[name].file}, line {found[name].line}, already.")
        else:
            found[name] = entry
