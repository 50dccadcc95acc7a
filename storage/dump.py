"""The records as files: one a table, the same whatever the database, so that what was kept on one loads into another.

A file is gzipped text: a line with the columns' names, then a row a line, as JSON. Moments and dates are ISO 8601,
states their words.
"""

from __future__ import annotations

import gzip
import json
from datetime import date, datetime
from enum import Enum as PythonEnum
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Column, Date, Enum, Table, func, select, update
from sqlalchemy.orm import Session

from core.errors import BackupDamaged, BackupRefused
from storage.objects import hash_file
from storage.tables import Base
from storage.tables.base import Instant

_ROWS_AT_ONCE = 1_000
_PASSING = frozenset({"landing_parts", "landing_uploads", "workers"})
"""Tables of what is under way on these machines alone: uploads that have not arrived, and who is alive."""


class TableDump(BaseModel):
    """A table's file: its name, how many rows it has, its SHA-256."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    table: str
    file: str
    rows: int
    sha256: str


def dump_tables(session: Session, folder: Path) -> tuple[TableDump, ...]:
    """Writes every table into the folder, as the session sees it: give a session of `reading()`."""
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(_dump_table(session, table, folder) for table in _kept_tables())


def _kept_tables() -> list[Table]:
    return [table for table in Base.metadata.sorted_tables if table.name not in _PASSING]


def _dump_table(session: Session, table: Table, folder: Path) -> TableDump:
    path = folder / f"{table.name}.jsonl.gz"
    rows = 0
    wanted = select(table).order_by(*table.primary_key).execution_options(yield_per=_ROWS_AT_ONCE)
    with path.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0) as packed:
        packed.write(_line([column.name for column in table.c]))
        for row in session.execute(wanted):
            packed.write(_line([_encode(value) for value in row]))
            rows += 1
    return TableDump(table=table.name, file=path.name, rows=rows, sha256=hash_file(path))


def _line(values: list[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _encode(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.value if isinstance(value, PythonEnum) else value


def verify_dumps(folder: Path, dumps: tuple[TableDump, ...]) -> None:
    """Raises BackupDamaged naming the first file that is missing or has changed, or a table without a file."""
    for one in dumps:
        path = folder / one.file
        if not path.is_file():
            raise BackupDamaged(f"The backup lacks {path}.", "Use another backup.")
        if hash_file(path) != one.sha256:
            raise BackupDamaged(f"{path} has changed since the backup was made.", "Use another backup.")
    lacking = sorted({table.name for table in _kept_tables()} - {one.table for one in dumps})
    if lacking:
        raise BackupDamaged(f"The backup lacks the tables {', '.join(lacking)}.", "Use the version that made it.")


def load_tables(session: Session, folder: Path, dumps: tuple[TableDump, ...]) -> None:
    """Fills empty tables from their files. Raises BackupRefused if one has rows, BackupDamaged for a wrong count."""
    by_name = {one.table: one for one in dumps}
    for table in Base.metadata.sorted_tables:
        if session.scalar(select(func.count()).select_from(table)):
            raise BackupRefused(f"The table {table.name} has rows.", "Restore into an empty installation.")
    for table in _kept_tables():
        one = by_name[table.name]
        loaded = _load_table(session, table, folder / one.file)
        if loaded != one.rows:
            raise BackupDamaged(f"{one.file} holds {loaded} rows, not {one.rows}.", "Use another backup.")


def _load_table(session: Session, table: Table, path: Path) -> int:
    # A row may name another of its own table that comes later: such columns are filled in a second round.
    own = [column for column in table.c if any(key.column.table is table for key in column.foreign_keys)]
    loaded, later = 0, []
    with gzip.open(path, "rt", encoding="utf-8") as source:
        columns = [table.c[name] for name in json.loads(next(source))]
        while block := [_decode_row(columns, line) for line in islice(source, _ROWS_AT_ONCE)]:
            loaded += len(block)
            for row in block:
                links = {column.name: row[column.name] for column in own if row[column.name] is not None}
                if links:
                    later.append((row["id"], links))
            emptied = dict.fromkeys((column.name for column in own), None)
            session.execute(table.insert(), [row | emptied for row in block])
    for key, links in later:
        session.execute(update(table).where(table.c.id == key).values(links))
    return loaded


def _decode_row(columns: list[Column[Any]], line: str) -> dict[str, Any]:
    values = json.loads(line)
    return {column.name: _decode(column, value) for column, value in zip(columns, values, strict=True)}


def _decode(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, Instant):
        return datetime.fromisoformat(value)
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    if isinstance(column.type, Enum) and column.type.enum_class is not None:
        return column.type.enum_class(value)
    return value
