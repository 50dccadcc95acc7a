"""One way to ask OpenSearch for something, in bounded time, with its failures named for the administrator."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConnectionError as NoConnection
from opensearchpy.exceptions import ConnectionTimeout, SerializationError, SSLError, TransportError
from urllib3 import Timeout

from core.errors import SearchRefused, SearchUnavailable

# What fails is named here, in one line; the library would write a trace for each, and at DEBUG the documents' content.
logging.getLogger("opensearch").setLevel(logging.ERROR)

Json = dict[str, Any]

READ_SECONDS = 15.0
_CONNECT_SECONDS = 3.0
_CONNECTIONS = 20
_WAITS = "Nothing is lost: what was to be written is written when it answers again."
BUSY = frozenset({429, 502, 503, 504})
"""What OpenSearch answers when it would take the request at another time."""


class NotThere(Exception):
    """There is no such index, alias or document."""


class AlreadyThere(Exception):
    """There is an index of that name already."""


@dataclass(frozen=True, slots=True)
class Access:
    """Where OpenSearch is and how to get in. `ca`: PEM file of the authority of its certificate; "": the usual ones."""

    url: str
    user: str = ""
    password: str = field(default="", repr=False)
    ca: str = ""


class Connection:
    """Requests to one OpenSearch. Threads may share it; a process makes its own after forking."""

    def __init__(self, access: Access) -> None:
        self._url = access.url
        options: dict[str, Any] = {"ca_certs": access.ca} if access.ca else {}
        if access.user:
            options["http_auth"] = (access.user, access.password)
        # Every request of ours may be sent twice, so a kept connection that has been cut in the meantime is tried anew.
        self._client = OpenSearch(
            hosts=[access.url], max_retries=1, retry_on_timeout=False, pool_maxsize=_CONNECTIONS, **options
        )

    def request(
        self,
        method: str,
        path: str,
        body: Json | str | None = None,
        parameters: Mapping[str, str] | None = None,
        *,
        seconds: float = READ_SECONDS,
    ) -> Json:
        """The answer. Raises NotThere, AlreadyThere, SearchUnavailable; SearchRefused where no other try would help."""
        try:
            answer = self._client.transport.perform_request(
                method,
                path,
                params=dict(parameters or {}),
                body=body,
                timeout=Timeout(connect=_CONNECT_SECONDS, read=seconds),  # type: ignore[arg-type]
            )
        except NoConnection as error:
            raise self._explain_silence(error) from error
        except TransportError as error:
            if error.status_code == 404:
                raise NotThere(path) from error
            if "resource_already_exists" in reason_of(error.info):
                raise AlreadyThere(path) from error
            raise self._explain_refusal(error) from error
        except SerializationError as error:
            raise SearchUnavailable(
                f"{self._url} answers, but not as OpenSearch does.", "Check SOHOA_SEARCH_URL."
            ) from error
        return answer if isinstance(answer, dict) else {}

    def close(self) -> None:
        """Gives up the connections."""
        self._client.close()

    def _explain_silence(self, error: NoConnection) -> SearchUnavailable:
        if isinstance(error, SSLError):
            return SearchUnavailable(
                f"The certificate of OpenSearch at {self._url} is not trusted: {error.error}.",
                f"Name its authority's PEM file in SOHOA_SEARCH_CA. {_WAITS}",
            )
        if isinstance(error, ConnectionTimeout):
            return SearchUnavailable(
                f"OpenSearch at {self._url} did not answer in time.", f"Look whether it is overloaded. {_WAITS}"
            )
        return SearchUnavailable(
            f"OpenSearch at {self._url} cannot be reached.", f"Look whether it runs; check SOHOA_SEARCH_URL. {_WAITS}"
        )

    def _explain_refusal(self, error: TransportError) -> SearchUnavailable | SearchRefused:
        status, reason = error.status_code, reason_of(error.info)
        if status in (401, 403) and "cluster_block" not in reason:
            return SearchUnavailable(
                f"OpenSearch at {self._url} does not let this user in: {status} {reason}.",
                f"Check SOHOA_SEARCH_USER, SOHOA_SEARCH_PASSWORD_FILE and the user's rights. {_WAITS}",
            )
        if status in BUSY or status == 403:
            return SearchUnavailable(
                f"OpenSearch at {self._url} takes nothing now: {status} {reason}.",
                f"Look at its log, its disks and its memory. {_WAITS}",
            )
        return SearchRefused(
            f"OpenSearch at {self._url} refused: {status} {reason}.",
            "The same request will be refused again: send this message to support.",
        )


def reason_of(info: object) -> str:
    """What OpenSearch says of an error in one line: its type and reason, without the value that it quotes."""
    error = info.get("error", info) if isinstance(info, dict) else info
    if not isinstance(error, dict):
        return str(error)[:200]
    cause = next(iter(error.get("root_cause", ())), error)
    said, _, _ = str(cause.get("reason", "")).partition(" Preview of")
    return f"{cause.get('type', '')}: {said}"[:300]
