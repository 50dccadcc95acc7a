"""Numbered forms about one person: the member's sheet and history, the cadre's history, in several generations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from synthesis import vocabulary as words
from synthesis.blocks import MOTTO, NATION, PARTY, date_line, write_signature
from synthesis.canvas import Style, tokens
from synthesis.dossier import NATIONS, RELIGIONS, Dossier, make_dossier, make_parent, write_any_date
from synthesis.fonts import FontSet
from synthesis.form_items import FormLook, Item, ItemWriter, choose_form_look, tell_items
from synthesis.forms import finish
from synthesis.layout import Sheets, open_sheets
from synthesis.organs import Signing, make_party_organ
from synthesis.texts import make_commune, make_date
from synthesis.truth import FieldValue, RenderedDocument

Rows = list[Sequence[Item]]


def name_item(rng: Random, one: Dossier, *labels: str) -> Item:
    name = one.name.upper() if rng.random() < 0.5 else one.name
    return Item(rng.choice(labels), name, "full_name")


def birth_item(rng: Random, one: Dossier, *labels: str) -> Item:
    day = write_any_date(rng, one.person.birth, partial=0.12)
    label = rng.choice(labels)
    if label.startswith("Sinh ngày") and day.text.startswith("ngày"):
        return Item(label, day.text.removeprefix("ngày "), "birth_date", day.value)
    return Item(label, day.text, "birth_date", day.value)


def date_item(rng: Random, field: str, day_of: Dossier, *labels: str) -> Item:
    """`admission_date` or `full_member_date`."""
    day = write_any_date(rng, day_of.admitted if field == "admission_date" else day_of.full, worded=0.15)
    label = rng.choice(labels)
    text = day.text.removeprefix("ngày ") if "gày" in label else day.text
    return Item(label, text, field, day.value)


def sex_item(rng: Random, one: Dossier) -> Item:
    sex = one.person.sex
    value = rng.choice((sex, sex.capitalize()))
    return Item(rng.choice(("Giới tính", "Giới tính", "Nam, nữ", "Nam/Nữ")), value, "sex", sex, "sex")


def home_item(rng: Random, one: Dossier) -> Item:
    home = one.person.home
    if rng.random() < 0.3:
        home = home.replace(", ", f", huyện {make_commune(rng)}, ", 1)
    return Item(rng.choice(("Quê quán", "Quê quán", "Quê quán (xã, huyện, tỉnh)")), home, "home_place")


def citizen_item(rng: Random, one: Dossier) -> Item:
    old = rng.random() < 0.2
    number = f"{rng.randrange(100_000_000, 400_000_000)}" if old else one.person.citizen_number
    new_labels = ("Số căn cước công dân", "Số CCCD", "Số định danh cá nhân", "Số CMND/CCCD", "Căn cước công dân số")
    label = rng.choice(("Số CMND", "Số chứng minh nhân dân", "Giấy CMND số") if old else new_labels)
    return Item(label, number, "citizen_number", kind="digits")


def card_item(rng: Random, one: Dossier) -> Item:
    number = one.card_number
    text = f"{number[:2]}.{number[2:]}" if rng.random() < 0.2 else number
    labels = ("Số thẻ đảng viên", "Số thẻ đảng", "Số thẻ ĐV", "Số TĐV")
    return Item(rng.choice(labels), text, "card_number", number, "digits" if text == number else "text")


def _history_item(rng: Random, one: Dossier) -> Item:
    return Item(
        rng.choice(("Số lý lịch", "Số lý lịch đảng viên", "Số LL", "SLL")), one.history_number, "history_number"
    )


def _cell_item(rng: Random, one: Dossier) -> Item:
    labels = ("Chi bộ", "Sinh hoạt tại chi bộ", "Đang sinh hoạt tại", "Sinh hoạt đảng tại")
    return Item(rng.choice(labels), one.cell, "cell")


def _extra_rows(rng: Random, one: Dossier) -> Rows:
    """Items that every such form has and nobody asks for."""
    rows: Rows = [
        (Item("Dân tộc", rng.choice(NATIONS)), Item("Tôn giáo", rng.choice(RELIGIONS))),
        (Item("Nơi ở hiện nay", one.residence),),
        (Item("Trình độ giáo dục phổ thông", rng.choice(("12/12", "10/10", "9/12"))),
         Item("Lý luận chính trị", rng.choice(("Sơ cấp", "Trung cấp", "Cao cấp")))),
        (Item("Chuyên môn, nghiệp vụ", rng.choice(words.STUDIES)), Item("Ngoại ngữ", rng.choice(("Anh B", "Nga A")))),
        (Item("Tình trạng sức khỏe", rng.choice(("Tốt", "Trung bình"))), Item("Nhóm máu", rng.choice(("A", "B", "O")))),
        (Item("Khen thưởng", rng.choice(("Giấy khen", "Bằng khen", None))), Item("Kỷ luật", rng.choice(("Không",
        None)))),
        (Item("Số điện thoại", f"09{rng.randrange(10_000_000, 99_999_999)}"),),
        (Item("Họ và tên cha", make_parent(rng, True)), Item("Sinh năm", str(one.person.birth.year - 27))),
        (Item("Họ và tên mẹ", make_parent(rng, False)), Item("Năm sinh", str(one.person.birth.year - 25))),
        (Item("Ngày vào Đoàn TNCS Hồ Chí Minh", write_any_date(rng, one.admitted.replace(day=26, month=3)).text),),
    ]  # fmt: skip
    return rng.sample(rows, rng.randrange(4, len(rows) + 1))


def _mix(rng: Random, asked: Rows, others: Rows) -> Rows:
    """The others strewn among the asked, the first of which stays first."""
    rows = list(asked)
    for one in others:
        rows.insert(rng.randrange(2, len(rows) + 1), one)
    return rows


def _member_rows(rng: Random, one: Dossier) -> Rows:
    name = name_item(rng, one, "Họ và tên khai sinh", "Họ và tên đang dùng", "Họ và tên", "Họ, tên khai sinh", "Họ tên")
    born = birth_item(
        rng, one, "Sinh ngày", "Ngày sinh", "Ngày, tháng, năm sinh", "Sinh ngày, tháng, năm", "Ngày tháng năm sinh"
    )
    admitted = date_item(
        rng,
        "admission_date",
        one,
        "Ngày vào Đảng",
        "Ngày kết nạp",
        "Ngày vào Đảng Cộng sản Việt Nam",
        "Vào Đảng ngày",
        "Ngày được kết nạp vào Đảng",
    )
    full = date_item(
        rng,
        "full_member_date",
        one,
        "Ngày chính thức",
        "Chính thức ngày",
        "Ngày công nhận chính thức",
        "Ngày được công nhận chính thức",
    )
    numbers: Rows = [(_history_item(rng, one), card_item(rng, one))]
    rows: Rows = [
        (name, sex_item(rng, one)) if rng.random() < 0.6 else (name,),
        (Item(rng.choice(("Bí danh", "Các bí danh", "Tên gọi khác")), rng.choice((None, "Không"))),),
        (born,) if rng.random() < 0.5 else (born, Item("Nơi sinh", f"xã {make_commune(rng)}")),
        (home_item(rng, one),), (admitted, full) if rng.random() < 0.6 else (admitted,), (_cell_item(rng, one),),
        (citizen_item(rng, one),),
    ]  # fmt: skip
    if len(rows[0]) == 1:
        rows.insert(1, (sex_item(rng, one),))
    if not any(item.field == "full_member_date" for row in rows for item in row):
        rows.insert(rows.index((admitted,)) + 1, (full,))
    return [*numbers, *_leave_blanks(rng, _mix(rng, rows, _extra_rows(rng, one)))]


def _leave_blanks(rng: Random, rows: Rows) -> Rows:
    """Here and there a number or a date is missing."""
    may = ("citizen_number", "full_member_date", "home_place")
    return [
        tuple(
            replace(item, value=None, truth=None) if item.field in may and rng.random() < 0.06 else item for item in row
        )
        for row in rows
    ]


def _cadre_rows(rng: Random, one: Dossier) -> Rows:
    name = name_item(
        rng, one, "Họ và tên khai sinh (viết chữ in hoa)", "Họ và tên khai sinh", "Họ và tên", "Họ tên khai sinh"
    )
    born = birth_item(rng, one, "Sinh ngày", "Ngày sinh", "Ngày, tháng, năm sinh", "Sinh năm")
    position = Item(
        rng.choice(("Chức vụ (chức danh) hiện tại", "Chức vụ hiện nay", "Chức vụ", "Chức danh, chức vụ hiện tại")),
        one.position,
        "position",
    )
    unit = Item(
        rng.choice(
            (
                "Cơ quan, đơn vị công tác",
                "Đơn vị công tác",
                "Cơ quan công tác",
                "Cơ quan, đơn vị sử dụng cán bộ",
                "Đơn vị sử dụng",
            )
        ),
        one.unit,
        "unit",
    )
    asked: Rows = [
        (name,), (Item("Tên gọi khác", rng.choice((None, "Không"))),), (born, sex_item(rng, one)),
        (home_item(rng, one),), (position,), (unit,),
        (date_item(rng, "admission_date", one, "Ngày vào Đảng Cộng sản Việt Nam", "Ngày vào Đảng"),
         date_item(rng, "full_member_date", one, "Ngày chính thức")),
        (citizen_item(rng, one),),
    ]  # fmt: skip
    if rng.random() < 0.4:
        asked.insert(0, asked.pop(5))
    return _mix(rng, asked, _extra_rows(rng, one))


_MEMBER_TITLES = {
    "member_card_sheet": (("PHIẾU ĐẢNG VIÊN",), ("Mẫu 2-HSĐV", "Mẫu 2 - HSĐV", "2-HSĐV", "")),
    "member_history": (
        ("LÝ LỊCH ĐẢNG VIÊN", "LÝ LỊCH CỦA NGƯỜI XIN VÀO ĐẢNG", "LÝ LỊCH NGƯỜI XIN VÀO ĐẢNG", "LÝ LỊCH CỦA ĐẢNG VIÊN"),
        ("Mẫu 1-HSĐV", "Mẫu 1 - HSĐV", "Mẫu 2-KNĐ", ""),
    ),
    "cadre_history": (
        ("SƠ YẾU LÝ LỊCH", "SƠ YẾU LÝ LỊCH CÁN BỘ, CÔNG CHỨC", "SƠ YẾU LÝ LỊCH CÁN BỘ"),
        ("Mẫu 2C-BNV/2008", "Mẫu 2C/TCTW-98", "Mẫu 2C-TCTW/98", "Mẫu 2a-BNV/2007", ""),
    ),
}  # fmt: skip


def _write_title(sheets: Sheets, organ: str, title: str, mark: str, state: bool) -> str | None:
    """Returns the issuing body if it is printed."""
    page, rng = sheets.page, sheets.rng
    if mark:
        page.write(
            tokens(mark, Style(11, italic=rng.random() < 0.5)), sheets.x0, sheets.y, sheets.width, "right", "header"
        )
    issued = rng.random() < 0.7
    if issued:
        page.write(tokens(organ, Style(12.5, bold=True)), sheets.x0, sheets.y, sheets.width, "left", "header")
    sheets.skip(8)
    if state and rng.random() < 0.6:
        sheets.heading(NATION, 13)
        sheets.heading(MOTTO, 13)
    elif not state and rng.random() < 0.8:
        sheets.heading(PARTY, 14)
    sheets.skip(2)
    sheets.heading(title, rng.choice((15, 16, 17, 18)))
    sheets.skip(3)
    return organ if issued else None


def write_closing(
    sheets: Sheets, look: FormLook, place: str, name: str, organ: str, position: str = "NGƯỜI KHAI"
) -> dict[str, FieldValue]:
    """Place, date and signature on the right; what they say."""
    rng = sheets.rng
    day = make_date(rng, 2008, 2026)
    sheets.room(52)
    sheets.skip(3)
    page, half = sheets.page, sheets.width // 2
    date = date_line(sheets, place, day, look.by_pen)
    page.write(date, sheets.x0 + half - page.mm(6), sheets.y + page.mm(5), half + page.mm(6), "center", "signature")
    signing = Signing((position,), None, None, position, name)
    sheets.y = write_signature(sheets, signing, organ, sheets.x0 + half, half, sheets.y + page.mm(8), seal=False)
    return {
        "place": place,
        "date": day.isoformat(),
        "date_is_handwritten": look.by_pen,
        "secrecy": None,
        "urgency": None,
    }


def make_numbered_form(
    rng: Random, fonts: FontSet, kind: str, by_pen: bool | None = None, dpi: int = 200
) -> RenderedDocument:
    """`member_card_sheet`, `member_history` or `cadre_history`; one or two pages."""
    sheets, look = open_sheets(fonts, dpi, rng), choose_form_look(rng, by_pen)
    sheets.size, sheets.numbered = rng.choice((12.0, 12.5, 13.0)), False
    if rng.random() < 0.15:
        sheets.face = sheets.page.face = sheets.sans
    one, organ = make_dossier(rng), make_party_organ(rng, committee=False)
    titles, marks = _MEMBER_TITLES[kind]
    issuer = _write_title(sheets, organ.issuing_body, rng.choice(titles), rng.choice(marks), kind == "cadre_history")
    rows = _cadre_rows(rng, one) if kind == "cadre_history" else _member_rows(rng, one)
    writer = ItemWriter(sheets, look)
    if kind != "cadre_history":
        writer.write(rows[:1], numbered=False)
    writer.write(rows[1 if kind != "cadre_history" else 0 :])
    asked = tell_items(look, rows)
    if kind == "cadre_history":
        asked = {
            name: value for name, value in asked.items() if not name.startswith(("admission", "full_member", "home"))
        }
    closing = write_closing(sheets, look, organ.place, one.name, organ.issuing_body)
    return finish(sheets, kind, asked | closing | {"issuing_body": issuer})
