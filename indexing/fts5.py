"""The embedded search backend: SQLite FTS5 in a file of its own, which can be thrown away and filled again.

Several processes read and write it at once: WAL, and every call opens its own connection, so that a thread, a fork or
a replaced file never meets a stale one.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.errors import SearchUnavailable
from core.labels import Clearance
from indexing.access_filter import access_condition
from indexing.backend import (
    MOST_FACETS,
    FacetCount,
    Facets,
    SearchHit,
    SearchQuery,
    SearchResults,
    SearchWriter,
    Snippet,
    Sort,
    Standing,
)
from indexing.best_pages import PageTokens, best_pages
from indexing.columns import issuer_key
from indexing.fts5_match import render
from indexing.fts5_schema import (
    BUSY_SECONDS,
    delete_readings,
    insert_reading,
    prepare,
    unpack_words,
)
from indexing.highlight import find_marks, make_snippets
from indexing.match import forbidden, required, signals
from indexing.query import ParsedQuery, parse
from indexing.records import SearchPage, SearchRecord

_REVISIONS_AT_ONCE = 2_000

_MATCHES = "SELECT rowid FROM words WHERE words MATCH"
_ORDER = {
    Sort.RELEVANCE: "score DESC, issued_on DESC, document_id",
    Sort.NEWEST: "issued_on DESC, document_id",
    Sort.OLDEST: "issued_on IS NULL, issued_on, document_id",
}


class Fts5Backend:
    """A `SearchBackend` on one SQLite file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def _open(self, begin: str) -> Iterator[sqlite3.Connection]:
        """A connection in a transaction, committed at the end. Raises SearchUnavailable."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)) as db:
                db.row_factory = sqlite3.Row
                prepare(db)
                db.execute(begin)
                yield db
                db.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            raise SearchUnavailable(
                f"The search index {self._path} cannot be used: {error}.",
                "If it is damaged, delete the file: it is filled again from the records.",
            ) from error

    def write(self, records: Sequence[SearchRecord]) -> int:
        """See SearchWriter. All or none."""
        return self._write(records, anew=False)

    def remove(self, document_id: str, revision: int) -> bool:
        """See SearchWriter."""
        return self._remove(document_id, revision, anew=False)

    def _write(self, records: Sequence[SearchRecord], *, anew: bool) -> int:
        taken = 0
        with self._open("BEGIN IMMEDIATE") as db:
            for record in records:
                if not _claim(db, record.document_id, record.revision, gone=False, anew=anew):
                    continue
                delete_readings(db, record.document_id)
                for reading in record.readings():
                    insert_reading(db, record, reading)
                taken += 1
        return taken

    def _remove(self, document_id: str, revision: int, *, anew: bool) -> bool:
        with self._open("BEGIN IMMEDIATE") as db:
            if not _claim(db, document_id, revision, gone=True, anew=anew):
                return False
            delete_readings(db, document_id)
            return True

    def refresh(self) -> None:
        """See SearchBackend. What is committed is found."""

    @contextmanager
    def rebuild(self) -> Iterator[SearchWriter]:
        """See SearchBackend. Documents are replaced one by one where they stand; what nobody wrote goes at the end."""
        with self._open("BEGIN IMMEDIATE") as db:
            db.execute("UPDATE rounds SET round = round + 1")
            (this,) = db.execute("SELECT round FROM rounds").fetchone()
        yield _Anew(self)
        with self._open("BEGIN IMMEDIATE") as db:
            for (document_id,) in db.execute("SELECT document_id FROM documents WHERE round < ?", (this,)).fetchall():
                delete_readings(db, document_id)
            db.execute("DELETE FROM documents WHERE round < ?", (this,))

    def compact(self) -> None:
        """See SearchBackend. FTS5 keeps deleted terms in its segments until they are merged."""
        with self._open("BEGIN IMMEDIATE") as db:
            db.execute("INSERT INTO words (words) VALUES ('optimize')")
        with closing(sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def search(self, clearance: Clearance | None, query: SearchQuery) -> SearchResults:
        """See SearchBackend."""
        started = time.perf_counter()
        parsed = parse(query.text)
        if parsed.hopeless:
            return SearchResults(0, (), Facets(), 0)
        with self._open("BEGIN") as db:
            _collect(db, clearance, query, parsed)
            if query.sort is Sort.RELEVANCE:
                _rank(db, parsed)
            total: int = db.execute("SELECT count(*) FROM found").fetchone()[0]
            hits = tuple(_read_hit(db, row, parsed) for row in _page_of_hits(db, query))
            facets = _count_facets(db)
        return SearchResults(total, hits, facets, round((time.perf_counter() - started) * 1000))

    def revisions(self) -> Iterator[tuple[str, int]]:
        """See SearchBackend."""
        last = ""
        while True:
            with self._open("BEGIN") as db:
                rows = db.execute(
                    "SELECT document_id, revision FROM documents WHERE document_id > ? AND NOT gone "
                    "ORDER BY document_id LIMIT ?",
                    (last, _REVISIONS_AT_ONCE),
                ).fetchall()
            if not rows:
                return
            yield from ((row["document_id"], row["revision"]) for row in rows)
            last = rows[-1]["document_id"]

    def standing(self, document_id: str) -> Standing | None:
        """See SearchBackend."""
        with self._open("BEGIN") as db:
            row = db.execute("SELECT revision, gone FROM documents WHERE document_id = ?", (document_id,)).fetchone()
        return Standing(row["revision"], bool(row["gone"])) if row else None

    def close(self) -> None:
        """See SearchBackend."""


@dataclass(frozen=True, slots=True)
class _Anew:
    """Writes for a rebuild: what stands from before its beginning is replaced whatever its revision."""

    backend: Fts5Backend

    def write(self, records: Sequence[SearchRecord]) -> int:
        """See SearchWriter."""
        return self.backend._write(records, anew=True)

    def remove(self, document_id: str, revision: int) -> bool:
        """See SearchWriter."""
        return self.backend._remove(document_id, revision, anew=True)


def _claim(db: sqlite3.Connection, document_id: str, revision: int, *, gone: bool, anew: bool) -> bool:
    """Notes the revision, unless what stands is newer, or is a removal at the same revision.

    `anew`: what stands counts only if it was written since the present rebuild began.
    """
    cursor = db.execute(
        "INSERT INTO documents VALUES (:id, :revision, :gone, (SELECT round FROM rounds)) "
        "ON CONFLICT (document_id) DO UPDATE SET revision = :revision, gone = :gone, round = excluded.round "
        "WHERE revision < :revision OR (revision = :revision AND gone <= :gone) OR (:anew AND round < excluded.round)",
        {"id": document_id, "revision": revision, "gone": gone, "anew": anew},
    )
    return cursor.rowcount == 1


def _collect(db: sqlite3.Connection, clearance: Clearance | None, query: SearchQuery, parsed: ParsedQuery) -> None:
    """Puts what this reader finds into the temporary table `found`; all else is computed from there."""
    access = access_condition(clearance)
    conditions = [access.sql]
    parameters: dict[str, str | int] = dict(access.parameters)
    if (expression := required(parsed)) is not None:
        conditions.append(f"id IN ({_MATCHES} :required)")
        parameters["required"] = render(expression)
    if (expression := forbidden(parsed)) is not None:
        conditions.append(f"id NOT IN ({_MATCHES} :forbidden)")
        parameters["forbidden"] = render(expression)
    filters = {
        "record_type": query.record_type,
        "type_code": query.type_code,
        "issuer_key": None if query.issuer is None else issuer_key(query.issuer),
        "year": query.year,
    }
    for column, value in filters.items():
        if value is not None:
            conditions.append(f"{column} = :{column}")
            parameters[column] = value
    db.execute("CREATE TEMP TABLE found (id INTEGER PRIMARY KEY, score REAL NOT NULL DEFAULT 0)")
    where = " AND ".join(f"({condition})" for condition in conditions)
    db.execute(f"INSERT INTO found (id) SELECT id FROM readings WHERE {where}", parameters)


def _rank(db: sqlite3.Connection, parsed: ParsedQuery) -> None:
    for signal in signals(parsed):
        found = (signal.points, render(signal.expression))
        db.execute(f"UPDATE found SET score = score + ? WHERE id IN ({_MATCHES} ?)", found)


def _page_of_hits(db: sqlite3.Connection, query: SearchQuery) -> list[sqlite3.Row]:
    return db.execute(
        f"SELECT readings.*, score FROM found JOIN readings USING (id) ORDER BY {_ORDER[query.sort]} LIMIT ? OFFSET ?",
        (query.size, (query.page - 1) * query.size),
    ).fetchall()


def _read_hit(db: sqlite3.Connection, row: sqlite3.Row, parsed: ParsedQuery) -> SearchHit:
    return SearchHit(
        document_id=row["document_id"],
        revision=row["revision"],
        score=row["score"],
        title=row["title"],
        title_marks=find_marks(row["title"], parsed),
        record_type=row["record_type"],
        type_code=row["type_code"],
        issuer=row["issuer"],
        number_symbol=row["number_symbol"],
        issued_on=date.fromisoformat(row["issued_on"]) if row["issued_on"] else None,
        abstract=row["abstract"],
        place=row["place"],
        snippets=_make_snippets(db, row["id"], parsed),
    )


def _make_snippets(db: sqlite3.Connection, reading_id: int, parsed: ParsedQuery) -> tuple[Snippet, ...]:
    """Snippets of the best pages, best first."""
    if not parsed.clauses:
        return ()
    rows = db.execute("SELECT rowid, number, exact, folded FROM pages WHERE reading_id = ?", (reading_id,))
    best = best_pages((PageTokens(*row) for row in rows), parsed)
    return make_snippets([_read_page(db, page.key) for page in best], parsed)


def _read_page(db: sqlite3.Connection, rowid: int) -> SearchPage:
    row = db.execute("SELECT * FROM pages WHERE rowid = ?", (rowid,)).fetchone()
    words = tuple(unpack_words(row["words"]))
    return SearchPage(row["page_id"], row["number"], row["text"], words, row["width"], row["height"])


def _count_facets(db: sqlite3.Connection) -> Facets:
    def count(column: str, key: str) -> tuple[FacetCount, ...]:
        rows = db.execute(
            f"SELECT min({column}) AS value, count(*) AS documents FROM found JOIN readings USING (id) "
            f"WHERE {column} <> '' GROUP BY {key} ORDER BY documents DESC, {key} LIMIT {MOST_FACETS}"
        )
        return tuple(FacetCount(str(row["value"]), row["documents"]) for row in rows)

    return Facets(
        count("record_type", "record_type"),
        count("type_code", "type_code"),
        count("issuer", "issuer_key"),
        count("year", "year"),
    )
