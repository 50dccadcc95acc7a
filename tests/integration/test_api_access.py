"""What the API lets nobody do: read what is not theirs, change without a proof that the request is ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from storage.access_log import find_fault
from storage.tables import AccessEvent, Document, Page
from tests.web_office import PASSWORD, WebClients, WebOffice, make_web_office


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> WebOffice:
    return make_web_office(Path(tmp_path_factory.mktemp("web")))


@pytest.fixture(scope="module")
def clients(web: WebOffice) -> Iterator[WebClients]:
    with WebClients(web) as made:
        yield made


Body = dict[str, object] | None
READS = (
    "/api/v1/documents/{document}",
    "/api/v1/pages/{page}/image",
    "/api/v1/pages/{page}/words",
    "/api/v1/documents/{document}/original/{file}",
    "/documents/{document}",
    "/documents/{document}/work",
)
REVISION = {"revision": 1, "reason": "vì thử"}
WRITES: tuple[tuple[str, str, dict[str, object] | None], ...] = (
    ("PUT", "/api/v1/documents/{document}/values", {"revision": 1, "record_type": "party_document", "values": {}}),
    ("POST", "/api/v1/documents/{document}/confirm", REVISION),
    ("POST", "/api/v1/documents/{document}/return", REVISION),
    ("POST", "/api/v1/documents/{document}/reject", {**REVISION, "reason_code": "other"}),
    ("POST", "/api/v1/documents/{document}/rescan", {**REVISION, "reason_code": "other"}),
    ("POST", "/api/v1/documents/{document}/cancel-rescan", REVISION),
    ("POST", "/api/v1/documents/{document}/duplicate", {**REVISION, "kept_document_id": "x"}),
    ("POST", "/api/v1/documents/{document}/clear", REVISION),
    ("POST", "/api/v1/documents/{document}/purge", REVISION),
    ("POST", "/api/v1/documents/{document}/withdraw", REVISION),
    ("POST", "/api/v1/pages/{page}/settle", {"reason": "vì thử"}),
    ("POST", "/api/v1/pages/{page}/retry", None),
)
BATCH_WRITES: tuple[tuple[str, dict[str, object] | None], ...] = (
    ("seal", None),
    ("reconcile", None),
    ("reopen", {"reason": "vì thử"}),
    ("sign-offs", {"aspect": "data"}),
    ("accept", {"grade": "A"}),
    ("return", {"reason": "vì thử"}),
    ("rework", None),
    ("finish-rework", None),
    ("defects", {"description": "lỗi"}),
    ("settle-defect", {"defect_id": "x"}),
    ("trial", None),
    ("publish", None),
)


def fill(path: str, web: WebOffice, name: str) -> str:
    return path.format(document=web.documents[name], page=web.pages[name], file=web.files[name])


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize(
    ("person", "document"),
    [
        ("typist", "foreign"),
        ("stranger", "plan"),
        ("searcher", "plan"),
        ("nobody", "published"),
        ("auditor", "published"),
        ("administrator", "plan"),
        ("reviewer", "withheld"),
        ("reviewer", "reading"),
        ("officer", "plan"),
    ],
)
def test_what_one_may_not_read_does_not_exist(
    web: WebOffice, clients: WebClients, path: str, person: str, document: str
) -> None:
    answer = clients.program(person).get(fill(path, web, document))
    assert answer.status_code == 404
    assert "KẾ HOẠCH" not in answer.text


@pytest.mark.parametrize("path", [*READS, "/api/v1/batches", "/api/v1/search", "/api/v1/access-events", "/withheld"])
def test_nobody_reads_without_signing_in(web: WebOffice, clients: WebClients, path: str) -> None:
    answer = clients.program(None).get(fill(path, web, "published"))
    expected = 401 if path.startswith("/api/") else 303
    assert answer.status_code == expected


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
@pytest.mark.parametrize("person", ["stranger", "searcher", "nobody", "auditor"])
def test_no_right_no_change(
    web: WebOffice, clients: WebClients, method: str, path: str, body: Body, person: str
) -> None:
    assert clients.program(person).request(method, fill(path, web, "plan"), json=body).status_code == 404


@pytest.mark.parametrize(("action", "body"), BATCH_WRITES)
def test_batches_of_others_do_not_exist(web: WebOffice, clients: WebClients, action: str, body: Body) -> None:
    for person in ("stranger", "searcher", "nobody"):
        assert clients.program(person).post(f"/api/v1/batches/LO-01/{action}", json=body).status_code == 404


@pytest.mark.parametrize(("action", "body"), BATCH_WRITES)
def test_a_typist_decides_about_no_batch(web: WebOffice, clients: WebClients, action: str, body: Body) -> None:
    assert clients.program("typist").post(f"/api/v1/batches/LO-01/{action}", json=body).status_code == 403


def test_a_typist_sees_no_log_and_downloads_no_original(web: WebOffice, clients: WebClients) -> None:
    client = clients.program("typist")
    assert client.get("/api/v1/access-events").status_code == 403
    assert client.get(fill("/api/v1/documents/{document}/original/{file}", web, "plan")).status_code == 403


def test_the_log_tells_who_was_refused_what(web: WebOffice, clients: WebClients) -> None:
    clients.program("searcher").get(f"/api/v1/documents/{web.documents['plan']}")
    target = f"document:{web.documents['plan']}"
    answer = clients.program("auditor").get("/api/v1/access-events", params={"action": "denied", "target": target})
    assert answer.json()[0]["actor"] == web.office["searcher"].actor
    with web.service.records.reading() as session:
        assert find_fault(session) is None


def test_every_way_of_reading_is_logged(web: WebOffice, clients: WebClients) -> None:
    client = clients.program("reviewer")
    with web.service.records.reading() as session:
        before = session.scalars(select(AccessEvent.sequence).order_by(AccessEvent.sequence.desc())).first() or 0
    client.get("/api/v1/search", params={"q": "ngân sách"})
    client.get(f"/api/v1/documents/{web.documents['published']}")
    client.get(f"/api/v1/pages/{web.pages['published']}/image")
    client.get(f"/api/v1/pages/{web.pages['published']}/words")
    with web.service.records.reading() as session:
        actions = list(session.scalars(select(AccessEvent.action).where(AccessEvent.sequence > before)))
    assert actions == ["search", "view_document", "view_page", "view_page"]


def test_a_page_image_is_asked_for_each_time(web: WebOffice, clients: WebClients) -> None:
    client = clients.program("searcher")
    path = f"/api/v1/pages/{web.pages['published']}/image"
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, first.headers["content-type"], again.status_code) == (200, "image/png", 304)
    assert first.headers["cache-control"] == "private, no-cache"


def test_search_finds_only_what_one_may_read(web: WebOffice, clients: WebClients) -> None:
    found = {
        person: {hit["document_id"] for hit in clients.program(person).get("/api/v1/search?q=thu").json()["hits"]}
        for person in ("searcher", "stranger", "nobody", "auditor")
    }
    published = {web.documents["published"], web.documents["second"]}
    assert found["searcher"] == published
    assert found["stranger"] == {web.documents["foreign"]}
    assert found["nobody"] == found["auditor"] == set()


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_a_cookie_alone_changes_nothing(
    web: WebOffice, clients: WebClients, method: str, path: str, body: Body
) -> None:
    client = clients.browser("reviewer")
    target = fill(path, web, "plan")
    assert client.request(method, target, json=body).status_code == 403
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.request(method, target, content=b"", headers=form).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/documents/{document}/work",
        "/documents/{document}/confirm",
        "/pages/{page}/retry",
        "/batches/LO-01/return",
        "/sign-out",
    ],
)
def test_forms_need_their_token_and_our_origin(web: WebOffice, clients: WebClients, path: str) -> None:
    client = clients.browser("reviewer")
    target = fill(path, web, "plan")
    assert client.post(target, data={"csrf_token": "x", "revision": "1"}).status_code == 403
    assert client.post(target, data={"revision": "1"}).status_code == 403
    token = client.get("/batches").text.split('name="csrf_token" value="')[1].split('"')[0]
    foreign = {"Origin": "https://evil.example"}
    assert client.post(target, data={"csrf_token": token, "revision": "1"}, headers=foreign).status_code == 403
    assert client.get("/batches").status_code == 200


def test_a_searcher_learns_nothing_of_how_a_published_document_was_worked_on(
    web: WebOffice, clients: WebClients
) -> None:
    with web.service.records.writing() as session:
        session.get_one(Document, web.documents["second"]).reason = "Đã giải tỏa: dấu nhầm"
        session.get_one(Page, web.pages["second"]).failure = "ReadingFailed: trace"
    path = f"/api/v1/documents/{web.documents['second']}"
    worker, searcher = (clients.program(name).get(path) for name in ("reviewer", "searcher"))
    names = ("Đã giải tỏa", "ReadingFailed", "VP-TU-typist", "VP-TU-reviewer")
    assert [one in worker.text for one in names] == [True] * 4
    assert [one in searcher.text for one in names] == [False] * 4
    assert "Kết quả thu ngân sách" in searcher.text


@pytest.mark.parametrize("header", ["Bearer", "Basic abc"])
def test_a_header_without_a_token_is_no_way_round_the_proof(web: WebOffice, clients: WebClients, header: str) -> None:
    """The cookie signs the request in, so it must prove where it comes from, whatever else it carries."""
    client = clients.browser("typist")
    target = f"/api/v1/documents/{web.documents['entered']}/confirm"
    answer = client.post(target, json=REVISION, headers={"Authorization": header})
    assert (answer.status_code, answer.json()["error"]["message"]) == (403, "This request lacks its CSRF token.")


def test_signing_in_leads_only_to_our_own_pages(web: WebOffice, clients: WebClients) -> None:
    for wanted, expected in (
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/batches/LO-01?x=1", "/batches/LO-01?x=1"),
    ):
        data = {"username": web.username("typist"), "password": PASSWORD, "next": wanted}
        assert httpx.post(f"{clients.url}/sign-in", data=data).headers["location"] == expected


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(web: WebOffice, clients: WebClients) -> None:
    data = {"username": web.username("typist"), "password": PASSWORD}
    plain = httpx.post(f"{clients.url}/sign-in", data=data).headers["set-cookie"]
    # What a TLS proxy on this machine says, or what the server itself knows when it speaks TLS.
    behind_tls = {"X-Forwarded-Proto": "https"}
    secure = httpx.post(f"{clients.url}/sign-in", data=data, headers=behind_tls).headers["set-cookie"]
    assert plain.startswith("sohoa-session=") and "HttpOnly" in plain and "SameSite=lax" in plain
    assert secure.startswith("__Host-sohoa-session=") and "Secure" in secure and "Path=/" in secure


def test_a_wrong_name_and_a_wrong_password_look_the_same_until_the_name_must_wait(clients: WebClients) -> None:
    answers = [
        httpx.post(f"{clients.url}/api/v1/sign-in", json={"username": name, "password": "sai-mat-khau"}).json()
        for name in ("VP-TU-business", "khong-co-ai")
    ]
    assert answers[0] == answers[1]
    body = {"username": "khong-co-ai", "password": "sai-mat-khau"}
    tries = [httpx.post(f"{clients.url}/api/v1/sign-in", json=body).json()["error"]["message"] for _ in range(11)]
    assert ["Too many" in one for one in tries] == [False] * 9 + [True] * 2
