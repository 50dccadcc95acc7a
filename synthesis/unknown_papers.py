"""Papers of no record type that a file may hold all the same; what they are called is near to what the types are."""

from __future__ import annotations

from random import Random

from synthesis.blocks import MOTTO, NATION, write_end
from synthesis.canvas import Style, tokens
from synthesis.dossier import make_dossier, write_any_date
from synthesis.fonts import FontSet
from synthesis.form_items import Item, ItemWriter, choose_form_look
from synthesis.forms import Identity, finish, make_recipients
from synthesis.layout import open_sheets
from synthesis.member_forms import Rows, birth_item, citizen_item, name_item
from synthesis.organs import make_party_organ, make_signing
from synthesis.texts import make_date, make_paragraph, make_sentence
from synthesis.truth import RenderedDocument

UNKNOWN = "unknown"
_NEAR = (
    ("KẾ HOẠCH", "KH", "về kết nạp đảng viên năm {year}"), ("THÔNG BÁO", "TB", "về việc thi hành kỷ luật đảng viên"),
    ("HƯỚNG DẪN", "HD", "phát thẻ đảng viên và quản lý thẻ đảng viên"), ("TỜ TRÌNH", "TTr",
    "đề nghị tặng Huy hiệu Đảng"),
    ("BÁO CÁO", "BC", "công tác khen thưởng đảng viên năm {year}"), ("NGHỊ QUYẾT", "NQ", "đề nghị kết nạp đảng viên"),
    ("BÁO CÁO", "BC", "kết quả chuyển sinh hoạt đảng năm {year}"), ("QUYẾT ĐỊNH", "QĐ",
    "thành lập Hội đồng thi đua, khen thưởng"),
    ("KẾ HOẠCH", "KH", "khám sức khỏe định kỳ cho cán bộ"), ("THÔNG BÁO", "TB", "về việc kê khai lý lịch đảng viên"),
    ("QUYẾT ĐỊNH", "QĐ", "phân công đảng viên giúp đỡ quần chúng"), ("BÁO CÁO", "BC",
    "giải quyết đơn khiếu nại năm {year}"),
)  # fmt: skip
_TITLES = (
    "GIẤY KHAI SINH", "HÓA ĐƠN GIÁ TRỊ GIA TĂNG", "PHIẾU THU", "GIẤY BIÊN NHẬN", "DANH SÁCH ĐẢNG VIÊN", "BẢN CAM KẾT",
    "PHIẾU XUẤT KHO", "BẢN KIỂM ĐIỂM CÁ NHÂN", "HỢP ĐỒNG LAO ĐỘNG", "GIẤY XÁC NHẬN", "THƯ CẢM ƠN", "SỔ HỘ KHẨU",
    "BẢN TỰ NHẬN XÉT", "GIẤY ĐĂNG KÝ KẾT HÔN", "PHIẾU LẤY Ý KIẾN", "LỊCH CÔNG TÁC TUẦN", "GIẤY NGHỈ PHÉP",
)  # fmt: skip


def make_unknown_paper(rng: Random, fonts: FontSet, dpi: int = 200) -> RenderedDocument:
    """A receipt, a certificate of birth, a list, a letter, plain text without a head."""
    sheets, look = open_sheets(fonts, dpi, rng), choose_form_look(rng)
    shape, one = rng.random(), make_dossier(rng)
    if shape < 0.6:
        sheets.heading(NATION, 13)
        sheets.heading(MOTTO, 13)
        sheets.skip(5)
    if shape < 0.85:
        sheets.heading(rng.choice(_TITLES), 16)
        sheets.skip(4)
        rows: Rows = [
            (name_item(rng, one, "Họ và tên", "Tên khách hàng"),), (birth_item(rng, one, "Ngày sinh", "Sinh ngày"),),
            (Item("Địa chỉ", one.residence),), (citizen_item(rng, one),), (Item("Lý do", make_sentence(rng)),),
            (Item("Ngày", write_any_date(rng, one.full).text),),
        ]  # fmt: skip
        ItemWriter(sheets, look).write(rng.sample(rows, rng.randrange(2, 6)))
    for _ in range(rng.randrange(1, 5)):
        sheets.paragraph(make_paragraph(rng, 2))
    if rng.random() < 0.3:
        sheets.lines(tokens("Người viết", Style(13, bold=True)), "right", "body")
    return finish(sheets, UNKNOWN, {})


def make_near_paper(rng: Random, fonts: FontSet, dpi: int = 200) -> RenderedDocument:
    """A Party document about what the personal papers are, and none of them."""
    sheets, organ, day = open_sheets(fonts, dpi, rng), make_party_organ(rng, committee=False), make_date(rng)
    name, code, about = rng.choice(_NEAR)
    signing = make_signing(rng, organ)
    identity = Identity(organ, signing, str(rng.randrange(11, 900)), f"{code}/{organ.code}", day, (False, False))
    identity.write(sheets)
    sheets.skip(6)
    sheets.heading(name, 16)
    sheets.heading(about.format(year=day.year))
    sheets.lines(tokens("-----", Style(14)), "center", "title")
    for _ in range(rng.randrange(2, 5)):
        sheets.paragraph(make_paragraph(rng, 2))
    write_end(sheets, organ, signing, make_recipients(rng, organ, "Các cấp ủy trực thuộc")[:4], True)
    return finish(sheets, "party_document", identity.fields())
