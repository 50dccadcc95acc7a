"""Party decisions about one person, as items of a form or as running text."""

from __future__ import annotations

from random import Random

from synthesis.blocks import Looks, press_stamps, write_end
from synthesis.canvas import Style, tokens
from synthesis.dossier import Dossier, WrittenDate, make_dossier, make_paper_day, write_any_date
from synthesis.fonts import FontSet
from synthesis.form_items import FormLook, Item, ItemWriter, choose_form_look, tell_items
from synthesis.forms import Identity, finish, make_recipients
from synthesis.layout import Sheets, open_sheets
from synthesis.member_forms import Rows, birth_item, card_item, home_item, name_item
from synthesis.organs import Organ, make_party_organ, make_signing
from synthesis.texts import make_sentence
from synthesis.truth import FieldValue, RenderedDocument

_ABOUT = {
    "admission_decision": ("kết nạp đảng viên", "về việc kết nạp đảng viên", "về việc kết nạp người vào Đảng"),
    "full_member_decision": ("công nhận đảng viên chính thức", "về việc công nhận đảng viên chính thức"),
    "party_card_issue": (
        "phát thẻ đảng viên", "về việc cấp lại thẻ đảng viên bị mất", "về việc đổi thẻ đảng viên", "về việc phát "
        "thẻ đảng viên",
    ),
    "commendation": (
        "khen thưởng đảng viên", "về việc tặng Giấy khen", "về việc khen thưởng đảng viên hoàn thành xuất sắc nhiệm vụ",
        "tặng Giấy khen đảng viên hoàn thành xuất sắc nhiệm vụ",
    ),
    "party_badge": (
        "tặng Huy hiệu {years} năm tuổi Đảng", "về việc tặng Huy hiệu {years} năm tuổi Đảng", "truy tặng Huy hiệu "
        "{years} năm tuổi Đảng",
    ),
    "discipline": (
        "thi hành kỷ luật đảng viên", "về việc thi hành kỷ luật đảng viên", "thi hành kỷ luật bằng hình thức "
        "khiển trách",
        "về thi hành kỷ luật đồng chí {name}",
    ),
}  # fmt: skip
_VERBS = {
    "admission_decision": ("Kết nạp quần chúng", "Kết nạp", "Kết nạp quần chúng ưu tú"),
    "full_member_decision": ("Công nhận đảng viên dự bị", "Công nhận đồng chí", "Công nhận đảng viên"),
    "party_card_issue": ("Phát thẻ đảng viên cho đồng chí", "Cấp lại thẻ đảng viên cho đồng chí"),
    "commendation": ("Tặng Giấy khen cho đồng chí", "Khen thưởng đồng chí"),
    "party_badge": ("Tặng Huy hiệu {years} năm tuổi Đảng cho đồng chí",),
    "discipline": ("Thi hành kỷ luật đồng chí", "Thi hành kỷ luật bằng hình thức cảnh cáo đối với đồng chí"),
}  # fmt: skip
_STATUS = {
    "admission_decision": "vào Đảng Cộng sản Việt Nam", "full_member_decision": "là đảng viên chính thức",
}  # fmt: skip


def make_person_decision(
    rng: Random, fonts: FontSet, kind: str, looks: Looks, by_pen: bool | None = None, dpi: int = 200
) -> RenderedDocument:
    """One of the kinds of `_ABOUT`; by pen only where it is a form."""
    sheets, look = open_sheets(fonts, dpi, rng), choose_form_look(rng, by_pen)
    organ, one = make_party_organ(rng, committee=False), make_dossier(rng)
    day = make_paper_day(rng, one)
    pens = bool(looks.number_by_pen), bool(looks.date_by_pen)
    identity = Identity(organ, make_signing(rng, organ), str(rng.randrange(11, 900)), f"QĐ/{organ.code}", day, pens)
    identity.write(sheets)
    stamp_at = sheets.y * 25.4 / dpi
    sheets.skip(6)
    years = rng.choice((30, 40, 45, 50, 55, 60))
    abstract = rng.choice(_ABOUT[kind]).format(years=years, name=one.name)
    _write_opening(sheets, organ, one, abstract)
    effective = write_any_date(rng, day)
    verb = rng.choice(_VERBS[kind]).format(years=years)
    as_items = look.by_pen or rng.random() < 0.5
    told = (
        _write_items(sheets, look, one, kind, verb, effective)
        if as_items
        else _write_prose(sheets, one, kind, verb, effective)
    )
    bold = Style(sheets.size, bold=True)
    duty = f"Văn phòng, {one.cell} và đồng chí có tên tại Điều 1 chịu trách nhiệm thi hành Quyết định này."
    sheets.paragraph([("Điều 2.", bold), (duty, Style(sheets.size))])
    recipients = make_recipients(rng, organ, "Như Điều 2")[-4:]
    write_end(sheets, organ, identity.signing, recipients, looks.seal)
    press_stamps(sheets, looks, stamp_at)
    fields = identity.fields() | {
        "record_type_vi": "QUYẾT ĐỊNH", "type_code": "QĐ", "abstract": abstract, "urgency": looks.urgency,
        "secrecy": looks.secrecy, "recipients": recipients, "cited_codes": (),
    }  # fmt: skip
    return finish(sheets, kind, fields | told)


def _write_opening(sheets: Sheets, organ: Organ, one: Dossier, abstract: str) -> None:
    slope, rng = Style(sheets.size, italic=True), sheets.rng
    sheets.heading("QUYẾT ĐỊNH", 16)
    sheets.heading(abstract)
    sheets.lines(tokens("-----", Style(14)), "center", "title")
    sheets.skip(3)
    sheets.paragraph([("Căn cứ Điều lệ Đảng Cộng sản Việt Nam;", slope)])
    if rng.random() < 0.5:
        sheets.paragraph([(f"Căn cứ Quy chế làm việc của {organ.name};", slope)])
    sheets.paragraph([(f"Xét đề nghị của {one.cell},", slope)])
    sheets.heading(f"BAN THƯỜNG VỤ {organ.issuing_body}")
    sheets.heading("QUYẾT ĐỊNH:")
    sheets.skip(2)


def _write_items(
    sheets: Sheets, look: FormLook, one: Dossier, kind: str, verb: str, effective: WrittenDate
) -> dict[str, FieldValue]:
    rng = sheets.rng
    plain = Style(sheets.size)
    sheets.paragraph([("Điều 1.", Style(sheets.size, bold=True)), (verb, plain)])
    cell = Item(rng.choice(("Sinh hoạt tại", "Chi bộ", "Đang sinh hoạt tại")), one.cell, "cell")
    card = card_item(rng, one)
    rows: Rows = [
        (name_item(rng, one, "Họ và tên", "Đồng chí", "Họ tên"),),
        (birth_item(rng, one, "Sinh ngày", "Ngày sinh", "Ngày, tháng, năm sinh"),), (home_item(rng, one),),
        *(() if kind != "party_card_issue" else ((card,),)), (cell,),
    ]  # fmt: skip
    ItemWriter(sheets, look).write(rows)
    told = tell_items(look, rows)
    since = effective.text.removeprefix("ngày ")
    start = {"admission_decision": "Vào Đảng Cộng sản Việt Nam", "full_member_decision": "Là đảng viên chính thức"}
    sheets.paragraph(f"{start.get(kind, 'Quyết định này có hiệu lực')} kể từ ngày {since}.")
    told = {name: value for name, value in told.items() if not name.startswith("home")}
    return told | {"effective_date": effective.value}


def _write_prose(sheets: Sheets, one: Dossier, kind: str, verb: str, effective: WrittenDate) -> dict[str, FieldValue]:
    """`Kết nạp quần chúng Nguyễn Văn A, sinh ngày 12/5/1963, quê quán ..., sinh hoạt tại Chi bộ ...`."""
    rng, plain, bold = sheets.rng, Style(sheets.size), Style(sheets.size, bold=True)
    born = write_any_date(rng, one.person.birth)
    since = effective.text.removeprefix("ngày ")
    name = one.name if rng.random() < 0.6 else one.name.upper()
    birth = f"sinh ngày {born.text.removeprefix('ngày ')}"
    parts = [birth, f"quê quán: {one.person.home}"] if rng.random() < 0.6 else [birth]
    told: dict[str, FieldValue] = {"full_name": name, "birth_date": born.value, "effective_date": effective.value}
    if kind == "party_card_issue":
        parts.append(f"số thẻ đảng viên {one.card_number}")
        told["card_number"] = one.card_number
    parts.append(f"{rng.choice(('sinh hoạt tại', 'đảng viên', 'đang sinh hoạt tại'))} {one.cell}, {one.committee}")
    told["cell"] = one.cell
    tail = _STATUS.get(kind)
    end = f", {tail} kể từ ngày {since}." if tail else "."
    name_style = bold if rng.random() < 0.5 else plain
    sheets.paragraph([
        ("Điều 1.", bold), (verb, plain), (f"{name},", name_style), (", ".join(parts) + end, plain),
    ])  # fmt: skip
    if rng.random() < 0.4:
        sheets.paragraph(make_sentence(rng))
    if not tail:
        sheets.paragraph(f"Quyết định này có hiệu lực kể từ ngày {since}.")
    return told
