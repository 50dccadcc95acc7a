"""Numbers of persons: citizen number, old identity card, Party card, telephone, passport, bank account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.personal_data import PersonalKind
from ocr.describing.personal_data.spans import FORM_MARK, Found, Span, as_spans, digits_in, end_of_value

_RUN = re.compile(r"(?<![\w/])(?:\+ ?)?\d(?:[ .|_\-()]{0,3}\d)+(?![\w/])")
_TOKEN = re.compile(r"\d+")
_DATE = re.compile(r"\d{1,2} ?[.\-] ?\d{1,2} ?[.\-] ?\d{4}")
_REACH = 60

_PROVINCES = frozenset(
    {1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38, 40, 42, 44, 45,
     46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87, 89, 91, 92,
     93, 94, 95, 96}
)  # fmt: skip
"""Codes of provinces and cities of birth in citizen numbers (Circular 59/2021/TT-BCA, annex)."""

_IDENTITY = (
    r"(?:cccd|cmnd|cmtnd|cmt|can cuoc(?: cong dan)?|(?:so )?dinh danh(?: ca nhan| cong dan)?"
    r"|chung minh(?: nhan dan| thu)?|gttt|giay to tuy than)"
)
_CARD = r"(?:(?:ma )?so the(?: dang(?: vien)?)?|the dang(?: vien)?(?: so)?|so td?v)"
_PHONE = r"(?:dien thoai|s?dt(?:dd)?|di dong|lien he|zalo|hotline)"
_AFTER_IDENTITY = re.compile(rf"(?<!\w){_IDENTITY}(?!\w)\D{{0,40}}$")
_AFTER_CARD = re.compile(rf"(?<!\w){_CARD}(?!\w)[^\d,;]{{0,20}}$")
_AFTER_PHONE = re.compile(rf"(?<!\w){_PHONE}(?!\w)[^,;]{{0,30}}$")
_AFTER_HOME_PHONE = re.compile(r"(?:nha rieng|ca nhan)[^\d,;]{0,16}$")
_AFTER_ACCOUNT = re.compile(r"(?<!\w)(?:(?:so )?tai khoan(?: so| ca nhan| ngan hang)*|stk)(?!\w)[^\d,;]{0,24}$")
_AFTER_OTHER = re.compile(
    r"(?:ma so thue|mst|ma so doanh nghiep|ma so(?: don vi)?|dang ky kinh doanh|giay phep|ma ho so|so hieu|ma vach"
    r"|ma dinh danh dien tu|seri|hoa don|ma bien nhan)[^\d,;]{0,16}$"
)
_OFFICE_ACCOUNT = re.compile(r"kho bac|ngan sach|dvqhns|thu phi|nop phat|tam giu")
_PASSPORT = re.compile(r"ho chieu(?: so)?[^\d,;]{0,12}?(?<!\w)([a-z]\d{7,8})(?!\w)")
_PLACES_FOR_NUMBERS = (
    (PersonalKind.CITIZEN_NUMBER, re.compile(rf"(?<!\w)(?:so )?{_IDENTITY}(?: so)?(?: ?/ ?(?:cccd|cmnd|can cuoc))?")),
    (PersonalKind.PARTY_CARD, re.compile(r"(?<!\w)(?:so the dang(?: vien)?|the dang vien so|so the(?= ?[:.…]))")),
    (PersonalKind.PHONE, re.compile(r"(?<!\w)(?:so dien thoai|sdt|di dong)")),
)


@dataclass(frozen=True, slots=True)
class _Run:
    """Digits that stand together, in whatever groups."""

    start: int
    end: int
    digits: str
    places: tuple[int, ...]
    before: str


def find_numbers(folded: str, lead: str = "") -> list[Found]:
    """The numbers of persons in folded text, in order. `lead`: folded text that the first word goes on from."""
    found = list(_passports(folded))
    if sum(map(str.isdigit, folded)) >= 6:
        for match in _RUN.finditer(folded):
            if not _DATE.fullmatch(match.group().strip()):
                found += _judge(_pieces(match, folded, lead), folded)
    return sorted(found, key=lambda one: one.start)


def _pieces(match: re.Match[str], folded: str, lead: str) -> list[_Run]:
    """The run as a whole; where it is several numbers side by side, each of them."""
    tokens = list(_TOKEN.finditer(folded, match.start(), match.end()))
    whole = [(match.start(), match.end())]
    if len(tokens) > 1 and all(len(token.group()) >= 8 for token in tokens):
        whole = [token.span() for token in tokens]
    elif len(tokens) > 1 and any(len(token.group()) >= 12 for token in tokens):
        whole = [token.span() for token in tokens if len(token.group()) >= 12]
    made = []
    for start, end in whole:
        places = tuple(digits_in(folded, start, end))
        before = (lead + " " if start < 12 else "") + folded[max(0, start - _REACH) : start]
        made.append(_Run(start, end, "".join(folded[at] for at in places), places, before))
    return made


def _judge(runs: list[_Run], folded: str) -> Iterator[Found]:
    for run in runs:
        for rule in (_citizen, _identity_card, _party_card, _phone):
            if (one := rule(run)) is not None:
                yield one
                break
        else:
            if (one := _account(run, folded)) is not None:
                yield one


def _citizen(run: _Run) -> Found | None:
    if len(run.digits) != 12 or _AFTER_ACCOUNT.search(run.before):
        return None
    named = _AFTER_IDENTITY.search(run.before) is not None
    sound = is_citizen_number(run.digits)
    if not named and (not sound or _AFTER_OTHER.search(run.before)):
        return None
    return _hide_but_last(PersonalKind.CITIZEN_NUMBER, run, 0.97 if named and sound else 0.85, "citizen_number")


def is_citizen_number(digits: str) -> bool:
    """Twelve digits: a province, century and sex, a year of birth that has come, six more."""
    return int(digits[:3]) in _PROVINCES and (digits[3] in "01" or (digits[3] in "23" and int(digits[4:6]) <= 40))


def _identity_card(run: _Run) -> Found | None:
    if len(run.digits) != 9 or not _AFTER_IDENTITY.search(run.before):
        return None
    return _hide_but_last(PersonalKind.IDENTITY_CARD, run, 0.95, "identity_card")


def _party_card(run: _Run) -> Found | None:
    if not 6 <= len(run.digits) <= 8 or not _AFTER_CARD.search(run.before):
        return None
    return _hide_but_last(PersonalKind.PARTY_CARD, run, 0.95 if len(run.digits) == 8 else 0.7, "party_card")


def _phone(run: _Run) -> Found | None:
    digits, places = run.digits, run.places
    if digits.startswith("84") and len(digits) == 11:
        digits, places = "0" + digits[2:], places[1:]
    mobile = len(digits) == 10 and digits[0] == "0" and digits[1] in "35789"
    old = len(digits) == 11 and digits[:2] == "01" and _AFTER_PHONE.search(run.before) is not None
    home = len(digits) in (10, 11) and digits[0] == "0" and _AFTER_HOME_PHONE.search(run.before) is not None
    if not (mobile or old or home) or _AFTER_OTHER.search(run.before) or _AFTER_ACCOUNT.search(run.before):
        return None
    named = _AFTER_PHONE.search(run.before) is not None
    hidden = as_spans(list(places[2:-2]))
    return Found(PersonalKind.PHONE, run.start, run.end, hidden, 0.95 if named else 0.8, "phone")


def _account(run: _Run, folded: str) -> Found | None:
    if not 8 <= len(run.digits) <= 16 or not _AFTER_ACCOUNT.search(run.before) or _OFFICE_ACCOUNT.search(folded):
        return None
    return _hide_but_last(PersonalKind.BANK_ACCOUNT, run, 0.8, "bank_account")


def _passports(folded: str) -> Iterator[Found]:
    for match in _PASSPORT.finditer(folded):
        start, end = match.span(1)
        yield Found(PersonalKind.PASSPORT, start, end, ((start, end - 3),), 0.9, "passport")


def _hide_but_last(kind: PersonalKind, run: _Run, confidence: float, rule: str) -> Found:
    return Found(kind, run.start, run.end, as_spans(list(run.places[:-3])), confidence, rule)


def find_unread_numbers(folded: str, found: list[Found]) -> Iterator[Found]:
    """Places of a form for a number in which no number was found: what stands there is hidden whole."""
    for kind, label in _PLACES_FOR_NUMBERS:
        for match in label.finditer(folded):
            end = end_of_value(folded, match.end())
            if not FORM_MARK.match(folded, match.end()):
                continue
            if not any(match.end() <= one.start < max(end, match.end() + 40) for one in found):
                yield unread(kind, folded, match.end(), end)


def unread(kind: PersonalKind, folded: str, start: int, end: int) -> Found:
    """The place between as one in which no value was read."""
    written: tuple[Span, ...] = as_spans([at for at in range(start, end) if folded[at].isalnum()])
    return Found(kind, start, end, written, 0.3, "unread", unread=True)
