"""Writing many documents in few requests, with the outcome of every single one looked at."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from core.errors import SearchRefused, SearchUnavailable
from indexing.opensearch.connection import BUSY, Connection, Json, NotThere, reason_of

_MOST_BYTES = 8_000_000
_MOST_DOCUMENTS = 500
_PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0)
_SECONDS = 60.0
_CONFLICT = 409
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Write:
    """One document with the version under which it is to stand, as two lines of a bulk."""

    document_id: str
    lines: str


def make_write(document_id: str, version: int, document: Json) -> Write:
    """Takes the place of what stands, unless that has a higher version."""
    action = {"index": {"_id": document_id, "version": version, "version_type": "external_gte"}}
    lines = (json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in (action, document))
    return Write(document_id, "".join(f"{line}\n" for line in lines))


def in_portions(writes: Iterable[Write]) -> Iterator[list[Write]]:
    """Portions of a size that OpenSearch takes well; a large document makes one alone."""
    portion: list[Write] = []
    size = 0
    for write in writes:
        bytes_ = len(write.lines.encode())
        if portion and (size + bytes_ > _MOST_BYTES or len(portion) == _MOST_DOCUMENTS):
            yield portion
            portion, size = [], 0
        portion.append(write)
        size += bytes_
    if portion:
        yield portion


@dataclass(slots=True)
class _Outcome:
    """What became of a request's writes: taken, and left for another try; a newer revision has the others."""

    taken: int = 0
    again: list[Write] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    missing: bool = False
    reason: str = ""


def send(connection: Connection, alias: str, writes: Sequence[Write], *, refresh: bool) -> int:
    """Writes all through this alias and answers how many were taken; the others are older than what stands.

    What OpenSearch has no room for now is sent again, later and later. `refresh`: found, or found no more, on return.
    Raises NotThere when the index is gone, SearchUnavailable, or SearchRefused naming what can never be taken.
    """
    left, taken = list(writes), 0
    refused: dict[str, str] = {}
    for pause in (*_PAUSES, None):
        outcome = _send_once(connection, alias, left, refresh)
        if outcome.missing:
            raise NotThere(alias)
        taken += outcome.taken
        refused |= outcome.refused
        left = outcome.again
        if not left:
            break
        if pause is None:
            raise SearchUnavailable(
                f"OpenSearch had no room for {_name([one.document_id for one in left])}: {outcome.reason}.",
                "Nothing is lost: they are written when it has.",
            )
        time.sleep(pause)
    if refused:
        raise SearchRefused(
            f"OpenSearch refused {_name(list(refused))}: {next(iter(refused.values()))}.",
            "They will be refused again: send this message to support.",
        )
    return taken


def _send_once(connection: Connection, alias: str, writes: list[Write], refresh: bool) -> _Outcome:
    parameters = {"require_alias": "true", "refresh": "true" if refresh else "false"}
    body = "".join(write.lines for write in writes)
    answer = connection.request("POST", f"/{alias}/_bulk", body, parameters, seconds=_SECONDS)
    items = answer.get("items", [])
    if len(items) != len(writes):
        raise SearchUnavailable(f"OpenSearch answered for {len(items)} of {len(writes)} documents.", "Try again.")
    outcome = _Outcome()
    for write, item in zip(writes, items, strict=True):
        _judge(outcome, write, item["index"])
    return outcome


def _judge(outcome: _Outcome, write: Write, item: Json) -> None:
    status: int = item["status"]
    if status < 300:
        outcome.taken += 1
    elif status == 404:
        outcome.missing = True
    elif status in BUSY:
        outcome.again.append(write)
        outcome.reason = f"{status} {reason_of(item)}"
    elif status != _CONFLICT:
        outcome.refused[write.document_id] = f"{status} {reason_of(item)}"


def _name(documents: Sequence[str]) -> str:
    named = ", ".join(documents[:_NAMED])
    return f"{len(documents)} documents ({named}{', …' if len(documents) > _NAMED else ''})"
