"""Tracing by OpenTelemetry. Imported by `flow.tracing` alone, and only where a collector is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from flow.tracing import Attributes, Span, Tracing

_PREFIX = "sohoa."
_PATH = "/v1/traces"


class _OpenSpan(Span):
    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def note(self, attributes: Attributes) -> None:
        for name, value in attributes.items():
            self._span.set_attribute(name if "." in name else _PREFIX + name, value)

    def fail(self, reason: str) -> None:
        self._span.set_status(trace.StatusCode.ERROR, reason)


class OpenTelemetry(Tracing):
    """Spans in batches to a collector; when it is away they are dropped, the work goes on."""

    def __init__(self, url: str, part: str) -> None:
        resource = Resource.create({"service.name": f"sohoa-{part}", "service.namespace": "sohoa"})
        self._provider = TracerProvider(resource=resource)
        endpoint = url if url.endswith(_PATH) else url.rstrip("/") + _PATH
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint, timeout=5)))
        self._tracer = self._provider.get_tracer("sohoa")
        self._propagator = TraceContextTextMapPropagator()

    @contextmanager
    def span(self, name: str, attributes: Attributes, parent: Mapping[str, str]) -> Iterator[Span]:
        context = self._propagator.extract(parent)
        # An exception's message may hold contents: only its name is kept, by `fail`.
        with self._tracer.start_as_current_span(
            name, context=context, record_exception=False, set_status_on_exception=False
        ) as span:
            opened = _OpenSpan(span)
            opened.note(attributes)
            yield opened

    def close(self) -> None:
        self._provider.shutdown()


def open_telemetry(url: str, part: str) -> Tracing:
    """Traces to the collector at this URL."""
    return OpenTelemetry(url, part)
