"""A person's file over the JSON API: what the pages can do, a program can."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.building import CODE, add_batch
from tests.person_files import add_person_file
from tests.web_office import WebClients, make_web_office


def test_a_persons_file_is_read_reused_settled_and_explained(tmp_path: Path) -> None:
    web = make_web_office(tmp_path)
    add_batch(web)
    ids = add_person_file(web)
    diploma, sheet = ids["diploma"], ids["member_card_sheet"]
    with WebClients(web) as clients:
        typist, reviewer = clients.program("typist"), clients.program("reviewer")
        shown = typist.get(f"/api/v1/documents/{diploma}").json()
        reusable = {(one["field"], one["value"]) for one in shown["person_file"]["reusable"]}
        assert reusable == {
            ("full_name", "Nguyễn Thị Hòa"),
            ("birth_date", "1958-03-02"),
            ("birth_date", "1957"),
        }
        values = {"full_name": {"value": "Nguyễn Thị Hòa", "origin_id": sheet}}
        body = {"revision": shown["document"]["revision"], "record_type": "diploma", "values": values}
        assert typist.put(f"/api/v1/documents/{diploma}/values", json=body).status_code == 200
        seen = reviewer.get(f"/api/v1/documents/{diploma}").json()["person_file"]
        assert [(one["field"], one["source"]["document_id"]) for one in seen["origins"]] == [("full_name", sheet)]
        (contradiction,) = seen["contradictions"]
        given = {"fact": "birth_date", "key": contradiction["key"], "reason": "Ghi khác nhau"}
        refused = typist.post(f"/api/v1/documents/{sheet}/settle-contradiction", json=given)
        assert refused.json()["error"]["code"] == "forbidden"
        settled = reviewer.post(f"/api/v1/documents/{sheet}/settle-contradiction", json=given)
        assert settled.json()["state"] == "confirmed"
        wanted = {"archival_file_id": ids["file"], "record_type": "member_history", "reason": "Thất lạc"}
        assert typist.post(f"/api/v1/batches/{CODE}/absences", json=wanted).status_code == 200
        (file,) = reviewer.get(f"/api/v1/batches/{CODE}").json()["files"]
        assert (file["missing"], file["blocks"], file["contradictions"][0]["open"]) == (["member_history"], True, False)
        absence = {"absence_id": file["absences"][0]["absence_id"]}
        assert reviewer.post(f"/api/v1/batches/{CODE}/confirm-absence", json=absence).status_code == 200
        answer = reviewer.get(f"/api/v1/batches/{CODE}").json()
        assert [one["blocks"] for one in answer["files"]] == [False]
        assert {one["lack"] for one in answer["missing"]} == {"field", "confirmation", "duplicate"}
        searcher = clients.program("searcher")
        assert searcher.get(f"/api/v1/documents/{sheet}").status_code == 404
