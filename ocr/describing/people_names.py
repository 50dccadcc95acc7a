"""Names of persons: surnames, and the syllables that middle and given names mostly are; unsure readings put right."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

from core.recognition import RecognizedWord
from core.text import normalize
from ocr.describing.names import edit_distance, fold_name
from ocr.describing.spelling import mend_syllables


def _list(text: str) -> tuple[str, ...]:
    return tuple(text.split(", "))


SURNAMES = _list(
    "Nguyễn, Trần, Lê, Phạm, Hoàng, Huỳnh, Phan, Vũ, Võ, Đặng, Bùi, Đỗ, Hồ, Ngô, Dương, Lý, Trịnh, Đinh, Hà, Cao, "
    "Lương, Mai, Tô, Trương, Phùng, Đào, Đoàn, Tạ, Thái, Châu, Lâm, Lưu, Quách, Tăng, Từ, Triệu, Chu, Kiều, Nông, Vi, "
    "Nghiêm, Lò, Hứa, Tống, Mạc, Thân, Lục, Vương, Khuất, Bế, Giàng, Sùng, Cầm, La, Đàm, Ma, Hầu, Vàng, Lầu, Quàng, "
    "Lường, Cà, Bạch, Văn, Thạch, Sơn, Kim, Danh, Tôn, Ông, Phó, Doãn, Thiều, Trang, Ninh, Giáp, Đồng, Lại, Tòng"
)
_COMMON = (
    *SURNAMES,
    *_list(
        "An, Anh, Ánh, Ân, Ba, Bá, Bách, Bảo, Bắc, Bằng, Bích, Biên, Bình, Bồng, Cảnh, Căn, Cẩm, Chánh, Châu, Chi, "
        "Chí, Chiến, Chinh, Chính, Chung, Chuyên, Công, Cúc, Cương, Cường, Dân, Danh, Diễm, Diễn, Diệp, Diệu, "
        "Doanh, Dung, Dũng, Duy, Duyên, Dương, Đại, Đạo, Đạt, Đăng, Đắc, Điền, Điệp, Đình, Định, Đoan, Đoàn, Đô, "
        "Đông, Đồng, Đức, Gia, Giang, Giáp, Hà, Hạ, Hải, Hạnh, Hào, Hảo, Hằng, Hân, Hậu, Hiến, Hiền, Hiển, Hiệp, "
        "Hiếu, Hiệu, Hoa, Hòa, Hoài, Hoan, Hoàn, Hoàng, Hoạt, Hồng, Hợp, Huân, Huấn, Huệ, Hùng, Huy, Huyền, Huỳnh, "
        "Hưng, Hương, Hướng, Hường, Hữu, Khải, Khang, Khanh, Khánh, Khiêm, Khoa, Khoát, Khôi, Khởi, Khuê, Khương, "
        "Kiên, Kiệt, Kiều, Kim, Kỳ, Lai, Lam, Lan, Lành, Lâm, Lân, Lập, Lệ, Liêm, Liên, Liễu, Linh, Loan, Long, "
        "Lộc, Lợi, Luân, Luận, Luyến, Lương, Lượng, Lưu, Ly, Lý, Mai, Mạnh, Mẫn, Mận, Miên, Minh, Mùi, Mỹ, Nam, "
        "Năm, Nga, Ngà, Ngân, Nghi, Nghĩa, Nghiêm, Ngọ, Ngọc, Nguyên, Nguyện, Nguyệt, Nhã, Nhàn, Nhân, Nhật, Nhi, "
        "Nhu, Nhung, Như, Nhượng, Ninh, Nữ, Oanh, Phát, Phi, Phong, Phòng, Phú, Phúc, Phùng, Phụng, Phước, Phương, "
        "Phượng, Quân, Quang, Quảng, Quế, Quốc, Quý, Quyên, Quyền, Quyết, Quỳnh, Sang, Sáng, Sâm, Sen, Sinh, Sơn, "
        "Sỹ, Tài, Tâm, Tân, Tấn, Thạch, Thái, Thanh, Thành, Thảo, Thắm, Thắng, Thân, Thế, Thi, Thị, Thiện, Thiết, "
        "Thiệu, Thịnh, Thoa, Thọ, Thông, Thơ, Thơm, Thu, Thuấn, Thuận, Thục, Thúy, Thùy, Thủy, Thư, Thực, Thương, "
        "Thường, Thưởng, Tiên, Tiến, Tiệp, Tính, Tình, Tĩnh, Toàn, Toán, Toản, Trà, Trang, Trâm, Trân, Tri, Trí, "
        "Triết, Triều, Trinh, Trọng, Trúc, Trung, Trường, Tú, Tuân, Tuấn, Tuệ, Tùng, Tuyên, Tuyến, Tuyết, Tư, "
        "Tường, Út, Uyên, Văn, Vân, Vi, Vĩ, Viên, Việt, Vinh, Vĩnh, Vũ, Vui, Vượng, Vy, Xuân, Xuyên, Ý, Yên, Yến"
    ),
)
_SURNAME_FOLDS = {fold_name(name): name for name in reversed(SURNAMES)}
"""The commoner of two that differ in marks alone: Lê, not Le."""
_CLEAR = 0.97
"""Confidence from which a word of a name is what it was read as, usual or not: rare names are names too."""
_UNSURE = 0.8
"""Confidence below which a usual name may be another usual one."""


def name_words(words: Sequence[RecognizedWord]) -> list[str]:
    """The words of a name as they are most likely meant: an unsure one is the reading of it that is a usual name, or
    the usual name that differs from it in the fewest marks. A stroke across the name adds marks, it takes none away.
    """
    return [_choose(word, SURNAMES if at == 0 else _COMMON) for at, word in enumerate(words)]


def _choose(word: RecognizedWord, known: Sequence[str]) -> str:
    first = _capital(word.first_reading or word.text)
    if word.confidence >= _CLEAR or (word.confidence >= _UNSURE and first in known):
        return word.text
    readings = [first, _capital(word.text)]
    usual = next((one for one in readings if one in known), None)
    if usual is not None:
        return usual
    near = [
        (_apart(one, name), at, _marks(name), name)
        for at, one in enumerate(readings)
        for name in known
        if fold_name(one) == fold_name(name)
    ]
    return min(near)[-1] if near else readings[-1] or word.text


def _capital(text: str) -> str:
    text = text.strip(" .,_-'\"“”‘’`")
    return mend_syllables(normalize(text[:1].upper() + text[1:].lower()))


def capital(text: str) -> str:
    """The letters of a word as a name is written; empty for a word without any."""
    letters = re.sub(r"[\W\d_]", "", text)
    return letters[:1].upper() + letters[1:].lower()


@lru_cache(maxsize=2_000)
def usual_names(word: str, *, surname: bool) -> tuple[str, ...]:
    """The usual names, or surnames, that differ from a word in at most two letters, of two in one; marks aside."""
    folded = fold_name(word)
    most = 1 if len(folded) < 3 else 2
    return tuple(
        name
        for name, its in _folded(surname)
        if abs(len(its) - len(folded)) <= most and edit_distance(folded, its) <= most
    )


@cache
def _folded(surname: bool) -> tuple[tuple[str, str], ...]:
    return tuple((name, fold_name(name)) for name in dict.fromkeys(SURNAMES if surname else _COMMON))


def _apart(one: str, other: str) -> int:
    """Letters and marks in which two words differ; đ is a d with a mark."""
    return edit_distance(*(unicodedata.normalize("NFD", re.sub("[đĐ]", "d\u0335", text)) for text in (one, other)))


def _marks(name: str) -> int:
    return sum(map(bool, map(unicodedata.combining, unicodedata.normalize("NFD", name))))


def trim_name(words: Sequence[str]) -> list[str]:
    """A person's name from its surname on: junk before it is dropped, the surname's lost letter or mark put back."""
    words = list(words)
    if len(words) > 2 and _surname_for(words[0]) is None and words[1] in SURNAMES:
        words = words[1:]
    if not words or words[0].isupper():
        return words
    return [_surname_for(words[0]) or words[0], *words[1:]]


def _surname_for(word: str) -> str | None:
    """The listed surname that a word is, marks or first letter apart; None where there is none."""
    folded = fold_name(word)
    if folded in _SURNAME_FOLDS:
        return _SURNAME_FOLDS[folded]
    near = [
        (name, its) for name, its in _folded(surname=True) if len(name) > 3 and len(name) - 1 <= len(word) <= len(name)
    ]
    whole = [name for name, its in near if its[1:] == folded[-len(name) + 1 :]]
    return whole[0] if len(whole) == 1 else None


def has_surname(name: str) -> bool:
    """Whether a person's name begins with a listed surname, every mark right."""
    return name.split(" ")[0] in SURNAMES
