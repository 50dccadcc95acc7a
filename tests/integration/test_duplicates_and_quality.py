"""Duplicates, quality and learning from outside: JSON, pages, commands; and what they tell to whom."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from cli.main import sohoa
from core.catalogue import load_builtin
from core.settings import load_settings
from flow.find_duplicates import find_by_text
from flow.service import Service
from storage.tables import AccessEvent, Document
from tests.web_office import VALUES, WebClients, WebOffice, make_web_office


@pytest.fixture
def web(tmp_path: Path) -> WebOffice:
    made = make_web_office(tmp_path)
    with made.service.records.writing() as session:
        for name in ("published", "foreign"):
            find_by_text(session, load_builtin(), session.get_one(Document, made.documents[name]))
    return made


@pytest.fixture
def clients(web: WebOffice) -> Iterator[WebClients]:
    with WebClients(web) as made:
        yield made


def compare(web: WebOffice, *names: str) -> None:
    with web.service.records.writing() as session:
        for name in names:
            find_by_text(session, load_builtin(), session.get_one(Document, web.documents[name]))


def test_a_pair_is_seen_and_decided_over_json(web: WebOffice, clients: WebClients) -> None:
    compare(web, "plan", "entered")
    reviewer, plan, entered = clients.program("reviewer"), web.documents["plan"], web.documents["entered"]
    (pair,) = [
        one
        for one in reviewer.get(f"/api/v1/documents/{plan}").json()["duplicates"]["pairs"]
        if one["other_id"] == entered
    ]
    assert {one["kind"] for one in pair["reasons"]} >= {"same_key"}
    missing = reviewer.get("/api/v1/batches/LO-01").json()["missing"]
    assert {one["document_id"] for one in missing if one["lack"] == "duplicate"} >= {plan, entered}
    body = {"other_id": entered, "decision": "not_duplicate", "reason": "Hai bản khác nhau"}
    refused = clients.program("typist").post(f"/api/v1/documents/{plan}/decide-duplicate", json=body)
    assert refused.status_code == 403
    for other in {one["other_id"] for one in reviewer.get(f"/api/v1/documents/{plan}").json()["duplicates"]["pairs"]}:
        done = reviewer.post(f"/api/v1/documents/{plan}/decide-duplicate", json=body | {"other_id": other})
        assert done.status_code == 200
    hidden = reviewer.post(f"/api/v1/documents/{plan}/decide-duplicate", json={"decision": "kept", "reason": "Giữ"})
    assert hidden.status_code == 200  # the withheld document has the same page
    missing = reviewer.get("/api/v1/batches/LO-01").json()["missing"]
    assert plan not in {one["document_id"] for one in missing if one["lack"] == "duplicate"}


def test_nothing_of_a_foreign_twin_reaches_a_page(web: WebOffice, clients: WebClients) -> None:
    """The published report has the same pages as one of another unit."""
    published, foreign = web.documents["published"], web.documents["foreign"]
    reviewer = clients.program("reviewer")
    duplicates = reviewer.get(f"/api/v1/documents/{published}").json()["duplicates"]
    assert {one["other_id"] for one in duplicates["pairs"]} == {web.documents["second"]}
    assert duplicates["hidden"] == [published]
    page = clients.browser("reviewer").get(f"/documents/{published}/work").text
    assert "Có một văn bản trùng mà bạn không có quyền xem." in page
    told = page + clients.browser("reviewer").get("/batches/LO-CU").text
    assert [word for word in (foreign, "LO-KHAC", "HS09", "XA-KHAC") if word in told] == []
    assert clients.browser("reviewer").get(f"/documents/{published}/compare/{foreign}").status_code == 404
    searcher = clients.program("searcher").get(f"/api/v1/documents/{published}").json()
    assert searcher["duplicates"] == {"pairs": [], "hidden": []}


def test_two_documents_stand_side_by_side(web: WebOffice, clients: WebClients) -> None:
    page = clients.browser("typist").get(f"/documents/{web.documents['plan']}/compare/{web.documents['entered']}")
    assert (page.status_code, page.text.count('class="page-viewer"')) == (200, 2)
    with web.service.records.reading() as session:
        viewed = session.scalars(select(AccessEvent.target).where(AccessEvent.action == "view_document")).all()
    assert viewed == [f"document:{web.documents[name]}" for name in ("plan", "entered")]


def test_quality_over_json_and_as_a_page(web: WebOffice, clients: WebClients) -> None:
    answer = clients.program("reviewer").get("/api/v1/quality").json()
    total = answer["quality"]["total"]
    assert (total["record_type"], total["documents"]) == (None, 3)
    words = {one["word"]: (one["numerator"], one["denominator"]) for one in total["figures"]}
    assert (words["correct"], words["complete"], words["shared"]) == ((12, 12), (18, 18), (0, 18))
    assert answer["record_types"] == {"confusions": [], "bins": []}
    batch = clients.program("reviewer").get("/api/v1/batches/LO-01").json()["quality"]
    assert batch["total"]["documents"] == 1
    page = clients.browser("reviewer").get("/quality")
    assert (page.status_code, page.text.count("<b>100.0 %</b>") >= 2) == (200, True)
    assert [clients.program(name).get("/api/v1/quality").status_code for name in ("searcher", "auditor")] == [403, 403]


def run(service: Service, *arguments: str) -> str:
    environment = {
        "SOHOA_DATA_DIR": str(service.settings.data_dir),
        "SOHOA_DATABASE_URL": service.settings.database_url,
        "SOHOA_DATABASE_PASSWORD_FILE": service.settings.database_password_file,
    }
    load_settings.cache_clear()
    done = CliRunner().invoke(sohoa, list(arguments), env=environment, catch_exceptions=False)
    load_settings.cache_clear()
    assert done.exit_code == 0
    return done.output


def test_commands_compare_anew_and_export(web: WebOffice, clients: WebClients, tmp_path: Path) -> None:
    entered = web.documents["entered"]
    with web.service.records.writing() as session:
        document = session.get_one(Document, entered)
        document.suggested_record_type, document.suggested_confidence = "discipline", 0.75
    revision = clients.program("reviewer").get(f"/api/v1/documents/{entered}").json()["document"]["revision"]
    confirm = clients.program("reviewer").post(f"/api/v1/documents/{entered}/confirm", json={"revision": revision})
    assert confirm.status_code == 200
    out = tmp_path / "types.jsonl"
    assert run(web.service, "learning", "record-types", "--out", str(out)).startswith("1 confirmed")
    (row,) = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert (row["suggested"], row["probability"], row["confirmed"]) == ("discipline", 0.75, "party_document")
    assert "ke" in row["features"]["title_words"]
    assert VALUES["abstract"] not in out.read_text("utf-8")
    assert run(web.service, "learning", "figures").splitlines()[1].split() == ["discipline", "party_document", "1"]
    first = run(web.service, "find-duplicates")
    assert first.startswith("8 documents compared; ")
    assert run(web.service, "find-duplicates") == first
