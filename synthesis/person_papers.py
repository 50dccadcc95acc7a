"""Papers about one person that are no decisions: transfer, report, petition, health, political standards."""

from __future__ import annotations

from random import Random

from synthesis import vocabulary as words
from synthesis.blocks import MOTTO, NATION, PARTY, Looks, write_end
from synthesis.canvas import Style, tokens
from synthesis.dossier import Dossier, make_dossier, make_paper_day, write_any_date
from synthesis.fonts import FontSet
from synthesis.form_items import Item, ItemWriter, choose_form_look, tell_items
from synthesis.forms import Identity, finish, make_recipients
from synthesis.layout import Sheets, open_sheets
from synthesis.member_forms import (
    Rows,
    birth_item,
    card_item,
    citizen_item,
    date_item,
    home_item,
    name_item,
    sex_item,
    write_closing,
)
from synthesis.organs import make_party_organ, make_signing
from synthesis.texts import make_commune, make_sentence
from synthesis.truth import FieldValue, RenderedDocument

_REPORTS = (
    ("PHIẾU BÁO", "đảng viên đã chuyển sinh hoạt"), ("PHIẾU BÁO ĐẢNG VIÊN TỪ TRẦN", ""), ("PHIẾU BÁO",
    "đảng viên từ trần"),
    ("PHIẾU BÁO ĐẢNG VIÊN RA KHỎI ĐẢNG", ""), ("PHIẾU BÁO CHUYỂN SINH HOẠT ĐẢNG", ""),
    ("PHIẾU BÁO ĐẢNG VIÊN MỚI KẾT NẠP", ""),
)  # fmt: skip
_PETITIONS = (
    "ĐƠN ĐỀ NGHỊ", "ĐƠN XIN VÀO ĐẢNG", "ĐƠN KHIẾU NẠI", "ĐƠN TỐ CÁO", "ĐƠN KIẾN NGHỊ", "ĐƠN XIN MIỄN SINH HOẠT ĐẢNG",
    "ĐƠN XIN CHUYỂN SINH HOẠT ĐẢNG", "ĐƠN XIN XÁC NHẬN",
)  # fmt: skip
_HEALTH = (
    "GIẤY KHÁM SỨC KHỎE", "PHIẾU KHÁM SỨC KHỎE", "GIẤY CHỨNG NHẬN SỨC KHỎE", "PHIẾU KHÁM SỨC KHỎE ĐỊNH KỲ",
    "HỒ SƠ KHÁM SỨC KHỎE",
)  # fmt: skip
_POLITICS = (
    "KẾT LUẬN TIÊU CHUẨN CHÍNH TRỊ", "PHIẾU THẨM TRA, XÁC MINH LÝ LỊCH", "KẾT LUẬN VỀ VẤN ĐỀ CHÍNH TRỊ HIỆN NAY",
    "KẾT LUẬN VỀ VẤN ĐỀ LỊCH SỬ CHÍNH TRỊ", "PHIẾU BẢO VỆ CHÍNH TRỊ NỘI BỘ",
)  # fmt: skip
_FINDINGS = (
    "Đủ tiêu chuẩn chính trị để bổ nhiệm chức vụ", "Không có vấn đề phải xem xét về lịch sử chính trị",
    "Bảo đảm tiêu chuẩn chính trị theo quy định", "Chưa đủ căn cứ kết luận, cần tiếp tục thẩm tra",
)  # fmt: skip


def _party_rows(rng: Random, one: Dossier) -> Rows:
    called = name_item(rng, one, "Họ và tên", "Giới thiệu đồng chí", "Đồng chí", "Họ và tên đảng viên")
    cell = Item(
        rng.choice(("Sinh hoạt tại chi bộ", "Đã sinh hoạt tại", "Chi bộ", "Đang sinh hoạt đảng tại")), one.cell, "cell"
    )
    return [
        (called, sex_item(rng, one)) if rng.random() < 0.4 else (called,),
        (birth_item(rng, one, "Sinh ngày", "Ngày sinh", "Ngày, tháng, năm sinh"),),
        (home_item(rng, one),),
        (date_item(rng, "admission_date", one, "Vào Đảng ngày", "Ngày vào Đảng", "Ngày kết nạp"),
         date_item(rng, "full_member_date", one, "Chính thức ngày", "Ngày chính thức")),
        (card_item(rng, one),), (cell,),
    ]  # fmt: skip


def make_party_paper(
    rng: Random, fonts: FontSet, kind: str, looks: Looks, by_pen: bool | None = None, dpi: int = 200
) -> RenderedDocument:
    """`membership_transfer` or `member_report`: a head with number, items, an end with recipients."""
    sheets, look = open_sheets(fonts, dpi, rng), choose_form_look(rng, by_pen)
    organ = make_party_organ(rng, committee=False)
    one = make_dossier(rng)
    code = "GGT" if kind == "membership_transfer" else "PB"
    day = make_paper_day(rng, one)
    pens = bool(looks.number_by_pen), bool(looks.date_by_pen)
    identity = Identity(organ, make_signing(rng, organ), str(rng.randrange(11, 900)), f"{code}/{organ.code}", day, pens)
    identity.write(sheets)
    sheets.skip(6)
    title, about = ("GIẤY GIỚI THIỆU SINH HOẠT ĐẢNG", "") if code == "GGT" else rng.choice(_REPORTS)
    sheets.heading(title, 16)
    if about:
        sheets.heading(about)
    sheets.skip(4)
    if code == "GGT":
        sheets.paragraph(f"Kính gửi: Đảng ủy xã {make_commune(rng)}")
    effective = write_any_date(rng, day)
    rows = _party_rows(rng, one)
    moved = Item("Được giới thiệu đến sinh hoạt tại", f"Chi bộ thôn {rng.randrange(1, 9)}")
    since = Item(
        rng.choice(("Kể từ ngày", "Có hiệu lực từ ngày", "Thời gian kể từ ngày")),
        effective.text.removeprefix("ngày "),
        "effective_date",
        effective.value,
    )
    rows += [(moved,), (since,)] if code == "GGT" else [(since,)]
    ItemWriter(sheets, look).write(rows)
    sheets.skip(3)
    recipients = make_recipients(rng, organ, "Như trên")[-3:]
    write_end(sheets, organ, identity.signing, recipients, looks.seal)
    told = {name: value for name, value in tell_items(look, rows).items() if name.startswith(_CONCERNED)}
    fields = identity.fields() | {
        "type_code": code,
        "abstract": about or None,
        "secrecy": None,
        "urgency": None,
        "recipients": recipients,
    }
    return finish(sheets, kind, fields | told)


_CONCERNED = ("full_name", "birth_date", "cell", "effective_date")


def _open_plain(rng: Random, fonts: FontSet, dpi: int, head: tuple[str, ...]) -> Sheets:
    sheets = open_sheets(fonts, dpi, rng)
    sheets.size, sheets.numbered = rng.choice((12.5, 13.0, 14.0)), False
    for line in head:
        sheets.heading(line, 13)
    sheets.skip(8)
    return sheets


def make_petition(rng: Random, fonts: FontSet, by_pen: bool | None = None, dpi: int = 200) -> RenderedDocument:
    """A person's own request."""
    head = (NATION, MOTTO) if rng.random() < 0.7 else (PARTY,)
    sheets, look, one = _open_plain(rng, fonts, dpi, head), choose_form_look(rng, by_pen), make_dossier(rng)
    sheets.heading(rng.choice(_PETITIONS), 16)
    sheets.skip(3)
    addressee = f"Kính gửi: Chi ủy {one.cell}, Đảng ủy xã {make_commune(rng)}"
    sheets.lines(tokens(addressee, Style(sheets.size)), "center", "body")
    sheets.skip(4)
    rows: Rows = [
        (name_item(rng, one, "Tôi tên là", "Tên tôi là", "Họ và tên", "Họ và tên người làm đơn"),),
        (birth_item(rng, one, "Sinh ngày", "Ngày sinh", "Sinh năm"),), (Item("Nơi ở hiện nay", one.residence),),
    ]  # fmt: skip
    told_rows = list(rows)
    if rng.random() < 0.6:
        cell = Item(rng.choice(("Đang sinh hoạt tại", "Sinh hoạt tại chi bộ", "Chi bộ")), one.cell, "cell")
        rows.append((cell,))
        told_rows.append((cell,))
    if rng.random() < 0.5:
        citizen = citizen_item(rng, one)
        rows.append((Item(citizen.label, citizen.value, kind="digits"),))
    ItemWriter(sheets, look).write(rows)
    for _ in range(rng.randrange(1, 4)):
        sheets.paragraph(make_sentence(rng))
    sheets.paragraph("Tôi xin chân thành cảm ơn.")
    closing = write_closing(sheets, look, make_commune(rng), one.name, head[0], "NGƯỜI LÀM ĐƠN")
    return finish(sheets, "petition", tell_items(look, told_rows) | closing)


def make_health_paper(rng: Random, fonts: FontSet, by_pen: bool | None = None, dpi: int = 200) -> RenderedDocument:
    """A certificate of health."""
    one, look = make_dossier(rng), choose_form_look(rng, by_pen)
    hospital = f"BỆNH VIỆN ĐA KHOA {make_commune(rng).upper()}"
    issued = rng.random() < 0.6
    sheets = _open_plain(rng, fonts, dpi, (hospital, NATION, MOTTO) if issued else (NATION, MOTTO))
    sheets.heading(rng.choice(_HEALTH), 16)
    sheets.skip(4)
    reason = rng.choice(("Khám sức khỏe định kỳ", "Khám tuyển dụng", "Khám sức khỏe cán bộ diện quản lý"))
    grade = f"Đủ sức khỏe công tác, loại {rng.choice(('I', 'II', 'III'))}"
    rows: Rows = [
        (name_item(rng, one, "Họ và tên", "Họ và tên (chữ in hoa)", "Họ tên người khám"), sex_item(rng, one)),
        (birth_item(rng, one, "Ngày sinh", "Sinh ngày", "Năm sinh"),), (Item("Chỗ ở hiện tại", one.residence),),
        (Item(rng.choice(("Lý do khám sức khỏe", "Loại hình khám", "Lý do khám")), reason, "kind"),),
        (Item("Chiều cao", f"{rng.randrange(150, 185)} cm"), Item("Cân nặng", f"{rng.randrange(45, 85)} kg")),
        (Item("Mạch", "72 lần/phút"), Item("Huyết áp", "120/80 mmHg")),
        (Item("Nội khoa", "Bình thường"), Item("Ngoại khoa", "Bình thường")),
        (Item(rng.choice(("Kết luận", "Kết luận chung")), grade, "conclusion"),),
    ]  # fmt: skip
    ItemWriter(sheets, look).write(rows)
    told = {name: value for name, value in tell_items(look, rows).items() if not name.startswith("sex")}
    closing = write_closing(sheets, look, make_commune(rng), one.name, hospital, "NGƯỜI KẾT LUẬN")
    return finish(sheets, "health", told | closing | {"issuing_body": hospital if issued else None})


def make_political_paper(rng: Random, fonts: FontSet, by_pen: bool | None = None, dpi: int = 200) -> RenderedDocument:
    """What internal political protection found about a cadre."""
    one, look = make_dossier(rng), choose_form_look(rng, by_pen)
    organ = make_party_organ(rng, committee=False)
    sheets = _open_plain(rng, fonts, dpi, (organ.issuing_body, PARTY))
    sheets.heading(rng.choice(_POLITICS), 15)
    sheets.skip(4)
    matter = rng.choice(("Thẩm tra lịch sử chính trị", "Thẩm định tiêu chuẩn chính trị", "Xác minh chính trị hiện nay"))
    rows: Rows = [
        (name_item(rng, one, "Họ và tên", "Họ và tên cán bộ", "Họ và tên khai sinh"),),
        (birth_item(rng, one, "Ngày sinh", "Sinh ngày", "Ngày, tháng, năm sinh"),), (home_item(rng, one),),
        (Item("Chức vụ", one.position),), (Item("Đơn vị công tác", one.unit),),
        (Item(rng.choice(("Nội dung", "Nội dung thẩm tra", "Loại việc")), matter, "kind"),),
        (Item(rng.choice(("Kết luận", "Ý kiến kết luận")), rng.choice(_FINDINGS), "conclusion"),),
    ]  # fmt: skip
    ItemWriter(sheets, look).write(rows)
    told: dict[str, FieldValue] = {n: v for n, v in tell_items(look, rows).items() if not n.startswith("home")}
    closing = write_closing(
        sheets, look, organ.place, one.name, organ.issuing_body, rng.choice(words.POSITIONS).upper()
    )
    return finish(sheets, "internal_protection", told | closing | {"issuing_body": organ.issuing_body})
