"""The connection to the records, and the one place that commits.

A request or a job is one `writing()`: it commits when the block ends, rolls back when it raises, and only then sends
the nudges that were collected on the way. Losing a nudge loses nothing: the sweep finds the job.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from core.stages import Queue

logger = logging.getLogger(__name__)

_BUSY_SECONDS = 60
_NUDGES = "nudges"
_READONLY = "sohoa_readonly"
_READING: dict[str, dict[str, Any]] = {
    # By default PostgreSQL shows each statement what was committed just before it.
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
}
_POSTGRES = {"connect_timeout": 10, "options": "-c lock_timeout=60s -c idle_in_transaction_session_timeout=10min"}


@dataclass(frozen=True, slots=True)
class Nudge:
    """Tells a worker of this queue to look at a job."""

    job_id: str
    queue: Queue


def keep_silent(_nudge: Nudge) -> None:
    """Announces nothing: for programs that leave dispatch to the sweep."""


def nudge(session: Session, job_id: str, queue: Queue) -> None:
    """Has a nudge sent once the session's transaction is committed."""
    session.info[_NUDGES].append(Nudge(job_id, queue))


HELD: dict[str, bool] = {"key_share": True}
"""How a row is held for its reader's changes: `with_for_update=HELD`. Not FOR UPDATE, which waits for all who put in a
row that only names this one: two who do so and then hold it would wait for each other."""


def is_readonly(session: Session) -> bool:
    """Whether the session is one of `reading()`, which must not lock a row."""
    return bool(session.get_bind().get_execution_options().get(_READONLY, False))


def present(session: Session) -> datetime:
    """The moment by the clock that all workers share: the database server's, whatever their own clocks say."""
    if session.get_bind().dialect.name == "postgresql":
        moment: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
        return moment.astimezone(UTC)
    return datetime.now(UTC)


class Records:
    """The records of an installation. One per process; make it after forking."""

    def __init__(self, url: str, announce: Callable[[Nudge], None]) -> None:
        self.engine = _connect(url)
        self._readonly = self.engine.execution_options(**{_READONLY: True}, **_READING.get(self.engine.name, {}))
        self._announce = announce

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose transaction is committed at the end of the block, and its nudges sent after that."""
        with Session(self.engine, expire_on_commit=False) as session:
            nudges: list[Nudge] = []
            session.info[_NUDGES] = nudges
            with session.begin():
                yield session
        for one in nudges:
            self._announce(one)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session over one consistent state, which takes no write lock and keeps nothing."""
        with Session(self._readonly, expire_on_commit=False, autoflush=False) as session:
            yield session

    def compact(self) -> None:
        """Leaves nothing of what was deleted in the database's files; SQLite's write-ahead log still holds it."""
        if self.engine.dialect.name == "sqlite":
            with closing(self.engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        self.engine.dispose()


def _connect(url: str) -> Engine:
    if make_url(url).get_backend_name() == "postgresql":
        return create_engine(url, pool_pre_ping=True, connect_args=_POSTGRES, hide_parameters=True)
    connect_args = {"timeout": _BUSY_SECONDS, "check_same_thread": False}
    engine = create_engine(url, connect_args=connect_args, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transactions begin late and lock late: two writers would then meet "database is locked"
    # in the middle of their work. We begin ourselves, see below.
    connection.isolation_level = None
    cursor = connection.cursor()
    # Deleted content is overwritten: a purge has to leave nothing behind.
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    readonly = connection.get_execution_options().get(_READONLY, False)
    connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")
