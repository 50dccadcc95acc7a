"""The indexes of an installation, and how one takes another's place while everybody works on.

Which index counts says an alias: `PREFIX_current_vN` is searched and written by what has mapping N; `PREFIX_next`
stands on the one that a rebuild is filling, and whoever writes finds it there and writes to both. Each index is written
through an alias of its own, so that a late write to one that was dropped fails, where its bare name would have
OpenSearch make it anew.

Nothing gets lost: who writes has read the records before looking the aliases up. If the next index was there, they
write to it; if not, the rebuild, which reads the records after making it, sees what they saw or newer.
"""

from __future__ import annotations

import logging
import secrets
from contextlib import suppress
from dataclasses import dataclass

from core.errors import SearchUnavailable
from indexing.opensearch.connection import AlreadyThere, Connection, Json, NotThere
from indexing.opensearch.mapping import SCHEMA_VERSION, make_mapping, make_settings

logger = logging.getLogger(__name__)

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Index:
    """One index. `version`: of the mapping it was made with."""

    name: str
    version: int
    current: bool
    coming: bool

    @property
    def writable(self) -> str:
        """The alias through which it is written."""
        return f"{self.name}_w"


class Indexes:
    """The indexes whose names begin with one prefix. Holds no state: other processes change them at any moment."""

    def __init__(self, connection: Connection, prefix: str, *, shards: int, replicas: int) -> None:
        self._connection = connection
        # No prefix holds an underline, so that no installation's names begin with another's.
        self._names = f"{prefix}_v"
        self._currents = f"{prefix}_current_v"
        self.current = f"{self._currents}{SCHEMA_VERSION}"
        self.coming = f"{prefix}_next"
        self._settings = make_settings(shards, replicas)

    def list_all(self) -> list[Index]:
        """All of them, the current one first; those that are neither current nor coming are what a rebuild left."""
        answer = self._connection.request("GET", f"/{self._names}*/_alias", parameters={"expand_wildcards": "all"})
        found = [self._describe(name, about["aliases"]) for name, about in answer.items()]
        return sorted(found, key=lambda index: (not index.current, not index.coming, index.name))

    def _describe(self, name: str, aliases: Json) -> Index:
        version = int(name.removeprefix(self._names).partition("_")[0])
        return Index(name, version, f"{self._currents}{version}" in aliases, self.coming in aliases)

    def list_written(self) -> list[Index]:
        """Those that every write goes to, the current one first; makes the first there is.

        Raises SearchUnavailable if there is none of this version, and while one of another version is being filled:
        what was written to this version's alone would be missing once that one takes its place.
        """
        for _ in range(_TRIES):
            alive = [index for index in self.list_all() if index.current or index.coming]
            for index in alive:
                if index.coming and index.version != SCHEMA_VERSION:
                    raise _other_version(index)
            if fitting := [index for index in alive if index.version == SCHEMA_VERSION]:
                return fitting
            if alive:
                raise _other_version(alive[0])
            self._make_first()
        raise SearchUnavailable(f"The search index '{self.current}' comes and goes.", "Try again.")

    def require_fitting(self) -> None:
        """Raises SearchUnavailable if what is current is of another version."""
        for index in self.list_all():
            if index.current and index.version != SCHEMA_VERSION:
                raise _other_version(index)

    def _make_first(self) -> None:
        """Several processes may come here at once; the name lets one through."""
        try:
            made = self._make("first", self.current)
        except AlreadyThere:
            return
        if any(index.current and index.name != made.name for index in self.list_all()):
            self.drop(made)  # a whole rebuild went by since it was found that there is none

    def make_next(self) -> Index:
        """An empty index to be filled, which every write from now on goes to as well.

        What an earlier rebuild left unfinished is dropped; if that one is still running, it fails.
        """
        for index in self.list_all():
            if not index.current:
                logger.warning("the search index %s, which an earlier rebuild left, is dropped", index.name)
                self.drop(index)
        return self._make(secrets.token_hex(6), self.coming)

    def _make(self, ending: str, alias: str) -> Index:
        name = f"{self._names}{SCHEMA_VERSION}_{ending}"
        index = Index(name, SCHEMA_VERSION, alias == self.current, alias == self.coming)
        body = {
            "settings": self._settings,
            "mappings": make_mapping(),
            "aliases": {alias: {}, index.writable: {}},
        }
        self._connection.request("PUT", f"/{name}", body)
        return index

    def swap(self, made: Index) -> list[Index]:
        """Has the made one take the current one's place in one step; answers those whose place it took.

        Raises SearchUnavailable if another rebuild has dropped it.
        """
        old = [index for index in self.list_all() if index.current]
        actions: list[Json] = [
            {"remove": {"index": index.name, "alias": f"{self._currents}{index.version}"}} for index in old
        ]
        actions.append({"remove": {"index": made.name, "alias": self.coming, "must_exist": True}})
        actions.append({"add": {"index": made.name, "alias": self.current}})
        try:
            self._connection.request("POST", "/_aliases", {"actions": actions})
        except NotThere:
            # Sent twice because the first answer was lost, it finds its work done.
            if not any(index.name == made.name and index.current for index in self.list_all()):
                raise overtaken(made) from None
        return old

    def drop(self, index: Index) -> None:
        """Deletes the index with all it holds; it may be gone already."""
        with suppress(NotThere):
            self._connection.request("DELETE", f"/{index.name}")


def overtaken(made: Index) -> SearchUnavailable:
    """Another rebuild has dropped what this one made."""
    return SearchUnavailable(f"The search index '{made.name}' is gone: another rebuild has begun.", "Leave it to that.")


def _other_version(index: Index) -> SearchUnavailable:
    return SearchUnavailable(
        f"The search index '{index.name}' was made by another version of this software.",
        "Once the processes of the version before have stopped, run 'sohoa reindex --rebuild'.",
    )
