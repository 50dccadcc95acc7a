"""Asking the API from the command line, with the caller's own token."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import httpx

from core.errors import ServiceRefused, ServiceUnreachable, SignInRequired

_TIMEOUT = 60


def _token_file() -> Path:
    home = os.environ.get("XDG_CONFIG_HOME")
    return (Path(home) if home else Path.home() / ".config") / "sohoa" / "tokens.json"


def keep_token(server: str, token: str) -> Path:
    """Keeps the token for this server, readable to its owner alone; answers where."""
    path = _token_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    tokens = json.loads(path.read_text("utf-8")) if path.exists() else {}
    path.touch(mode=0o600)
    path.write_text(json.dumps({**tokens, server: token}), "utf-8")
    return path


def find_token(server: str) -> str:
    """SOHOA_TOKEN, or the token kept for this server. Raises SignInRequired."""
    path = _token_file()
    kept = json.loads(path.read_text("utf-8")) if path.exists() else {}
    token = os.environ.get("SOHOA_TOKEN") or kept.get(server)
    if not token:
        raise SignInRequired(f"Not signed in at {server}.", "Run 'sohoa sign-in NAME', or set SOHOA_TOKEN.")
    return str(token)


class Remote:
    """The API of one server. A refusal there is raised here under its own name and with its exit code's kind."""

    def __init__(self, server: str, token: str | None = "") -> None:
        """`token`: None for none, empty for the kept one."""
        self._server = server.rstrip("/")
        self._headers: dict[str, str] = {}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token or find_token(server)}"

    def get(self, path: str, params: dict[str, Any] | None = None) -> Any:
        return self._send("GET", path, params=params)

    def post(self, path: str, content: dict[str, Any]) -> Any:
        return self._send("POST", path, json=content)

    def put(self, path: str, content: dict[str, Any]) -> Any:
        return self._send("PUT", path, json=content)

    def _send(self, method: str, path: str, **extra: Any) -> Any:
        try:
            answer = httpx.request(method, self._server + path, headers=self._headers, timeout=_TIMEOUT, **extra)
        except httpx.HTTPError as error:
            raise ServiceUnreachable(
                f"{self._server} does not answer ({type(error).__name__}).", "Is the service up? Start it: 'sohoa up'."
            ) from error
        if answer.is_success:
            return answer.json()
        raise _refusal(answer)


def _refusal(answer: httpx.Response) -> ServiceRefused:
    try:
        error = answer.json()["error"]
    except (ValueError, KeyError, TypeError):
        return ServiceRefused(f"The service answered {answer.status_code}.", "http")
    faults = [f"{one['field']}: {one['message']}" for one in error.get("faults", ())]
    details = "; ".join([*error.get("missing", ()), *faults])
    message = f"{error['message']} {details}".strip()
    return ServiceRefused(message, error["code"], error.get("advice", ""), status=answer.status_code)
