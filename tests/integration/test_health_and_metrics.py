"""Health and metrics over HTTP: what is told, to whom, and that nothing of a document is in it."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.app import create_app
from core.errors import StoreUnavailable
from core.settings import Settings
from flow.dispatch import Dispatcher
from flow.health import Health, HealthCheck, Part
from tests.asgi import ask
from tests.factories import make_service
from tests.running import free_port
from tests.web_office import WebClients, WebOffice, make_web_office

NAMES = {
    "sohoa_records_up", "sohoa_jobs", "sohoa_oldest_job_seconds", "sohoa_parked_jobs", "sohoa_stage_seconds",
    "sohoa_index_lag_documents", "sohoa_index_lag_seconds", "sohoa_pages", "sohoa_failed_pages",
    "sohoa_withheld_documents", "sohoa_workers", "sohoa_http_requests",
    "sohoa_http_seconds", "sohoa_http_under_way", "sohoa_upload_bytes", "sohoa_searches",
}  # fmt: skip


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> WebOffice:
    return make_web_office(Path(tmp_path_factory.mktemp("web")))


@pytest.fixture(scope="module")
def clients(web: WebOffice) -> Iterator[WebClients]:
    with WebClients(web) as made:
        yield made


def families(text: str) -> dict[str, list[tuple[dict[str, str], float]]]:
    return {
        one.name: [(sample.labels, sample.value) for sample in one.samples]
        for one in text_string_to_metric_families(text)
    }


def test_the_metrics_are_these(clients: WebClients) -> None:
    searched = clients.program("searcher").get("/api/v1/search", params={"q": "kế hoạch"})
    assert searched.status_code == 200
    answer = httpx.get(f"{clients.url}/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    found = families(answer.text)
    told = {name for name in found if not name.endswith("_created")}
    # Of no stage there has been a run: its family has a name and no sample.
    assert told | {"sohoa_stage_seconds"} == NAMES
    requests = {(labels["route"], labels["status"]) for labels, _ in found["sohoa_http_requests"] if "route" in labels}
    assert ("/api/v1/search", "200") in requests
    assert max(value for labels, value in found["sohoa_searches"] if labels == {"outcome": "answered"}) >= 1


def test_no_id_is_in_a_label(clients: WebClients, web: WebOffice) -> None:
    clients.program("typist").get(f"/api/v1/documents/{web.documents['plan']}")
    clients.program("typist").get("/api/v1/documents/khong-co")
    clients.program("typist").get("/nowhere/nguyen-van-a")
    text = httpx.get(f"{clients.url}/metrics").text
    routes = set(re.findall(r'route="([^"]*)"', text))
    assert {"/api/v1/documents/{document_id}", "none"} < routes
    assert [one for one in (*web.documents.values(), "khong-co", "nguyen-van-a") if one in text] == []
    assert re.search(r"[0-9a-f]{32}", text) is None


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_what_a_proxy_passes_on_gets_no_metrics(clients: WebClients, header: str) -> None:
    assert httpx.get(f"{clients.url}/metrics", headers={header: "127.0.0.1"}).status_code == 404


def test_another_machine_gets_no_metrics(web: WebOffice) -> None:
    app = create_app(web.service)
    for client in (("10.1.2.3", 5000), ("testclient", 5000)):
        assert ask(app, "/metrics", client=client).status_code == 404


@pytest.mark.parametrize(
    ("token", "status"), [("", 404), ("falsch", 404), ("geheim-token", 200), ("geheim-token ", 200), ("sai-khóa", 404)]
)
def test_with_a_token_only_its_bearer_gets_them(tmp_path: Path, token: str, status: int) -> None:
    (tmp_path / "token").write_text("geheim-token\n")
    service = make_service(Settings(data_dir=tmp_path, metrics_token_file=str(tmp_path / "token")))
    headers = {"Authorization": f"Bearer {token}".encode()} if token else {}
    assert ask(create_app(service), "/metrics", headers=headers).status_code == status
    service.close()


def test_a_missing_token_file_closes_the_metrics(tmp_path: Path) -> None:
    service = make_service(Settings(data_dir=tmp_path, metrics_token_file=str(tmp_path / "none")))
    assert ask(create_app(service), "/metrics", headers={"Authorization": "Bearer x"}).status_code == 500
    service.close()


def test_all_is_well(clients: WebClients) -> None:
    assert httpx.get(f"{clients.url}/health/live").json() == {"status": "ok", "parts": {}}
    answer = httpx.get(f"{clients.url}/health/ready")
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ok", "parts": {"objects": "ok", "records": "ok", "search": "ok"}},
    )


def test_a_broker_that_is_away_does_not_take_the_api_out_of_rotation(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, broker_url=f"redis://127.0.0.1:{free_port()}/0")
    service = make_service(settings)
    answer = ask(create_app(service, Dispatcher(settings)), "/health/ready")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["parts"] == {"broker": "away", "objects": "ok", "records": "ok", "search": "ok"}
    service.close()


def fail() -> object:
    raise StoreUnavailable("The store is away.")


@pytest.mark.parametrize(
    ("away", "ready", "whole"),
    [
        (set(), True, True),
        ({Part.SEARCH}, True, False),
        ({Part.BROKER, Part.SEARCH}, True, False),
        ({Part.OBJECTS}, False, False),
        ({Part.RECORDS}, False, False),
    ],
)
def test_records_and_objects_are_needed(away: set[Part], ready: bool, whole: bool) -> None:
    check = HealthCheck({part: fail if part in away else lambda: True for part in Part})
    health = check.ask()
    assert (health.ready, health.whole) == (ready, whole)
    assert {part for part, answers in health.answers.items() if not answers} == away
    check.close()


def test_a_part_that_hangs_costs_little_time_and_one_thread() -> None:
    release = threading.Event()
    asked = []

    def hang() -> object:
        asked.append(1)
        return release.wait(20)

    check = HealthCheck({Part.SEARCH: hang, Part.RECORDS: lambda: True}, patience=0.1)
    started = time.monotonic()
    for _ in range(5):
        assert check.ask() == Health({Part.SEARCH: False, Part.RECORDS: True})
    assert time.monotonic() - started < 3
    assert len(asked) == 1
    release.set()
    time.sleep(0.1)
    assert check.ask().whole
    check.close()
