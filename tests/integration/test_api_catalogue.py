"""The dictionary and the catalogue over the JSON API: all that the pages can do, and nothing for strangers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from flow.dictionaries import register_builtin
from flow.run_job import sweep
from storage.tables import EntryChange
from tests.web_office import WebClients, WebOffice, make_web_office


class SilentDispatcher:
    """A broker with messages still to take, so that the sweep nudges nobody."""

    def count_waiting(self, _queue: object) -> int:
        return 1


@pytest.fixture
def web(tmp_path: Path) -> WebOffice:
    made = make_web_office(tmp_path)
    register_builtin(made.service.records)
    return made


@pytest.fixture
def clients(web: WebOffice) -> Iterator[WebClients]:
    with WebClients(web) as made:
        yield made


def test_a_version_is_proposed_approved_and_used_by_new_batches(clients: WebClients) -> None:
    administrator, owner, scanner = (clients.program(name) for name in ("administrator", "owner", "scanner"))
    faulty = administrator.post("/api/v1/dictionary/changes", json={"text": "fields: 3", "reason": "x"})
    assert (faulty.status_code, [one["field"] for one in faulty.json()["error"]["faults"]]) == (422, ["1", "1"])
    text = administrator.get("/api/v1/dictionary/text").text
    changed = text.replace('version: "1"', 'version: "2"').replace("KHẨN: Khẩn\n", "KHẨN: Rất khẩn\n", 1)
    made = administrator.post("/api/v1/dictionary/changes", json={"text": changed, "reason": "Chữ mới"}).json()
    assert (made["state"], [one["name"] for one in made["differences"]]) == ("proposed", ["KHẨN"])
    address, today = f"/api/v1/dictionary/changes/{made['id']}", made["proposed_at"][:10]
    own = administrator.post(f"{address}/approve", json={"effective_on": "2099-01-01"})
    assert (own.status_code, own.json()["error"]["code"]) == (403, "separation_of_duties")
    assert owner.post(f"{address}/approve", json={"effective_on": "2020-01-01"}).status_code == 422
    batch = {"catalogue": "DM01", "code": "LO-TRUOC"}
    assert scanner.post("/api/v1/batches", json=batch).status_code == 201
    approved = owner.post(f"{address}/approve", json={"effective_on": max(today, made["proposed_at"][:10])})
    assert (approved.status_code, approved.json()["present"]) == (200, True)
    assert scanner.post("/api/v1/batches", json=batch | {"code": "LO-SAU"}).status_code == 201
    versions = [owner.get(f"/api/v1/batches/{code}").json()["dictionary_version"] for code in ("LO-TRUOC", "LO-SAU")]
    assert versions == ["1", "2"]
    lists = [owner.get("/api/v1/dictionary", params={"version": one}).json()["code_lists"] for one in versions]
    urgency = [one["values"]["KHẨN"] for codes in lists for one in codes if one["code"] == "urgency"]
    assert urgency == ["Khẩn", "Rất khẩn"]


def test_an_entry_is_proposed_and_applied_by_the_sweep_on_its_day(web: WebOffice, clients: WebClients) -> None:
    administrator, owner = clients.program("administrator"), clients.program("owner")
    content = administrator.get("/api/v1/catalogue/DM01").json()["content"] | {"planned_pages": 700}
    proposed = administrator.post("/api/v1/catalogue/DM01/changes", json={"content": content, "reason": "Thêm"}).json()
    (change,) = proposed["changes"]
    assert change["changes"] == [{"name": "planned_pages", "before": "0", "after": "700"}]
    answer = owner.post(f"/api/v1/catalogue/changes/{change['id']}/approve", json={"effective_on": "2099-01-01"})
    assert (answer.status_code, answer.json()["content"]["planned_pages"]) == (200, 0)
    with web.service.records.writing() as session:
        session.execute(update(EntryChange).values(effective_on=session.get_one(EntryChange, change["id"]).proposed_at))
    sweep(web.service, SilentDispatcher())
    shown = owner.get("/api/v1/catalogue/DM01").json()
    assert (shown["content"]["planned_pages"], shown["changes"][0]["state"]) == (700, "applied")


def test_strangers_see_neither_entries_nor_the_dictionary(clients: WebClients) -> None:
    searcher, owner = clients.program("searcher"), clients.program("owner")
    assert [searcher.get(f"/api/v1/{path}").status_code for path in ("dictionary", "dictionary/changes")] == [403, 403]
    assert searcher.get("/api/v1/catalogue").json() == []
    assert [one["code"] for one in owner.get("/api/v1/catalogue").json()] == ["DM01"]
    assert [owner.get(f"/api/v1/catalogue/{code}").status_code for code in ("DM01", "DM02", "DM99")] == [200, 404, 404]
    for path in ("/catalogue/DM02", "/dictionary/changes/x", "/dictionary?version=9", "/dictionary?record_type=x"):
        assert clients.browser("owner").get(path).status_code == 404
    assert clients.browser("searcher").get("/catalogue").status_code == 403


def test_a_form_of_another_site_proposes_nothing(clients: WebClients) -> None:
    browser = clients.browser("administrator")
    file = {"file": ("v2.yaml", b'version: "2"')}
    refused = browser.post("/dictionary/changes", files=file, data={"reason": "x", "csrf_token": "wrong"})
    assert refused.status_code == 403
