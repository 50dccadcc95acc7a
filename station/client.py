"""The centre's API as a scan station uses it, with patience for cut connections and restarts."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote, urlsplit

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from core.canonical import canonical_json
from core.errors import ServiceRefused, ServiceUnreachable, SettingsError
from core.manifest import Manifest
from core.receipts import SignedReceipt
from core.states import FileState

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_TRANSIENT = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class RemoteLimits(_Answer):
    max_bytes: int
    max_pages: int
    max_pixels: int


class BatchInfo(_Answer):
    """What a station must know of a batch before it announces anything.

    station: its own code. verify_key: of the receipts, base64.
    """

    code: str
    title: str
    state: str
    ceiling: str | int
    station: str
    limits: RemoteLimits
    verify_key: str


class RemoteFile(_Answer):
    """A file as the centre knows it; `offset` is the number of bytes it holds."""

    id: str
    name: str
    size: int
    offset: int
    state: FileState
    reason: str | None = None


class FileList(_Answer):
    files: tuple[RemoteFile, ...]


class ChunkAnswer(_Answer):
    """What became of a chunk; the last one brings `received`, or `refused` with its reason."""

    offset: int
    state: FileState
    reason: str | None = None


class _Sealed(_Answer):
    receipt: SignedReceipt


class _ErrorDetail(_Answer):
    code: str
    message: str
    advice: str = ""
    expected: int | None = None
    missing: tuple[str, ...] = ()


class _ErrorBody(_Answer):
    error: _ErrorDetail


class _Refusal(BaseModel):
    code: str
    reason: str


Answer = TypeVar("Answer", bound=_Answer)


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long a request is tried again: the pause doubles from `first` to `most` seconds."""

    attempts: int = 9
    first: float = 0.5
    most: float = 30.0
    sleep: Callable[[float], None] = time.sleep

    def wait(self, failures: int) -> None:
        """The pause after this many failures in a row."""
        self.sleep(min(self.first * 2 ** (failures - 1), self.most))


@dataclass(frozen=True, slots=True)
class Connection:
    """Where the centre is and with which key the station comes. authority: PEM file of the office's own authority."""

    server: str
    key: str = field(repr=False)
    authority: Path | None = None
    timeout: float = 120.0


class StationClient:
    """Speaks for one station. Raises ServiceUnreachable and ServiceRefused."""

    def __init__(self, connection: Connection, patience: Patience) -> None:
        address = urlsplit(connection.server)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise SettingsError(f"'{connection.server}' is no address of a centre.", "Write https://name:port.")
        if address.scheme == "http" and address.hostname not in _LOOPBACK:
            raise SettingsError(
                f"'{connection.server}' is not encrypted: the key would travel in the open.", "Use https://."
            )
        trust: ssl.SSLContext | bool = True
        if connection.authority:
            trust = ssl.create_default_context(cafile=connection.authority)
        self.server = connection.server
        self.patience = patience
        # The environment's proxies are left aside: the key goes to the centre and to nobody else.
        self._http = httpx.Client(
            base_url=connection.server.rstrip("/") + "/api/v1/station",
            headers={"Authorization": f"Station {connection.key}"},
            timeout=httpx.Timeout(connection.timeout, connect=10.0),
            verify=trust,
            trust_env=False,
        )

    def close(self) -> None:
        self._http.close()

    def describe_batch(self, code: str) -> BatchInfo:
        return self._ask(BatchInfo, "GET", f"/batches/{quote(code, safe='')}")

    def announce(self, manifest: Manifest) -> tuple[RemoteFile, ...]:
        """Idempotent for the same manifest; another one for the same batch is refused."""
        path = f"/batches/{quote(manifest.batch, safe='')}/manifest"
        body = canonical_json(manifest)
        return self._ask(FileList, "PUT", path, body, {"Content-Type": "application/json"}).files

    def list_files(self, code: str) -> tuple[RemoteFile, ...]:
        return self._ask(FileList, "GET", f"/batches/{quote(code, safe='')}/files").files

    def send_chunk(self, file_id: str, offset: int, data: bytes) -> ChunkAnswer:
        """Tried once: whether the centre took it, only asking for the offset tells."""
        headers = {"Upload-Offset": str(offset), "Content-Type": "application/octet-stream"}
        return self._ask_once(ChunkAnswer, "PATCH", f"/files/{file_id}", data, headers)

    def refuse(self, file_id: str, code: str, reason: str) -> None:
        """Tells the centre that the station's own check failed, so that the file counts as refused."""
        body = _Refusal(code=code, reason=reason).model_dump_json().encode()
        self._ask(_Answer, "POST", f"/files/{file_id}/refuse", body, {"Content-Type": "application/json"})

    def seal(self, code: str) -> SignedReceipt:
        """Idempotent: a sealed batch answers with its receipt again. The receipt is not verified yet."""
        return self._ask(_Sealed, "POST", f"/batches/{quote(code, safe='')}/seal").receipt

    def _ask(
        self,
        answer: type[Answer],
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        for failures in range(1, self.patience.attempts):
            try:
                return self._ask_once(answer, method, path, body, headers)
            except ServiceUnreachable:
                self.patience.wait(failures)
        return self._ask_once(answer, method, path, body, headers)

    def _ask_once(
        self,
        answer: type[Answer],
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        try:
            response = self._http.request(method, path, content=body, headers=headers)
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise ServiceUnreachable(
                f"{self.server} does not answer ({error or type(error).__name__}).",
                "Check the network; running the command again goes on where it stopped.",
            ) from error
        if response.status_code in _TRANSIENT:
            raise ServiceUnreachable(
                f"{self.server} is busy or restarting (HTTP {response.status_code}).", "Try again in a while."
            )
        if not response.is_success:
            raise _refusal_in(response)
        try:
            return answer.model_validate_json(response.content or b"{}")
        except ValidationError as error:
            raise ServiceRefused(
                f"{self.server} answered something that is no answer of a centre.", "bad_answer", "Check the address."
            ) from error


def _refusal_in(response: httpx.Response) -> ServiceRefused:
    try:
        detail = _ErrorBody.model_validate_json(response.content).error
    except ValidationError:
        return ServiceRefused(f"The centre answered HTTP {response.status_code}.", "http", "Check address and key.")
    missing = f" Missing: {'; '.join(detail.missing[:10])}." if detail.missing else ""
    return ServiceRefused(detail.message + missing, detail.code, detail.advice, detail.expected, response.status_code)
