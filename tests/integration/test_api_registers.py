"""A batch's register over the JSON API and on the batch's page, and its values beside the pen's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.web_office import WebClients, WebOffice, make_web_office

REGISTER = """Hồ sơ số,STT,"Số, ký hiệu",Ngày tháng,Trích yếu
HS01,2,18-KH/TU,12/3/2021,Chuyển đổi số <script>alert(1)</script>
"""
PATH = "/api/v1/batches/LO-01/register"


@pytest.fixture
def web(tmp_path: Path) -> WebOffice:
    return make_web_office(tmp_path)


@pytest.fixture
def clients(web: WebOffice) -> Iterator[WebClients]:
    with WebClients(web) as made:
        yield made


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_register_is_put_read_and_taken_away(web: WebOffice, clients: WebClients) -> None:
    scanner, typist = clients.program("scanner"), clients.program("typist")
    assert typist.get(PATH).status_code == 404
    kept = scanner.put(PATH, params={"name": "so.csv"}, content=REGISTER.encode())
    assert (kept.status_code, kept.json()) == (200, {"documents_changed": 1})
    shown = typist.get(PATH).json()
    assert (shown["name"], shown["row_count"], shown["uploaded_by"]) == ("so.csv", 1, "Người VP-TU-scanner")
    assert [(row["number"], row["symbol"], row["dated"]) for row in shown["rows"]] == [("18", "KH/TU", "2021-03-12")]
    view = typist.get(f"/api/v1/documents/{web.documents['handwritten']}").json()["document"]
    fields = {field["rule"]["name"]: field for field in view["fields"]}
    (number,) = fields["number"]["suggestions"]
    assert dict(zip(number["candidates"], number["sources"], strict=True))["18"] in ("register", "pen+register")
    assert fields["number"]["entered"] is None
    assert scanner.delete(PATH).json() == {"documents_changed": 1}
    assert typist.get(PATH).status_code == 404


def test_bad_lines_are_named_and_strangers_find_no_batch(clients: WebClients) -> None:
    scanner = clients.program("scanner")
    refused = scanner.put(PATH, content=REGISTER.replace("12/3", "32/3").encode())
    assert (refused.status_code, [one["field"] for one in refused.json()["error"]["faults"]]) == (422, ["dòng 2"])
    assert clients.program("typist").put(PATH, content=REGISTER.encode()).status_code == 403
    for name in ("stranger", "searcher"):
        assert clients.program(name).put(PATH, content=REGISTER.encode()).status_code == 404
        assert clients.program(name).get(PATH).status_code == 404
    assert clients.program(None).get(PATH).status_code == 401


def test_the_page_takes_a_file_shows_its_rows_and_names_the_source(web: WebOffice, clients: WebClients) -> None:
    scanner, typist = clients.browser("scanner"), clients.browser("typist")
    scanner.timeout = typist.timeout = httpx.Timeout(60)  # the first page of a process compiles all its templates
    token = token_of(scanner.get("/batches/LO-01").text)
    file = {"file": ("so.csv", REGISTER.encode(), "text/csv")}
    assert scanner.post("/batches/LO-01/register", files=file).status_code == 403
    assert scanner.post("/batches/LO-01/register", data={"csrf_token": token}).status_code == 422
    kept = scanner.post("/batches/LO-01/register", data={"csrf_token": token}, files=file)
    assert (kept.status_code, kept.headers["location"]) == (303, "/batches/LO-01#register")
    page = scanner.get("/batches/LO-01").text
    assert "18 · KH/TU" in page and "12/03/2021" in page
    assert "<script>alert(1)" not in page
    work = typist.get(f"/documents/{web.documents['handwritten']}/work").text
    assert re.search(r'data-value="18"[^>]*>18[^/]* <small>sổ đăng ký</small>', work)
    bad = {"file": ("so.csv", REGISTER.replace("12/3", "32/3").encode(), "text/csv")}
    refused = scanner.post("/batches/LO-01/register", data={"csrf_token": token}, files=bad)
    assert refused.status_code == 422 and "dòng 2" in refused.text
    gone = scanner.post("/batches/LO-01/remove-register", data={"csrf_token": token})
    assert gone.status_code == 303
    assert "18 · KH/TU" not in scanner.get("/batches/LO-01").text
