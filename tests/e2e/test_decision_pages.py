"""Opening a batch, and what people decide about documents and pages, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from core.states import BatchState, DocumentState, PageState
from storage.tables import Document
from storage.tables import Page as PageRow
from tests.e2e.building import CODE, Building


def test_a_batch_is_opened_on_its_page(building: Building) -> None:
    with building.at_desk("scanner", "/batches") as page:
        page.get_by_role("link", name="Mở lô mới").click()
        page.get_by_label("Mã lô").fill(CODE)
        page.get_by_label("Tên lô").fill("Kế hoạch năm 2021")
        page.get_by_role("button", name="Mở lô", exact=True).click()
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_label("Tên lô")).to_have_value("Kế hoạch năm 2021")
        page.get_by_label("Mã lô").fill("LO-2026.03")
        page.get_by_role("button", name="Mở lô", exact=True).click()
        expect(page.locator("h1")).to_contain_text("Kế hoạch năm 2021")
        expect(page.locator(".notice code")).to_have_text("sohoa station push THƯ_MỤC --batch LO-2026.03")
    assert building.batch_state("LO-2026.03") is BatchState.OPENED


def test_a_reviewer_decides_about_documents_and_pages(building: Building) -> None:
    documents = building.web.documents
    with building.at_desk("reviewer", f"/documents/{documents['handwritten']}/work") as page:
        page.get_by_text("Việc khác").click()
        form = page.locator("form[action$='/reject']")
        form.locator("select").select_option(label="Không phải tài liệu lưu trữ")
        form.get_by_label("Lý do", exact=True).fill("Giấy nháp")
        form.get_by_role("button", name="Loại bỏ").click()
        page.wait_for_url(lambda url: documents["handwritten"] not in url)
        page.goto(f"/documents/{documents['plan']}/work")
        page.get_by_text("Việc khác").click()
        form = page.locator("form[action$='/rescan']")
        form.locator("select").select_option(label="Ảnh mờ, nhòe")
        form.get_by_label("Lý do", exact=True).fill("Không đọc được dòng 3")
        form.get_by_role("button", name="Quét lại").click()
        page.wait_for_url(lambda url: documents["plan"] not in url)
        page.goto(f"/documents/{documents['failed']}/work")
        page.get_by_placeholder("Lý do, ví dụ").fill("Đã nhập từ ảnh")
        page.get_by_role("button", name="Bỏ qua, đã nhập từ ảnh").click()
        expect(page.get_by_role("button", name="Đọc lại")).to_have_count(0)
    with building.web.service.records.reading() as session:
        decided = [session.get_one(Document, documents[name]) for name in ("handwritten", "plan")]
        assert [(one.state, one.reason_code, one.reason) for one in decided] == [
            (DocumentState.REJECTED, "not_a_record", "Giấy nháp"),
            (DocumentState.RESCAN_REQUESTED, "blurred", "Không đọc được dòng 3"),
        ]


@pytest.mark.parametrize(
    ("button", "state", "pages"),
    [
        ("Giải tỏa", DocumentState.DESCRIBED, PageState.IN_PROGRESS),
        ("Tiêu hủy", DocumentState.PURGED, PageState.WITHHELD),
    ],
)
def test_the_security_officer_decides_about_what_is_withheld(
    building: Building, button: str, state: DocumentState, pages: PageState
) -> None:
    with building.at_desk("officer") as page:
        page.get_by_role("link", name="Xem và quyết định").click()
        form = page.locator("form.panel", has=page.get_by_role("button", name=button))
        form.get_by_label("Lý do").fill("Đã đối chiếu với bản gốc")
        if form.get_by_role("checkbox").count():
            form.get_by_role("checkbox").check()
        form.get_by_role("button", name=button).click()
        expect(page.get_by_role("heading", name="Không có tài liệu nào đang tạm giữ")).to_be_visible()
    with building.web.service.records.reading() as session:
        key = building.web.documents["withheld"]
        states = set(session.scalars(select(PageRow.state).where(PageRow.document_id == key)))
        assert (session.get_one(Document, key).state, states) == (state, {pages})
