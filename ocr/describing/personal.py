"""Fields of personal forms: a printed label, then its value on the same row or the next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.recognition import Suggestion
from ocr.describing.dates import find_dates
from ocr.describing.rows import Row
from ocr.describing.suggest import suggest

Kind = Literal["name", "date", "digits", "sex", "text", "count"]


@dataclass(frozen=True, slots=True)
class Label:
    """A label in folded text, what its value looks like, and how many digits it may have (for `digits`)."""

    name: str
    pattern: re.Pattern[str]
    kind: Kind
    digits: tuple[int, ...] = ()


def _label(name: str, pattern: str, kind: Kind, digits: tuple[int, ...] = ()) -> Label:
    return Label(name, re.compile(rf"(?<!\w)(?:{pattern})(?!\w)"), kind, digits)


_PERSON = (
    _label(
        "full_name", r"ho va ten(?: khai sinh| dang dung)?|ho,? ten(?: khai sinh)?|ho ten|toi ten la|ten toi la", "name"
    ),
    _label("birth_date", r"(?:sinh ngay|ngay,? (?:thang,? nam )?sinh|ngay sinh|sinh nam)", "date"),
    _label("sex", r"gioi tinh|nam,? nu|nam ?/ ?nu|nam \(nu\)", "sex"),
    _label(
        "citizen_number",
        r"so (?:cccd|cmnd|cmtnd|can cuoc(?: cong dan)?|dinh danh ca nhan|chung minh(?: nhan dan| thu)?)"
        r"(?: ?/ ?\w+)?|cccd(?: so)?|cmnd(?: so)?",
        "digits",
        (9, 12),
    ),
    _label("home_place", r"que quan", "text"),
    _label("position", r"chuc vu(?: \(chuc danh\))?(?: hien nay)?|chuc danh", "text"),
    _label("unit", r"don vi(?: cong tac)?|co quan(?:,? don vi)?(?: cong tac)?|noi cong tac", "text"),
)
_MEMBER = (
    *_PERSON,
    _label("history_number", r"so ly lich(?: dang vien)?|sll", "text"),
    _label("card_number", r"so the(?: dang(?: vien)?)?|the dang(?: vien)? so|so td?v", "digits", (6, 8)),
    _label(
        "admission_date",
        r"ngay (?:duoc )?(?:vao dang|ket nap)(?: vao)?(?: dang)?|vao dang(?: cong san viet nam)? ngay"
        r"|ket nap (?:vao dang )?ngay",
        "date",
    ),
    _label("full_member_date", r"ngay (?:duoc )?(?:cong nhan )?chinh thuc|chinh thuc ngay", "date"),
    _label("cell", r"sinh hoat(?: dang)? tai|(?:sinh hoat )?(?:tai )?chi bo", "text"),
    _label("effective_date", r"(?:co hieu luc|thi hanh)(?: thi hanh)?(?: ke)? tu ngay|ke tu ngay", "date"),
)
_DIPLOMA = (
    *_PERSON[:2],
    _label("full_name", r"(?:cap )?cho(?: ong| ba| anh| chi| ong/ba)?", "name"),
    _label("school", r"hieu truong(?: truong)?|giam doc(?: hoc vien| dai hoc)?", "text"),
    _label("field_of_study", r"nganh(?: dao tao)?|chuyen nganh", "text"),
    _label("diploma_number", r"so hieu(?: bang)?|so vao so(?: goc)?(?: cap bang)?", "text"),
)
_COVER = (
    _label("title", r"tieu de(?: ho so)?|ho so", "text"),
    _label("first_date", r"tu ngay|bat dau(?: tu)?(?: ngay)?", "date"),
    _label("last_date", r"den(?: ngay)?|ket thuc(?: ngay)?", "date"),
    _label("sheets", r"so (?:luong )?to|gom|tong so to", "count"),
    _label("retention", r"thoi han bao quan|thbq", "text"),
)
_KIND = (
    *_PERSON[:2],
    _label("conclusion", r"ket luan", "text"),
    _label("kind", r"loai(?: hinh)?|ve viec|noi dung", "text"),
)

_LABELS: dict[str, tuple[Label, ...]] = {
    "member_card_sheet": _MEMBER,
    "member_history": _MEMBER,
    "cadre_history": _PERSON,
    "diploma": _DIPLOMA,
    "file_cover": _COVER,
    "internal_protection": _KIND,
    "health": _KIND,
} | dict.fromkeys(
    (
        "admission_decision",
        "full_member_decision",
        "membership_transfer",
        "party_card_issue",
        "commendation",
        "party_badge",
        "discipline",
        "member_report",
        "petition",
    ),
    _MEMBER,
)

_DOTS = re.compile(r"^[\s:.…_*\-)(]+|[\s.…_*,;:\-]+$")
_NEXT_LABEL = re.compile(
    r"[,;.…]*\s+(?=(?:\d{1,2}[.)]\s*)?(?:Ngày|Sinh|Số|Nam|Nữ|Giới|Quê|Chức|Đơn vị|Chi bộ|Dân tộc"
    r"|Tôn giáo|Nơi|Bí danh|Tên gọi|Họ|Trình)\b)"
)
_NAME = re.compile(r"^(?:đồng chí|đ/c|ông|bà|anh|chị)?\s*((?:[^\W\d_]{1,7}\s+){1,4}[^\W\d_]{1,7})", re.IGNORECASE)
_CEILINGS: dict[Kind, float] = {"name": 0.85, "date": 0.85, "digits": 0.88, "sex": 0.88, "text": 0.75, "count": 0.8}


def describe_person(rows: Sequence[Row], record_type: str) -> list[Suggestion]:
    """The structured fields of a personal form, each by its first label that has a value."""
    found: dict[str, Suggestion] = {}
    for label in _LABELS.get(record_type, ()):
        if label.name in found:
            continue
        for at, row in enumerate(rows):
            one = _value_after(label, row, rows[at + 1] if at + 1 < len(rows) else None)
            if one is not None:
                found[label.name] = one
                break
    return list(found.values())


def _value_after(label: Label, row: Row, below: Row | None) -> Suggestion | None:
    match = label.pattern.search(row.folded)
    if match is None or match.start() > 60:
        return None
    if label.kind == "text" and not re.match(r"\s*(\(.{0,30}\)\s*)?[:.…]", row.text[match.end() :]):
        return None
    value = _read(label, row, match.end())
    if value is not None:
        return value
    empty = not any(one.isalnum() for one in row.text[match.end() :])
    if empty and below is not None and below.page == row.page and row.text.rstrip().endswith(":"):
        return _read(label, below, 0)
    return None


def _read(label: Label, row: Row, start: int) -> Suggestion | None:
    """The value that begins at `start` of the row, by its kind; None where nothing fits."""
    rest = row.text[start:]
    value: str | None = None
    span = (start, len(row.text))
    if label.kind == "date":
        dates = [one for one in find_dates(row.folded[start:]) if one[1] < 25]
        if dates:
            value, span = dates[0][0], (start + dates[0][1], start + dates[0][2])
    elif label.kind == "digits":
        digits = re.match(r"\D{0,12}(\d[\d .]{4,16}\d)", rest)
        bare = re.sub(r"\D", "", digits.group(1)) if digits else ""
        value = bare if len(bare) in label.digits else None
    elif label.kind == "count":
        digits = re.match(r"\W{0,12}(\d{1,5})(?!\d)", rest)
        value = digits.group(1) if digits else None
    elif label.kind == "sex":
        sex = re.match(r"\W{0,6}(nam|nu)(?!\w)", row.folded[start:])
        value = {"nam": "nam", "nu": "nữ"}[sex.group(1)] if sex else None
    elif label.kind == "name":
        name = _NAME.match(_cut(rest))
        value = name.group(1).strip() if name and name.group(1)[0].isupper() else None
    else:
        value = _cut(rest) or None
    return suggest(label.name, value, row, span, _CEILINGS[label.kind], "label." + label.name) if value else None


def _cut(text: str) -> str:
    """Free text after a label: without leaders, up to the next label of the row."""
    text = re.sub(r"^\s*\([^)]{0,40}\)", "", text)
    return _DOTS.sub("", _NEXT_LABEL.split(_DOTS.sub("", text), maxsplit=1)[0]).strip()
