"""Vietnamese text in the encodings from before Unicode, TCVN3 (ABC) and VNI: their letters read as Latin-1 ones."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Literal

from core.syllables import is_syllable, judge_text

Encoding = Literal["unicode", "TCVN3", "VNI"]

_TCVN3_ROWS = (
    ("àảãáạ", "µ¶·¸¹"),
    ("ăằẳẵắặ", "¨»¼½¾Æ"),
    ("âầẩẫấậ", "©ÇÈÉÊË"),
    ("đ", "®"),
    ("èẻẽéẹ", "ÌÎÏÐÑ"),
    ("êềểễếệ", "ªÒÓÔÕÖ"),
    ("ìỉĩíị", "×ØÜÝÞ"),
    ("òỏõóọ", "ßáâãä"),
    ("ôồổỗốộ", "«åæçèé"),
    ("ơờởỡớợ", "¬êëìíî"),
    ("ùủũúụ", "ïñòóô"),
    ("ưừửữứự", "\u00adõö÷øù"),
    ("ỳỷỹýỵ", "úûüýþ"),
    ("ĂÂÊÔƠƯĐ", "¡¢£¤¥¦§"),
    ("àã", "μ∙"),  # what some makers of PDFs write for µ and ·
)
"""Capitals with a tone have no code of their own: fonts of capitals, such as .VnTimeH, draw the small ones as such."""
_TCVN3 = MappingProxyType({
    ord(code): letter for letters, codes in _TCVN3_ROWS for letter, code in zip(letters, codes, strict=True)
})  # fmt: skip

_VNI_MARKS = MappingProxyType({
    "a": ("ùøûõïêéèúüëâáàåãä", "áàảãạăắằẳẵặâấầẩẫậ"),
    "e": ("ùøûõïâáàåãä", "éèẻẽẹêếềểễệ"),
    "o": ("ùøûõïâáàåãä", "óòỏõọôốồổỗộ"),
    "ô": ("ùøûõï", "ớờởỡợ"),
    "u": ("ùøûõï", "úùủũụ"),
    "ö": ("ùøûõï", "ứừửữự"),
    "y": ("ùøûõ", "ýỳỷỹ"),
})  # fmt: skip
_VNI_ALONE = ("ñíìæóòôöî", "đíìỉĩịơưỵ")


def _vni_table() -> dict[str, str]:
    """Code → letter; a mark of either case follows a letter of either case, and the letter says which it is."""
    table = dict(zip(*_VNI_ALONE, strict=True))
    for base, (marks, letters) in _VNI_MARKS.items():
        table |= {base + mark: letter for mark, letter in zip(marks, letters, strict=True)}
    for code, letter in list(table.items()):
        table |= {code[0].upper() + rest: letter.upper() for rest in {code[1:], code[1:].upper()}}
        table[code[0] + code[1:].upper()] = letter
    return table


_VNI = MappingProxyType(_vni_table())
_VNI_CODE = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_HYPHENED = re.compile(r"[^\W\d_]+-[^\W\d_]*|-[^\W\d_]+")
_CAPITALS_FONT = re.compile(r"\.?Vn\w*H\b", re.IGNORECASE)
_TCVN3_FONT = re.compile(r"(^|\+)\.?Vn[A-Z3]")
_VNI_FONT = re.compile(r"(^|\+)VNI[- ]?\w", re.IGNORECASE)


def from_tcvn3(word: str, font: str = "") -> str:
    """A word in Unicode. Its toned letters are capitals where its font draws capitals, or where all others are."""
    converted = word.translate(_TCVN3)
    if "-" in converted:
        converted = _restore_hyphens(converted)
    plain = [letter for letter in word if letter.isascii() and letter.isalpha()]
    if _CAPITALS_FONT.search(font) or (len(plain) > 1 and all(letter.isupper() for letter in plain)):
        return converted.upper()
    return converted


def _restore_hyphens(word: str) -> str:
    """TCVN3 writes ư where Latin-1 has its soft hyphen, which PDFs hand out as a hyphen: n-íc → nước."""
    return _HYPHENED.sub(lambda run: _restore_one(run[0]), word)


def _restore_one(run: str) -> str:
    whole = run.replace("-", "ư")
    return whole if is_syllable(whole) and not all(map(is_syllable, run.split("-"))) else run


def from_vni(word: str) -> str:
    """A word in Unicode."""
    return _VNI_CODE.sub(lambda code: _VNI[code[0]], word)


def to_unicode(word: str, encoding: Encoding, font: str = "") -> str:
    """The word in Unicode, from the encoding that `find_encoding` found."""
    if encoding == "TCVN3":
        return from_tcvn3(word, font)
    return from_vni(word) if encoding == "VNI" else word


def find_encoding(words: list[str], font: str = "") -> Encoding | None:
    """The encoding in which these words, of one font, are Vietnamese; None where they are it in none.

    The font's name decides only where there are too few words to judge.
    """
    best: tuple[float, Encoding] | None = None
    for encoding in _ENCODINGS:
        judged = judge_text(" ".join(to_unicode(word, encoding, font) for word in words))
        if judged.vietnamese and (best is None or judged.legal > best[0]):
            best = judged.legal, encoding
    if best:
        return best[1]
    return "TCVN3" if _TCVN3_FONT.search(font) else "VNI" if _VNI_FONT.search(font) else None


_ENCODINGS: tuple[Encoding, ...] = ("unicode", "TCVN3", "VNI")
