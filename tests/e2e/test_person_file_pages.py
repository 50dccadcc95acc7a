"""A person's file through the pages: a value taken over, a contradiction settled, a missing document explained."""

from __future__ import annotations

from playwright.sync_api import expect
from sqlalchemy import select

from storage.tables import Absence, FieldValue, Settlement
from tests.e2e.building import CODE, Building
from tests.person_files import add_person_file


def test_a_persons_file_is_entered_once_settled_and_explained(building: Building) -> None:
    ids = add_person_file(building.web)
    with building.at_desk("typist", f"/documents/{ids['diploma']}/work") as page:
        expect(page.locator(".contradiction")).to_contain_text("Ngày sinh")
        expect(page.locator(".contradiction form")).to_have_count(0)
        offers = page.locator(".field", has=page.locator("#value-birth_date")).locator(".reuse")
        expect(offers).to_have_count(2)
        expect(offers.first).to_contain_text("Phiếu đảng viên (mẫu 2-HSĐV), văn bản số 0001, đã xác nhận")
        offers.first.get_by_role("button").click()
        expect(page.locator("#value-birth_date")).to_have_value("02/03/1958")
        page.get_by_role("button", name="Lưu nháp").click()
        expect(page.locator(".reuse", has_text="lấy từ")).to_have_count(1)
    with building.at_desk("reviewer", f"/documents/{ids['member_card_sheet']}/work") as page:
        page.get_by_text("Người trong hồ sơ").click()
        page.locator(".contradiction form").get_by_label("Lý do").fill("Quyết định năm 1985 ghi sai năm sinh")
        page.get_by_role("button", name="Giữ nguyên, không phải lỗi nhập").click()
        expect(page.locator(".contradiction")).to_contain_text("Đã xem xét, giữ nguyên theo bản gốc")
    with building.at_desk("typist", f"/batches/{CODE}") as page:
        form = page.locator("#composition form[action$='/absences']")
        expect(form).to_have_count(1)
        form.get_by_label("Lý do").fill("Thất lạc năm 1990")
        form.get_by_role("button", name="Ghi lý do").click()
        expect(page.get_by_role("button", name="Xác nhận lý do")).to_have_count(0)
    with building.at_desk("reviewer", f"/batches/{CODE}") as page:
        page.get_by_role("button", name="Xác nhận lý do").click()
        expect(page.locator(".absence")).to_contain_text("đã xác nhận: Người VP-TU-reviewer")
    with building.web.service.records.reading() as session:
        value = session.scalars(select(FieldValue).where(FieldValue.document_id == ids["diploma"])).one()
        assert (value.name, value.value, value.origin_document_id) == (
            "birth_date",
            "1958-03-02",
            ids["member_card_sheet"],
        )
        assert session.scalars(select(Absence.record_type)).all() == ["member_history"]
        assert session.scalars(select(Settlement.fact)).all() == ["birth_date"]
