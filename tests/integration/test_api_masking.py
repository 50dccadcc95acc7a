"""Personal values: masked for who searches; shown to who works with them, or gives a reason, for a while."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import cv2
import numpy as np
import pytest
from sqlalchemy import select, update

from core.labels import Sensitivity
from flow.personal_data import scan_documents
from storage.tables import AccessEvent, Document, PersonalFinding, Unmasking, User, now
from tests.web_office import WebClients, WebOffice, fill_document, index_all, make_web_office

NUMBER = "001085012345"
TEXTS = ("Ông Nguyễn Văn Kín", f"Số CCCD: {NUMBER}", "Ngày sinh: 12/03/1958", "Quê quán: thôn 3, xã Hoa, tỉnh Lào Cai")


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> WebOffice:
    """The published document has a person's values on its first page and was searched; the second was not."""
    made = make_web_office(tmp_path_factory.mktemp("web"))
    with made.service.records.writing() as session:
        document = session.get_one(Document, made.documents["published"])
        fill_document(session, made.service, document, TEXTS)
        document.scanned_round = None
        document.title = f"Hồ sơ ông Kín, CCCD {NUMBER}"
    assert scan_documents(made.service) == 1
    with made.service.records.writing() as session:
        session.get_one(Document, made.documents["second"]).scanned_round = None
    index_all(made)
    return made


@pytest.fixture(scope="module")
def clients(web: WebOffice) -> Iterator[WebClients]:
    with WebClients(web) as made:
        yield made


def words(clients: WebClients, web: WebOffice, who: str) -> list[str]:
    answer = clients.program(who).get(f"/api/v1/pages/{web.pages['published']}/words")
    return [word["text"] for word in answer.json()] if answer.status_code == 200 else [str(answer.status_code)]


def image(clients: WebClients, web: WebOffice, who: str) -> np.ndarray:
    answer = clients.program(who).get(f"/api/v1/pages/{web.pages['published']}/image")
    return cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_GRAYSCALE)


def found(clients: WebClients, who: str, text: str) -> int:
    return int(clients.program(who).get("/api/v1/search", params={"q": text}).json()["total"])


def test_nothing_is_shown_of_what_was_not_searched(web: WebOffice, clients: WebClients) -> None:
    page = f"/api/v1/pages/{web.pages['second']}"
    assert [clients.program("searcher").get(f"{page}/{part}").status_code for part in ("words", "image")] == [404, 404]
    assert clients.program("reviewer").get(f"{page}/words").status_code == 200
    assert (found(clients, "searcher", "1.240 tỷ"), found(clients, "reviewer", "1.240 tỷ")) == (0, 1)
    view = clients.program("searcher").get(f"/api/v1/documents/{web.documents['second']}").json()
    assert [one["has_image"] for one in view["document"]["pages"]] == [False, False]


def test_searching_finds_raises_and_says_why(web: WebOffice) -> None:
    with web.service.records.reading() as session:
        document = session.get_one(Document, web.documents["published"])
        kept = session.scalars(select(PersonalFinding).where(PersonalFinding.document_id == document.id)).all()
        assert sorted({one.kind for one in kept}) == ["address", "birth_date", "citizen_number"]
        assert document.sensitivity == Sensitivity.PERSONAL
        assert document.label_reason == (
            "Nâng độ nhạy từ 'nội bộ' lên 'dữ liệu cá nhân cơ bản': "
            "số CCCD ở trang 1; ngày sinh ở trang 1, 2; nơi ở hoặc quê quán ở trang 1, 2."
        )
        assert NUMBER not in str([one.words for one in kept])
        events = session.scalars(select(AccessEvent).where(AccessEvent.action == "raise_label")).all()
        assert [one.detail for one in events] == [{"before": 1, "after": 3}]


def test_who_searches_is_shown_everything_masked(web: WebOffice, clients: WebClients) -> None:
    masked, full = words(clients, web, "searcher"), words(clients, web, "reviewer")
    assert NUMBER in full and NUMBER not in " ".join(masked)
    assert [one for one in masked if "*" in one] == ["*********345", "**/**/1958", "****", "*,"]
    path = f"/documents/{web.documents['published']}"
    text = clients.program("searcher").get(f"/api/v1{path}").text
    assert NUMBER not in text and "*********345" in text
    marks = clients.program("searcher").get(f"/api/v1{path}", params={"q": NUMBER}).json()["marks"]
    assert marks == []


def test_a_number_finds_nothing_for_who_may_not_see_it(web: WebOffice, clients: WebClients) -> None:
    assert (found(clients, "searcher", NUMBER), found(clients, "reviewer", NUMBER)) == (0, 1)
    assert (found(clients, "searcher", "Nguyễn Văn Kín"), found(clients, "searcher", "1958")) == (1, 1)
    answer = clients.program("searcher").get("/api/v1/search", params={"q": "CCCD"}).json()
    assert NUMBER not in str(answer) and "*********345" in str(answer)


def test_the_image_is_painted_over_where_the_values_stand(web: WebOffice, clients: WebClients) -> None:
    masked, full = image(clients, web, "searcher"), image(clients, web, "reviewer")
    with web.service.records.reading() as session:
        rows = session.scalars(select(PersonalFinding).where(PersonalFinding.kind == "citizen_number")).all()
    ((box, shown),) = [word for row in rows for word in row.words if "*" in word[1]]
    x0, y0, x1, y1 = box
    tail = x0 + round((x1 - x0) * shown.rindex("*") / len(shown))
    assert np.ptp(masked[y0:y1, x0:tail]) < 12
    assert full[y0:y1, x0:tail].max() > 200
    assert masked[: y0 - 40].min() < 60


def test_unmasking_takes_a_right_and_a_reason_and_ends(web: WebOffice, clients: WebClients) -> None:
    path = f"/api/v1/documents/{web.documents['published']}/unmask"
    searcher = clients.program("searcher")
    assert searcher.post(path, json={"reason": " "}).status_code == 422
    assert clients.program("stranger").post(path, json={"reason": "xem"}).status_code == 404
    assert searcher.post(path, json={"reason": "Đối chiếu hồ sơ"}).status_code == 200
    assert NUMBER in words(clients, web, "searcher")
    assert found(clients, "searcher", NUMBER) == 0
    with web.service.records.writing() as session:
        (event,) = session.scalars(select(AccessEvent).where(AccessEvent.action == "unmask", AccessEvent.allowed))
        kinds = ["address", "birth_date", "citizen_number"]
        assert event.detail == {"reason": "Đối chiếu hồ sơ", "kinds": kinds, "minutes": 15}
        session.execute(update(Unmasking).values(expires_at=now() - timedelta(seconds=1)))
    assert NUMBER not in words(clients, web, "searcher")


def test_who_is_not_cleared_for_personal_data_does_not_unmask(web: WebOffice, clients: WebClients) -> None:
    with web.service.records.writing() as session:
        session.get_one(Document, web.documents["published"]).sensitivity = int(Sensitivity.INTERNAL)
        session.execute(
            update(User).where(User.username == web.username("searcher")).values(sensitivity=int(Sensitivity.INTERNAL))
        )
    path = f"/api/v1/documents/{web.documents['published']}/unmask"
    assert clients.program("searcher").post(path, json={"reason": "xem"}).status_code == 403
