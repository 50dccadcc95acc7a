"""The steps of the migrations lead to exactly the tables that the code expects."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect

from storage.migrate import migration_config, upgrade_database
from storage.tables import Base


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
