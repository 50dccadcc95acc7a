"""What an installation carries: uploads, pages a second, index lag, and searches, on this machine.

usage: python -m benchmarks.scale [--pages N] [--servers build/servers/servers.json] [--workers 1,2] [--only PART,…]
                                  [--backends FTS5,OpenSearch]

With servers.json (scripts/servers.sh start) the parts are PostgreSQL, Redis, MinIO and OpenSearch beside the embedded
ones; without it the embedded ones alone. Parts: search, upload, workers.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.scale_records import Documents, make_readers
from benchmarks.scale_search import build, measure_lag, measure_searches
from benchmarks.scale_upload import measure_uploads
from benchmarks.scale_workers import measure_workers
from indexing.backend import SearchBackend
from indexing.fts5 import Fts5Backend
from indexing.opensearch.backend import OpenSearchBackend
from indexing.opensearch.connection import Access
from tests.servers import Servers, read_servers, unique_name

_SEED = 2026


@contextmanager
def open_backends(servers: Servers | None) -> Iterator[dict[str, SearchBackend]]:
    """The embedded index in a folder that is thrown away, and one on OpenSearch."""
    with tempfile.TemporaryDirectory() as folder:
        backends: dict[str, SearchBackend] = {"FTS5": Fts5Backend(Path(folder) / "search.db")}
        if servers:
            backends["OpenSearch"] = OpenSearchBackend(Access(servers.opensearch), unique_name(), shards=1, replicas=0)
        yield backends
        for backend in backends.values():
            backend.close()


def report_search(servers: Servers | None, pages: int, wanted: list[str]) -> None:
    """Prints building, lag and searches of each wanted backend; each ratio is of one run."""
    with open_backends(servers) as backends:
        for name in wanted:
            backend = backends.get(name)
            if backend is None:
                continue
            documents, seconds = build(backend, Documents(_SEED), pages)
            print(f"{name}: {documents} documents of {pages} pages in {seconds:.0f} s, {pages / seconds:.0f} pages/s")
            lag = measure_lag(backend, next(Documents(_SEED + 1).make(1)))
            print(f"{name}: a document is found {lag.p50:.0f} ms after it is written, p95 {lag.p95:.0f} ms", flush=True)
            for reader, clearance in make_readers().items():
                filtered, free = measure_searches(backend, clearance)
                print(
                    f"{name}: search by {reader}: p50 {filtered.p50:.1f} ms, p95 {filtered.p95:.1f} ms; without the "
                    f"filter {free.p50:.1f} and {free.p95:.1f}; ratio {filtered.p50 / free.p50:.2f} and "
                    f"{filtered.p95 / free.p95:.2f}",
                    flush=True,
                )


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures what an installation carries.")
    parser.add_argument("--pages", type=int, default=100_000, help="of the search index")
    parser.add_argument("--servers", type=Path, help="servers.json of scripts/servers.sh")
    parser.add_argument("--workers", default="1,2", help="numbers of worker processes")
    parser.add_argument("--backends", default="FTS5,OpenSearch", help="of the search, by comma")
    parser.add_argument("--only", default="search,upload,workers", help="parts, by comma")
    options = parser.parse_args()
    servers = read_servers(options.servers) if options.servers else None
    parts = options.only.split(",")
    if "search" in parts:
        report_search(servers, options.pages, options.backends.split(","))
    if "upload" in parts:
        measure_uploads(servers)
    if "workers" in parts:
        measure_workers(servers, [int(number) for number in options.workers.split(",")])


if __name__ == "__main__":
    main()
