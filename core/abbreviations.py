"""Forms of a name that mean the same: what the search asks for, and what issuers' names are compared by."""

from __future__ import annotations

import re

from core.text import fold, words_of

EQUIVALENTS = (
    ("bbt", "ban bi thu"),
    ("bcd", "ban chi dao"),
    ("bch", "ban chap hanh"),
    ("bct", "bo chinh tri"),
    ("bhxh", "bao hiem xa hoi"),
    ("bhyt", "bao hiem y te"),
    ("btv", "ban thuong vu"),
    ("cbcc", "can bo cong chuc"),
    ("cccd", "can cuoc cong dan"),
    ("cmnd", "chung minh nhan dan"),
    ("cntt", "cong nghe thong tin"),
    ("csdl", "co so du lieu"),
    ("gpmb", "giai phong mat bang"),
    ("hdnd", "hoi dong nhan dan"),
    ("mttq", "mat tran to quoc"),
    ("qlnn", "quan ly nha nuoc"),
    ("qppl", "quy pham phap luat"),
    ("qsdd", "quyen su dung dat"),
    ("tand", "toa an nhan dan"),
    ("thcs", "trung hoc co so"),
    ("thpt", "trung hoc pho thong"),
    ("tthc", "thu tuc hanh chinh"),
    ("tw", "trung uong"),
    ("ubkt", "uy ban kiem tra"),
    ("ubnd", "uy ban nhan dan"),
    ("vksnd", "vien kiem sat nhan dan"),
    ("vpcp", "van phong chinh phu"),
    ("xhcn", "xa hoi chu nghia"),
    ("bac can", "bac kan"),
    ("dac lac", "dak lak", "dac lak"),
    ("dac nong", "dak nong"),
)
"""Folded forms that mean the same. The Party's 'TƯ' for 'trung ương' is left out: folded it is the word 'từ'."""


_PLAIN = tuple((form, group[1]) for group in EQUIVALENTS for form in group if form != group[1])
_Y = re.compile(r"(?<!\w)(qu|[hklmst])y(?!\w)")


def issuer_key(name: str) -> str:
    """An issuing body's name as one spelling: no marks, no case, abbreviations in full, i for y, single spaces.

    `UBND tỉnh Bắc Ninh` and `ỦY BAN NHÂN DÂN TỈNH BẮC NINH` have one key.
    """
    folded = fold(name)
    text = f" {' '.join(word.group() for word in words_of(folded))} "
    for form, plain in _PLAIN:
        text = text.replace(f" {form} ", f" {plain} ")
    return _Y.sub(r"\1i", text).strip()
