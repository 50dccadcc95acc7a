"""YAML whose mappings and lists know the lines of their keys and items, so that a fault can be told where it stands."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import yaml

LONGEST_TEXT = 400_000
"""Characters. The built-in dictionary has some 40 000."""


@dataclass(frozen=True, slots=True)
class DictionaryFault:
    """What is wrong with a dictionary's text, and where: file, line from 1, and the entry's name."""

    file: str
    line: int
    place: str
    message: str

    @property
    def told(self) -> str:
        """What is wrong, with the entry's name where it has one."""
        return ": ".join(filter(None, (self.place, self.message)))

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.told}"


class LinedMapping(dict[Any, Any]):
    """A mapping that knows where it and its keys stand."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[Any, int] = {}

    def line_of(self, key: object) -> int:
        """The key's line; the mapping's own where it has no such key."""
        return self.lines.get(key, self.line) if isinstance(key, Hashable) else self.line


class LinedList(list[Any]):
    """A list that knows where its items stand."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []

    def line_of(self, index: object) -> int:
        """The item's line; the list's own where it has no such item."""
        return self.lines[index] if isinstance(index, int) and 0 <= index < len(self.lines) else self.line


class _Loader(yaml.SafeLoader):
    """The safe loader without anchors and tags, which notes a key written twice: the first would be lost silently."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.twice: list[tuple[int, str]] = []

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise yaml.composer.ComposerError(None, None, "no anchors and aliases are taken", event.start_mark)
        if getattr(event, "tag", None) not in (None, "!"):
            raise yaml.composer.ComposerError(None, None, "no tags are taken", event.start_mark)
        return super().compose_node(parent, index)

    def construct_lined(self, node: yaml.MappingNode) -> LinedMapping:
        made = LinedMapping(node.start_mark.line + 1)
        for key_node, value_node in node.value:
            key, line = self._construct(key_node), key_node.start_mark.line + 1
            if not isinstance(key, Hashable):
                raise yaml.constructor.ConstructorError(None, None, "a name is text", key_node.start_mark)
            if key in made:
                self.twice.append((line, str(key)))
            made[key] = self._construct(value_node)
            made.lines[key] = line
        return made

    def construct_items(self, node: yaml.SequenceNode) -> LinedList:
        made = LinedList(node.start_mark.line + 1)
        for item in node.value:
            made.append(self._construct(item))
            made.lines.append(item.start_mark.line + 1)
        return made

    def _construct(self, node: yaml.Node) -> Any:
        try:
            return self.construct_object(node, deep=True)
        except ValueError as error:  # what looks like a date or a number and is none
            raise yaml.constructor.ConstructorError(None, None, str(error), node.start_mark) from error


_Loader.add_constructor("tag:yaml.org,2002:map", _Loader.construct_lined)
_Loader.add_constructor("tag:yaml.org,2002:seq", _Loader.construct_items)


def read_documents(file: str, text: str) -> tuple[list[LinedMapping], list[DictionaryFault]]:
    """The mappings of a text's YAML documents, and what is wrong with it as YAML."""
    if len(text) > LONGEST_TEXT:
        return [], [DictionaryFault(file, 1, "", f"the text is longer than {LONGEST_TEXT} characters.")]
    found: list[LinedMapping] = []
    faults: list[DictionaryFault] = []
    try:
        loader = _Loader(text)
        while loader.check_data():  # type: ignore[no-untyped-call]
            line = loader.peek_event().start_mark.line + 1  # type: ignore[no-untyped-call]
            content = loader.get_data()
            if isinstance(content, LinedMapping):
                found.append(content)
            elif content is not None:
                faults.append(DictionaryFault(file, line, "", "here stand no sections."))
        faults += [DictionaryFault(file, line, "", f"'{key}' stands twice.") for line, key in loader.twice]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = " ".join(filter(None, (error.context, error.problem)))
        faults.append(DictionaryFault(file, mark.line + 1 if mark else 1, "", f"this is no YAML: {problem}."))
    except (yaml.YAMLError, ValueError) as error:
        faults.append(DictionaryFault(file, 1, "", f"this is no YAML: {error}."))
    except RecursionError:
        faults.append(DictionaryFault(file, 1, "", "it is nested too deeply."))
    if not found and not faults:
        faults.append(DictionaryFault(file, 1, "", "the file holds no sections."))
    return found, faults
