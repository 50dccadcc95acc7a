"""State form (Decree 30/2020) and Party form documents of many types."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from synthesis import vocabulary as words
from synthesis.blocks import Looks, date_line, decide, number_line, press_stamps, write_end, write_head
from synthesis.canvas import Canvas, Style, tokens
from synthesis.fonts import FontSet
from synthesis.layout import Sheets, open_sheets
from synthesis.organs import Organ, Signing, make_party_organ, make_signing, make_state_organ
from synthesis.texts import (
    cite_party,
    cite_state,
    make_abstract,
    make_date,
    make_paragraph,
    make_sentence,
    make_task,
)
from synthesis.truth import FieldValue, RenderedDocument, RenderedPage

Form = Literal["state", "party"]


def take_page(canvas: Canvas) -> RenderedPage:
    """The canvas as a clean page."""
    return RenderedPage(canvas.pixels(), canvas.dpi, tuple(canvas.lines), patches=tuple(canvas.patches))


def finish(sheets: Sheets, record_type: str, fields: dict[str, FieldValue]) -> RenderedDocument:
    """The canvases as clean pages."""
    pages = tuple(take_page(page) for page in sheets.pages)
    return RenderedDocument(record_type, pages, fields)


def own_code(number: str, symbol: str, form: Form) -> str:
    """`15/QĐ-BNV` or `127-QĐ/TW`."""
    return f"{number}/{symbol}" if form == "state" else f"{number}-{symbol}"


def make_number(rng: Random) -> str:
    """A document number; small ones carry a zero in front."""
    value = rng.choice((rng.randrange(1, 100), rng.randrange(10, 1000), rng.randrange(100, 5000)))
    return f"{value:02d}"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who issued a document, when, under which number, who signed it. pens: number and date are by pen."""

    organ: Organ
    signing: Signing
    number: str
    symbol: str
    day: datetime.date
    pens: tuple[bool, bool]

    def write(self, sheets: Sheets, about: str | None = None) -> None:
        """The head of page 1; `about` is a letter's subject under its number."""
        number = number_line(sheets, self.number, self.symbol, self.pens[0], self.organ.form)
        write_head(sheets, self.organ, number, date_line(sheets, self.organ.place, self.day, self.pens[1]), about)

    def fields(self) -> dict[str, FieldValue]:
        """The fields that head and signature give, the same for every form."""
        return {
            "form": self.organ.form,
            "number": self.number,
            "number_is_handwritten": self.pens[0],
            "symbol": self.symbol,
            "code": own_code(self.number, self.symbol, self.organ.form),
            "issuing_body": self.organ.issuing_body,
            "superior_body": self.organ.superior,
            "place": self.organ.place,
            "date": self.day.isoformat(),
            "date_is_handwritten": self.pens[1],
            "signer_name": self.signing.name,
            "signer_title": self.signing.title,
            "signing_mode": self.signing.mode,
            "on_behalf_of": self.signing.on_behalf_of,
            "signing_lines": self.signing.lines,
        }


def _first_recipient(code: str, form: Form) -> str:
    if code == "CV":
        return "Như trên"
    if code == "QĐ":
        return "Như Điều 3"
    return "Ủy ban nhân dân các cấp" if form == "state" else "Các cấp ủy trực thuộc"


def make_recipients(rng: Random, organ: Organ, first: str) -> tuple[str, ...]:
    """The list at the end: the addressee, others, and the archive."""
    state = organ.form == "state"
    pool = words.STATE_RECIPIENTS if state else words.PARTY_RECIPIENTS
    office = f"VT, {rng.choice(words.STATE_UNITS)}" if state else f"Văn phòng {organ.name}"
    if state and rng.random() < 0.4:
        office += f" ({rng.choice('ABCHKLMT')}{rng.randrange(2, 90):02d})"
    last = f"Lưu: {office}" if state else f"Lưu {office}"
    return (first, *rng.sample(pool, rng.randrange(3, 8)), last)


def make_document(
    rng: Random, fonts: FontSet, form: Form, type_code: str | None = None, looks: Looks | None = None, dpi: int = 200
) -> RenderedDocument:
    """A document of one of the two forms, clean, with its fields. `type_code` None: any type.

    dpi: of the page images. A NQ, QĐ or other code that the form does not have raises ValueError.
    """
    looks = looks or Looks()
    name, code = _choose_type(rng, form, type_code)
    committee = False if code in ("NQ", "CT", "KL") else None
    organ = make_state_organ(rng) if form == "state" else make_party_organ(rng, committee)
    sheets = open_sheets(fonts, dpi, rng)
    day, number, signing = make_date(rng), make_number(rng), make_signing(rng, organ)
    pens = decide(looks.number_by_pen, 0.6, rng), decide(looks.date_by_pen, 0.5, rng)
    identity = Identity(organ, signing, number, _symbol(rng, organ, code), day, pens)
    abstract = make_abstract(rng, organ.territory)
    about = f"{'V/v' if form == 'state' else 'Về việc'} {abstract}" if code == "CV" else None
    identity.write(sheets, about)
    stamp_at = sheets.y * 25.4 / dpi + (1 if about else -2)
    printed = _write_opening(sheets, organ, name, abstract, letter=about is not None)
    if rng.random() < 0.8:  # else the stamps lie over the text, as they often do
        stamped = 13.0 * bool(looks.secrecy) + 13.0 * bool(looks.urgency) + 27.0 * looks.incoming
        sheets.y = max(sheets.y, sheets.page.mm(stamp_at + stamped))
    cited = _write_body(sheets, organ, name, code, day, looks)
    recipients = make_recipients(rng, organ, _first_recipient(code, form))
    write_end(sheets, organ, signing, recipients, looks.seal)
    press_stamps(sheets, looks, stamp_at)
    fields = identity.fields() | {
        "record_type_vi": name,
        "type_code": "QyĐ" if name == "QUY ĐỊNH" else code,
        "abstract": about or printed,
        "urgency": looks.urgency,
        "secrecy": looks.secrecy,
        "recipients": recipients,
        "cited_codes": tuple(dict.fromkeys(cited)),
    }
    return finish(sheets, "administrative_document" if form == "state" else "party_document", fields)


def _choose_type(rng: Random, form: Form, code: str | None) -> tuple[str, str]:
    types = words.STATE_TYPES if form == "state" else words.PARTY_TYPES
    fitting = [one for one in types if code in (None, one[1])]
    if not fitting:
        raise ValueError(f"The {form} form has no type '{code}'; it has {', '.join(short for _, short in types)}.")
    return rng.choice(fitting)


def _symbol(rng: Random, organ: Organ, code: str) -> str:
    """What follows the number: type and organ; a state letter has organ and unit instead."""
    if organ.form == "party":
        return f"{code}/{organ.code}"
    return f"{organ.code}-{rng.choice(words.STATE_UNITS)}" if code == "CV" else f"{code}-{organ.code}"


def _write_opening(sheets: Sheets, organ: Organ, name: str, abstract: str, letter: bool) -> str:
    """Title and abstract, or "Kính gửi". Returns the abstract as printed."""
    rng = sheets.rng
    if letter:
        sheets.skip(rng.uniform(10, 18))
        pool = words.STATE_RECIPIENTS if organ.form == "state" else words.PARTY_RECIPIENTS
        names = [one.split(" (")[0] for one in rng.sample(pool, rng.randrange(1, 4))]
        if len(names) == 1:
            sheets.lines(tokens(f"Kính gửi: {names[0]}", Style(sheets.size)), "center", "body")
        else:
            sheets.lines(tokens("Kính gửi:", Style(sheets.size)), "left", "body", indent=38)
            for at, one in enumerate(names, 1):
                item = f"- {one}{'.' if at == len(names) else ';'}"
                sheets.lines(tokens(item, Style(sheets.size)), "left", "body", indent=52)
        sheets.skip(6)
        return f"Về việc {abstract}"
    sheets.skip(rng.uniform(3, 9))
    sheets.heading(name, 15 if organ.form == "state" else 16)
    if organ.form == "state":
        printed = f"Về việc {abstract}" if rng.random() < 0.8 else f"{abstract[0].upper()}{abstract[1:]}"
        sheets.heading(printed, 14, inset=12)
        sheets.short_rule()
        return printed
    printed = f"về {abstract}" if rng.random() < 0.6 else abstract
    sheets.lines(tokens(printed, Style(14, bold=True)), "center", "title", inset=12)
    sheets.lines(tokens("-----", Style(14)), "center", "title")
    sheets.skip(3)
    return printed


def _write_body(sheets: Sheets, organ: Organ, name: str, code: str, day: datetime.date, looks: Looks) -> list[str]:
    """The running text. Returns the codes that it cites, in order."""
    rng = sheets.rng
    cited: list[str] = []
    if code in ("QĐ", "NQ", "QC") and looks.length:
        cited += _write_grounds(sheets, organ, day)
        _write_articles(sheets, organ, name, looks.length)
    else:
        citation = (cite_state if organ.form == "state" else cite_party)(rng, day)
        cited.append(citation.code)
        sheets.paragraph(f"Thực hiện {citation.text}, {organ.name} {_verb(code)} như sau:")
        for number in range(1, 2 + looks.length):
            sheets.paragraph([(f"{number}.", Style(sheets.size, bold=True)), (make_sentence(rng), Style(sheets.size))])
            if rng.random() < 0.5:
                sheets.paragraph(make_paragraph(rng, rng.randrange(1, 3)))
            for letter in "abcd"[: rng.randrange(0, 2 + looks.length // 2)]:
                sheets.paragraph(f"{letter}) {make_task(rng)}.")
    if decide(looks.table, 0.25, rng):
        write_table(sheets)
    closing = f"Đề nghị {rng.choice(words.ACTORS)} nghiêm túc triển khai thực hiện"
    sheets.paragraph(f"{closing}./.")
    return cited


def _verb(code: str) -> str:
    return {
        "KH": "xây dựng kế hoạch thực hiện", "BC": "báo cáo kết quả", "TTr": "kính trình xem xét, quyết định",
        "TB": "thông báo kết luận", "CT": "chỉ thị", "KL": "kết luận", "HD": "hướng dẫn",
        "GM": "trân trọng kính mời dự họp",
    }.get(code, "có ý kiến")  # fmt: skip


def _write_grounds(sheets: Sheets, organ: Organ, day: datetime.date) -> list[str]:
    """The "Căn cứ" lines. Laws younger than the document are not cited."""
    rng = sheets.rng
    state = organ.form == "state"
    citations = [(cite_state if state else cite_party)(rng, day) for _ in range(rng.randrange(1, 4))]
    laws = [law for law in words.LAWS if int(law[-4:]) < day.year]
    slope = Style(sheets.size, italic=True)
    lines = [f"Căn cứ {rng.choice(laws)}"] if state and laws else []
    lines += [f"Căn cứ {citation.text}" for citation in citations]
    for at, line in enumerate(lines):
        sheets.paragraph([(line + (";" if state or at < len(lines) - 1 else ","), slope)], after=1.2)
    if state:
        proposer = rng.choice(("Chánh Văn phòng", "Trưởng phòng Tổng hợp", "Thủ trưởng đơn vị"))
        sheets.paragraph([(f"Theo đề nghị của {proposer}.", slope)])
    return [citation.code for citation in citations]


def _write_articles(sheets: Sheets, organ: Organ, name: str, length: int) -> None:
    rng = sheets.rng
    sheets.skip(1)
    alone = organ.form == "state" and (not organ.collective or rng.random() < 0.3)
    sheets.heading(organ.head if alone else organ.issuing_body)
    sheets.heading(f"{name}:")
    sheets.skip(2)
    bold = Style(sheets.size, bold=True)
    for number in range(1, 3 + length // 2):
        text = make_task(rng) + "." if number == 1 else make_paragraph(rng, rng.randrange(1, 3))
        sheets.paragraph([(f"Điều {number}.", bold), (text, Style(sheets.size))])
        for item in range(1, rng.randrange(1, 2 + length)):
            sheets.paragraph(f"{item}. {make_task(rng)}.")
    verb = "ký ban hành" if organ.form == "state" else "ký"
    sheets.paragraph([
        (f"Điều {3 + length // 2}.", bold),
        (f"{name.capitalize()} này có hiệu lực kể từ ngày {verb}.", Style(sheets.size)),
    ])  # fmt: skip


def table_rows(rng: Random) -> Sequence[Sequence[str]]:
    """Rows of a plan: ordinal, content, unit in charge, month, sum in million đồng."""
    return [
        (str(at), item, rng.choice(words.ACTORS).capitalize(),
         f"{rng.randrange(1, 13):02d}/{rng.randrange(2020, 2027)}",
         f"{rng.randrange(3, 980)},{rng.randrange(0, 10)}")
        for at, item in enumerate(rng.sample(words.TABLE_ITEMS, rng.randrange(5, 11)), 1)
    ]  # fmt: skip


def write_table(sheets: Sheets) -> None:
    """A table of work, money and dates."""
    sheets.paragraph("Kết quả và kinh phí cụ thể theo bảng sau:")
    header = ("TT", "Nội dung", "Đơn vị thực hiện", "Thời gian", "Kinh phí (triệu đồng)")
    sheets.table(header, table_rows(sheets.rng), (0.07, 0.34, 0.28, 0.14, 0.17))
