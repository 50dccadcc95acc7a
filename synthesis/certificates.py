"""Diplomas and covers of files in the layouts of many schools and offices."""

from __future__ import annotations

import datetime
from random import Random

from synthesis import vocabulary as words
from synthesis.blocks import MOTTO, NATION, date_line, write_signature
from synthesis.canvas import Style, tokens
from synthesis.dossier import make_dossier, write_any_date
from synthesis.fonts import FontSet
from synthesis.form_items import Item, ItemWriter, choose_form_look, tell_items
from synthesis.forms import finish
from synthesis.layout import open_sheets
from synthesis.member_forms import Rows, birth_item, name_item
from synthesis.organs import Signing, make_party_organ
from synthesis.texts import make_date, make_name, make_place, make_subject
from synthesis.truth import FieldValue, RenderedDocument

_DEGREES = (
    "BẰNG TỐT NGHIỆP", "BẰNG CỬ NHÂN", "BẰNG KỸ SƯ", "BẰNG THẠC SĨ", "BẰNG TỐT NGHIỆP ĐẠI HỌC",
    "BẰNG TỐT NGHIỆP TRUNG CẤP LÝ LUẬN CHÍNH TRỊ", "CHỨNG CHỈ", "BẰNG TỐT NGHIỆP TRUNG HỌC",
)  # fmt: skip
_KEPT = ("Vĩnh viễn", "70 năm", "50 năm", "20 năm", "10 năm")


def make_any_diploma(rng: Random, fonts: FontSet, by_pen: bool | None = None, dpi: int = 200) -> RenderedDocument:
    """A degree or certificate; its values by pen or printed alike."""
    sheets, look, one = open_sheets(fonts, dpi, rng), choose_form_look(rng, by_pen), make_dossier(rng)
    _, place = make_place(rng)
    school, study = f"{rng.choice(words.SCHOOLS)} {place.upper()}", rng.choice(words.STUDIES)
    sheets.heading(NATION, 13)
    sheets.heading(MOTTO, 13)
    sheets.skip(8)
    head = rng.choice(("HIỆU TRƯỞNG", "GIÁM ĐỐC"))
    sheets.heading(f"{head} {school}" if rng.random() < 0.6 else school, 14)
    if rng.random() < 0.5:
        sheets.lines(tokens(rng.choice(("cấp", "chứng nhận")), Style(14, italic=True)), "center", "title")
    sheets.skip(4)
    sheets.heading(rng.choice(_DEGREES), rng.choice((20, 24, 26)))
    sheets.skip(8)
    number = rng.choice((f"{rng.choice('ABC')}{rng.randrange(100_000, 999_999)}", f"{rng.randrange(1000, 9999999)}"))
    rows: Rows = [
        (name_item(rng, one, "Cho", "Cấp cho", "Họ và tên", "Cho ông/bà"),), (birth_item(rng, one, "Ngày sinh",
        "Sinh ngày"),),
        (Item(rng.choice(("Ngành đào tạo", "Ngành", "Chuyên ngành")), study, "field_of_study"),),
        (Item("Xếp loại tốt nghiệp", rng.choice(("Giỏi", "Khá"))),), (Item("Hình thức đào tạo", "Chính quy"),),
    ]  # fmt: skip
    last: Rows = [(Item(rng.choice(("Số hiệu", "Số hiệu bằng")), number, "diploma_number"),)]
    last += [(Item("Số vào sổ cấp bằng", str(rng.randrange(10, 999))),)]
    writer = ItemWriter(sheets, look)
    writer.write(rows, numbered=False)
    sheets.skip(6)
    day, half, page = make_date(rng, 1985, 2024), sheets.width // 2, sheets.page
    page.write(date_line(sheets, place, day, False), sheets.x0 + half, sheets.y, half, "center", "signature")
    signing = Signing((head,), None, None, head, make_name(rng))
    sheets.y = write_signature(sheets, signing, school, sheets.x0 + half, half, sheets.y + page.mm(2), seal=True)
    sheets.skip(2)
    writer.write(last, numbered=False)
    fields: dict[str, FieldValue] = {
        "place": place, "date": day.isoformat(), "date_is_handwritten": False, "school": school, "issuing_body": school,
        "signer_name": signing.name, "signer_title": head,
        "secrecy": None, "urgency": None,
    }  # fmt: skip
    return finish(sheets, "diploma", fields | tell_items(look, [*rows, *last]))


def make_any_cover(rng: Random, fonts: FontSet, by_pen: bool | None = None, dpi: int = 200) -> RenderedDocument:
    """The cover of a file: its title in large letters or as an item."""
    sheets, look = open_sheets(fonts, dpi, rng), choose_form_look(rng, by_pen)
    sheets.size, organ = 14, make_party_organ(rng, committee=False)
    first = make_date(rng, 1988, 2023)
    last = first + datetime.timedelta(days=rng.randrange(60, 700))
    title = rng.choice(words.FILE_TITLES).format(subject=make_subject(rng), year=first.year)
    sheets.heading(organ.issuing_body, 15)
    sheets.heading(f"PHÔNG LƯU TRỮ {organ.issuing_body}", 13)
    sheets.skip(rng.uniform(20, 50))
    sheets.heading(rng.choice(("HỒ SƠ", "HỒ SƠ", "ĐƠN VỊ BẢO QUẢN")), rng.choice((24, 30)))
    sheets.skip(10)
    writer = ItemWriter(sheets, look)
    rows: Rows = []
    titled = rng.random() < 0.5 and not look.by_pen
    if titled:
        sheets.heading(title, 17, inset=8)
    else:
        rows.append((Item(rng.choice(("Tiêu đề hồ sơ", "Tiêu đề")), title, "title"),))
    dates = write_any_date(rng, first, worded=0), write_any_date(rng, last, worded=0)
    rows.append(
        (
            Item("Từ ngày", dates[0].text, "first_date", dates[0].value),
            Item("Đến ngày", dates[1].text, "last_date", dates[1].value),
        )
    )
    sheets_in_it, kept = str(rng.randrange(3, 240)), rng.choice(_KEPT)
    counted = rng.choice(
        (Item("Gồm", f"{sheets_in_it} tờ", "sheets", sheets_in_it), Item("Số tờ", sheets_in_it, "sheets"))
    )
    rows += [(counted,), (Item(rng.choice(("Thời hạn bảo quản", "THBQ")), kept, "retention"),)]
    writer.write(rows, numbered=False)
    sheets.skip(20)
    tail: Rows = [(Item("Phông số", str(rng.randrange(1, 40))), Item("Mục lục số", f"{rng.randrange(1, 9):02d}"))]
    writer.write([*tail, (Item("Hồ sơ số", str(rng.randrange(1, 900))),)], numbered=False)
    told = tell_items(look, rows) | ({"title": title} if titled else {})
    return finish(sheets, "file_cover", told | {"issuing_body": organ.issuing_body, "secrecy": None, "urgency": None})
