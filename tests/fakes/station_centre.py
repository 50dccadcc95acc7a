"""A small centre that speaks the station's part of the API over real HTTP, with faults to inject."""

from __future__ import annotations

import hashlib
import json
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from core.keys import SigningKey
from core.manifest import Manifest, parse_manifest
from core.receipts import Receipt, ReceiptFile, sign_receipt

KEY = "TR1.secret"


@dataclass
class Centre:
    """Bytes lie in a folder, so they outlast a restart. faults: taken one by one, one for each PATCH."""

    folder: Path
    key: SigningKey = field(default_factory=SigningKey.generate)
    port: int = 0
    faults: list[str] = field(default_factory=list)
    on_chunk: Callable[[], None] = lambda: None
    max_pixels: int = 10_000_000
    manifest: Manifest | None = None
    refused: dict[str, str] = field(default_factory=dict)
    received: set[str] = field(default_factory=set)
    sealed: Any = None
    taken: int = 0
    paths: list[str] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None

    def start(self) -> None:
        centre = self

        class Handler(_Handler):
            house = centre

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        assert self._server
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def part(self, number: str) -> Path:
        return self.folder / number

    def listing(self) -> dict[str, Any]:
        assert self.manifest
        files = []
        for number, file in enumerate(self.manifest.files):
            path = self.part(str(number))
            offset = path.stat().st_size if path.exists() else 0
            state = "received" if file.name in self.received else "refused" if file.name in self.refused else "arriving"
            files.append({"id": str(number), "name": file.name, "size": file.size, "offset": offset, "state": state})
        return {"files": files, "state": "receiving"}

    def settle(self, number: str) -> None:
        assert self.manifest
        file = self.manifest.files[int(number)]
        data = self.part(number).read_bytes()
        if len(data) == file.size:
            if hashlib.sha256(data).hexdigest() == file.sha256:
                self.received.add(file.name)
            else:
                self.refused[file.name] = "wrong hash"

    def seal(self) -> Any:
        assert self.manifest
        entries = tuple(
            ReceiptFile(
                name=file.name,
                sha256=file.sha256,
                size=file.size,
                outcome="refused" if file.name in self.refused else "received",
                reason=self.refused.get(file.name),
            )
            for file in self.manifest.files
        )
        receipt = Receipt(
            batch="L01",
            station="TR1",
            issued_at=datetime.now(UTC),
            manifest_digest=self.manifest.digest,
            files=entries,
        )
        self.sealed = self.sealed or sign_receipt(receipt, self.key).model_dump(mode="json")
        return self.sealed


class _Handler(BaseHTTPRequestHandler):
    house: Centre
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def answer(self, status: int, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def fail(self, status: int, code: str, **more: object) -> None:
        self.answer(status, {"error": {"code": code, "message": f"refused: {code}", "advice": "", **more}})

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def begin(self) -> list[str]:
        self.house.paths.append(f"{self.command} {self.path}")
        return self.path.removeprefix("/api/v1/station/").split("/")

    def do_GET(self) -> None:
        match self.begin():
            case _ if self.headers["Authorization"] != f"Station {KEY}":
                self.fail(401, "station_refused")
            case ["batches", "L01"]:
                limits = {"max_bytes": 10**9, "max_pages": 100, "max_pixels": self.house.max_pixels}
                key = self.house.key.verify_key.text
                info = {"code": "L01", "title": "Lô 1", "state": "opened", "ceiling": "thường"}
                self.answer(200, {**info, "station": "TR1", "limits": limits, "verify_key": key})
            case ["batches", "L01", "files"]:
                self.answer(200, self.house.listing())
            case _:
                self.fail(404, "not_found")

    def do_PUT(self) -> None:
        self.begin()
        manifest = parse_manifest(self.body())
        if self.house.manifest and self.house.manifest.digest != manifest.digest:
            self.fail(422, "manifest_mismatch")
            return
        self.house.manifest = manifest
        self.answer(200, self.house.listing())

    def do_POST(self) -> None:
        match self.begin():
            case ["files", number, "refuse"]:
                assert self.house.manifest
                self.house.refused[self.house.manifest.files[int(number)].name] = json.loads(self.body())["reason"]
                self.answer(200, {})
            case _:
                waiting = [one["name"] for one in self.house.listing()["files"] if one["state"] == "arriving"]
                if waiting:
                    self.fail(409, "gate_closed", missing=waiting)
                else:
                    self.answer(200, {"receipt": self.house.seal()})

    def do_PATCH(self) -> None:
        number = self.begin()[1]
        fault = self.house.faults.pop(0) if self.house.faults else ""
        path = self.house.part(number)
        stored = path.stat().st_size if path.exists() else 0
        if fault == "busy":
            self.body()
            self.fail(503, "busy")
            return
        length = int(self.headers["Content-Length"])
        data = self.rfile.read(length // 2 if fault == "cut" else length)
        if int(self.headers["Upload-Offset"]) != stored:
            self.fail(409, "offset_mismatch", expected=stored)
            return
        with path.open("ab") as out:
            out.write(data)
        self.house.taken += len(data)
        self.house.settle(number)
        self.house.on_chunk()
        if fault in ("cut", "silent"):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
            return
        listed = self.house.listing()["files"][int(number)]
        self.answer(200, {"offset": listed["offset"], "state": listed["state"]})
