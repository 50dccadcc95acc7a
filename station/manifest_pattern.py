"""The plan from folders and names alone, by a pattern such as DEFAULT_PATTERN.

`{…}` stands for a value without `/`, `[…]` for what may be missing, `.ext` for any extension. `ordinal` and `part` are
numbers: the document in its file, and the place among the document's files.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from pydantic import ValidationError

from core.errors import ManifestMismatch
from core.labels import Secrecy, Sensitivity
from core.manifest import ManifestDocument, ManifestFolder
from station.scans import ScanPlan

DEFAULT_PATTERN = "{fonds}/{series_list}/{box}/{file_code}/{ordinal}[-{part}].ext"
_REQUIRED = frozenset({"fonds", "series_list", "file_code", "ordinal"})
_KNOWN = _REQUIRED | {"box", "part", "file_title"}
_NUMBERS = frozenset({"ordinal", "part"})
_TOKENS = re.compile(r"\{(\w+)\}|(\[)|(\])|(\.ext)$|(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class DeclaredLabels:
    """What holds for every document that a pattern makes, for names say nothing of it."""

    record_type: str | None = None
    secrecy: Secrecy = Secrecy.THUONG
    sensitivity: Sensitivity | None = None


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """The regular expression of the pattern. Raises ManifestMismatch for an unknown, doubled or missing name."""
    parts: list[str] = []
    names: list[str] = []
    for token in _TOKENS.finditer(pattern):
        name, opening, closing, extension, letter = token.groups()
        if name:
            names.append(name)
            parts.append(f"(?P<{name}>{r'[0-9]{1,6}' if name in _NUMBERS else '[^/]+?'})")
        elif extension:
            parts.append(r"\.[A-Za-z0-9]+")
        else:
            parts.append("(?:" if opening else ")?" if closing else re.escape(letter))
    wrong = sorted(set(names) - _KNOWN | _REQUIRED - set(names) | {name for name in names if names.count(name) > 1})
    if wrong:
        raise ManifestMismatch(
            f"The pattern '{pattern}' misses, doubles or does not know: {', '.join(wrong)}.",
            f"Use each of {', '.join(sorted(_REQUIRED))} once.",
        )
    try:
        return re.compile("".join(parts))
    except re.error as error:
        raise ManifestMismatch(
            f"The pattern '{pattern}' cannot be read: {error}.", "Close every [ with a ]."
        ) from error


def plan_by_pattern(names: Collection[str], pattern: str, labels: DeclaredLabels) -> ScanPlan:
    """The plan for these files. Raises ManifestMismatch that names a file which does not match the pattern."""
    expression = compile_pattern(pattern)
    documents: dict[tuple[str, str, str], dict[int, dict[int, str]]] = {}
    values: dict[tuple[str, str, str], re.Match[str]] = {}
    for name in names:
        match = expression.fullmatch(name)
        if match is None:
            raise ManifestMismatch(f"'{name}' does not match the pattern '{pattern}'.", "Rename or move the file.")
        found = match.groupdict()
        key = (found["fonds"], found["series_list"], found["file_code"])
        first = values.setdefault(key, match).groupdict()
        if any(first.get(column) != found.get(column) for column in ("box", "file_title")):
            raise ManifestMismatch(
                f"'{name}' puts file '{found['file_code']}' into another box or title than '{values[key].string}'.",
                "Move one of them.",
            )
        files = documents.setdefault(key, {}).setdefault(int(found["ordinal"]), {})
        part = int(found.get("part") or 0)
        if part in files:
            raise ManifestMismatch(f"'{name}' and '{files[part]}' are the same part of one document.", "Renumber one.")
        files[part] = name
    folders = tuple(_build_folder(match, documents[key], labels) for key, match in values.items())
    return ScanPlan(folders, {name: f"'{name}'" for name in names})


def _build_folder(match: re.Match[str], documents: dict[int, dict[int, str]], labels: DeclaredLabels) -> ManifestFolder:
    found = match.groupdict()
    try:
        return ManifestFolder(
            fonds=found["fonds"],
            series_list=found["series_list"],
            box=found.get("box") or "",
            code=found["file_code"],
            title=found.get("file_title") or "",
            documents=tuple(
                ManifestDocument(
                    ordinal=ordinal,
                    record_type=labels.record_type,
                    secrecy=labels.secrecy,
                    sensitivity=labels.sensitivity,
                    file_names=tuple(name for _, name in sorted(files.items())),
                )
                for ordinal, files in sorted(documents.items())
            ),
        )
    except ValidationError as error:
        fault = error.errors()[0]
        raise ManifestMismatch(
            f"'{match.string}': {'.'.join(map(str, fault['loc']))}: {fault['msg']}.", "Rename the file or folder."
        ) from error
