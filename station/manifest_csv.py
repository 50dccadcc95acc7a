"""`manifest.csv`: a person says in a table how the files make documents.

One row a file; rows with the same file and document ordinal make one document, in the order of the rows. Its values
stand in its first row; a later row leaves them empty or repeats them.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from core.errors import ManifestMismatch
from core.labels import Secrecy
from core.manifest import ManifestDocument, ManifestFolder
from core.words import parse_secrecy, parse_sensitivity
from station.scans import CSV_NAME, ScanPlan

COLUMNS = (
    "file",
    "fonds",
    "series_list",
    "box",
    "file_code",
    "file_title",
    "document_ordinal",
    "record_type",
    "secrecy",
    "sensitivity",
    "sheets",
    "pages",
    "title",
)
_REQUIRED = ("file", "fonds", "series_list", "file_code", "document_ordinal")
_FOLDER_VALUES = ("box", "file_title")
_DOCUMENT_VALUES = ("record_type", "secrecy", "sensitivity", "sheets", "pages", "title")


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the table; `line` as an editor counts it."""

    line: int
    values: dict[str, str]

    @property
    def where(self) -> str:
        return f"{CSV_NAME} line {self.line}"

    def __getitem__(self, column: str) -> str:
        return self.values[column]

    def number(self, column: str) -> int | None:
        """The count in this column, None where it is empty. Raises ManifestMismatch."""
        text = self.values[column]
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and int(text) > 0):
            raise ManifestMismatch(f"{self.where}: '{text}' in column {column} is no count.", "Write 1, 2, 3, …")
        return int(text)


@dataclass(slots=True)
class _Group:
    """Rows that belong together, with the values that they agree on."""

    first: _Row
    values: dict[str, str]
    rows: list[_Row] = field(default_factory=list)

    def add(self, row: _Row, columns: tuple[str, ...]) -> None:
        """Raises ManifestMismatch where the row contradicts an earlier one."""
        for column in columns:
            if row[column] and self.values[column] and row[column] != self.values[column]:
                raise ManifestMismatch(
                    f"{row.where}: {column} '{row[column]}' contradicts '{self.values[column]}' further up.",
                    "Rows of one file or document must agree.",
                )
            self.values[column] = self.values[column] or row[column]
        self.rows.append(row)


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ManifestMismatch(f"{CSV_NAME} is not in UTF-8.", "Save it as CSV UTF-8.") from error


def _read_rows(text: str) -> Iterator[_Row]:
    head = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",")
    try:
        header = [column.strip() for column in next(reader, [])]
        if sorted(header) != sorted(COLUMNS):
            odd = ", ".join(sorted(set(header) ^ set(COLUMNS))) or "one column twice"
            raise ManifestMismatch(f"{CSV_NAME} line 1: the columns differ: {odd}.", f"Use: {', '.join(COLUMNS)}.")
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                raise ManifestMismatch(
                    f"{CSV_NAME} line {reader.line_num}: {len(cells)} cells instead of {len(header)}.",
                    "Put a value with a comma in quotes.",
                )
            values = (unicodedata.normalize("NFC", cell).strip() for cell in cells)
            yield _Row(reader.line_num, dict(zip(header, values, strict=True)))
    except csv.Error as error:
        raise ManifestMismatch(f"{CSV_NAME} line {reader.line_num}: {error}.", "Save the table again.") from error


def _check_rows(rows: list[_Row], names: Collection[str]) -> None:
    """Every row names a file that is there, every file has one row, and nothing that is needed is empty."""
    seen: dict[str, _Row] = {}
    for row in rows:
        for column in _REQUIRED:
            if not row[column]:
                raise ManifestMismatch(f"{row.where}: {column} is empty.", "Fill it in.")
        if first := seen.get(row["file"].casefold()):
            raise ManifestMismatch(f"{row.where}: '{row['file']}' stands in line {first.line} already.", "Remove one.")
        if row["file"] not in names:
            raise ManifestMismatch(f"{row.where}: there is no file '{row['file']}'.", "Scan it or remove the line.")
        seen[row["file"].casefold()] = row
    listed = {row["file"] for row in rows}
    for name in names:
        if name not in listed:
            raise ManifestMismatch(f"'{name}' is in the folder but not in {CSV_NAME}.", "Add a line or move the file.")


def _build_document(group: _Group) -> ManifestDocument:
    row = _Row(group.first.line, group.first.values | group.values)
    try:
        return ManifestDocument(
            ordinal=row.number("document_ordinal") or 0,
            record_type=row["record_type"] or None,
            title=row["title"],
            secrecy=parse_secrecy(row["secrecy"]) if row["secrecy"] else Secrecy.THUONG,
            sensitivity=parse_sensitivity(row["sensitivity"]) if row["sensitivity"] else None,
            sheets=row.number("sheets"),
            pages=row.number("pages"),
            file_names=tuple(one["file"] for one in group.rows),
        )
    except (ManifestMismatch, ValidationError) as error:
        raise _at(row, error) from error


def _at(row: _Row, error: ManifestMismatch | ValidationError) -> ManifestMismatch:
    if isinstance(error, ManifestMismatch):
        known = error.message.startswith(CSV_NAME)
        return error if known else ManifestMismatch(f"{row.where}: {error.message}", error.advice)
    fault = error.errors()[0]
    return ManifestMismatch(f"{row.where}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}.", "Mend the line.")


def parse_manifest_csv(text: str, names: Collection[str]) -> ScanPlan:
    """The plan in this table for exactly these files. Raises ManifestMismatch that names the line."""
    rows = list(_read_rows(text))
    _check_rows(rows, names)
    folders: dict[tuple[str, str, str], _Group] = {}
    documents: dict[tuple[tuple[str, str, str], str], _Group] = {}
    for row in rows:
        key = (row["fonds"], row["series_list"], row["file_code"])
        folder = folders.setdefault(key, _Group(row, dict.fromkeys(_FOLDER_VALUES, "")))
        folder.add(row, _FOLDER_VALUES)
        ordinal = str(row.number("document_ordinal"))
        document = documents.setdefault((key, ordinal), _Group(row, dict.fromkeys(_DOCUMENT_VALUES, "")))
        document.add(row, _DOCUMENT_VALUES)
    return ScanPlan(
        tuple(_build_folder(key, folder, documents) for key, folder in folders.items()),
        {row["file"]: row.where for row in rows},
    )


def _build_folder(
    key: tuple[str, str, str], group: _Group, documents: dict[tuple[tuple[str, str, str], str], _Group]
) -> ManifestFolder:
    fonds, series_list, code = key
    own = tuple(_build_document(document) for (folder, _), document in documents.items() if folder == key)
    try:
        return ManifestFolder(
            fonds=fonds,
            series_list=series_list,
            code=code,
            box=group.values["box"],
            title=group.values["file_title"],
            documents=own,
        )
    except (ManifestMismatch, ValidationError) as error:
        raise _at(group.first, error) from error


def read_manifest_csv(directory: Path, names: Collection[str]) -> ScanPlan:
    """The plan in the folder's `manifest.csv`. Raises ManifestMismatch."""
    return parse_manifest_csv(_decode((directory / CSV_NAME).read_bytes()), names)
