"""Getting what was deleted out of an index's files.

OpenSearch keeps deleted documents for copies of a shard that may have to catch up, until a lease says that none has
to; it moves the leases twice a minute. Only then a merge takes the documents out.
"""

from __future__ import annotations

import time

from core.errors import SearchUnavailable
from indexing.opensearch.connection import Connection, Json, NotThere

_LEASE_SECONDS = 120.0
_MERGE_SECONDS = 2 * 3600.0
_PAUSE = 1.0


def expunge(connection: Connection, name: str) -> None:
    """Leaves nothing in the index's files of what was deleted before the call. Takes half a minute, or far longer.

    Raises NotThere, or SearchUnavailable when it is not done: call it again.
    """
    connection.request("POST", f"/{name}/_flush", parameters={"force": "true"})
    _await_leases(connection, name)
    task = connection.request(
        "POST",
        f"/{name}/_forcemerge",
        parameters={"only_expunge_deletes": "true", "flush": "true", "wait_for_completion": "false"},
    )
    _await_task(connection, name, str(task["task"]))
    # The merged segments' files go when no search reads them any more.
    connection.request("POST", f"/{name}/_refresh")
    connection.request("POST", f"/{name}/_flush", parameters={"force": "true"})


def _await_leases(connection: Connection, name: str) -> None:
    wanted = {shard: state["seq_no"]["max_seq_no"] for shard, state in _copies(connection, name)}
    deadline = time.monotonic() + _LEASE_SECONDS
    while not all(_is_released(state, wanted[shard]) for shard, state in _copies(connection, name)):
        if time.monotonic() > deadline:
            raise SearchUnavailable(
                f"OpenSearch holds deleted documents of '{name}' back for a shard's copy that is away.",
                "Look at its cluster's health; the merge is tried again.",
            )
        time.sleep(_PAUSE)


def _copies(connection: Connection, name: str) -> list[tuple[str, Json]]:
    """The copies of every shard, each with the shard's number."""
    answer = connection.request("GET", f"/{name}/_stats", parameters={"level": "shards"})
    shards: Json = answer["indices"][name]["shards"]
    return [(number, copy) for number, copies in shards.items() for copy in copies]


def _is_released(copy: Json, number: int) -> bool:
    return all(lease["retaining_seq_no"] > number for lease in copy["retention_leases"]["leases"])


def _await_task(connection: Connection, name: str, task: str) -> None:
    deadline = time.monotonic() + _MERGE_SECONDS
    while True:
        try:
            answer = connection.request("GET", f"/_tasks/{task}")
        except NotThere:
            raise SearchUnavailable(f"Merging '{name}' was cut off.", "It is tried again.") from None
        if answer["completed"]:
            break
        if time.monotonic() > deadline:
            raise SearchUnavailable(f"Merging '{name}' takes longer than it may.", "It is tried again.")
        time.sleep(_PAUSE)
    if "error" in answer or answer.get("response", {}).get("_shards", {}).get("failed"):
        raise SearchUnavailable(f"Merging '{name}' failed.", "Look at OpenSearch's log; it is tried again.")
