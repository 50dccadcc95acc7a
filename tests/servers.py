"""The real servers that `scripts/servers.sh start` runs, for tests; and a place of its own in each for every test."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, NullPool, create_engine, make_url, text

from storage.tables import Base

VARIABLE = "SOHOA_TEST_SERVERS"
"""Path of servers.json; unset where the embedded parts alone are tested."""
_made: list[str] = []


@dataclass(frozen=True, slots=True)
class Servers:
    """URLs of the servers, and files with the S3 servers' keys and the secured OpenSearch's password and authority."""

    postgres: str
    redis: str
    minio: str
    versitygw: str
    opensearch: str
    secured_opensearch: str
    secured_password_file: str
    secured_authority: str
    access_key_file: str
    secret_key_file: str


@cache
def find_servers() -> Servers | None:
    """The servers that this run of the tests has; None if it is to use embedded parts alone."""
    path = os.environ.get(VARIABLE)
    return read_servers(Path(path)) if path else None


def read_servers(path: Path) -> Servers:
    """The servers of this servers.json."""
    return Servers(**json.loads(path.read_text("utf-8")))


def server_settings(servers: Servers, *, empty: bool = False) -> dict[str, str]:
    """Settings of a service with a database (`empty`: without tables), buckets and indexes of its own on them."""
    name = unique_name()
    return {
        "database_url": make_database(servers, empty=empty),
        "broker_url": servers.redis,
        "objects_url": servers.minio,
        "objects_access_key_file": servers.access_key_file,
        "objects_secret_key_file": servers.secret_key_file,
        "objects_bucket": name,
        "search_url": servers.opensearch,
        "search_index": name,
    }


def unique_name() -> str:
    """A name that no other test uses: for a database, the beginning of buckets and of indexes."""
    return f"t{uuid4().hex[:12]}"


@cache
def _template(servers: Servers) -> str:
    """The name of a database that has all tables and no rows: copying it is faster than making them."""
    name = _create_database(servers, "template0")
    url = _url_of(servers, name)
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    engine.dispose()
    return name


def _url_of(servers: Servers, name: str) -> str:
    return make_url(servers.postgres).set(database=name).render_as_string(hide_password=False)


def _create_database(servers: Servers, template: str) -> str:
    name = unique_name()
    with _administer(servers) as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    _made.append(name)
    return name


@contextmanager
def _administer(servers: Servers) -> Iterator[Connection]:
    engine = create_engine(servers.postgres, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def make_database(servers: Servers, *, empty: bool = False) -> str:
    """URL of a new PostgreSQL database without rows; `empty`: without tables."""
    return _url_of(servers, _create_database(servers, "template0" if empty else _template(servers)))


def drop_databases(servers: Servers) -> None:
    """Drops what this process made, with whoever is still connected."""
    with _administer(servers) as connection:
        for name in _made:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    _made.clear()
