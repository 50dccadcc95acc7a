"""Around every request: its ids for log lines, one log line, its numbers, and its span where traces are made."""

from __future__ import annotations

import logging
import time
from uuid import uuid4

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.metrics import Metrics
from core.logs import add_log_ids, log_ids
from flow.tracing import Tracing

logger = logging.getLogger(__name__)

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_QUIET = frozenset({"/health/live", "/health/ready", "/metrics"})
"""Asked every few seconds; their lines would be most of the log."""
_IDS = {"document_id": "document", "page_id": "page", "file_id": "file", "batch_id": "batch", "code": "batch_code"}


class Observing:
    """Middleware. Of a request it keeps route, status, time and ids; no address, no query, no body."""

    def __init__(self, app: ASGIApp, metrics: Metrics, tracing: Tracing) -> None:
        self._app = app
        self._metrics = metrics
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        watch = _Watch(receive, send)
        method = scope["method"] if scope["method"] in _METHODS else "other"
        parent = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        self._metrics.under_way.inc()
        try:
            with (
                log_ids(request=uuid4().hex[:16]),
                self._tracing.span(method, {"http.request.method": method}, parent) as span,
            ):
                try:
                    await self._app(scope, watch.receive, watch.send)
                finally:
                    route = route_of(scope)
                    span.note({**_path_ids(scope), "http.route": route, "http.response.status_code": watch.status})
                    if watch.status >= 500:
                        span.fail(str(watch.status))
                    self._finish(method, route, watch, scope)
        finally:
            self._metrics.under_way.dec()

    def _finish(self, method: str, route: str, watch: _Watch, scope: Scope) -> None:
        seconds = time.monotonic() - watch.started
        self._metrics.note_request(method, route, watch.status, seconds, watch.received)
        if route in _QUIET and watch.status < 500:
            return
        fields = {"method": method, "route": route, "status": watch.status, "milliseconds": round(seconds * 1000)}
        message = "%s %s %s in %s ms"
        with log_ids(**_path_ids(scope)):
            logger.info(message, method, route, watch.status, fields["milliseconds"], extra={"fields": fields})


async def bind_ids(request: Request) -> None:
    """A dependency of every route: what is logged on the way bears the ids of the address. It must be `async`, for only
    then it sets them in the context that the endpoint gets.
    """
    add_log_ids(**_path_ids(request.scope))


class _Watch:
    """What goes through a request: bytes in, the status out."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self.started = time.monotonic()
        self.status = 500
        self.received = 0
        self._receive = receive
        self._send = send

    async def receive(self) -> Message:
        message = await self._receive()
        self.received += len(message.get("body", b""))
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)


def route_of(scope: Scope) -> str:
    """The template of the route that took the request, so that ids make no labels; "none" where none did."""
    route = scope.get("route")
    path = getattr(route, "path", "")
    if path:
        return str(path)
    return "/static" if scope["path"].startswith("/static/") else "none"


def _path_ids(scope: Scope) -> dict[str, str]:
    """The ids in the address, cut: whatever somebody wrote there does not fill the log."""
    found = scope.get("path_params") or {}
    return {_IDS[name]: str(value)[:64] for name, value in found.items() if name in _IDS}
