"""Abbreviations of organs as they stand in symbols, and symbols put right by them: VPCP read TPCP, BGTVT read BGTYT."""

from __future__ import annotations

import re

from ocr.describing.names import fold_name


def _list(text: str) -> tuple[str, ...]:
    return tuple(text.split(", "))


_FIELDS = _list(
    "GTVT, NV, TP, TC, CT, KHĐT, NNPTNT, XD, TNMT, TTTT, LĐTBXH, VHTTDL, VHTT, DL, KHCN, GDĐT, YT, NNMT, DTTG, NG, QP, "
    "CA, NgV, DT, TDTT"
)
"""Fields of government before and since 2025: B before them names a ministry, S a department."""
_CENTRAL = _list(
    "CP, TTg, VPCP, QH, UBTVQH, CTN, VPQH, VPCTN, TANDTC, VKSNDTC, TTCP, KTNN, NHNN, UBDT, UBCKNN, BHXH, TCT, TCHQ, "
    "KBNN, TLĐ, MTTW, UBND, HĐND, VPUB, VPUBND, UBMTTQ, MTTQ, TWĐTN, TWHPN, HCCB, TU, TW, HU, QU, ĐU, TCCB, HVCTQG"
)
_BOARDS = _list("BTC, BTG, BDV, BTGDV, BNC, UBKT, VP")
_KNOWN = frozenset(
    [*(head + one for head in "BS" for one in _FIELDS), *_CENTRAL]
    + [board + of for board in _BOARDS for of in ("TU", "TW", "HU", "ĐU", "QU")]
)
_LONG = 4
"""Letters from which an abbreviation is put right: among shorter ones too many are a letter apart."""
_MISREAD = frozenset(
    map(frozenset, ("VT", "VY", "TY", "ĐD", "ĐB", "GC", "GO", "CO", "OQ", "ĐO", "UV", "UH", "NH", "MN", "PF", "ƯU"))
)

_ACRONYMS = {"QD": "QĐ", "ND": "NĐ", "HDND": "HĐND", "BCD": "BCĐ", "DA": "ĐA", "CD": "CĐ", "QDND": "QĐND"}
_ACRONYMS |= {"BGDDT": "BGDĐT", "SGDDT": "SGDĐT", "LDTBXH": "LĐTBXH", "BLDTBXH": "BLĐTBXH", "SLDTBXH": "SLĐTBXH"}
_AMBIGUOUS = {"DA", "CD", "HD"}


def repair_symbol(symbol: str, type_code: str | None = None) -> str:
    """A symbol whose Đ was read as D: `QD-UBND` → `QĐ-UBND`; or whose organ is one misread letter off a known one.

    HD and HĐ, DA and ĐA, CD and CĐ are different kinds: only the title's `type_code` decides these.
    """
    parts = re.split(r"([-/.])", symbol)
    for at, part in enumerate(parts):
        if type_code and fold_name(part) == fold_name(type_code):
            parts[at] = type_code
        elif part in _ACRONYMS and part not in _AMBIGUOUS:
            parts[at] = _ACRONYMS[part]
        else:
            parts[at] = _nearest_organ(part)
    return "".join(parts)


def is_organ(text: str) -> bool:
    """Whether a symbol's part is an organ of the lists."""
    return text in _KNOWN


def _nearest_organ(part: str) -> str:
    """The one known organ that a part was misread from by one letter; the part itself where there is none."""
    if len(part) < _LONG or part in _KNOWN or not part.isalpha():
        return part
    near = [one for one in _KNOWN if len(one) == len(part) and _is_misread(part, one)]
    return near[0] if len(near) == 1 else part


def _is_misread(part: str, organ: str) -> bool:
    apart = [frozenset(pair) for pair in zip(part, organ, strict=True) if pair[0] != pair[1]]
    return len(apart) == 1 and apart[0] in _MISREAD
