"""Tables of the embedded search index, how a record is put into them, and how a connection is set up."""

from __future__ import annotations

import json
import sqlite3
import time
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from core.text import normalize
from indexing.columns import PageColumns, issuer_key, tokenize
from indexing.records import PageWord, Reading, SearchRecord

SCHEMA_VERSION = 3
"""Raise it with every change of the tables or of the analysis: an index of another version is emptied, and the
reconciliation fills it again from the records."""

BUSY_SECONDS = 30.0
"""How long a call waits for another process's write."""

_TABLES = ("documents", "rounds", "readings", "pages", "words")

# `documents` has a row for each document, removed ones too, with the rebuild since whose beginning it was written last.
# `words` has a row for each reading, found by the reading's id. The tokenizer splits at spaces only as far as our
# tokens go: every letter beyond ASCII belongs to a token, and nothing is stripped from it.
_CREATE = (
    """CREATE TABLE documents (
        document_id TEXT PRIMARY KEY, revision INTEGER NOT NULL, gone INTEGER NOT NULL, round INTEGER NOT NULL)""",
    "CREATE TABLE rounds (round INTEGER NOT NULL)",
    "INSERT INTO rounds VALUES (0)",
    """CREATE TABLE readings (
        id INTEGER PRIMARY KEY, document_id TEXT NOT NULL, revision INTEGER NOT NULL,
        unit_id TEXT NOT NULL, secrecy INTEGER NOT NULL, sensitivity INTEGER NOT NULL, visibility TEXT NOT NULL,
        audience TEXT NOT NULL,
        record_type TEXT NOT NULL, type_code TEXT NOT NULL, issuer TEXT NOT NULL, issuer_key TEXT NOT NULL,
        year INTEGER, issued_on TEXT, title TEXT NOT NULL, number_symbol TEXT NOT NULL, abstract TEXT NOT NULL,
        place TEXT NOT NULL)""",
    "CREATE INDEX readings_document ON readings (document_id)",
    """CREATE TABLE pages (
        reading_id INTEGER NOT NULL, number INTEGER NOT NULL, page_id TEXT NOT NULL,
        exact TEXT NOT NULL, folded TEXT NOT NULL, text TEXT NOT NULL, words BLOB NOT NULL,
        width INTEGER NOT NULL, height INTEGER NOT NULL)""",
    "CREATE INDEX pages_reading ON pages (reading_id)",
    """CREATE VIRTUAL TABLE words USING fts5 (
        head_exact, head, exact, folded, often, number, mentions, tokenize='ascii', columnsize=0)""",
)


def recreate(db: sqlite3.Connection) -> None:
    """Empty tables, whatever stood there. Within the caller's transaction."""
    for table in _TABLES:
        db.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in _CREATE:
        db.execute(statement)
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def prepare(db: sqlite3.Connection) -> None:
    """Sets the connection up, and makes the tables where this version's are not there."""
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("PRAGMA temp_store = MEMORY")
    db.execute("PRAGMA secure_delete = ON")
    if _version(db) == SCHEMA_VERSION:
        return
    _use_wal(db)
    db.execute("BEGIN IMMEDIATE")
    if _version(db) != SCHEMA_VERSION:
        recreate(db)
    db.execute("COMMIT")


def _use_wal(db: sqlite3.Connection) -> None:
    """SQLite does not wait for others while it changes a new file's journal mode, so the waiting is done here."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _version(db: sqlite3.Connection) -> int:
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    return version


def delete_readings(db: sqlite3.Connection, document_id: str) -> None:
    """Deletes all that can be found of the document."""
    for (reading_id,) in db.execute("SELECT id FROM readings WHERE document_id = ?", (document_id,)).fetchall():
        db.execute("DELETE FROM words WHERE rowid = ?", (reading_id,))
        db.execute("DELETE FROM pages WHERE reading_id = ?", (reading_id,))
    db.execute("DELETE FROM readings WHERE document_id = ?", (document_id,))


def insert_reading(db: sqlite3.Connection, record: SearchRecord, reading: Reading) -> None:
    """Adds one content of the record."""
    content, label = reading.content, record.label
    row = {
        "document_id": record.document_id,
        "revision": record.revision,
        "unit_id": label.unit_id,
        "secrecy": int(label.secrecy),
        "sensitivity": int(label.sensitivity),
        "visibility": str(label.visibility),
        "audience": str(reading.audience),
        "record_type": content.record_type,
        "type_code": content.type_code,
        "issuer": normalize(content.issuer),
        "issuer_key": issuer_key(content.issuer),
        "year": content.issued_on.year if content.issued_on else None,
        "issued_on": content.issued_on.isoformat() if content.issued_on else None,
        "title": normalize(content.title),
        "number_symbol": normalize(content.number_symbol),
        "abstract": normalize(content.abstract),
        "place": record.place,
    }
    reading_id = _insert(db, "readings", row)
    columns, pages = tokenize(content, record.place)
    for page in pages:
        _insert_page(db, reading_id, page)
    _insert(db, "words", {"rowid": reading_id, **asdict(columns)})


def _insert_page(db: sqlite3.Connection, reading_id: int, columns: PageColumns) -> None:
    page = columns.page
    row = {
        "reading_id": reading_id,
        "number": page.number,
        "page_id": page.page_id,
        "exact": columns.exact,
        "folded": columns.folded,
        "text": page.text,
        "words": _pack(page.words),
        "width": page.width,
        "height": page.height,
    }
    _insert(db, "pages", row)


def _insert(db: sqlite3.Connection, table: str, row: dict[str, Any]) -> int:
    places = ", ".join(f":{name}" for name in row)
    cursor = db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", row)
    return cursor.lastrowid or 0


def _pack(words: tuple[PageWord, ...]) -> bytes:
    return zlib.compress(json.dumps([(word.start, word.end, word.box, word.confidence) for word in words]).encode(), 1)


def unpack_words(packed: bytes) -> Iterator[PageWord]:
    """The words of a stored page."""
    for start, end, box, confidence in json.loads(zlib.decompress(packed)):
        x0, y0, x1, y1 = box
        yield PageWord(start, end, (x0, y0, x1, y1), confidence)
