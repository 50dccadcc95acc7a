"""OpenSearch away, silent, short of room or saying no: nobody hangs, no job is given up, errors say what to do."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from core.errors import SearchRefused, SearchUnavailable, SettingsError
from core.settings import Settings
from core.stages import RULES, Stage
from core.states import JobState
from flow.check import check_installation
from flow.run_job import run_job
from flow.search_jobs import request_index
from flow.service import Service, open_service
from indexing.backend import SearchQuery
from indexing.fts5 import Fts5Backend
from indexing.opensearch import bulk
from indexing.opensearch.backend import OpenSearchBackend
from indexing.opensearch.connection import Access, Connection
from storage.database import keep_silent
from storage.tables import Document, Job, now
from tests.factories import add_archival_file, add_batch, add_document, add_entry, add_office, make_service
from tests.running import free_port
from tests.search_records import READER, find, make_record
from tests.web_office import WebClients, make_web_office


def closed_url() -> str:
    return f"http://127.0.0.1:{free_port()}"


def backend_at(url: str) -> OpenSearchBackend:
    return OpenSearchBackend(Access(url), "sohoa", shards=1, replicas=0)


@dataclass
class FakeOpenSearch:
    """Answers as OpenSearch does where there is one index. `bulks`: the status of each item, request by request."""

    url: str = ""
    bulks: list[list[int]] = field(default_factory=list)
    status: int = 200
    sent: list[list[str]] = field(default_factory=list)

    def answer(self, path: str, body: str) -> tuple[int, dict[str, Any]]:
        if self.status != 200:
            return self.status, {"error": {"type": "some_exception", "reason": "why"}, "status": self.status}
        if path.startswith("/sohoa_v*/_alias"):
            return 200, {"sohoa_v2_first": {"aliases": {"sohoa_current_v2": {}}}}
        ids = [json.loads(line)["index"]["_id"] for line in body.splitlines()[::2]]
        self.sent.append(ids)
        statuses = self.bulks.pop(0) if self.bulks else [201] * len(ids)
        errors = {429: "rejected_execution_exception", 400: "mapper_parsing_exception"}
        items = [
            {"_id": name, "status": status}
            | ({"error": {"type": errors[status], "reason": "why"}} if status in errors else {})
            for name, status in zip(ids, statuses, strict=True)
        ]
        return 200, {"items": [{"index": item} for item in items]}


@pytest.fixture
def fake() -> Iterator[FakeOpenSearch]:
    made = FakeOpenSearch()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(made)) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        made.url = f"http://127.0.0.1:{server.server_port}"
        yield made
        server.shutdown()
        thread.join()


def _handler(house: FakeOpenSearch) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            status, answer = house.answer(self.path, body)
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = answer

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


def test_only_what_had_no_room_is_sent_again(fake: FakeOpenSearch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_PAUSES", (0.01, 0.01))
    fake.bulks = [[201, 429, 409], [201]]
    with closing(backend_at(fake.url)) as backend:
        assert backend.write([make_record(name) for name in ("a", "b", "c")]) == 2
        assert fake.sent == [["a", "b", "c"], ["b"]]
        fake.bulks = [[429, 201], [429], [429]]
        with pytest.raises(SearchUnavailable, match=r"no room for 1 documents \(a\): 429"):
            backend.write([make_record(name) for name in ("a", "b")])


def test_a_refused_document_is_named_after_the_others_were_taken(
    fake: FakeOpenSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "_PAUSES", (0.01,))
    fake.bulks = [[400, 429, 201], [201]]
    with closing(backend_at(fake.url)) as backend, pytest.raises(SearchRefused, match=r"1 documents \(a\): 400"):
        backend.write([make_record(name) for name in ("a", "b", "c")])
    assert fake.sent == [["a", "b", "c"], ["b"]]


def test_many_records_go_in_portions(fake: FakeOpenSearch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_MOST_BYTES", 4_000)
    with closing(backend_at(fake.url)) as backend:
        records = [make_record(f"d{number:02}", "đất đai") for number in range(20)] + [make_record("e", "dài " * 3_000)]
        assert backend.write(records) == 21
    assert [name for sent in fake.sent for name in sent] == [record.document_id for record in records]
    assert len(fake.sent) > 4
    assert fake.sent[-1] == ["e"]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "SOHOA_SEARCH_USER"),
        (403, "SOHOA_SEARCH_USER"),
        (429, "takes nothing now"),
        (503, "takes nothing now"),
    ],
)
def test_what_opensearch_says_is_explained(fake: FakeOpenSearch, status: int, words: str) -> None:
    fake.status = status
    with closing(backend_at(fake.url)) as backend:
        for use in (lambda: find(backend, "đất"), lambda: backend.write([make_record("a")]), lambda: backend.compact()):
            with pytest.raises(SearchUnavailable, match=words):
                use()


def test_a_server_that_says_nothing_is_waited_for_only_so_long() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with closing(Connection(Access(url))) as connection:
            started = time.monotonic()
            with pytest.raises(SearchUnavailable, match="did not answer in time"):
                connection.request("GET", "/", seconds=0.3)
            assert time.monotonic() - started < 3


def test_a_server_that_is_none_and_one_that_speaks_no_tls() -> None:
    with closing(backend_at(closed_url())) as backend:
        with pytest.raises(SearchUnavailable, match="cannot be reached"):
            find(backend, "đất")
        assert find(backend, "đất", None) == []
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(FakeOpenSearch())) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        url = f"https://127.0.0.1:{server.server_port}"
        with closing(backend_at(url)) as backend, pytest.raises(SearchUnavailable, match="SOHOA_SEARCH_CA"):
            find(backend, "đất")
        server.shutdown()
        thread.join()


@pytest.fixture
def away(tmp_path: Path) -> Iterator[Service]:
    """A service with one document and a job to index it, while OpenSearch is away."""
    whole = make_service(Settings(data_dir=tmp_path))
    with closing(backend_at(closed_url())) as search:
        service = replaced(whole, search=search)
        with service.records.writing() as session:
            office = add_office(session)
            batch = add_batch(session, add_entry(session, office.unit, office["owner"]), office["owner"])
            request_index(session, add_document(session, batch, add_archival_file(session, batch)))
        yield service
    whole.close()


def the_job(service: Service) -> Job:
    with service.records.reading() as session:
        return session.scalars(select(Job).where(Job.stage == Stage.INDEX)).one()


def test_indexing_waits_for_as_long_as_the_index_is_away(away: Service, tmp_path: Path) -> None:
    pauses = []
    for _ in range(RULES[Stage.INDEX].max_attempts + 4):
        started = now()
        assert run_job(away, the_job(away).id, "w")
        job = the_job(away)
        assert (job.state, job.attempt) == (JobState.FAILED, 0)
        assert "SearchUnavailable" in (job.reason or "")
        pauses.append(job.run_after - started)
        with away.records.writing() as session:
            session.execute(update(Job).values(run_after=started))
    assert pauses == sorted(pauses, key=lambda pause: round(pause.total_seconds()))
    assert timedelta(seconds=1) < pauses[0] < timedelta(seconds=10)
    assert timedelta(seconds=60) < pauses[-1] < timedelta(seconds=300)
    findings = [one for one in check_installation(away, deep=False) if one.part == "index"]
    assert [(one.kind, one.where) for one in findings] == [("unavailable", "search index")]
    back = replaced(away, search=Fts5Backend(tmp_path / "back.db"))
    assert run_job(back, the_job(away).id, "w")
    assert the_job(away).state is JobState.DONE
    with back.records.reading() as session:
        document = session.scalars(select(Document)).one()
    assert dict(back.search.revisions()) == {document.id: document.search_revision}


def test_who_searches_is_told_that_search_is_down_and_not_where_it_stands(tmp_path: Path) -> None:
    web = make_web_office(tmp_path)
    url = closed_url()
    with (
        closing(backend_at(url)) as search,
        WebClients(replaced(web, service=replaced(web.service, search=search))) as on,
    ):
        page = on.browser("searcher").get("/search", params={"q": "đất"})
        answer = on.program("searcher").get("/api/v1/search", params={"q": "đất"})
        started = on.browser("searcher").get("/search")
    assert (page.status_code, answer.status_code, started.status_code) == (503, 503, 200)
    assert "Chức năng tìm kiếm tạm ngừng" in page.text
    assert answer.json()["error"]["code"] == "search_unavailable"
    assert url not in page.text + answer.text


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("search_url", "search.office.example"),
        ("search_url", "http://search.office.example:9200"),
        ("search_url", "https://user:khong-ai-biet@search.office.example:9200"),
        ("search_ca", "/nowhere/ca.pem"),
        ("search_password_file", ""),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, setting: str, value: str) -> None:
    right = {
        "search_url": "https://127.0.0.1:9200",
        "search_user": "sohoa",
        "search_password_file": str(tmp_path / "p"),
    }
    (tmp_path / "p").write_text("khong-ai-biet\n")
    with pytest.raises(SettingsError, match=f"SOHOA_{setting.upper()}") as error:
        open_service(Settings(data_dir=tmp_path, **{**right, setting: value}), keep_silent)
    assert "khong-ai-biet" not in str(error.value)
    service = open_service(Settings(data_dir=tmp_path, **right), keep_silent)
    assert isinstance(service.search, OpenSearchBackend)
    with pytest.raises(SearchUnavailable):
        service.search.search(READER, SearchQuery("đất"))
    service.close()
