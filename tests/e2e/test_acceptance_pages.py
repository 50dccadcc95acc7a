"""A batch from entry to search through the pages alone, each step by the person whose it is, in a real browser."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect
from sqlalchemy import func, select, update

from core.states import BatchState, DocumentState, Grade
from review.signoffs import Aspect
from storage.tables import Acceptance, Batch, Defect, Document, SignOff
from tests import factories
from tests.e2e.building import CODE, Building
from tests.web_office import VALUES


def enter_and_confirm(building: Building) -> None:
    with building.at_desk("typist", f"/batches/{CODE}") as page:
        page.get_by_role("link", name="Nhập tiếp").click()
        for _ in range(2):
            expect(page.locator(".page-viewer")).to_have_attribute("data-state", "ready")
            expect(page.locator("#value-number")).to_have_value("15")
            with page.expect_navigation():
                page.keyboard.press("Control+Enter")
        expect(page.locator("h1")).to_contain_text(CODE)
    assert building.document_states() == [DocumentState.ENTERED] * 2
    with building.at_desk("reviewer", f"/batches/{CODE}") as page:
        page.get_by_role("link", name="Kiểm tiếp").click()
        for _ in range(2):
            expect(page.locator("form.work")).to_have_attribute("data-mode", "confirm")
            with page.expect_navigation():
                page.locator("#finish").click()
        assert building.document_states() == [DocumentState.CONFIRMED] * 2
        decide_duplicate(page)
        page.get_by_role("button", name="Bắt đầu đối soát mẫu").click()
        expect(page.locator(".steps [aria-current]")).to_have_text("đối soát mẫu, ký")
        expect(page.get_by_title("Có trong mẫu đối soát")).to_have_count(2)
    assert building.batch_state() is BatchState.RECONCILING


def decide_duplicate(page: Page) -> None:
    """Both documents have one number: before that is explained the batch goes no further."""
    expect(page.get_by_role("button", name="Bắt đầu đối soát mẫu")).to_have_count(0)
    panel = page.locator("details.panel", has=page.get_by_role("heading", name="Có thể trùng"))
    expect(panel.locator("tbody tr")).to_have_count(1)
    panel.get_by_role("link", name="xem cạnh nhau").click()
    expect(page.locator(".page-viewer[data-state=ready]")).to_have_count(2)
    page.get_by_role("link", name="Quay lại để quyết định").click()
    page.get_by_label("Quyết định", exact=True).select_option("not_duplicate")
    page.locator("form[action$=decide-duplicate]").get_by_label("Lý do").fill("Hai phần của một kế hoạch")
    page.get_by_role("button", name="Quyết định", exact=True).click()
    expect(page.locator("details.more", has_text="Có thể trùng")).to_contain_text("Hai phần của một kế hoạch")
    page.get_by_role("link", name=CODE).first.click()


def sign(building: Building, names: tuple[str, ...] = ("business", "data", "security")) -> None:
    for number, name in enumerate(names, start=1):
        with building.at_desk(name, f"/batches/{CODE}") as page:
            expect(page.get_by_role("button", name="Ký", exact=True)).to_have_count(1)
            expect(page.get_by_role("button", name="Quyết định nghiệm thu")).to_have_count(0)
            page.get_by_label("Ghi chú", exact=True).fill(f"Đã xem, {name}")
            page.get_by_role("button", name="Ký", exact=True).click()
            expect(page.locator(".acceptance .check.ok")).to_have_count(number)


def test_a_batch_goes_from_entry_to_search_through_the_pages(building: Building) -> None:
    enter_and_confirm(building)
    sign(building)
    with building.at_desk("business", f"/batches/{CODE}") as page:
        expect(page.get_by_label("B", exact=True)).to_be_disabled()
        page.get_by_label("A", exact=True).check()
        page.get_by_role("button", name="Quyết định nghiệm thu").click()
        expect(page.locator(".steps [aria-current]")).to_have_text("nghiệm thu")
        assert (building.batch_state(), set(building.document_states())) == (
            BatchState.ACCEPTED,
            {DocumentState.ACCEPTED},
        )
        page.get_by_role("link", name="Biên bản nghiệm thu").click()
        lines = page.locator(".minutes").inner_text().splitlines()
        assert [one for one in lines if one.startswith(("Lô:", "Lần:", "Tệp:", "Văn bản:", "Trang:", "Đạt"))] == [
            f"Lô: {CODE} - Lô {CODE}",
            "Lần: 1",
            "Tệp: 2 (2 đã nhận)",
            "Văn bản: 2 (2 đã nghiệm thu)",
            "Trang: 2 (2 đang xử lý)",
            "Đạt loại A: được vận hành thử và công bố.",
        ]
        signed = [re.sub(r", \d\d/.* UTC", "", one) for one in lines if one.startswith("Về ")]
        assert signed == [
            "Về nghiệp vụ: Người VP-TU-business: Đã xem, business",
            "Về dữ liệu: Người VP-TU-data: Đã xem, data",
            "Về bảo mật: Người VP-TU-security: Đã xem, security",
        ]
        page.emulate_media(media="print")
        expect(page.locator(".top")).to_be_hidden()
    publish_and_find(building)


def publish_and_find(building: Building) -> None:
    with building.at_desk("searcher", "/search?q=15-KH/TU") as page:
        expect(page.locator(".hit", has_text="HS07")).to_have_count(0)
    with building.at_desk("owner", f"/batches/{CODE}") as page:
        page.get_by_role("button", name="Bắt đầu vận hành thử").click()
        expect(page.locator(".steps [aria-current]")).to_have_text("vận hành thử")
        assert building.batch_state() is BatchState.TRIAL
        page.get_by_role("button", name="Công bố", exact=True).click()
        expect(page.locator(".steps [aria-current]")).to_have_text("công bố")
        expect(page.locator(".equation").nth(1)).to_contain_text("2 đã công bố")
    assert (building.batch_state(), set(building.document_states())) == (
        BatchState.PUBLISHED,
        {DocumentState.PUBLISHED},
    )
    building.run_jobs()
    with building.at_desk("searcher", "/search?q=15-KH/TU") as page:
        expect(page.locator(".hit", has_text="HS07")).to_have_count(2)
        page.locator(".hit", has_text="HS07").first.locator("h2 a").click()
        expect(page.locator(".page-viewer")).to_have_attribute("data-state", "ready")
        expect(page.locator("dl.fields")).to_contain_text("12/03/2021")


def put_to_signing(building: Building) -> None:
    """As if everything had been entered, confirmed, reconciled and signed."""
    office = building.web.office
    with building.web.service.records.writing() as session:
        batch = session.scalars(select(Batch).where(Batch.code == CODE)).one()
        for document in session.scalars(select(Document).where(Document.batch_id == batch.id)):
            factories.add_values(session, document, VALUES, office["typist"], office["reviewer"])
            document.state = DocumentState.CONFIRMED
        batch.state = BatchState.RECONCILING
        session.add_all(
            SignOff(batch_id=batch.id, round=1, aspect=one.value, signed_by=office[one.value].user_id, note="")
            for one in Aspect
        )


def test_grade_b_needs_a_plan_and_a_returned_batch_is_opened_again(building: Building) -> None:
    put_to_signing(building)
    with building.at_desk("data", f"/batches/{CODE}") as page:
        page.get_by_text("Ghi thêm lỗi").click()
        page.get_by_label("Mô tả").fill("Trang 1 hơi nghiêng")
        page.locator("select[name=document_id]").select_option(label="VP-TU/01/HS07/0002")
        page.locator("select[name=owner]").select_option(label="Người VP-TU-typist")
        page.get_by_label("Hạn").fill("2026-12-31")
        page.get_by_role("button", name="Ghi lỗi").click()
        expect(page.locator(".acceptance")).to_contain_text("hạn 31/12/2026")
        expect(page.get_by_label("A", exact=True)).to_be_disabled()
        expect(page.get_by_label("B", exact=True)).to_be_enabled()
        page.get_by_text("Trả lại cả lô").click()
        page.get_by_placeholder("Lý do").last.fill("Quét lại trang nghiêng")
        page.get_by_role("button", name="Trả lại", exact=True).click()
        expect(page.locator(".state").first).to_have_text("bị trả lại")
        expect(page.locator(".acceptance")).to_contain_text("Lần 1: xếp loại C")
        page.get_by_role("button", name="Bắt đầu làm lại").click()
        expect(page.locator(".state").first).to_have_text("đang làm lại")
        page.get_by_role("button", name="Làm lại xong").click()
        expect(page.locator(".state").first).to_have_text("đang nhập và kiểm")
    with building.web.service.records.reading() as session:
        grades = list(session.scalars(select(Acceptance.grade).join(Batch).where(Batch.code == CODE)))
        assert grades == [Grade.C]
        assert session.scalars(select(Defect.description)).all() == ["Trang 1 hơi nghiêng"]
        assert session.scalar(select(func.count()).select_from(SignOff)) == 3
    assert building.batch_state() is BatchState.IN_REVIEW


def test_progress_moves_by_itself_and_stops_when_the_machine_is_done(building: Building) -> None:
    set_state(building, BatchState.RECEIVING)
    with building.at_desk("scanner", f"/batches/{CODE}") as page:
        polls: list[str] = []
        page.on("request", lambda one: polls.append(one.url) if "/parts/" in one.url else None)
        with page.expect_request("**/parts/batches/**"):
            pass
        page.get_by_role("button", name="Niêm phong").click()
        expect(page.locator(".state").first).to_have_text("đang nhập và kiểm")
        assert building.batch_state() is BatchState.IN_REVIEW
        set_state(building, BatchState.PROCESSING)
        page.reload()
        expect(page.locator("#progress")).to_have_attribute("hx-trigger", "every 2s")
        set_state(building, BatchState.IN_REVIEW)
        expect(page.locator(".state").first).to_have_text("đang nhập và kiểm")
        expect(page.locator("#progress[hx-trigger]")).to_have_count(0)
        seen = len(polls)
        page.wait_for_timeout(2500)
        assert len(polls) == seen


def set_state(building: Building, state: BatchState) -> None:
    with building.web.service.records.writing() as session:
        session.execute(update(Batch).where(Batch.code == CODE).values(state=state))
