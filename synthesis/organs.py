"""Issuing bodies, state and Party, and who signs for them how."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Literal

from synthesis import vocabulary as words
from synthesis.texts import make_commune, make_name, make_place


@dataclass(frozen=True, slots=True)
class Organ:
    """An issuing body. `lines` are its bold lines in the header; `name` is how a sentence calls it.

    `collective` is what TM. (T/M) stands before; `territory` is the place it governs, as in "tỉnh Gia Lai".
    """

    form: Literal["state", "party"]
    superior: str | None
    lines: tuple[str, ...]
    name: str
    code: str
    place: str
    territory: str
    head: str
    deputy: str
    collective: str | None
    office: str | None

    @property
    def issuing_body(self) -> str:
        return " ".join(self.lines)


@dataclass(frozen=True, slots=True)
class Signing:
    """The lines above a signature and what they mean."""

    lines: tuple[str, ...]
    mode: str | None
    on_behalf_of: str | None
    title: str
    name: str


def make_state_organ(rng: Random) -> Organ:
    """A people's committee, department, ministry or commune."""
    kind, place = make_place(rng)
    territory, upper = f"{kind} {place}", f"{kind} {place}".upper()
    shape = rng.randrange(8)
    if shape < 3:
        return Organ(
            "state", None, ("ỦY BAN NHÂN DÂN", upper), f"Ủy ban nhân dân {territory}", "UBND", place, territory,
            "CHỦ TỊCH", "PHÓ CHỦ TỊCH", "ỦY BAN NHÂN DÂN", "CHÁNH VĂN PHÒNG",
        )  # fmt: skip
    if shape < 6:
        field, code = rng.choice(words.DEPARTMENTS)
        return Organ(
            "state", f"{rng.choice(('ỦY BAN NHÂN DÂN', 'UBND'))} {upper}", (f"SỞ {field.upper()}",),
            f"Sở {field} {territory}", code, place,
            territory, "GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", None, "CHÁNH VĂN PHÒNG",
        )  # fmt: skip
    if shape == 6:
        field, code = rng.choice(words.MINISTRIES)
        return Organ(
            "state", None, (f"BỘ {field.upper()}",), f"Bộ {field}", code, "Hà Nội", "cả nước",
            "BỘ TRƯỞNG", "THỨ TRƯỞNG", None, "CHÁNH VĂN PHÒNG",
        )  # fmt: skip
    commune, ward = make_commune(rng), rng.choice(("xã", "phường"))
    return Organ(
        "state", None, ("ỦY BAN NHÂN DÂN", f"{ward} {commune}".upper()), f"Ủy ban nhân dân {ward} {commune}", "UBND",
        commune, f"{ward} {commune}", "CHỦ TỊCH", "PHÓ CHỦ TỊCH", "ỦY BAN NHÂN DÂN", None,
    )  # fmt: skip


def make_party_organ(rng: Random, committee: bool | None = None) -> Organ:
    """A provincial or commune Party committee, a central body, or (`committee` not False) one of their boards."""
    kind, place = make_place(rng)
    territory = f"{kind} {place}"
    body = "Tỉnh ủy" if kind == "tỉnh" else "Thành ủy"
    shape = rng.randrange(6)
    if shape < 2 or committee is False:
        return Organ(
            "party", None, (f"{body} {place}".upper(),), f"{body} {place}", "TU", place, territory,
            "BÍ THƯ", "PHÓ BÍ THƯ", "BAN THƯỜNG VỤ", "CHÁNH VĂN PHÒNG",
        )  # fmt: skip
    if shape < 4:
        board, short, head, deputy = rng.choice(words.PARTY_COMMITTEES)
        return Organ(
            "party", f"{body} {place}".upper(), (board.upper(),), f"{board} {body} {place}", f"{short}TU", place,
            territory, head, deputy, "ỦY BAN KIỂM TRA" if short == "UBKT" else None, None,
        )  # fmt: skip
    if shape == 4:
        board, short, head, deputy = rng.choice(words.PARTY_COMMITTEES)
        return Organ(
            "party", "BAN CHẤP HÀNH TRUNG ƯƠNG", (board.upper(),), f"{board} Trung ương", f"{short}TW", "Hà Nội",
            "cả nước", head, deputy, None, None,
        )  # fmt: skip
    commune, ward = make_commune(rng), rng.choice(("xã", "phường"))
    return Organ(
        "party", f"ĐẢNG BỘ {territory}".upper(), (f"ĐẢNG ỦY {ward} {commune}".upper(),), f"Đảng ủy {ward} {commune}",
        "ĐU", commune, f"{ward} {commune}", "BÍ THƯ", "PHÓ BÍ THƯ", "BAN THƯỜNG VỤ", None,
    )  # fmt: skip


def make_signing(rng: Random, organ: Organ) -> Signing:
    """Who signs: the head alone, for the collective, a deputy for the head, or the office by order."""
    tm, kt, tl = ("TM. ", "KT. ", "TL. ") if organ.form == "state" else ("T/M ", "K/T ", "T/L ")
    name = make_name(rng)
    upper: tuple[str, ...] = ()
    if organ.office and rng.random() < 0.2:
        lines = (f"{tl}{organ.head}", organ.office)
        return Signing(lines, tl.strip(), organ.head, organ.office, name)
    if organ.collective and rng.random() < 0.6:
        upper = (f"{tm}{organ.collective}",)
    if rng.random() < 0.5:
        if upper and organ.form == "party":
            return Signing((*upper, organ.deputy), tm.strip(), organ.collective, organ.deputy, name)
        return Signing((*upper, f"{kt}{organ.head}", organ.deputy), kt.strip(), organ.head, organ.deputy, name)
    if upper:
        return Signing((*upper, organ.head), tm.strip(), organ.collective, organ.head, name)
    return Signing((organ.head,), None, None, organ.head, name)
