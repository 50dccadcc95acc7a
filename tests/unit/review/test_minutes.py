"""The text of the acceptance minutes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from core.states import DocumentState, FileState, Grade, PageState
from review.minutes import MinutesData, MinutesDefect, MinutesSample, MinutesSignOff, write_minutes

AT = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
DATA = MinutesData(
    batch_code="LO-01",
    batch_title="Hồ sơ 2019",
    unit="Văn phòng",
    catalogue_entry="DM01 - Tài liệu",
    round=2,
    grade=Grade.B,
    decided_by="Trần Thị B",
    decided_at=AT,
    note="",
    files={FileState.RECEIVED: 9, FileState.REFUSED: 1},
    documents={DocumentState.ACCEPTED: 8, DocumentState.PURGED: 1},
    pages={PageState.IN_PROGRESS: 20, PageState.WITHHELD: 2},
    sign_offs=(MinutesSignOff("dữ liệu", "Lê Văn C", AT, "đã đối soát"),),
    sample=MinutesSample(42, 8, ("VP/01/HS01/0001", "VP/01/HS01/0003")),
    defects=(MinutesDefect("VP/01/HS01/0003", "Thiếu con dấu", "Nguyễn Văn D", date(2026, 4, 1)),),
)


def test_minutes_state_counts_grade_signatures_sample_errors_and_plan() -> None:
    assert write_minutes(DATA) == (
        "BIÊN BẢN NGHIỆM THU LÔ SỐ HÓA\n"
        "Lô: LO-01 - Hồ sơ 2019\n"
        "Đơn vị: Văn phòng\n"
        "Danh mục: DM01 - Tài liệu\n"
        "Lần: 2\n"
        "Thời điểm: 02/03/2026 07:30 UTC\n"
        "Người quyết định: Trần Thị B\n"
        "\n"
        "1. Số lượng\n"
        "Tệp: 10 (9 đã nhận, 1 bị từ chối)\n"
        "Văn bản: 9 (8 đã nghiệm thu, 1 đã tiêu hủy)\n"
        "Trang: 22 (20 đang xử lý, 2 tạm giữ hoặc đã tiêu hủy)\n"
        "\n"
        "2. Kết quả\n"
        "Đạt loại B: được vận hành thử và công bố, kèm kế hoạch khắc phục.\n"
        "\n"
        "3. Ký xác nhận\n"
        "Về dữ liệu: Lê Văn C, 02/03/2026 07:30 UTC: đã đối soát\n"
        "\n"
        "4. Đối soát mẫu\n"
        "Chọn ngẫu nhiên 2 trong 8 văn bản (hạt giống 42):\n"
        "- VP/01/HS01/0001\n"
        "- VP/01/HS01/0003\n"
        "\n"
        "5. Danh mục lỗi\n"
        "1. VP/01/HS01/0003: Thiếu con dấu\n"
        "\n"
        "6. Kế hoạch khắc phục\n"
        "1. VP/01/HS01/0003: Thiếu con dấu - Nguyễn Văn D, 01/04/2026\n"
    )


def test_empty_parts_say_so() -> None:
    text = write_minutes(replace(DATA, sign_offs=(), sample=None, defects=(), files={}))
    assert text.count("Không có.") == 4
    assert "Tệp: 0\n" in text


def test_every_state_has_a_word() -> None:
    text = write_minutes(
        replace(
            DATA,
            files=dict.fromkeys(FileState, 1),
            documents=dict.fromkeys(DocumentState, 1),
            pages=dict.fromkeys(PageState, 1),
        )
    )
    counts = [line for line in text.splitlines() if line.startswith(("Tệp:", "Văn bản:", "Trang:"))]
    assert [line.count("1 ") for line in counts] == [len(FileState), len(DocumentState), len(PageState)]
