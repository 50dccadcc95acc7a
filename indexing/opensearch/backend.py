"""The search backend on OpenSearch."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote

from core.errors import SearchUnavailable, SohoaError
from core.labels import Clearance
from indexing.backend import Facets, SearchQuery, SearchResults, SearchWriter, Snippet, Standing
from indexing.opensearch.access_filter import AccessFilter, access_filter
from indexing.opensearch.answers import (
    PageKey,
    key_of,
    read_facets,
    read_hit,
    read_snippets,
    read_total,
    require_whole,
)
from indexing.opensearch.bulk import Write, in_portions, make_write, send
from indexing.opensearch.compaction import expunge
from indexing.opensearch.connection import Access, Connection, Json, NotThere
from indexing.opensearch.indexes import Index, Indexes, overtaken
from indexing.opensearch.mapping import make_document, make_tombstone, version_of
from indexing.opensearch.queries import SEARCH_SECONDS, everything_body, pages_body, search_body
from indexing.query import ParsedQuery, parse
from indexing.records import SearchRecord

logger = logging.getLogger(__name__)

_REVISIONS_AT_ONCE = 5_000
_TRIES = 5
_WHOLE = {"allow_partial_search_results": "false"}


class OpenSearchBackend:
    """A `SearchBackend` on the indexes of one prefix."""

    def __init__(
        self, access: Access, prefix: str, *, shards: int, replicas: int, grace_seconds: float = SEARCH_SECONDS + 5.0
    ) -> None:
        """`grace_seconds`: how long a replaced index is kept for the searches that have begun on it."""
        self._connection = Connection(access)
        self._indexes = Indexes(self._connection, prefix, shards=shards, replicas=replicas)
        self._grace = grace_seconds

    def write(self, records: Sequence[SearchRecord]) -> int:
        """See SearchWriter."""
        return sum(self._write(portion, refresh=False) for portion in in_portions(map(_write_of, records)))

    def remove(self, document_id: str, revision: int) -> bool:
        """See SearchWriter."""
        return self._write([_removal_of(document_id, revision)], refresh=True) == 1

    def _write(self, writes: list[Write], *, refresh: bool) -> int:
        """To the current index, and to the one that is to take its place. Answers how many the first of them took."""
        for _ in range(_TRIES):
            try:
                taken = [
                    send(self._connection, index.writable, writes, refresh=refresh)
                    for index in self._indexes.list_written()
                ]
            except NotThere:  # swapped and dropped since they were listed
                continue
            return taken[0]
        raise SearchUnavailable("The search index comes and goes.", "Leave one rebuild alone at its work.")

    def search(self, clearance: Clearance | None, query: SearchQuery) -> SearchResults:
        """See SearchBackend."""
        started = time.perf_counter()
        parsed = parse(query.text)
        access = access_filter(clearance)
        nothing = SearchResults(0, (), Facets(), 0)
        if parsed.hopeless or access is None:
            return nothing
        found = self._search_whole(access, query, parsed)
        if found is None:
            return nothing
        snippets = self._find_snippets(access, found["hits"]["hits"], parsed)
        hits = tuple(
            read_hit(hit, access, query.sort, parsed, snippets.get(key_of(hit), ())) for hit in found["hits"]["hits"]
        )
        took_ms = round((time.perf_counter() - started) * 1000)
        return SearchResults(read_total(found), hits, read_facets(found), took_ms)

    def _search_whole(self, access: AccessFilter, query: SearchQuery, parsed: ParsedQuery) -> Json | None:
        return self._ask_current(search_body(access, query, parsed))

    def _ask_current(self, body: Json) -> Json | None:
        """The whole answer of the current index; None if there is none yet."""
        for _ in range(2):  # an index that was dropped during the search has another in its place
            try:
                answer = self._connection.request(
                    "POST", f"/{self._indexes.current}/_search", body, _WHOLE, seconds=SEARCH_SECONDS + 2.0
                )
            except NotThere:
                self._indexes.require_fitting()
                continue
            require_whole(answer)
            return answer
        return None

    def _find_snippets(
        self, access: AccessFilter, hits: Sequence[Json], parsed: ParsedQuery
    ) -> Mapping[PageKey, tuple[Snippet, ...]]:
        """None for a document that was replaced since it was found."""
        if not hits or not parsed.clauses:
            return {}
        answer = self._ask_current(pages_body(access, [key_of(hit)[0] for hit in hits], parsed))
        return {} if answer is None else read_snippets(answer, parsed)

    def refresh(self) -> None:
        """See SearchBackend."""
        for index in self._indexes.list_all():
            self._on_index(index, lambda name: self._connection.request("POST", f"/{name}/_refresh"))

    @contextmanager
    def rebuild(self) -> Iterator[SearchWriter]:
        """See SearchBackend."""
        made = self._indexes.make_next()
        try:
            yield _Next(self._connection, made)
            self._connection.request("POST", f"/{made.name}/_refresh", seconds=60.0)
            old = self._indexes.swap(made)
        except NotThere:
            raise overtaken(made) from None
        except BaseException:
            self._drop_unfinished(made)
            raise
        time.sleep(self._grace)
        for index in old:
            self._indexes.drop(index)

    def _drop_unfinished(self, made: Index) -> None:
        try:
            self._indexes.drop(made)
        except SohoaError as error:
            logger.warning("the unfinished search index %s stays until the next rebuild: %s", made.name, error)

    def compact(self) -> None:
        """See SearchBackend."""
        for index in self._indexes.list_all():
            if index.current or index.coming:
                self._on_index(index, lambda name: expunge(self._connection, name))
            else:
                self._indexes.drop(index)

    def _on_index(self, index: Index, act: Callable[[str], object]) -> None:
        try:
            act(index.name)
        except NotThere:
            logger.info("the search index %s was replaced in the meantime", index.name)

    def revisions(self) -> Iterator[tuple[str, int]]:
        """See SearchBackend."""
        self.refresh()
        last = ""
        while True:
            answer = self._ask_current(everything_body(last, _REVISIONS_AT_ONCE))
            hits = answer["hits"]["hits"] if answer else []
            if not hits:
                return
            yield from map(key_of, hits)
            last = key_of(hits[-1])[0]

    def standing(self, document_id: str) -> Standing | None:
        """See SearchBackend. Sees what is not refreshed yet."""
        path = f"/{self._indexes.current}/_doc/{quote(document_id, safe='')}"
        try:
            answer = self._connection.request("GET", path, parameters={"_source_includes": "revision,gone"})
        except NotThere:
            self._indexes.require_fitting()
            return None
        return Standing(answer["_source"]["revision"], answer["_source"]["gone"])

    def close(self) -> None:
        """See SearchBackend."""
        self._connection.close()


@dataclass(frozen=True, slots=True)
class _Next:
    """Writes to the index that is being filled, and to no other."""

    connection: Connection
    index: Index

    def write(self, records: Sequence[SearchRecord]) -> int:
        """See SearchWriter."""
        return self._send(map(_write_of, records))

    def remove(self, document_id: str, revision: int) -> bool:
        """See SearchWriter."""
        return self._send([_removal_of(document_id, revision)]) == 1

    def _send(self, writes: Iterable[Write]) -> int:
        portions = in_portions(writes)
        return sum(send(self.connection, self.index.writable, portion, refresh=False) for portion in portions)


def _write_of(record: SearchRecord) -> Write:
    return make_write(record.document_id, version_of(record.revision, gone=False), make_document(record))


def _removal_of(document_id: str, revision: int) -> Write:
    return make_write(document_id, version_of(revision, gone=True), make_tombstone(document_id, revision))
