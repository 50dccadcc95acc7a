"""How a search record stands in OpenSearch: one document, with its contents and its pages nested in it.

Being one document makes it atomic: it is replaced whole, and its version decides who may replace it. Of what is indexed
only what a hit shows is kept in the source; a page's text and boxes are kept beside it, so that a search loads those of
the pages that it shows and no others.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from core.text import normalize
from indexing.best_pages import PageTokens
from indexing.columns import Columns, PageColumns, issuer_key, tokenize
from indexing.opensearch.connection import Json
from indexing.records import PageWord, Reading, SearchPage, SearchRecord

SCHEMA_VERSION = 2
"""Raise it with every change of the mapping or of the analysis. Indexes of another version are neither searched nor
written: `sohoa reindex --rebuild` makes the new one."""

_WORDS = ("head_exact", "head", "exact", "folded", "often")
_KEYS = ("number", "mentions")
_MOST_NESTED = 500_000
_LONGEST_KEYWORD = 4_000
_TEXT = {"type": "text", "analyzer": "whitespace", "norms": False, "similarity": "boolean"}
_KEYWORD = {"type": "keyword", "ignore_above": _LONGEST_KEYWORD}
_SHOWN = {"type": "keyword", "index": False, "doc_values": False}
_FOR = {"audience": _KEYWORD, "holder": _KEYWORD}

_READING = {
    **_FOR,
    "record_type": _KEYWORD,
    "type_code": _KEYWORD,
    "issuer": _KEYWORD,
    "issuer_key": _KEYWORD,
    "year": {"type": "integer"},
    "day": {"type": "integer"},
    "issued_on": _SHOWN,
    "title": _SHOWN,
    "number_symbol": _SHOWN,
    "abstract": _SHOWN,
    **dict.fromkeys(_WORDS, _TEXT),
    **{column: {**_TEXT, "index_options": "docs"} for column in _KEYS},
}
_PAGE = {
    **_FOR,
    "number": {"type": "integer"},
    "exact": _TEXT,
    "folded": _TEXT,
    "packed": {"type": "binary", "store": True},
}


def make_mapping() -> Json:
    """The mapping of an index."""
    return {
        "dynamic": "strict",
        "_source": {"excludes": ["pages", *(f"readings.{column}" for column in _WORDS + _KEYS)]},
        "properties": {
            "document_id": {"type": "keyword"},
            "revision": {"type": "long"},
            "gone": {"type": "boolean"},
            "unit_id": {"type": "keyword"},
            "secrecy": {"type": "byte"},
            "sensitivity": {"type": "byte"},
            "visibility": {"type": "keyword"},
            "place": _SHOWN,
            "readings": {"type": "nested", "properties": _READING},
            "pages": {"type": "nested", "properties": _PAGE},
        },
    }


def make_settings(shards: int, replicas: int) -> Json:
    """The settings of an index."""
    return {
        "number_of_shards": shards,
        "number_of_replicas": replicas,
        # A fixed interval: else a shard that nobody searched for a while has the next reader wait.
        "refresh_interval": "1s",
        "mapping.nested_objects.limit": _MOST_NESTED,
        # A purge leaves nothing: segments are rewritten for a single deleted document too.
        "merge.policy.expunge_deletes_allowed": 0,
    }


def version_of(revision: int, *, gone: bool) -> int:
    """OpenSearch takes what has no lower version than what stands: of one revision the removal is the higher."""
    return revision * 2 + gone


def holder_of(visibility: str, unit_id: str) -> str:
    """By what a nested content tells who sees it in full: a condition on it sees nothing of its document."""
    return f"{visibility}:{unit_id}"


def make_document(record: SearchRecord) -> Json:
    """The record as OpenSearch takes it."""
    label = record.label
    readings, pages = [], []
    for reading in record.readings():
        columns, page_columns = tokenize(reading.content, record.place)
        meant = {"audience": str(reading.audience), "holder": holder_of(str(label.visibility), label.unit_id)}
        readings.append({**meant, **_make_reading(reading, columns)})
        pages += [{**meant, **_make_page(page)} for page in page_columns]
    return {
        "document_id": record.document_id,
        "revision": record.revision,
        "gone": False,
        "unit_id": label.unit_id,
        "secrecy": int(label.secrecy),
        "sensitivity": int(label.sensitivity),
        "visibility": str(label.visibility),
        "place": record.place,
        "readings": readings,
        "pages": pages,
    }


def make_tombstone(document_id: str, revision: int) -> Json:
    """What stays of a removed document, for OpenSearch forgets the version of what is deleted after a minute."""
    return {"document_id": document_id, "revision": revision, "gone": True}


def _make_reading(reading: Reading, columns: Columns) -> Json:
    content = reading.content
    issued_on = content.issued_on
    return {
        "record_type": content.record_type,
        "type_code": content.type_code,
        "issuer": normalize(content.issuer),
        "issuer_key": issuer_key(content.issuer),
        "year": issued_on.year if issued_on else None,
        "day": issued_on.toordinal() if issued_on else None,
        "issued_on": issued_on.isoformat() if issued_on else None,
        "title": normalize(content.title),
        "number_symbol": normalize(content.number_symbol),
        "abstract": normalize(content.abstract),
        **asdict(columns),
    }


def _make_page(columns: PageColumns) -> Json:
    return {
        "number": columns.page.number,
        "exact": columns.exact,
        "folded": columns.folded,
        "packed": pack_page(columns),
    }


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page with its tokens, as a search gets it back."""

    page: SearchPage
    exact: str
    folded: str

    def tokens(self, key: int) -> PageTokens:
        """What pages are compared by."""
        return PageTokens(key, self.page.number, self.exact, self.folded)


def pack_page(columns: PageColumns) -> str:
    """All of a page in one value."""
    page = columns.page
    words = [(word.start, word.end, word.box, word.confidence) for word in page.words]
    whole = [page.page_id, page.number, page.text, page.width, page.height, columns.exact, columns.folded, words]
    return base64.b64encode(zlib.compress(json.dumps(whole, ensure_ascii=False).encode(), 1)).decode("ascii")


def unpack_page(packed: str) -> StoredPage:
    """What `pack_page` packed."""
    page_id, number, text, width, height, exact, folded, words = json.loads(zlib.decompress(base64.b64decode(packed)))
    return StoredPage(SearchPage(page_id, number, text, tuple(_words(words)), width, height), exact, folded)


def _words(words: list[tuple[int, int, list[int], float]]) -> Iterator[PageWord]:
    for start, end, (x0, y0, x1, y1), confidence in words:
        yield PageWord(start, end, (x0, y0, x1, y1), confidence)
