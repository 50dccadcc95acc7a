"""Log lines as JSON: each bears the ids of what it is about, and none the contents."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.app import create_app
from core.logs import JsonFormatter, configure_logging, log_ids
from core.settings import Settings
from core.stages import Stage
from flow import run_job as running
from flow.job_context import SUBJECTS
from flow.steps import STEPS, Step
from storage.jobs import enqueue
from tests.asgi import ask
from tests.factories import make_service
from tests.web_office import WebOffice, make_web_office


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged as JSON during the test."""
    sink = io.StringIO()
    handler = logging.StreamHandler(sink)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield sink
    root.removeHandler(handler)
    root.setLevel(before)


def parsed(sink: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in sink.getvalue().splitlines()]


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebOffice]:
    made = make_web_office(Path(tmp_path_factory.mktemp("web")))
    yield made
    made.service.close()


def test_a_request_is_one_line_with_its_ids_and_without_its_query(web: WebOffice, lines: io.StringIO) -> None:
    document = web.documents["plan"]
    ask(create_app(web.service), f"/api/v1/documents/{document}", params={"q": "Nguyễn Văn A"})
    found = [line for line in parsed(lines) if line["logger"] == "api.observing"]
    assert len(found) == 1
    (line,) = found
    assert {name: line[name] for name in ("document", "route", "status", "method", "level")} == {
        "document": document,
        "route": "/api/v1/documents/{document_id}",
        "status": 401,
        "method": "GET",
        "level": "INFO",
    }
    assert isinstance(line["request"], str)
    assert len(line["request"]) == 16
    assert "Nguyễn" not in lines.getvalue()


def test_what_an_endpoint_logs_bears_the_ids_of_its_address(
    web: WebOffice, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(web.service)

    @app.get("/probe/{page_id}")
    def probe(page_id: str) -> dict[str, str]:
        logging.getLogger("probe").info("looking")
        return {}

    for page_id in ("p1", "p2"):
        assert ask(app, f"/probe/{page_id}").status_code == 200
    found = [(line["page"], len(str(line["request"]))) for line in parsed(lines) if line["logger"] == "probe"]
    assert found == [("p1", 16), ("p2", 16)]
    logging.getLogger("after").info("outside")
    assert "page" not in parsed(lines)[-1]


def test_health_checks_are_not_logged(web: WebOffice, lines: io.StringIO) -> None:
    assert ask(create_app(web.service), "/health/live").status_code == 200
    assert [line for line in parsed(lines) if line["logger"] == "api.observing"] == []


def test_every_stage_has_a_kind_of_subject() -> None:
    assert set(SUBJECTS) == set(Stage)


def test_a_failing_job_is_logged_with_its_ids(
    tmp_path: Path, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch, make_batch
) -> None:
    service = make_service(Settings(data_dir=tmp_path))
    batch = make_batch(service.records)
    with service.records.writing() as session:
        job = enqueue(session, Stage.READ, "page-1", batch)

    def perform(*_: object) -> None:
        raise ValueError("what went wrong")

    monkeypatch.setitem(STEPS, Stage.READ, Step(perform, lambda *_: None))
    assert running.run_job(service, job.id, "w1")
    service.close()
    (line,) = [line for line in parsed(lines) if line["logger"] == "flow.run_job"]
    assert {name: line[name] for name in ("job", "stage", "batch", "page", "level", "error")} == {
        "job": job.id,
        "stage": "read",
        "batch": batch,
        "page": "page-1",
        "level": "ERROR",
        "error": "ValueError",
    }
    assert "what went wrong" in str(line["trace"])


def test_ids_of_an_inner_block_end_with_it() -> None:
    sink = io.StringIO()
    handler = logging.StreamHandler(sink)
    handler.setFormatter(JsonFormatter())
    log = logging.Logger("x", logging.INFO)
    log.addHandler(handler)
    with log_ids(batch="b"):
        with log_ids(page="p"):
            log.info("in")
        log.info("out")
    inner, outer = parsed(sink)
    assert (inner["batch"], inner["page"]) == ("b", "p")
    assert (outer["batch"], "page" in outer) == ("b", False)


@pytest.mark.parametrize("kind", ["text", "json"])
def test_the_setting_chooses_the_form(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        configure_logging(Settings(log_format=kind))
        with log_ids(batch="b1"):
            logging.getLogger("x").warning("tiếng Việt")
        line = capsys.readouterr().err.strip()
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    if kind == "json":
        assert (json.loads(line)["message"], json.loads(line)["batch"]) == ("tiếng Việt", "b1")
    else:
        assert line.endswith("WARNING x: tiếng Việt [batch=b1]")
