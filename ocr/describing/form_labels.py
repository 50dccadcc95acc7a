"""The printed labels of forms about persons and files: whose values are asked for, and those that only end them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["name", "date", "digits", "number", "sex", "text", "count", "retention"]


@dataclass(frozen=True, slots=True)
class Label:
    """A label in folded text and what its value looks like. name: the field, empty for what nobody asks for.

    digits: how many a number may have. bare: the label needs no colon at the start of a row.
    """

    name: str
    pattern: re.Pattern[str]
    kind: Kind
    digits: tuple[int, ...] = ()
    bare: bool = False


def _label(name: str, pattern: str, kind: Kind, digits: tuple[int, ...] = (), bare: bool = False) -> Label:
    return Label(name, re.compile(rf"(?<!\w)(?:{pattern})(?!\w)"), kind, digits, bare)


_BIRTH = r"(?:sinh )?ngay,? ?(?:thang,? ?)?(?:nam )?sinh|sinh ngay(?:,? ?thang,? ?nam)?|nam sinh|sinh nam|ngay sinh"
RELATIVE = "relative"
"""The label of someone else on the form: the birth that follows is not the person's own."""
_OTHERS = (
    r"(?:cac )?bi danh|ten (?:goi )?khac|ten goi khac|ten thuong dung|noi sinh|dan toc|ton giao|quoc tich"
    r"|noi (?:o|thuong tru|dang ky)[^:]{0,40}|cho o[^:]{0,20}|dia chi[^:]{0,20}|nghe nghiep[^:]{0,30}"
    r"|trinh do[^:]{0,40}"
    r"|giao duc pho thong|chuyen mon,? ?(?:nghiep vu)?|hoc ham[^:]{0,20}|ly luan chinh tri|ngoai ngu|tin hoc"
    r"|tinh trang suc khoe|suc khoe|nhom mau|chieu cao|can nang|mach|huyet ap|noi khoa|ngoai khoa|khen thuong|ky luat"
    r"|(?:so )?dien thoai"
    r"|ngay vao doan[^:]{0,40}|xep loai[^:]{0,20}|hinh thuc dao tao|nam tot nghiep|so vao so[^:]{0,20}"
    r"|so truong[^:]{0,20}"
    r"|noi cap|ngay cap|cap ngay|phong(?: so)?|muc luc(?: ho so)?(?: so)?|ho so so|hop so|cap so"
    r"|duoc (?:gioi thieu|chuyen)[^:]{0,40}|chuyen den[^:]{0,30}|thuong binh[^:]{0,20}|doi tuong[^:]{0,20}"
    r"|ngay nhap ngu|ngay xuat ngu|thanh phan[^:]{0,25}|ngach[^:]{0,20}|bac luong|he so[^:]{0,15}|luong chinh|email"
)
_OTHER = _label("", _OTHERS, "text")
_RELATIVE = _label(
    RELATIVE,
    r"(?:ho,? ?(?:va )?ten )?(?:cha|me|vo|chong|bo|con)(?: de| nuoi| vo| chong| hoac chong| \(chong\)| ?/ ?chong)?",
    "text",
)

_NAME = _label(
    "full_name",
    r"(?:gioi thieu )?dong chi|ho,? ?(?:va )?ten(?: khai sinh| dang dung| goi| nguoi (?:lam don|kham|khai)"
    r"| dang vien| can bo)?"
    r"|toi ten la|ten toi la|toi ten|toi la|ten dang vien",
    "name",
)
_BORN = _label("birth_date", _BIRTH, "date", bare=True)
_CITIZEN = _label(
    "citizen_number",
    r"(?:so |giay )?(?:cccd|cmnd|cmtnd|cmt|the can cuoc|can cuoc cong dan|can cuoc"
    r"|(?:giay )?chung minh(?: nhan dan| thu)?)"
    r"(?: ?/ ?(?:cccd|cmnd|can cuoc(?: cong dan)?|\w{2,6}))?(?: so)?|so (?:dinh danh ca nhan)(?: ?/ ?\w+)?",
    "digits",
    (9, 12),
)
_SEX = _label("sex", r"gioi tinh|nam,? ?nu|nam ?/ ?nu|nam \(nu\)|phai", "sex")
_HOME = _label("home_place", r"que quan|nguyen quan|que goc", "text")
_CELL = _label(
    "cell",
    r"(?:dang |da |hien )?sinh hoat(?: dang)?(?: tai)?(?: chi bo)?(?: dang)?|(?:tai )?chi bo(?: dang sinh hoat)?"
    r"|thuoc chi bo|dang vien chi bo",
    "text",
)
_EFFECTIVE = _label(
    "effective_date",
    r"(?:thoi gian |co hieu luc )?(?:thi hanh )?(?:ke )?tu ngay"
    r"|(?:ngay )?(?:co )?hieu luc(?: thi hanh)?(?: ke)?(?: tu)?(?: ngay)?",
    "date",
)
_CARD = _label(
    "card_number",
    r"(?:so )?the dang(?: vien)?(?: so)?|so the(?: dang(?: vien)?)?(?: dv)?|so td?v|so the dv",
    "digits",
    (8,),
)
_POSITION = _label(
    "position", r"(?:chuc vu|chuc danh)(?:,? ?\(?(?:chuc danh|chuc vu)\)?)?(?: hien (?:nay|tai))?", "text"
)
_UNIT = _label(
    "unit",
    r"(?:co quan|don vi|to chuc)(?:,? (?:don vi|to chuc))*(?: (?:dang )?cong tac"
    r"| su dung(?: can bo)?)?(?: hien nay)?|noi cong tac",
    "text",
)
_PARTY_LIFE = (
    _label("history_number", r"so (?:ly lich|ll)(?: (?:dang vien|dv))?|sll(?: ?dv)?", "number"),
    _label(
        "admission_date",
        r"(?:ngay )?(?:duoc )?(?:vao|ket nap(?: vao)?) dang(?: cong san viet nam"
        r"| csvn)?(?: ngay)?(?: lan (?:thu )?\w+)?"
        r"|ngay (?:duoc )?ket nap|ket nap ngay|ngay vao dcsvn",
        "date",
        bare=True,
    ),
    _label("full_member_date", r"ngay (?:duoc )?(?:cong nhan )?(?:dang vien )?chinh thuc|chinh thuc ngay", "date",
    bare=True),
)  # fmt: skip
_PERSON = (_NAME, _BORN, _SEX, _CITIZEN, _HOME)
_PARTY = (*_PERSON, _CARD, *_PARTY_LIFE, _CELL)
_DIPLOMA = (
    _NAME,
    _label("full_name", r"(?:cap |trao )?cho(?: ong ?/ ?ba| ong| ba| anh| chi)?", "name"),
    _BORN,
    _label("field_of_study", r"nganh(?: dao tao| hoc)?|chuyen nganh(?: dao tao)?", "text"),
    _label("diploma_number", r"so hieu(?: bang| van bang)?|so bang", "number"),
)
_COVER = (
    _label("title", r"tieu de(?: ho so)?|trich yeu(?: noi dung)?", "text"),
    _label("first_date", r"tu ngay|bat dau(?: tu)?(?: ngay)?|thoi gian tu(?: ngay)?|tu thang", "date", bare=True),
    _label("last_date", r"den(?: ngay| thang)?|ket thuc(?: ngay)?", "date", bare=True),
    _label("sheets", r"so (?:luong )?to|gom(?: co)?|tong so to|so to", "count", bare=True),
    _label("retention", r"thoi han (?:bao quan|luu tru)|thbq", "retention", bare=True),
)
_FINDING = (
    _NAME, _BORN, _HOME, _SEX, _POSITION, _UNIT, _CITIZEN,
    _label("conclusion", r"(?:y kien )?ket luan(?: chung)?", "text"),
    _label(
        "kind",
        r"loai (?:hinh(?: kham)?|viec)|noi dung(?: tham tra)?(?:,? xac minh)?|ly do (?:kham(?: suc khoe)?"
        r"|tham tra)|ve viec",
        "text",
    ),
)  # fmt: skip

LABELS: dict[str, tuple[Label, ...]] = {
    "member_card_sheet": (*_PARTY, _POSITION, _UNIT, _RELATIVE, _OTHER),
    "member_history": (*_PARTY, _POSITION, _UNIT, _RELATIVE, _OTHER),
    "cadre_history": (*_PARTY, _POSITION, _UNIT, _RELATIVE, _OTHER),
    "diploma": (*_DIPLOMA, _RELATIVE, _OTHER),
    "file_cover": (*_COVER, _RELATIVE, _OTHER),
    "internal_protection": (*_FINDING, _CELL, _RELATIVE, _OTHER),
    "health": (*_FINDING, _RELATIVE, _OTHER),
} | dict.fromkeys(
    (
        "admission_decision", "full_member_decision", "membership_transfer", "party_card_issue", "commendation",
        "party_badge", "discipline", "member_report", "petition",
    ),
    (*_PARTY, _EFFECTIVE, _POSITION, _UNIT, _RELATIVE, _OTHER),
)  # fmt: skip
"""By record type: every label that its forms print."""

_MEMBER_FIELDS = frozenset({
    "full_name", "birth_date", "sex", "history_number", "card_number", "citizen_number", "home_place",
    "admission_date", "full_member_date", "cell",
})  # fmt: skip
_CONCERNED = frozenset({"full_name", "birth_date", "cell", "effective_date"})
ASKED: dict[str, frozenset[str]] = {
    "member_card_sheet": _MEMBER_FIELDS,
    "member_history": _MEMBER_FIELDS,
    "cadre_history": frozenset({"full_name", "birth_date", "sex", "citizen_number", "position", "unit"}),
    "diploma": frozenset({"full_name", "birth_date", "school", "field_of_study", "diploma_number"}),
    "file_cover": frozenset({"title", "first_date", "last_date", "sheets", "retention"}),
    "internal_protection": frozenset({"full_name", "birth_date", "kind", "conclusion"}),
    "health": frozenset({"full_name", "birth_date", "kind", "conclusion"}),
    "party_card_issue": _CONCERNED | {"card_number"},
    "petition": _CONCERNED - {"effective_date"},
} | dict.fromkeys(
    (
        "admission_decision", "full_member_decision", "membership_transfer", "commendation", "party_badge",
        "discipline", "member_report",
    ),
    _CONCERNED,
)  # fmt: skip
"""By record type: the fields of the catalogue that are read from its labels."""

PARTIAL = frozenset({"birth_date", "admission_date", "full_member_date", "first_date", "last_date"})
"""Dates of which a month or a year alone is a value."""
