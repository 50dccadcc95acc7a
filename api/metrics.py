"""Metrics for Prometheus: what this replica served, and the state of the work, which is the same on every replica.

Labels are routes, stages, queues and states: no ids, no names, nothing of a document.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeHistogramMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from flow.measures import BUCKETS, Measures, take_measures
from flow.service import Service
from storage.database import present

UPLOAD_ROUTE = "/api/v1/station/files/{file_id}"
SEARCH_ROUTES = frozenset({"/api/v1/search", "/search"})
_KEEP_SECONDS = 15.0
_HTTP_BUCKETS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class WorkCollector(Collector):
    """The state of the work, from the records. Several readers at once cost one look at them."""

    def __init__(self, service: Service, keep_seconds: float = _KEEP_SECONDS) -> None:
        self._service = service
        self._keep = keep_seconds
        self._lock = Lock()
        self._taken: tuple[float, Measures] | None = None

    def collect(self) -> Iterable[Metric]:
        up = GaugeMetricFamily("sohoa_records_up", "Whether the records answer.")
        try:
            measures = self._measures()
        except SQLAlchemyError:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        yield from _families(measures)

    def _measures(self) -> Measures:
        with self._lock:
            if self._taken is None or time.monotonic() - self._taken[0] >= self._keep:
                with self._service.records.reading() as session:
                    self._taken = (time.monotonic(), take_measures(session, present(session)))
            return self._taken[1]


def _families(measures: Measures) -> Iterable[Metric]:
    yield _gauge(
        "sohoa_jobs",
        "Open jobs by queue and state.",
        ("queue", "state"),
        {(one.queue, one.state): one.count for one in measures.waiting},
    )
    yield _gauge(
        "sohoa_oldest_job_seconds",
        "How long the oldest job that is due has waited.",
        ("queue",),
        {(queue,): age for queue, age in measures.oldest_seconds.items()},
    )
    yield _gauge(
        "sohoa_parked_jobs",
        "Jobs that failed for good and wait for a person.",
        ("stage",),
        {(stage,): count for stage, count in measures.parked.items()},
    )
    yield _stage_seconds(measures)
    yield _gauge(
        "sohoa_index_lag_documents", "Documents whose search record is behind.", (), {(): measures.lag.documents}
    )
    yield _gauge("sohoa_index_lag_seconds", "How long the oldest of them has waited.", (), {(): measures.lag.seconds})
    yield _gauge("sohoa_pages", "Pages by state.", ("state",), {(state,): n for state, n in measures.pages.items()})
    yield _gauge("sohoa_failed_pages", "Failed pages that wait for a person.", (), {(): measures.failed_pages})
    yield _gauge("sohoa_withheld_documents", "Documents that wait for a security officer.", (), {(): measures.withheld})
    yield _gauge(
        "sohoa_workers", "Worker processes alive.", ("queue",), {(queue,): n for queue, n in measures.workers.items()}
    )
    if measures.sweep_seconds is not None:
        yield _gauge("sohoa_sweep_seconds", "Since lost work was looked for last.", (), {(): measures.sweep_seconds})


def _gauge(name: str, help_text: str, labels: tuple[str, ...], values: dict[tuple[str, ...], float]) -> Metric:
    family = GaugeMetricFamily(name, help_text, labels=labels)
    for label_values, value in values.items():
        family.add_metric([str(label) for label in label_values], value)
    return family


def _stage_seconds(measures: Measures) -> Metric:
    """Of the last attempts within the window, so a gauge: the counts also fall."""
    family = GaugeHistogramMetricFamily(
        "sohoa_stage_seconds", "Durations of job attempts in the last 15 minutes.", labels=("stage", "outcome")
    )
    for run in measures.runs:
        counts = [(str(bound), float(count)) for bound, count in zip(BUCKETS, run.counts, strict=True)]
        family.add_metric([run.stage, run.outcome], [*counts, ("+Inf", float(run.total))], run.seconds)
    return family


@dataclass(slots=True)
class Metrics:
    """What this process counts, in a registry of its own."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    requests: Counter = field(init=False)
    seconds: Histogram = field(init=False)
    under_way: Gauge = field(init=False)
    uploaded: Counter = field(init=False)
    searches: Counter = field(init=False)

    def __post_init__(self) -> None:
        registry = self.registry
        self.requests = Counter("sohoa_http_requests", "Requests.", ("method", "route", "status"), registry=registry)
        self.seconds = Histogram(
            "sohoa_http_seconds",
            "Durations of requests.",
            ("method", "route"),
            buckets=_HTTP_BUCKETS,
            registry=registry,
        )
        self.under_way = Gauge("sohoa_http_under_way", "Requests being answered.", registry=registry)
        self.uploaded = Counter("sohoa_upload_bytes", "Bytes that stations sent.", registry=registry)
        self.searches = Counter("sohoa_searches", "Searches.", ("outcome",), registry=registry)

    def note_request(self, method: str, route: str, status: int, seconds: float, received: int) -> None:
        """Counts one request that has been answered."""
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(method, route).observe(seconds)
        if route == UPLOAD_ROUTE:
            self.uploaded.inc(received)
        if route in SEARCH_ROUTES and method == "GET":
            self.searches.labels("answered" if status < 400 else "refused" if status < 500 else "failed").inc()


def make_metrics(service: Service) -> Metrics:
    """The metrics of an application over this service."""
    metrics = Metrics()
    metrics.registry.register(WorkCollector(service))
    return metrics
