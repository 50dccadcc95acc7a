"""Documents that are rarer: older Party forms, double delegation, two positions, blank numbers, annexes, lists of
recipients in two columns or on the page after the signature.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Literal

from synthesis import vocabulary as words
from synthesis.blocks import Looks, date_line, number_line, write_end, write_head, write_signature
from synthesis.canvas import Style, Token, tokens, wrap
from synthesis.fonts import FontSet
from synthesis.forms import Identity, finish, make_number, make_recipients
from synthesis.layout import Sheets, open_sheets
from synthesis.organs import Organ, Signing, make_party_organ, make_signing, make_state_organ
from synthesis.texts import make_abstract, make_date, make_paragraph, make_task, write_date
from synthesis.truth import RenderedDocument

Rarity = Literal[
    "older_party", "double_delegation", "by_mandate", "acting", "two_positions", "annex", "blank_number", "two_columns",
    "two_pages",
]  # fmt: skip
RARITIES: tuple[Rarity, ...] = (
    "older_party", "double_delegation", "by_mandate", "acting", "two_positions", "annex", "blank_number", "two_columns",
    "two_pages",
)  # fmt: skip
_PARTY_ONLY = ("older_party", "two_positions")
_STATE_ONLY = ("double_delegation", "by_mandate", "acting")


def make_rare_document(
    rng: Random, fonts: FontSet, rarity: Rarity, looks: Looks | None = None, dpi: int = 200
) -> RenderedDocument:
    """A document with that rarity, clean, with its fields. A blank number or day is neither printed nor by pen."""
    looks = looks or Looks()
    state = rarity in _STATE_ONLY or (rarity not in _PARTY_ONLY and rng.random() < 0.5)
    organ = make_state_organ(rng) if state else make_party_organ(rng, False if rarity == "two_positions" else None)
    name, code = rng.choice([one for one in (words.STATE_TYPES if state else words.PARTY_TYPES) if one[1] != "CV"])
    sheets = open_sheets(fonts, dpi, rng)
    symbol = f"{code}-{organ.code}" if state else f"{code}/{organ.code}"
    pens = bool(looks.number_by_pen), bool(looks.date_by_pen)
    signing = _sign(rng, organ, rarity)
    identity = Identity(organ, signing, make_number(rng), symbol, make_date(rng), pens)
    _write_head(sheets, identity, rarity)
    abstract = make_abstract(rng, organ.territory)
    printed = f"Về việc {abstract}" if state else abstract
    _write_title(sheets, name, printed, state)
    for _ in range(4 if rarity != "two_pages" else 8):
        sheets.paragraph(make_paragraph(rng, rng.randrange(1, 3)))
    recipients = make_recipients(rng, organ, "Như trên" if state else "Các cấp ủy trực thuộc")
    _write_end(sheets, organ, signing, recipients, looks.seal, rarity)
    if rarity == "annex":
        _write_annex(sheets, identity, name)
    fields = identity.fields() | {
        "record_type_vi": name,
        "type_code": "QyĐ" if name == "QUY ĐỊNH" else code,
        "abstract": printed,
        "urgency": None,
        "secrecy": None,
        "recipients": recipients,
        "cited_codes": (),
    }
    if rarity == "blank_number":
        blank = {"number": None, "number_is_handwritten": True, "date": None, "date_is_handwritten": True}
        fields |= blank | {"code": None}
    return finish(sheets, "administrative_document" if state else "party_document", fields)


def _sign(rng: Random, organ: Organ, rarity: Rarity) -> Signing:
    plain = make_signing(rng, organ)
    if rarity == "double_delegation":
        lines = (f"TL. {organ.head}", "KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG")
        return Signing(lines, "KT.", "CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG", plain.name)
    if rarity == "by_mandate":
        return Signing((f"TUQ. {organ.head}", organ.deputy), "TUQ.", organ.head, organ.deputy, plain.name)
    if rarity == "acting":
        return Signing((f"Q. {organ.head}",), "Q.", None, organ.head, plain.name)
    if rarity == "two_positions":
        second = rng.choice(("TRƯỞNG BAN TỔ CHỨC", "CHỦ NHIỆM ỦY BAN KIỂM TRA", "CHỦ TỊCH HỘI ĐỒNG NHÂN DÂN"))
        both = ("T/M BAN THƯỜNG VỤ", "PHÓ BÍ THƯ", "kiêm", second)
        return Signing(both, "T/M", "BAN THƯỜNG VỤ", f"PHÓ BÍ THƯ kiêm {second}", plain.name)
    return plain


def _write_head(sheets: Sheets, identity: Identity, rarity: Rarity) -> None:
    organ, rng = identity.organ, sheets.rng
    number = number_line(sheets, identity.number, identity.symbol, identity.pens[0], organ.form)
    date = date_line(sheets, organ.place, identity.day, identity.pens[1])
    style = Style(13)
    if rarity == "older_party":  # a colon, and the dash set with spaces
        label, dash = rng.choice(("Số:", "Số :")), rng.choice((" - ", "-"))
        number = tokens(f"{label} {identity.number}{dash}{identity.symbol}", style)
    if rarity == "blank_number":
        label, mark = ("Số:", "/") if organ.form == "state" else ("Số", "-")
        gap = rng.uniform(6, 12)
        number = [Token(label, style), Token(f"{mark}{identity.symbol}", style, joined=True, lead=gap)]
        slope = Style(13.5, italic=True)
        rest = [Token("tháng", slope, lead=6.0), *tokens(f"{identity.day.month:02d} năm {identity.day.year}", slope)]
        date = [*tokens(f"{organ.place}, ngày", slope), *rest]
    write_head(sheets, organ, number, date)


def _write_title(sheets: Sheets, name: str, printed: str, state: bool) -> None:
    sheets.skip(6)
    sheets.heading(name, 15)
    sheets.heading(printed, 14, inset=12)
    if state:
        sheets.short_rule()
    else:
        sheets.lines(tokens(sheets.rng.choice(("-----", "------", "_____")), Style(14)), "center", "title")
        sheets.skip(3)


def _write_end(
    sheets: Sheets, organ: Organ, signing: Signing, recipients: tuple[str, ...], seal: bool, rarity: Rarity
) -> None:
    """As most documents end; or the recipients in two columns under the signature, or on the page after it."""
    if rarity not in ("two_columns", "two_pages"):
        write_end(sheets, organ, signing, recipients, seal)
        return
    page, half = sheets.page, sheets.width // 2
    if rarity == "two_columns":
        sheets.room(110)
        page = sheets.page
        below = write_signature(sheets, signing, organ.issuing_body, sheets.x0 + half, half, sheets.y, seal)
        sheets.y = below + page.mm(6)
        _write_columns(sheets, recipients)
        return
    sheets.room(60)
    foot = max(sheets.y, sheets.page.mm(297 - sheets.bottom - 60))
    write_signature(sheets, signing, organ.issuing_body, sheets.x0 + half, half, foot, seal)
    sheets.new_page()
    _write_list(sheets, recipients)


def _write_label(sheets: Sheets) -> None:
    sheets.y += sheets.page.mm(4.5)
    sheets.page.write(tokens("Nơi nhận:", Style(12, bold=True, italic=True)), sheets.x0, sheets.y, sheets.width, "left",
                      "recipients")  # fmt: skip


def _write_list(sheets: Sheets, recipients: tuple[str, ...]) -> None:
    _write_label(sheets)
    sheets.y = _write_items(sheets, recipients, 0, len(recipients), sheets.x0, sheets.y)


def _write_columns(sheets: Sheets, recipients: tuple[str, ...]) -> None:
    _write_label(sheets)
    middle = (len(recipients) + 1) // 2
    top = sheets.y
    bottom = _write_items(sheets, recipients, 0, middle, sheets.x0, top)
    right = sheets.x0 + sheets.width // 2
    sheets.y = max(bottom, _write_items(sheets, recipients, middle, len(recipients), right, top))


def _write_items(sheets: Sheets, recipients: tuple[str, ...], first: int, last: int, x: int, y: int) -> int:
    """Items `first:last` from under `y` on. Returns the last base line."""
    page, room = sheets.page, sheets.width // 2 - sheets.page.mm(6)
    for at in range(first, last):
        text = f"- {recipients[at]}{'.' if at == len(recipients) - 1 else ';'}"
        for row in wrap(page, tokens(text, Style(11)), room):
            y += round(11 * 1.17 * page.dpi / 72)
            page.write(row, x, y, room, "left", "recipients")
    return y


def _write_annex(sheets: Sheets, identity: Identity, name: str) -> None:
    """A page of its own with the number and the day of the document that it belongs to, and those of another one."""
    rng = sheets.rng
    sheets.new_page()
    sheets.heading("PHỤ LỤC")
    said = f"{identity.number}{'/' if identity.organ.form == 'state' else '-'}{identity.symbol}"
    day = write_date(identity.day)
    other = replace(identity, number=make_number(rng))
    sheets.lines(
        tokens(f"(Kèm theo {name.capitalize()} số {said} ngày {day})", Style(13, italic=True)), "center", "title"
    )
    sheets.skip(4)
    for at in range(1, rng.randrange(4, 9)):
        sheets.paragraph(f"{at}. {make_task(rng)}.")
    sheets.paragraph(f"Số: {other.number}/BC-VP ngày {write_date(make_date(rng))} của Văn phòng.")
