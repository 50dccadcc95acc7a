"""Record types by what a document calls itself, and the fields of personal forms."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.recognition import RecognizedPage
from ocr.describing import describe

MakePage = Callable[..., RecognizedPage]

PARTY = [
    ("ĐẢNG BỘ TỈNH QUẢNG NGÃI", 0.12, 0),
    ("ĐẢNG CỘNG SẢN VIỆT NAM", 0.56, 0),
    ("HUYỆN ỦY BÌNH SƠN", 0.15, 1),
    ("Số 29-QĐ/HU", 0.16, 3),
    ("Bình Sơn, ngày 12 tháng 3 năm 2024", 0.54, 2.5),
]
STATE = [
    ("ỦY BAN NHÂN DÂN", 0.14, 0),
    ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 0.48, 0),
    ("XÃ BÌNH MINH", 0.16, 1),
    ("Độc lập - Tự do - Hạnh phúc", 0.54, 1),
]


@pytest.mark.parametrize(
    ("title", "abstract", "record_type"),
    [
        ("QUYẾT ĐỊNH", "kết nạp đảng viên", "admission_decision"),
        ("QUYẾT ĐỊNH", "về việc kết nạp người vào Đảng", "admission_decision"),
        ("QUYẾT ĐỊNH", "công nhận đảng viên chính thức", "full_member_decision"),
        ("QUYẾT ĐỊNH", "tặng Huy hiệu 40 năm tuổi Đảng", "party_badge"),
        ("QUYẾT ĐỊNH", "về việc khen thưởng tổ chức đảng, đảng viên", "commendation"),
        ("QUYẾT ĐỊNH", "thi hành kỷ luật đảng viên bằng hình thức cảnh cáo", "discipline"),
        ("QUYẾT ĐỊNH", "phát thẻ đảng viên", "party_card_issue"),
        ("GIẤY GIỚI THIỆU SINH HOẠT ĐẢNG", "", "membership_transfer"),
        ("PHIẾU BÁO ĐẢNG VIÊN TỪ TRẦN", "", "member_report"),
        ("QUYẾT ĐỊNH", "phân công cấp ủy viên phụ trách địa bàn", "party_document"),
        ("PHIẾU ĐẢNG VIÊN", "", "member_card_sheet"),
        ("LÝ LỊCH ĐẢNG VIÊN", "", "member_history"),
        ("KẾT LUẬN", "về vấn đề lịch sử chính trị của đảng viên", "internal_protection"),
    ],
)
def test_party_types(page: MakePage, title: str, abstract: str, record_type: str) -> None:
    lines = [*PARTY, (title, 0.42, 5), *([(abstract, 0.36, 6)] if abstract else [])]
    lines += [("Căn cứ Điều lệ Đảng Cộng sản Việt Nam và quy định về khen thưởng, kỷ luật", 0.12, 9)]
    found = describe([page(lines)])
    assert found.record_type == record_type
    assert found.record_type_confidence > 0.5


@pytest.mark.parametrize(
    ("title", "record_type"),
    [
        ("SƠ YẾU LÝ LỊCH CÁN BỘ, CÔNG CHỨC Mẫu 2C", "cadre_history"),
        ("BẰNG TỐT NGHIỆP ĐẠI HỌC", "diploma"),
        ("ĐƠN KHIẾU NẠI", "petition"),
        ("GIẤY KHÁM SỨC KHỎE", "health"),
    ],
)
def test_state_types(page: MakePage, title: str, record_type: str) -> None:
    assert describe([page([*STATE, (title, 0.35, 5)])]).record_type == record_type


def test_notice_about_diplomas_is_no_diploma(page: MakePage) -> None:
    lines = [*STATE, ("THÔNG BÁO", 0.45, 5), ("Về việc nhận bằng tốt nghiệp", 0.36, 6)]
    assert describe([page(lines)]).record_type == "administrative_document"


def test_body_text_alone_names_no_type(page: MakePage) -> None:
    lines = [*STATE, ("BÁO CÁO", 0.45, 5), ("Kết quả công tác năm 2024", 0.36, 6)]
    lines += [("Căn cứ kế hoạch năm, đã kết nạp đảng viên, khen thưởng và xử lý kỷ luật cán bộ theo quy định", 0.12, 9)]
    assert describe([page(lines)]).record_type == "administrative_document"


@pytest.mark.parametrize(("subject", "sure"), [("V/v đăng ký bổ sung nội dung", True), ("đăng ký bổ sung", False)])
def test_a_letters_subject_says_as_much_as_a_title(page: MakePage, subject: str, sure: bool) -> None:
    number = ("Số: 574/UBND-KTTH", 0.16, 2)
    found = describe([page([*STATE, number, (subject, 0.14, 3), ("Kính gửi: Sở Tài chính", 0.4, 6)])])
    assert (found.record_type, found.record_type_confidence > 0.9) == ("administrative_document", sure)


@pytest.mark.parametrize("number", ["Số LL: 093375", "Số: 12/763"])
def test_an_item_of_a_form_is_no_documents_number(page: MakePage, number: str) -> None:
    """Then the form's date is the one above its signature, too."""
    lines = [
        ("THÀNH ỦY CẦN THƠ", 0.12, 0),
        ("ĐẢNG CỘNG SẢN VIỆT NAM", 0.36, 2),
        ("LÝ LỊCH ĐẢNG VIÊN", 0.38, 3),
        (number, 0.12, 5),
        ("1) Họ và tên khai sinh: TÔ KHÁNH BÍCH", 0.12, 6),
        ("Cần Thơ, ngày 21 tháng 3 năm 2010", 0.55, 30),
        ("NGƯỜI KHAI", 0.62, 31),
    ]
    found = describe([page(lines)])
    date = found.suggestion("date")
    assert (found.record_type, found.suggestion("number")) == ("member_history", None)
    assert (date.value if date else None) == "2010-03-21"


def test_member_card_sheet_fields(page: MakePage) -> None:
    lines = [
        *PARTY[:3],
        ("PHIẾU ĐẢNG VIÊN", 0.42, 4),
        ("Số lý lịch: 045678", 0.12, 6),
        ("Số thẻ đảng viên: 12.345678", 0.5, 6),
        ("Họ và tên khai sinh: NGUYỄN VĂN AN", 0.12, 7),
        ("Giới tính: Nam", 0.6, 7),
        ("Sinh ngày 05 tháng 9 năm 1975", 0.12, 8),
        ("Số CCCD: 051075001234", 0.5, 8),
        ("Quê quán: xã Bình Minh, tỉnh Quảng Ngãi.", 0.12, 9),
        ("Ngày vào Đảng: 03/02/1999", 0.12, 10),
        ("Ngày chính thức: 03/02/2000", 0.5, 10),
        ("Chi bộ: Thôn 3 ........", 0.12, 11),
    ]
    found = {one.name: one.value for one in describe([page(lines)]).fields}
    wanted = {
        "history_number": "045678",
        "card_number": "12345678",
        "full_name": "NGUYỄN VĂN AN",
        "sex": "nam",
        "birth_date": "1975-09-05",
        "citizen_number": "051075001234",
        "home_place": "xã Bình Minh, tỉnh Quảng Ngãi",
        "admission_date": "1999-02-03",
        "full_member_date": "2000-02-03",
        "cell": "Thôn 3",
    }
    assert {name: found.get(name) for name in wanted} == wanted


def test_file_cover_fields(page: MakePage) -> None:
    lines = [
        ("PHÔNG: HUYỆN ỦY BÌNH SƠN   Mục lục số: 02", 0.2, 2),
        ("HỒ SƠ", 0.45, 8),
        ("Tiêu đề: Hội nghị Ban Chấp hành năm 1998", 0.2, 10),
        ("Từ ngày 05/01/1998 đến ngày 20/12/1998", 0.2, 14),
        ("Gồm: 87 tờ", 0.2, 15),
        ("Thời hạn bảo quản: Vĩnh viễn", 0.2, 16),
    ]
    found = describe([page(lines)])
    values = {one.name: one.value for one in found.fields}
    assert found.record_type == "file_cover"
    assert values == {
        "title": "Hội nghị Ban Chấp hành năm 1998",
        "first_date": "1998-01-05",
        "last_date": "1998-12-20",
        "sheets": "87",
        "retention": "Vĩnh viễn",
    }
