"""The pages in a real browser: sign in, type and confirm by keyboard, search; hostile text stays text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from core.states import DocumentState
from storage.tables import Document, FieldValue
from tests.web_office import PASSWORD, VALUES, WebClients, WebOffice, make_web_office


@pytest.fixture
def web(tmp_path: Path) -> WebOffice:
    return make_web_office(tmp_path)


@pytest.fixture
def clients(web: WebOffice) -> Iterator[WebClients]:
    with WebClients(web) as made:
        yield made


class Visit:
    """A browser page of one person, which remembers whatever its console complained of."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.page: Page = browser.new_page(base_url=url, viewport={"width": 1280, "height": 800})
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda line: self.complaints.append(line.text) if "Content Security Policy" in line.text else None,
        )

    def sign_in(self, username: str, password: str = PASSWORD) -> Page:
        self.page.goto("/sign-in")
        self.page.fill("#username", username)
        self.page.fill("#password", password)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self.page


@pytest.fixture
def visit(browser: Browser, clients: WebClients) -> Iterator[Visit]:
    made = Visit(browser, clients.url)
    yield made
    hacked = made.page.evaluate("() => window.hacked")
    made.page.close()
    assert (made.complaints, hacked) == ([], None)


def stand_of(web: WebOffice, name: str) -> tuple[DocumentState, dict[str, object]]:
    with web.service.records.reading() as session:
        document = session.get_one(Document, web.documents[name])
        rows = session.execute(select(FieldValue.name, FieldValue.value).where(FieldValue.document_id == document.id))
        return document.state, {row.name: row.value for row in rows}


def test_a_wrong_password_says_so_and_leads_nowhere(web: WebOffice, visit: Visit) -> None:
    page = visit.sign_in(web.username("typist"), "sai-mat-khau-roi")
    expect(page.get_by_role("alert")).to_have_text("Sai tên đăng nhập hoặc mật khẩu.")
    page.goto("/batches")
    expect(page).to_have_url(page.url.split("/sign-in")[0] + "/sign-in?next=%2Fbatches")


def test_a_pen_written_document_is_typed_by_keyboard(web: WebOffice, visit: Visit) -> None:
    page = visit.sign_in(web.username("typist"))
    page.goto(f"/documents/{web.documents['handwritten']}/work")
    number = page.locator("#value-number")
    expect(number).to_be_focused()
    expect(number).to_have_value("")
    expect(page.locator("#value-symbol")).to_have_value("KH/TU")
    expect(page.locator(".page-viewer")).to_have_attribute("data-state", "ready")
    page.keyboard.type("15")
    page.keyboard.press("Tab")
    expect(page.locator("#value-symbol")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("31/2/2021")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#fault-date")).to_contain_text("không phải ngày hợp lệ")
    expect(number).to_have_value("15")
    expect(page.locator("#value-date")).to_be_focused()
    page.locator("#value-date").fill("12/3/2021")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: web.documents["handwritten"] not in url)
    assert stand_of(web, "handwritten") == (DocumentState.ENTERED, VALUES)


def test_a_pen_written_value_is_chosen_from_the_candidates(web: WebOffice, visit: Visit) -> None:
    page = visit.sign_in(web.username("typist"))
    page.goto(f"/documents/{web.documents['handwritten']}/work")
    number, date = page.locator("#value-number"), page.locator("#value-date")
    expect(number).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(number).to_have_value("75")
    page.keyboard.press("ArrowDown")
    expect(number).to_have_value("15")
    expect(page.get_by_role("button", name="17/03/2021")).to_be_visible()
    page.get_by_role("button", name="12/03/2021").click()
    expect(date).to_have_value("12/03/2021")
    expect(date).to_be_focused()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: web.documents["handwritten"] not in url)
    assert stand_of(web, "handwritten") == (DocumentState.ENTERED, VALUES)


def test_another_person_confirms_with_one_key_and_goes_on(web: WebOffice, visit: Visit) -> None:
    page = visit.sign_in(web.username("reviewer"))
    page.goto("/batches/LO-01/next/confirm")
    expect(page).to_have_url(f"{page.url.split('/documents')[0]}/documents/{web.documents['entered']}/work")
    expect(page.locator("form.work")).to_have_attribute("data-mode", "confirm")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/batches/LO-01")
    assert stand_of(web, "entered")[0] is DocumentState.CONFIRMED


def test_focusing_a_field_shows_where_it_was_read(web: WebOffice, visit: Visit) -> None:
    page = visit.sign_in(web.username("typist"))
    page.goto(f"/documents/{web.documents['plan']}/work")
    viewer = page.locator(".page-viewer")
    expect(viewer).to_have_attribute("data-state", "ready")
    page.keyboard.press("Alt+ArrowRight")
    expect(viewer).to_have_attribute("data-page", "2")
    page.locator("#value-issuing_body").focus()
    expect(viewer).to_have_attribute("data-page", "1")


def test_search_marks_the_words_in_the_hits_and_on_the_page(web: WebOffice, visit: Visit) -> None:
    page = visit.sign_in(web.username("searcher"))
    page.fill("#q", "thu ngan sach")
    page.keyboard.press("Enter")
    expect(page.locator(".hit")).to_have_count(2)
    marks = page.locator(".hit").first.locator("h2 mark").all_inner_texts()
    assert marks == ["thu", "ngân", "sách"]
    page.locator(".hit h2 a").first.click()
    expect(page.locator(".page-viewer")).to_have_attribute("data-state", "ready")
    given = page.locator(".page-viewer").get_attribute("data-marks")
    assert given is not None and given.count("[") > 3
    expect(page.locator(".marks .page-link")).to_have_count(2)


def test_hostile_titles_names_and_read_text_are_only_text(web: WebOffice, visit: Visit) -> None:
    page = visit.sign_in(web.username("reviewer"))
    for path in (
        "/batches/LO-01",
        f"/documents/{web.documents['handwritten']}/work",
        f"/documents/{web.documents['failed']}/work",
        f"/documents/{web.documents['published']}?q=<script>window.hacked=1</script>",
        "/search?q=<img src=x onerror=window.hacked=1>",
        "/search?q=window&issuer=%22><script>window.hacked=1</script>",
    ):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert page.locator("main script").count() == 0
        assert page.locator("img[src=x]").count() == 0
    expect(page.locator("h1, .search-box")).to_have_count(1)


def test_what_one_may_not_read_is_not_there(web: WebOffice, visit: Visit) -> None:
    page = visit.sign_in(web.username("searcher"))
    answer = page.goto(f"/documents/{web.documents['plan']}")
    assert answer is not None and answer.status == 404
    expect(page.locator("h1")).to_have_text("Không tìm thấy, hoặc không thuộc phạm vi của bạn.")


def test_the_language_is_a_choice_that_stays(web: WebOffice, visit: Visit) -> None:
    page = visit.sign_in(web.username("typist"))
    page.get_by_title("English").click()
    expect(page.locator("h1")).to_have_text("Batches")
    page.goto(f"/documents/{web.documents['plan']}/work")
    expect(page.locator("#finish")).to_contain_text("Entry done")
    expect(page.locator("html")).to_have_attribute("lang", "en")
