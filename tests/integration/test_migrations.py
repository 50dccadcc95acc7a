"""The steps of the migrations lead to exactly the tables that the code expects."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.orm import Session

from storage.migrate import migration_config, upgrade_database
from storage.tables import Base, PageReading


def test_an_empty_database_comes_to_the_present_schema(tmp_path):
    url = f"sqlite:///{tmp_path / 'new' / 'records.db'}"
    upgrade_database(url)
    upgrade_database(url)
    engine = create_engine(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        assert set(Base.metadata.tables) < set(inspect(connection).get_table_names())
    engine.dispose()


def test_every_step_can_be_undone(tmp_path):
    url = f"sqlite:///{tmp_path / 'records.db'}"
    upgrade_database(url)
    command.downgrade(migration_config(url), "base")
    engine = create_engine(url)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()


def test_pages_read_before_marks_were_kept_have_none(tmp_path):
    url = f"sqlite:///{tmp_path / 'records.db'}"
    command.upgrade(migration_config(url), "0001")
    engine = create_engine(url)
    row = "INSERT INTO page_readings VALUES ('p', 'chữ', '[]', 0, 0.5, 0, '{}', 'tesseract 5.5.4 vie', 1.0)"
    with engine.begin() as connection:
        connection.execute(text(row))
    upgrade_database(url)
    with Session(engine) as session:
        assert session.scalars(select(PageReading.marks)).one() == []
    engine.dispose()
