"""The dictionary and the catalogue in a real browser: one person proposes, another approves."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from core.catalogue import builtin_text
from flow.dictionaries import present_version, register_builtin
from tests.e2e.building import Building


def test_a_new_version_is_proposed_and_approved(building: Building, tmp_path: Path) -> None:
    records = building.web.service.records
    register_builtin(records)
    file = tmp_path / "v2.yaml"
    file.write_text('version: "2"\nfields: 3\n', "utf-8")
    with building.at_desk("administrator", "/dictionary/changes") as page:
        page.set_input_files("#file", str(file))
        page.get_by_label("Lý do thay đổi").fill("Thêm độ khẩn")
        page.get_by_role("button", name="Gửi đề nghị").click()
        expect(page.get_by_role("alert")).to_contain_text("2: fields: this should be a mapping.")
        text = builtin_text().replace('version: "1"', 'version: "2"').replace("KHẨN: Khẩn\n", "KHẨN: Rất khẩn\n", 1)
        file.write_text(text, "utf-8")
        page.set_input_files("#file", str(file))
        page.get_by_role("button", name="Gửi đề nghị").click()
        expect(page.locator(".panel li")).to_have_text(
            ["Sửa mã 'KHẨN' (Rất khẩn) của 'urgency': tên: Khẩn → Rất khẩn."]
        )
        expect(page.get_by_role("button", name="Duyệt")).to_have_count(0)
        address = page.url
    with building.at_desk("owner", address) as page:
        page.get_by_role("button", name="Duyệt").click()
        expect(page.locator(".heading .pill")).to_have_text("đã duyệt")
        page.goto("/dictionary?code_list=urgency")
        expect(page.locator("h1")).to_contain_text("phiên bản 2, đang áp dụng")
        expect(page.locator("tbody tr").first).to_contain_text("Rất khẩn")
    with records.reading() as session:
        assert present_version(session) == "2"


def test_an_entry_is_changed_by_two_people_and_asked_about(building: Building) -> None:
    with building.at_desk("administrator", "/catalogue/DM01/change") as page:
        page.get_by_label("Chỉ tiêu").fill("2026-12-31 50\n2027-06-30 40")
        page.get_by_label("Lý do").fill("Đặt chỉ tiêu")
        page.get_by_role("button", name="Gửi đề nghị").click()
        expect(page.get_by_role("alert")).to_contain_text("targets rise")
        expect(page.get_by_label("Lý do")).to_have_value("Đặt chỉ tiêu")
        page.get_by_label("Chỉ tiêu").fill("31/12/2026 50\n31/06/2027 80\n30/09/2027 tám mươi")
        page.get_by_role("button", name="Gửi đề nghị").click()
        expect(page.locator("[role=alert] li")).to_have_text(
            [
                "Chỉ tiêu, dòng 2: cần ngày/tháng/năm, ví dụ 31/12/2026",
                "Chỉ tiêu, dòng 3: cần số phần trăm từ 1 đến 100",
            ]
        )
        page.get_by_label("Chỉ tiêu").fill("31/12/2026 50\n30/06/2027 80 %")
        page.get_by_role("button", name="Gửi đề nghị").click()
        expect(page.get_by_text("50 % 31/12/2026; 80 % 30/06/2027")).to_be_visible()
        page.get_by_label("Câu hỏi").fill("Có được số hóa?")
        page.get_by_label("Đề xuất").fill("Được")
        page.get_by_label("chặn nghiệm thu").check()
        page.get_by_role("button", name="Thêm câu hỏi").click()
        expect(page.locator("article")).to_contain_text("chặn nghiệm thu")
    with building.at_desk("owner", "/batches/LO-02") as page:
        expect(page.get_by_text("câu hỏi pháp lý, nghiệp vụ còn để ngỏ: Có được số hóa?")).to_have_count(1)
        page.goto("/catalogue/DM01")
        page.get_by_role("button", name="Duyệt").click()
        expect(page.locator("td", has_text="80 %")).to_be_visible()
        page.get_by_placeholder("Trả lời").fill("Được, theo Quy định 05")
        page.get_by_role("button", name="Trả lời").click()
        expect(page.locator("article")).to_contain_text("Được, theo Quy định 05")
