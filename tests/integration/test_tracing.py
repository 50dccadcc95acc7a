"""Traces, held against a collector in this process that takes what OpenTelemetry's own protocol sends."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from api.app import create_app
from core.errors import SettingsError
from core.settings import Settings
from core.stages import Stage
from flow import tracing
from flow.run_job import run_job
from flow.steps import STEPS, Step
from flow.tracing import NO_TRACING, open_tracing
from storage.jobs import enqueue
from tests.asgi import ask
from tests.factories import make_service

TRACE = "0af7651916cd43dd8448eb211c80319c"


@dataclass
class Span:
    """What the collector got of one span."""

    name: str
    service: str
    trace: str
    failed: bool
    attributes: dict[str, str | int]
    events: int


@dataclass
class Collector:
    url: str = ""
    paths: list[str] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)

    def take(self, body: bytes) -> None:
        request = ExportTraceServiceRequest.FromString(body)
        for resource in request.resource_spans:
            names = {one.key: one.value.string_value for one in resource.resource.attributes}
            for scope in resource.scope_spans:
                for one in scope.spans:
                    values = {pair.key: pair.value.string_value or pair.value.int_value for pair in one.attributes}
                    span = Span(
                        one.name,
                        names["service.name"],
                        one.trace_id.hex(),
                        one.status.code == 2,
                        values,
                        len(one.events),
                    )
                    self.spans.append(span)


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.paths.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                raise AssertionError("not asked for")
            made.take(body)
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join(5)


def test_a_request_is_a_span_with_its_route_and_ids_within_the_callers_trace(
    tmp_path: Path, collector: Collector
) -> None:
    service = make_service(Settings(data_dir=tmp_path))
    traces = open_tracing(Settings(otlp_url=collector.url), "api")
    headers = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
    ask(create_app(service, tracing=traces), "/api/v1/documents/d1?q=Nguyen", headers=headers)
    traces.close()
    service.close()
    assert set(collector.paths) == {"/v1/traces"}
    (span,) = collector.spans
    assert (span.name, span.service, span.trace, span.failed) == ("GET", "sohoa-api", TRACE, False)
    assert span.attributes == {
        "http.request.method": "GET",
        "http.route": "/api/v1/documents/{document_id}",
        "http.response.status_code": 401,
        "sohoa.document": "d1",
    }


@pytest.mark.parametrize("good", [True, False])
def test_a_job_is_a_span_with_its_ids_and_no_contents(
    tmp_path: Path, collector: Collector, make_batch, monkeypatch: pytest.MonkeyPatch, good: bool
) -> None:
    service = make_service(Settings(data_dir=tmp_path))
    batch = make_batch(service.records)
    with service.records.writing() as session:
        job = enqueue(session, Stage.READ, "page-1", batch)

    def perform(*_: object):
        if good:
            return lambda session: None
        raise ValueError("Nguyễn Văn A")

    monkeypatch.setitem(STEPS, Stage.READ, Step(perform, lambda *_: None))
    traces = open_tracing(Settings(otlp_url=f"{collector.url}/v1/traces"), "worker")
    assert run_job(service, job.id, "w1", traces)
    traces.close()
    service.close()
    assert set(collector.paths) == {"/v1/traces"}
    (span,) = collector.spans
    assert (span.name, span.service, span.failed, span.events) == ("job read", "sohoa-worker", not good, 0)
    assert span.attributes == {
        "sohoa.job": job.id,
        "sohoa.stage": "read",
        "sohoa.batch": batch,
        "sohoa.page": "page-1",
        "sohoa.attempt": 1,
    }


def test_a_collector_that_is_away_stops_nobody(tmp_path: Path) -> None:
    service = make_service(Settings(data_dir=tmp_path))
    traces = open_tracing(Settings(otlp_url="http://127.0.0.1:9"), "api")
    assert ask(create_app(service, tracing=traces), "/health/live").status_code == 200
    traces.close()
    service.close()


def test_without_a_collector_nothing_is_traced_and_nothing_imported() -> None:
    assert open_tracing(Settings(), "api") is NO_TRACING
    # Other libraries look for OpenTelemetry of their own accord; ours is the one that needs it.
    code = "import sys, api.app, workers.app; print('flow.tracing' in sys.modules, 'flow.telemetry' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert ran.stdout.strip() == "True False"


def test_a_missing_extra_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError("No module named 'opentelemetry'", name="opentelemetry")

    monkeypatch.setattr(tracing.importlib, "import_module", missing)
    with pytest.raises(SettingsError, match=r"SOHOA_OTLP_URL is set, and opentelemetry is not installed.*requirements"):
        open_tracing(Settings(otlp_url="http://collector:4318"), "api")
