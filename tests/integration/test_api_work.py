"""A batch's way over the JSON API: entered, confirmed by another, accepted, published, found, withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from storage.access_log import find_fault
from storage.tables import Document
from tests.web_office import VALUES, WebClients, WebOffice, make_web_office


@pytest.fixture
def web(tmp_path: Path) -> WebOffice:
    return make_web_office(tmp_path)


@pytest.fixture
def clients(web: WebOffice) -> Iterator[WebClients]:
    with WebClients(web) as made:
        yield made


def revision_of(client: httpx.Client, document_id: str) -> int:
    return int(client.get(f"/api/v1/documents/{document_id}").json()["document"]["revision"])


def act(client: httpx.Client, document_id: str, action: str, **body: Any) -> Any:
    body["revision"] = revision_of(client, document_id)
    return client.post(f"/api/v1/documents/{document_id}/{action}", json=body)


def test_a_document_is_entered_and_confirmed_by_two_people(web: WebOffice, clients: WebClients) -> None:
    typist, reviewer, plan = clients.program("typist"), clients.program("reviewer"), web.documents["plan"]
    shown = typist.get(f"/api/v1/documents/{plan}").json()["document"]
    fields = {field["rule"]["name"]: field for field in shown["fields"]}
    assert fields["number"]["suggestions"][0]["value"] == "15"
    wrong = {"date": {"value": "31/02/2021"}, "number": {"value": "15"}}
    body = {"revision": shown["revision"], "record_type": "party_document", "complete": True, "values": wrong}
    refused = typist.put(f"/api/v1/documents/{plan}/values", json=body)
    assert (refused.status_code, [one["field"] for one in refused.json()["error"]["faults"]]) == (422, ["date"])
    body["values"] = {name: {"value": value} for name, value in VALUES.items()}
    entered = typist.put(f"/api/v1/documents/{plan}/values", json=body).json()
    assert entered["state"] == "entered"
    stale = typist.put(f"/api/v1/documents/{plan}/values", json=body)
    assert (stale.status_code, stale.json()["error"]["code"]) == (409, "stale_revision")
    assert act(typist, plan, "confirm").status_code == 403
    assert act(reviewer, plan, "confirm").json()["state"] == "confirmed"


def test_a_batch_goes_from_its_gaps_to_publication(web: WebOffice, clients: WebClients) -> None:
    reviewer, owner = clients.program("reviewer"), clients.program("owner")
    gaps = reviewer.get("/api/v1/batches/LO-01").json()
    assert gaps["files_equation_holds"] and gaps["pages_equation_holds"]
    closed = reviewer.post("/api/v1/batches/LO-01/reconcile")
    assert (closed.status_code, closed.json()["error"]["code"]) == (409, "gate_closed")
    _finish_everything(web, clients)
    assert reviewer.post("/api/v1/batches/LO-01/reconcile").json()["state"] == "reconciling"
    for person in ("business", "data", "security"):
        signed = clients.program(person).post("/api/v1/batches/LO-01/sign-offs", json={"aspect": person})
        assert signed.status_code == 200
    accepted = clients.program("business").post("/api/v1/batches/LO-01/accept", json={"grade": "A"})
    assert accepted.json() == {"code": "LO-01", "state": "accepted"}
    assert "Đạt loại A" in owner.get("/api/v1/batches/LO-01/minutes").text
    assert owner.post("/api/v1/batches/LO-01/trial").json()["state"] == "trial"
    assert owner.post("/api/v1/batches/LO-01/publish").json()["state"] == "published"
    seen = clients.program("searcher").get(f"/api/v1/documents/{web.documents['entered']}").json()["document"]
    assert (seen["state"], seen["history"], seen["entered_by"]) == ("published", [], None)
    withdrawn = act(owner, web.documents["entered"], "withdraw", reason="Có đính chính")
    assert withdrawn.json()["state"] == "withdrawn"
    assert clients.program("searcher").get(f"/api/v1/documents/{web.documents['entered']}").status_code == 404
    with web.service.records.reading() as session:
        assert find_fault(session) is None


def _finish_everything(web: WebOffice, clients: WebClients) -> None:
    """Settles every document of the batch: one confirmed, the others rejected, the withheld one purged."""
    reviewer = clients.program("reviewer")
    assert act(reviewer, web.documents["entered"], "confirm").status_code == 200
    with web.service.records.writing() as session:
        reading = session.get_one(Document, web.documents["reading"])
        reading.state = type(reading.state).DESCRIBED
    overview = reviewer.get("/api/v1/batches/LO-01").json()["overview"]
    for row in overview["documents"]:
        if row["state"] != "confirmed":
            rejected = act(reviewer, row["document_id"], "reject", reason_code="other", reason="Thử")
            assert rejected.json()["state"] == "rejected"
    officer = clients.program("officer")
    assert [one["id"] for one in officer.get("/api/v1/withheld").json()] == [web.documents["withheld"]]
    assert act(officer, web.documents["withheld"], "purge", reason="Đúng là mật").json()["state"] == "purged"
