"""Vietnamese is told by its spelling, and the encodings from before Unicode give it back letter by letter."""

from __future__ import annotations

import unicodedata

import pytest

from core.legacy_text import find_encoding, from_tcvn3, from_vni
from core.syllables import is_syllable, judge_text, list_syllables
from tests.layered_pdfs import TCVN3, TEXT, VNI

GARBAGE = (
    "BO CONG THVONG TRUONG BAI HOC BIEN LUC s6: ~ggITB-BHBL Ha N9i, ngay4Sthimg 6 ndm 2021 V~ vi~c ta ch..rc dang Icy "
    "mon hQc hQc kY I nam hQC Can cir k~ hoach dao tao nam hoc; Nha tnrong trien khai cho sinh vien cac kh6i dang Icy"
)
ENGLISH = "The scanner was not able to recognise this page because the paper had been folded before it was delivered"


LEGAL = "hòa hoà khỏe khoẻ thủy thuỷ quý giếng gì giữ nghiêng khuya quyết Việt NGUYỄN ưỡn yêu uống ý kỹ kĩ oằn xoong"
ILLEGAL = "thimg ndm vịêt tôt nghe6 gha ngế nge pfa hocx đươc qúy chuỳên bac̀"


@pytest.mark.parametrize("word", LEGAL.split())
def test_syllables_in_both_styles_are_legal(word: str) -> None:
    assert is_syllable(word)
    assert is_syllable(unicodedata.normalize("NFD", word))


@pytest.mark.parametrize("word", ILLEGAL.split())
def test_what_spelling_forbids_is_no_syllable(word: str) -> None:
    assert not is_syllable(word)


def test_every_listed_syllable_is_legal() -> None:
    listed = list_syllables()
    assert all(map(is_syllable, listed))
    assert {"hòa", "hoà", "nghiêng", "quyết"} <= set(listed)
    assert judge_text(" ".join(listed)).vietnamese


@pytest.mark.parametrize("text", [GARBAGE, ENGLISH, "", "15/2020 123 456", " ".join(TCVN3), " ".join(VNI)])
def test_garbage_is_no_vietnamese_text(text: str) -> None:
    assert not judge_text(text).vietnamese


def test_text_that_lost_its_marks_is_no_vietnamese_text() -> None:
    bare = "".join(one for one in unicodedata.normalize("NFD", " ".join(TEXT)) if not unicodedata.combining(one))
    assert judge_text(" ".join(TEXT)).vietnamese
    assert not judge_text(bare.replace("đ", "d").replace("Đ", "D")).vietnamese


def test_codes_numbers_and_abbreviations_count_for_nothing() -> None:
    judged = judge_text("Số: 15/2020/NĐ-CP, UBND, 7h30, 2a) IV. HĐND-TTr 200m2 www")
    assert judged.words == 3
    assert judged.legal == pytest.approx(1 / 3)


@pytest.mark.parametrize(("old", "new"), [(TCVN3, "TCVN3"), (VNI, "VNI"), (TEXT, "unicode")])
def test_encodings_are_found_by_what_they_spell(old: tuple[str, ...], new: str) -> None:
    assert find_encoding([word for line in old for word in line.split()]) == new


def test_a_few_words_are_told_by_their_font() -> None:
    assert find_encoding(["Sè"], "ABCDEF+.VnTimeH") == "TCVN3"
    assert find_encoding(["Soá"], "VNI-Times") == "VNI"
    assert find_encoding(["Soá"], "Times") is None


LETTERS = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"
TCVN3_CODES = "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\u00adõö÷øùúûüýþ"
VNI_CODES = (
    "aø aû aõ aù aï aê aè aú aü aé aë aâ aà aå aã aá aä ñ eø eû eõ eù eï eâ eà eå eã eá eä ì æ ó í ò "
    "oø oû oõ où oï oâ oà oå oã oá oä ô ôø ôû ôõ ôù ôï uø uû uõ uù uï ö öø öû öõ öù öï yø yû yõ yù î"
)


def test_every_letter_comes_back_from_tcvn3_in_both_cases() -> None:
    assert len(LETTERS) == len(TCVN3_CODES) == 67
    assert from_tcvn3(TCVN3_CODES) == LETTERS
    assert from_tcvn3(TCVN3_CODES, ".VnTimeH") == LETTERS.upper()
    assert from_tcvn3("¡¢£¤¥¦§") == "ĂÂÊÔƠƯĐ"
    assert from_tcvn3("QUYÕT §ÞNH") == "QUYẾT ĐỊNH"


def test_every_letter_comes_back_from_vni_in_both_cases() -> None:
    assert [from_vni(code) for code in VNI_CODES.split()] == list(LETTERS)
    assert [from_vni(code.upper()) for code in VNI_CODES.split()] == list(LETTERS.upper())


@pytest.mark.parametrize(("word", "whole"), [("n-íc,", "nước,"), ("-u", "ưu"), ("-", "-"), ("Q§-UBND", "QĐ-UBND")])
def test_hyphens_that_stand_for_a_letter_become_it(word: str, whole: str) -> None:
    assert from_tcvn3(word) == whole
