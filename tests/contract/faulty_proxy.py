"""A proxy before an S3 server that fails when it is told to."""

from __future__ import annotations

import http.client
import socket
import struct
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit


@dataclass
class Proxy:
    """faults: one for each request from now on, "503", "cut" (no answer), "cut body" (half of it) or "lose answer".

    After the last one, `always` is the fault of every request. A signature covers the host, so that is passed on.
    """

    target: str
    faults: deque[str] = field(default_factory=deque)
    always: str = ""
    requests: list[str] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> None:
        house = self

        class Handler(_Handler):
            proxy = house

        self._server = _QuietServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()


class _QuietServer(ThreadingHTTPServer):
    def handle_error(self, *_: Any) -> None:
        """A client that hangs up is no news here."""


class _Handler(BaseHTTPRequestHandler):
    proxy: Proxy
    protocol_version = "HTTP/1.1"

    def handle_one(self) -> None:
        proxy = self.proxy
        fault = proxy.faults.popleft() if proxy.faults else proxy.always
        proxy.requests.append(f"{self.command} {fault}".strip())
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if fault == "503":
            self.send_response(503)
            self.send_header("Content-Length", "0")
            self.send_header("Retry-After", "120")
            self.end_headers()
            return
        if fault == "cut":
            self._cut()
            return
        try:
            status, headers, data = self._forward(body)
        except OSError:  # the server hung up, and so does this
            self._cut()
            return
        if fault == "lose answer":
            self._cut()
            return
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if fault == "cut body":
            self.wfile.write(data[: len(data) // 2])
            self._cut()
        elif self.command != "HEAD":
            self.wfile.write(data)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = handle_one

    def _forward(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        target = urlsplit(self.proxy.target)
        connection = http.client.HTTPConnection(target.hostname or "", target.port, timeout=60)
        try:
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            data = answer.read()
            left_out = ("transfer-encoding", "connection", "content-length")
            headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in left_out]
            length = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(data))
            return answer.status, [*headers, ("Content-Length", length or "0")], data
        finally:
            connection.close()

    def _cut(self) -> None:
        with suppress(OSError):
            self.wfile.flush()
            # A reset, as a server gives that dies.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def log_message(self, *_: Any) -> None:
        """Says nothing."""
