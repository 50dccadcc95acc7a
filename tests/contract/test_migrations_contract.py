"""The steps of the migrations lead to exactly the tables that the code expects, from every earlier state, with rows."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, MetaData, Table, create_engine, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.types import JSON, Boolean, Date, DateTime, Float, Integer, LargeBinary

from storage.migrate import migration_config, upgrade_database
from storage.tables import Base, PageReading
from tests.servers import find_servers, make_database

REVISIONS = [one.revision for one in ScriptDirectory.from_config(migration_config("")).walk_revisions()]
_VALUES: tuple[tuple[type, Any], ...] = (
    (Boolean, False),
    (Integer, 1),
    (Float, 0.5),
    (DateTime, datetime(2026, 1, 5, tzinfo=UTC)),
    (Date, date(2026, 1, 5)),
    (JSON, ["giá trị"]),
    (LargeBinary, b"x"),
)


@pytest.fixture
def url(database: str, tmp_path: Path) -> str:
    if database == "sqlite":
        return f"sqlite:///{tmp_path / 'records.db'}"
    return make_database(find_servers(), empty=True)


def fill(connection: Connection) -> dict[str, int]:
    """A row in every table, as it stands; how many rows each has then."""
    found = MetaData()
    found.reflect(connection)
    for table in found.sorted_tables:
        if table.name != "alembic_version":
            connection.execute(table.insert().values({column.name: value_of(connection, column) for column in table.c}))
    return count_rows(connection, found.sorted_tables)


def value_of(connection: Connection, column: Column[Any]) -> Any:
    if column.nullable:
        return None
    for key in column.foreign_keys:
        return connection.scalar(select(key.column))
    words = allowed_words(connection, column)
    if words:
        return words[0]
    return next((value for kind, value in _VALUES if isinstance(column.type, kind)), "x")


def allowed_words(connection: Connection, column: Column[Any]) -> list[str]:
    """The words that a check of the table allows in this column."""
    checks = inspect(connection).get_check_constraints(column.table.name)
    mine = [one["sqltext"] for one in checks if re.search(rf"\b{column.name}\b", one["sqltext"])]
    return re.findall(r"'([^']+)'", mine[0]) if mine else []


def count_rows(connection: Connection, tables: list[Table]) -> dict[str, int]:
    names = [table.name for table in tables]
    return {name: connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0 for name in names}


def test_an_empty_database_comes_to_the_present_schema(url: str) -> None:
    upgrade_database(url)
    upgrade_database(url)
    engine = create_engine(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        assert set(Base.metadata.tables) < set(inspect(connection).get_table_names())
    engine.dispose()


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_earlier_state_comes_to_the_present_with_its_rows(url: str, revision: str) -> None:
    command.upgrade(migration_config(url), revision)
    engine = create_engine(url)
    with engine.begin() as connection:
        before = fill(connection)
    upgrade_database(url)
    with engine.connect() as connection:
        found = MetaData()
        found.reflect(connection)
        after = count_rows(connection, found.sorted_tables)
        assert {name: after[name] for name in before} == before
        assert set(before.values()) == {1}
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()


@pytest.mark.parametrize("revision", REVISIONS)
def test_the_code_of_an_earlier_state_can_go_on_writing(url: str, revision: str) -> None:
    """During an upgrade old processes run on the new schema: it lacks nothing of theirs, and asks for nothing more."""
    command.upgrade(migration_config(url), revision)
    engine = create_engine(url)
    before = MetaData()
    before.reflect(engine)
    upgrade_database(url)
    after = MetaData()
    after.reflect(engine)
    engine.dispose()
    lost = [f"{t.name}.{c.name}" for t in before.sorted_tables for c in t.c if c.name not in after.tables[t.name].c]
    asked = [
        f"{table.name}.{column.name}"
        for table in before.sorted_tables
        for column in after.tables[table.name].c
        if column.name not in table.c and not column.nullable and column.server_default is None
    ]
    assert (lost, asked) == ([], [])


def test_every_step_can_be_undone(url: str) -> None:
    upgrade_database(url)
    command.downgrade(migration_config(url), "base")
    engine = create_engine(url)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()


def test_jobs_from_before_originals_were_copied_and_locked_are_kept(url: str) -> None:
    command.upgrade(migration_config(url), "0003")
    engine = create_engine(url)
    with engine.begin() as connection:
        fill(connection)
        (job,) = [dict(row) for row in connection.execute(text("SELECT * FROM jobs")).mappings()]
    upgrade_database(url)
    names = ", ".join(job)
    insert = text(f"INSERT INTO jobs ({names}) VALUES ({', '.join(f':{name}' for name in job)})")
    with engine.begin() as connection:
        connection.execute(insert, job | {"id": "lock", "stage": "lock"})
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert, job | {"id": "guess", "stage": "guess"})
    command.downgrade(migration_config(url), "0003")
    with engine.begin() as connection:
        assert connection.scalars(text("SELECT stage FROM jobs")).all() == [job["stage"]]
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert, job | {"id": "lock", "stage": "lock"})
    engine.dispose()


def test_pages_read_before_marks_and_ranked_places_were_kept_have_none(url: str) -> None:
    command.upgrade(migration_config(url), "0001")
    engine = create_engine(url)
    with engine.begin() as connection:
        fill(connection)
    upgrade_database(url)
    with Session(engine) as session:
        assert session.execute(select(PageReading.marks, PageReading.places)).one() == ([], [])
    engine.dispose()
