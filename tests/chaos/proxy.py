"""A connection that misbehaves: a proxy on loopback between the service and one of its servers."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from urllib.parse import urlsplit

_BLOCK = 16_384
_CUT_AFTER = 3_000
_SLOW_DOWN = b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
_BUSY = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/xml\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(_SLOW_DOWN), _SLOW_DOWN)
)


class Trouble(StrEnum):
    """What the proxy does with connections."""

    NONE = "none"
    REFUSE = "refuse"
    """Closes them at once, as a server that is down or restarting."""
    CUT = "cut"
    """Lets some bytes through each way, then closes."""
    BUSY = "busy"
    """Answers every request with 503."""


class FaultProxy:
    """Passes connections on to a server, or troubles them."""

    def __init__(self, upstream: str) -> None:
        parts = urlsplit(upstream)
        self._upstream = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._trouble = Trouble.NONE
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self.troubled = 0
        """Connections that met the trouble."""
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def trouble(self, kind: Trouble) -> Iterator[None]:
        """Troubles new connections for the length of the block; those that stand are closed at its beginning."""
        self._trouble = kind
        for one in list(self._open):
            _close(one)
        try:
            yield
        finally:
            self._trouble = Trouble.NONE

    def close(self) -> None:
        self._listener.close()
        for one in list(self._open):
            _close(one)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        kind = self._trouble
        self.troubled += kind is not Trouble.NONE
        if kind is Trouble.REFUSE:
            _close(client)
            return
        if kind is Trouble.BUSY:
            with contextlib.suppress(OSError):
                client.recv(_BLOCK)
                client.sendall(_BUSY)
            _close(client)
            return
        try:
            server = socket.create_connection(self._upstream, timeout=5)
        except OSError:
            _close(client)
            return
        server.settimeout(None)
        most = _CUT_AFTER if kind is Trouble.CUT else None
        self._open |= {client, server}
        back = threading.Thread(target=_pump, args=(server, client, most), daemon=True)
        back.start()
        _pump(client, server, most)
        back.join()
        self._open -= {client, server}


def _pump(source: socket.socket, sink: socket.socket, most: int | None) -> None:
    """Passes bytes on until one end closes, or so many have passed; then closes both."""
    passed = 0
    with contextlib.suppress(OSError):
        while block := source.recv(_BLOCK):
            sink.sendall(block)
            passed += len(block)
            if most is not None and passed > most:
                break
    _close(source)
    _close(sink)


def _close(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        one.close()
