"""What is said about a person in words: birth date, address, health."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from core.personal_data import PersonalKind
from ocr.describing.personal_data.numbers import unread
from ocr.describing.personal_data.spans import FORM_MARK, Found, Span, as_spans, digits_in, end_of_value

_BIRTH = re.compile(
    r"(?<!\w)(?:sinh ngay|ngay,? ?(?:thang,? ?)?(?:nam ?)?sinh|nam sinh|sinh nam|sinh)(?!\w)"
    r"(?! (?:hoat|vien|nhat|thai|hoc|san|duc|ly|doi))"
)
_DAY = re.compile(
    r"[\s:.…_,;()\[\]|]{0,80}(?P<date>(?:ngay\s{0,3})?\d{1,2}\s{0,3}(?:[/.\-]|thang)\s{0,3}\d{1,2}\s{0,3}"
    r"(?:[/.\-]|nam)\s{0,3}(?P<year>\d{4}|\d{2})(?!\d))"
)
_ONLY_YEAR = re.compile(r"[\s:.…_,;()]{0,80}(?:1[89]|20)\d\d(?!\d)(?!\s*[/.\-]\s*\d)")

_HOME = re.compile(
    r"(?<!\w)(?:(?:que|nguyen) quan|(?:noi|cho) o(?: hien (?:nay|tai))?"
    r"|(?:noi |dang ky |dia chi |ho khau |hktt ?|noi dang ky (?:ho khau )?)?(?:thuong|tam) tru|noi cu tru"
    r"|noi sinh|dia chi (?:nha|nha rieng|lien he|lien lac|hien nay)|ho khau(?: thuong tru)?)(?!\w)(?: hien nay| tai)?"
)
_STARTS_ADDRESS = re.compile(
    r"[\s,:]{0,4}(?:(?:so|so nha|to|khu|thon|xom|ap|ban|duong|pho|ngo) (?=\w)|(?:xa|phuong|thi tran|thi xa|tinh) )"
)
_COMMUNE = re.compile(r"(?:xa|phuong|thi tran|dac khu|p\.|x\.)\s?")
_BELOW = re.compile(
    r"(?:so|so nha|nha|duong|pho|thon|xom|ap|khom|khu|khu pho|to|to dan pho|ban|buon|ngo|hem|ngach)(?:\s|$)"
)
_PART = re.compile(r"(?:[^,;\-]|-(?! )|(?<! )-)+")

_HEALTH = re.compile(
    r"(?<!\w)(?:benh an|chan doan|hiv|aids|tam than|benh ly|tien su benh|ung thu|lao phoi|viem gan|tieu duong"
    r"|dong kinh|thuong tat|ton thuong co the|suy giam kha nang lao dong|mat suc lao dong|tinh trang suc khoe"
    r"|suc khoe loai|phan loai suc khoe|nhom mau|ra vien|nhap vien|dieu tri (?:noi|ngoai) tru|mac benh|khuyet tat"
    r"|nghien ma tuy|giam dinh y khoa)(?!\w)"
)
_HEALTH_VALUE = re.compile(r"[^:\d%]{0,24}(?::\s*\w|\d{1,3} ?%)")
_NO_HEALTH = re.compile(
    r"(?:phong,? ?chong|benh vien|vien|bao hiem|bo y te|so y te|chuong trinh|cong tac|quy dinh|luat|trung tam|chi cuc"
    r"|cho nguoi|doi voi|nguoi|che do|ho tro|muc|hoi dong|tuyen truyen|khoa)[\w\s,/]{0,12}$"
)
_PERSON = re.compile(
    r"(?<!\w)(?:Ông|Bà|ông|bà|Đồng chí|đồng chí|Anh|Chị|anh|chị|Bệnh nhân|bệnh nhân|Người bệnh|người bệnh"
    r"|Họ và tên|Họ tên|HỌ VÀ TÊN)[\s:.…]{1,40}(?:[A-ZĐÀ-Ỹ][\wÀ-ỹ]{0,6}\s+){1,4}[A-ZĐÀ-Ỹ]"
)


def find_births(folded: str) -> Iterator[Found]:
    """Birth dates; the year alone is what masking shows, so one given by its year is none."""
    for match in _BIRTH.finditer(folded):
        day = _DAY.match(folded, match.end())
        if day is not None:
            start, end = day.span("date")
            shown = 4 if len(day["year"]) == 4 else 0
            places = digits_in(folded, start, end)
            hidden = as_spans(places[: len(places) - shown])
            yield Found(PersonalKind.BIRTH_DATE, start, end, hidden, 0.95, "birth_date")
        elif (
            " " in match.group() and FORM_MARK.match(folded, match.end()) and not _ONLY_YEAR.match(folded, match.end())
        ):
            yield unread(PersonalKind.BIRTH_DATE, folded, match.end(), end_of_value(folded, match.end()))


def find_homes(text: str, folded: str) -> Iterator[Found]:
    """Addresses of persons: after the label of a form, or after such words where an address begins."""
    for match in _HOME.finditer(folded):
        in_form = FORM_MARK.match(folded, match.end())
        begins = _STARTS_ADDRESS.match(folded, match.end())
        named = begins is not None and _is_name(text[begins.end() : begins.end() + 1])
        if not (in_form or named):
            continue
        start = in_form.end() if in_form else match.end()
        end = end_of_value(folded, start)
        if any(letter.isalnum() for letter in folded[start:end]):
            hidden = as_spans(
                [
                    at
                    for first, last in _hidden_parts(folded, start, end)
                    for at in range(first, last)
                    if folded[at].isalnum()
                ]
            )
            yield Found(PersonalKind.ADDRESS, start, end, hidden, 0.85 if in_form else 0.75, "address")
        elif in_form:
            yield unread(PersonalKind.ADDRESS, folded, match.end(), end)


def _is_name(letter: str) -> bool:
    return letter.isupper() or letter.isdigit()


def _hidden_parts(folded: str, start: int, end: int) -> Iterator[Span]:
    """All but the commune and, at the end, the province, as core.catalogue.masking shows an address."""
    parts = [match.span() for match in _PART.finditer(folded, start, end) if match.group().strip(" :.…_")]
    texts = [folded[first:last].strip(" :.…_") for first, last in parts]
    commune = next((at for at, one in enumerate(texts) if _COMMUNE.match(one)), None)
    last = len(parts) - 1
    province = not any(letter.isdigit() for letter in texts[last]) and not _BELOW.match(texts[last]) if parts else False
    for at, span in enumerate(parts):
        if at != commune and not (at == last and province):
            yield span


def find_health(texts: Sequence[str], folded: Sequence[str], at: int) -> Iterator[Found]:
    """Words about a person's health in row `at`: with a value of their own, or near a person's name.

    The organs, laws and programmes that are called by such words are none.
    """
    for match in _HEALTH.finditer(folded[at]):
        if _NO_HEALTH.search(folded[at], max(0, match.start() - 40), match.start()):
            continue
        valued = _HEALTH_VALUE.match(folded[at], match.end()) is not None
        if valued or any(_PERSON.search(text) for text in texts[max(0, at - 3) : at + 2]):
            yield Found(PersonalKind.HEALTH, *match.span(), (), 0.9 if valued else 0.75, "health")
