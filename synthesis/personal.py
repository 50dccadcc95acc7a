"""Papers about one person or one archival file: Party decisions, the member's card sheet, a diploma, a file's cover."""

from __future__ import annotations

import datetime
from random import Random
from typing import Literal

from synthesis import vocabulary as words
from synthesis.blocks import (
    MOTTO,
    NATION,
    PARTY,
    Looks,
    date_line,
    decide,
    dotted_line,
    press_stamps,
    write_end,
    write_signature,
)
from synthesis.canvas import Style, Token, tokens
from synthesis.fonts import FontSet
from synthesis.forms import Identity, finish, make_recipients
from synthesis.layout import Sheets, open_sheets
from synthesis.organs import Organ, Signing, make_party_organ, make_signing
from synthesis.texts import Person, make_cell, make_date, make_name, make_person, make_place, make_subject, write_date
from synthesis.truth import FieldValue, RenderedDocument

SEXES = {"nam": "male", "nữ": "female"}
RETENTIONS = {"Vĩnh viễn": "01", "70 năm": "02", "20 năm": "05", "10 năm": "06"}
"""Words on paper and their codes in the truth (Circular 05/2025 for retention)."""


def _years_later(day: datetime.date, years: int, days: int) -> datetime.date:
    return datetime.date(day.year + years, day.month, min(day.day, 28)) + datetime.timedelta(days=days)


def make_membership_decision(
    rng: Random,
    fonts: FontSet,
    kind: Literal["admission_decision", "full_member_decision"] = "admission_decision",
    looks: Looks | None = None,
    dpi: int = 200,
) -> RenderedDocument:
    """QĐ kết nạp đảng viên, or QĐ công nhận đảng viên chính thức; Party form."""
    looks = looks or Looks()
    organ = make_party_organ(rng, committee=False)
    person, cell, signing = make_person(rng, 1984, 2004), make_cell(rng), make_signing(rng, organ)
    sheets = open_sheets(fonts, dpi, rng)
    day = max(make_date(rng), _years_later(person.birth, 19, rng.randrange(700)))
    effective = day + datetime.timedelta(days=rng.randrange(0, 20))
    pens = decide(looks.number_by_pen, 0.7, rng), decide(looks.date_by_pen, 0.6, rng)
    identity = Identity(organ, signing, str(rng.randrange(11, 900)), f"QĐ/{organ.code}", day, pens)
    identity.write(sheets)
    stamp_at = sheets.y * 25.4 / dpi
    sheets.skip(6)
    abstract = "kết nạp đảng viên" if kind == "admission_decision" else "công nhận đảng viên chính thức"
    _write_decision(sheets, organ, person, cell, effective, abstract)
    everyone = make_recipients(rng, organ, "Như Điều 2")
    recipients = (*everyone[:3], everyone[-1])
    write_end(sheets, organ, signing, recipients, looks.seal)
    press_stamps(sheets, looks, stamp_at)
    fields = identity.fields() | {
        "record_type_vi": "QUYẾT ĐỊNH", "type_code": "QĐ", "abstract": abstract, "urgency": looks.urgency,
        "secrecy": looks.secrecy, "recipients": recipients, "cited_codes": (), "full_name": person.name,
        "birth_date": person.birth.isoformat(), "cell": cell, "effective_date": effective.isoformat(),
    }  # fmt: skip
    return finish(sheets, kind, fields)


def _write_decision(
    sheets: Sheets, organ: Organ, person: Person, cell: str, effective: datetime.date, abstract: str
) -> None:
    admission = abstract.startswith("kết nạp")
    slope, bold, plain = Style(sheets.size, italic=True), Style(sheets.size, bold=True), Style(sheets.size)
    sheets.heading("QUYẾT ĐỊNH", 16)
    sheets.heading(abstract)
    sheets.lines(tokens("-----", Style(14)), "center", "title")
    sheets.skip(3)
    sheets.paragraph([("Căn cứ Điều lệ Đảng Cộng sản Việt Nam;", slope)])
    sheets.paragraph([(f"Xét đề nghị của {cell} về việc {abstract},", slope)])
    sheets.heading(f"BAN THƯỜNG VỤ {organ.issuing_body}")
    sheets.heading("QUYẾT ĐỊNH:")
    sheets.skip(2)
    whom = "Kết nạp quần chúng ưu tú" if admission else "Công nhận đảng viên dự bị"
    sheets.paragraph([("Điều 1.", bold), (whom, plain)])
    for label, value in (
        ("Họ và tên:", person.name), ("Sinh ngày:", write_date(person.birth)), ("Quê quán:", person.home),
        ("Nghề nghiệp:", sheets.rng.choice(words.POSITIONS)), ("Sinh hoạt tại:", cell),
    ):  # fmt: skip
        dotted_line(sheets, label, tokens(value, bold))
    sheets.skip(3)
    status = "Vào Đảng Cộng sản Việt Nam" if admission else "Là đảng viên chính thức của Đảng"
    sheets.paragraph(f"{status} kể từ ngày {write_date(effective)}.")
    duty = f"{cell} và đồng chí có tên trên chịu trách nhiệm thi hành Quyết định này."
    sheets.paragraph([("Điều 2.", bold), (duty, plain)])


def make_member_card_sheet(rng: Random, fonts: FontSet, dpi: int = 200) -> RenderedDocument:
    """The numbered sheet of a member (2-HSĐV), filled in by pen, two pages."""
    sheets = open_sheets(fonts, dpi, rng)
    sheets.size, sheets.numbered = 13.0, False
    organ, person, cell = make_party_organ(rng, committee=False), make_person(rng), make_cell(rng)
    admitted = _years_later(person.birth, rng.randrange(18, 35), rng.randrange(300))
    full = _years_later(admitted, 1, rng.randrange(40))
    history, card = f"{rng.randrange(100, 99999):06d}", f"{rng.randrange(10_000_000, 99_999_999)}"
    _member_head(sheets, organ)
    rows = _member_rows(rng, person.name, person.sex, write_date(person.birth), person.home, cell)
    rows[:0] = [("Số lý lịch đảng viên:", history), ("Số thẻ đảng viên:", card)]
    rows[8:8] = [
        ("Số căn cước công dân:", person.citizen_number), ("Ngày vào Đảng:", write_date(admitted)),
        ("Ngày chính thức:", write_date(full)),
    ]  # fmt: skip
    for at, (label, value) in enumerate(rows, -1):
        _pen_line(sheets, f"{at:02d}. {label}" if at > 0 else label, value)
    sheets.skip(4)
    day = make_date(rng, 2010, 2026)
    sheets.room(50)
    page, half = sheets.page, sheets.width // 2
    date = date_line(sheets, organ.place, day, True)
    page.write(date, sheets.x0 + half - page.mm(6), sheets.y + page.mm(5), half + page.mm(6), "center", "signature")
    signing = Signing(("NGƯỜI KHAI",), None, None, "NGƯỜI KHAI", person.name)
    write_signature(sheets, signing, organ.issuing_body, sheets.x0 + half, half, sheets.y + page.mm(8), seal=False)
    fields: dict[str, FieldValue] = {
        "form": "party", "record_type_vi": "PHIẾU ĐẢNG VIÊN", "issuing_body": organ.issuing_body, "place": organ.place,
        "date": day.isoformat(), "date_is_handwritten": True, "full_name": person.name,
        "birth_date": person.birth.isoformat(), "sex": SEXES[person.sex], "history_number": history,
        "card_number": card,
        "citizen_number": person.citizen_number, "home_place": person.home, "admission_date": admitted.isoformat(),
        "full_member_date": full.isoformat(), "cell": cell, "secrecy": None, "urgency": None,
    }  # fmt: skip
    return finish(sheets, "member_card_sheet", fields)


def _member_head(sheets: Sheets, organ: Organ) -> None:
    page = sheets.page
    page.write(tokens("Mẫu 2-HSĐV", Style(11, italic=True)), sheets.x0, sheets.y, sheets.width, "right", "header")
    page.write(tokens(organ.issuing_body, Style(13, bold=True)), sheets.x0, sheets.y, sheets.width, "left", "header")
    sheets.skip(8)
    sheets.heading(PARTY, 14)
    sheets.heading("PHIẾU ĐẢNG VIÊN", 17)
    sheets.skip(3)


def _member_rows(rng: Random, name: str, sex: str, birth: str, home: str, cell: str) -> list[tuple[str, str]]:
    place = make_place(rng)
    return [
        ("Họ và tên khai sinh:", name), ("Giới tính:", sex), ("Ngày sinh:", birth),
        ("Quê quán:", home), ("Dân tộc:", rng.choice(("Kinh", "Tày", "Thái", "Mường", "Nùng", "Khmer"))),
        ("Tôn giáo:", "Không"), ("Chi bộ:", cell), ("Nghề nghiệp hiện nay:", rng.choice(words.POSITIONS)),
        ("Trình độ chuyên môn:", rng.choice(words.STUDIES)),
        ("Lý luận chính trị:", rng.choice(("Sơ cấp", "Trung cấp"))),
        ("Khen thưởng:", "Giấy khen"), ("Kỷ luật:", "Không"), ("Họ tên cha:", make_name(rng, "nam")),
        ("Họ tên mẹ:", make_name(rng, "nữ")), ("Nơi ở hiện nay:", f"đường {rng.choice(words.STREETS)}, {place[1]}"),
        ("Số điện thoại:", f"09{rng.randrange(10_000_000, 99_999_999)}"), ("Tình trạng sức khỏe:", "Tốt"),
        ("Ngoại ngữ:", rng.choice(("Anh B", "Anh C", "Nga A"))), ("Sở trường:", "Công tác xã hội"),
    ]  # fmt: skip


def _pen_line(sheets: Sheets, label: str, value: str) -> None:
    words_by_pen: list[Token] = []
    for at, word in enumerate(value.split()):
        pen = sheets.pen(word, 3.4)
        words_by_pen.append(Token(word, pen.style, pen.mark, lead=2.0 if at == 0 else 0.8))
    dotted_line(sheets, label, words_by_pen)


def make_diploma(rng: Random, fonts: FontSet, dpi: int = 200) -> RenderedDocument:
    """A degree certificate in portrait, its number by pen."""
    sheets = open_sheets(fonts, dpi, rng)
    person, day = make_person(rng), make_date(rng, 2000, 2024)
    _, place = make_place(rng)
    school, study = f"{rng.choice(words.SCHOOLS)} {place.upper()}", rng.choice(words.STUDIES)
    number = f"{rng.choice('ABC')}{rng.randrange(100_000, 999_999)}"
    _diploma_head(sheets, school)
    page = sheets.page
    grade = rng.choice(("Giỏi", "Khá", "Trung bình khá"))
    for label, value in (
        ("Cho:", person.name), ("Ngày sinh:", write_date(person.birth)), ("Ngành đào tạo:", study),
        ("Xếp loại tốt nghiệp:", grade), ("Năm tốt nghiệp:", str(day.year)),
    ):  # fmt: skip
        dotted_line(sheets, label, tokens(value, Style(sheets.size, bold=True)))
    sheets.skip(10)
    half = sheets.width // 2
    date = date_line(sheets, place, day, False)
    page.write(date, sheets.x0 + half - page.mm(8), sheets.y, half + page.mm(8), "center", "signature")
    signing = Signing(("HIỆU TRƯỞNG",), None, None, "HIỆU TRƯỞNG", make_name(rng))
    top = sheets.y + page.mm(2)
    write_signature(sheets, signing, school, sheets.x0 + half, half, top, seal=True)
    sheets.y = top + page.mm(25)
    style = Style(12)
    page.write([*tokens("Số hiệu:", style), sheets.pen(number, 3.8)], sheets.x0, sheets.y, half, "left", "form")
    fields: dict[str, FieldValue] = {
        "form": "other", "record_type_vi": "BẰNG TỐT NGHIỆP", "issuing_body": school, "place": place,
        "date": day.isoformat(), "date_is_handwritten": False, "full_name": person.name,
        "birth_date": person.birth.isoformat(), "school": school, "field_of_study": study, "diploma_number": number,
        "signer_name": signing.name,
        "signer_title": signing.title, "signing_lines": signing.lines, "secrecy": None, "urgency": None,
    }  # fmt: skip
    return finish(sheets, "diploma", fields)


def _diploma_head(sheets: Sheets, school: str) -> None:
    page = sheets.page
    for inset, points in ((11, 2.2), (13.5, 0.8)):
        frame = (page.mm(inset), page.mm(inset), page.mm(210 - inset), page.mm(297 - inset))
        page.draw.rectangle(frame, outline=(150, 110, 30), width=page.stroke(points))
    sheets.skip(8)
    sheets.heading(NATION, 13)
    sheets.heading(MOTTO, 14)
    sheets.short_rule(0.35)
    sheets.skip(12)
    sheets.heading(f"HIỆU TRƯỞNG {school}", 14)
    sheets.skip(4)
    sheets.lines(tokens("cấp", Style(14, italic=True)), "center", "title")
    sheets.skip(4)
    sheets.heading("BẰNG TỐT NGHIỆP", 26)
    sheets.skip(14)


def make_file_cover(rng: Random, fonts: FontSet, dpi: int = 200) -> RenderedDocument:
    """The cover of an archival file (bìa hồ sơ): title, dates, sheets, retention; numbers by pen."""
    sheets = open_sheets(fonts, dpi, rng)
    sheets.size = 14
    organ = make_party_organ(rng, committee=False)
    first = make_date(rng, 2012, 2023)
    last = first + datetime.timedelta(days=rng.randrange(60, 700))
    title = rng.choice(words.FILE_TITLES).format(subject=make_subject(rng), year=first.year)
    sheet_count, retention = str(rng.randrange(20, 240)), rng.choice(tuple(RETENTIONS))
    sheets.skip(10)
    sheets.heading(organ.issuing_body, 15)
    sheets.heading(f"PHÔNG LƯU TRỮ {organ.issuing_body}", 13)
    sheets.short_rule()
    sheets.skip(45)
    sheets.heading("HỒ SƠ", 30)
    sheets.skip(12)
    sheets.heading(title, 17, inset=8)
    sheets.skip(10)
    _pen_line(sheets, "Từ ngày:", write_date(first))
    _pen_line(sheets, "Đến ngày:", write_date(last))
    dotted_line(sheets, "Gồm:", [sheets.pen(sheet_count, 4.4), Token("tờ", Style(14))])
    sheets.skip(45)
    for label, value in (
        ("Phông số:", str(rng.randrange(1, 40))), ("Mục lục số:", f"{rng.randrange(1, 9):02d}"),
        ("Hồ sơ số:", str(rng.randrange(1, 900))),
    ):  # fmt: skip
        _pen_line(sheets, label, value)
    dotted_line(sheets, "Thời hạn bảo quản:", tokens(retention, Style(14, bold=True)))
    fields: dict[str, FieldValue] = {
        "form": "other", "record_type_vi": "BÌA HỒ SƠ", "issuing_body": organ.issuing_body, "title": title,
        "first_date": first.isoformat(), "last_date": last.isoformat(), "sheets": sheet_count,
        "retention": RETENTIONS[retention],
        "secrecy": None, "urgency": None,
    }  # fmt: skip
    return finish(sheets, "file_cover", fields)
