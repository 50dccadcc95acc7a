"""Checking one value against its rule. Messages are Vietnamese: people see them beside the field."""

from __future__ import annotations

import re
import unicodedata

from core.catalogue.dates import FIRST_YEAR, LAST_YEAR, parse_date, parse_partial_date
from core.catalogue.model import CodeList, Dictionary, FieldKind, FieldRule
from core.errors import InvalidValue
from core.text import fold, normalize

_ITEM_MARKS = re.compile(r"^[-+*•]\s*|\s*[;,.]$")
_SYMBOL_SPACES = re.compile(r"\s*([-/])\s*")
_NUMBER_MARKS = re.compile(r"[\s.\-]")
_LAST_PROVINCE = 96
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
"""Unicode categories of controls, direction marks and lone surrogates: no value of an office holds them."""


def check_value(rule: FieldRule, value: object, dictionary: Dictionary) -> str | list[str]:
    """The value as it is stored: NFC text, dates in ISO 8601, codes of the list, numbers as digits.

    A list field gives a list of texts, everything else one text. Raises InvalidValue, also for an empty value.
    """
    if rule.kind is FieldKind.LIST:
        return _check_list(rule, value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _refuse(rule, "cần một giá trị dạng chữ.")
    lines = str(value).splitlines() if rule.kind is FieldKind.LONG_TEXT else [str(value)]
    text = "\n".join(_clean(rule, line) for line in lines).strip()
    if not text:
        raise _refuse(rule, "chưa có giá trị.")
    text = _check_kind(rule, text, dictionary)
    _check_length(rule, text)
    if rule.pattern and re.fullmatch(rule.pattern, text) is None:
        raise _refuse(rule, f"'{text}' không đúng. {rule.help}")
    return text


def _refuse(rule: FieldRule, fault: str) -> InvalidValue:
    return InvalidValue(f"{rule.title}: {fault}")


def _clean(rule: FieldRule, text: str) -> str:
    """One line of normalised text, single spaces between its words."""
    line = " ".join(normalize(text).split())
    if any(unicodedata.category(letter) in _UNSEEN for letter in line):
        raise _refuse(rule, "có ký tự không hiển thị được; hãy gõ lại.")
    return line


def _check_kind(rule: FieldRule, text: str, dictionary: Dictionary) -> str:
    match rule.kind:
        case FieldKind.DATE | FieldKind.BIRTH_DATE:
            return _check_date(rule, text)
        case FieldKind.INTEGER:
            return _check_integer(rule, text)
        case FieldKind.CODE:
            return _check_code(rule, text, dictionary.code_list(rule.code_list or ""))
        case FieldKind.CITIZEN_NUMBER:
            return _check_citizen_number(rule, text, dictionary)
        case FieldKind.PARTY_CARD:
            return _check_party_card(rule, text)
        case FieldKind.PHONE:
            return _check_phone(rule, text)
        case FieldKind.PERSON_NAME:
            return _check_name(rule, text)
        case FieldKind.SYMBOL:
            return _SYMBOL_SPACES.sub(r"\1", text)
        case _:
            return text


def _check_list(rule: FieldRule, value: object) -> list[str]:
    """Items from a list, or from a text with one a line; bullets and closing marks are dropped."""
    items = value.splitlines() if isinstance(value, str) else value
    if not isinstance(items, list | tuple) or not all(isinstance(item, str) for item in items):
        raise _refuse(rule, "cần danh sách, mỗi dòng một mục.")
    found = [text for text in (_ITEM_MARKS.sub("", _clean(rule, item)) for item in items) if text]
    if not found:
        raise _refuse(rule, "chưa có giá trị.")
    for item in found:
        _check_length(rule, item)
    return found


def _check_length(rule: FieldRule, text: str) -> None:
    if len(text) > rule.max_length:
        raise _refuse(rule, f"dài {len(text)} ký tự, tối đa {rule.max_length} ký tự.")


def _check_date(rule: FieldRule, text: str) -> str:
    found = parse_partial_date(text) if rule.partial_allowed else parse_date(text)
    if found is None:
        partial = ", hoặc chỉ tháng/năm (03/1958), hoặc chỉ năm (1958)" if rule.partial_allowed else ""
        raise _refuse(
            rule,
            f"'{text}' không phải ngày hợp lệ. Ghi ngày/tháng/năm, ví dụ 02/03/2020{partial}; "
            f"năm từ {FIRST_YEAR} đến {LAST_YEAR}.",
        )
    return found


def _check_integer(rule: FieldRule, text: str) -> str:
    if not (text.isascii() and text.removeprefix("-").isdigit() and len(text) <= 10):
        raise _refuse(rule, f"'{text}' không phải số nguyên.")
    number = int(text)
    if rule.minimum is not None and number < rule.minimum:
        raise _refuse(rule, f"{number} nhỏ hơn {rule.minimum}.")
    if rule.maximum is not None and number > rule.maximum:
        raise _refuse(rule, f"{number} lớn hơn {rule.maximum}.")
    return str(number)


def _check_code(rule: FieldRule, text: str, codes: CodeList) -> str:
    """The code that the text names: as code, as label, or folded where that is not ambiguous (HD is not HĐ)."""
    if text in codes.values:
        return text
    pairs = [(code, spelling) for code, label in codes.values.items() for spelling in (code, label)]
    for same in (str.casefold, fold):
        named = {code for code, spelling in pairs if same(normalize(spelling)) == same(text)}
        if len(named) == 1:
            return named.pop()
    shown = [
        code if code.casefold() == label.casefold() else f"{code} ({label})" for code, label in codes.values.items()
    ]
    known = ", ".join(shown[:12]) + (", …" if len(shown) > 12 else "")
    raise _refuse(rule, f"'{text}' không có trong danh mục '{codes.title}'. Chọn một trong: {known}.")


def _digits(text: str) -> str:
    """The digits of a number written with spaces, dots or dashes; empty for anything else."""
    bare = _NUMBER_MARKS.sub("", text)
    return bare if bare.isascii() and bare.isdigit() else ""


def _check_citizen_number(rule: FieldRule, text: str, dictionary: Dictionary) -> str:
    """Twelve digits begin with a province code: of the rule's list, or from 001 to 096 where it names none."""
    digits = _digits(text)
    if len(digits) not in (9, 12):
        raise _refuse(rule, "cần 12 chữ số (CCCD) hoặc 9 chữ số (CMND cũ).")
    if len(digits) == 12 and not 1 <= int(digits[:3]) <= _LAST_PROVINCE:
        raise _refuse(rule, f"ba chữ số đầu là mã tỉnh, từ 001 đến {_LAST_PROVINCE:03d}, không phải {digits[:3]}.")
    if len(digits) == 12 and rule.code_list and digits[:3] not in dictionary.code_list(rule.code_list).values:
        raise _refuse(rule, f"ba chữ số đầu là mã tỉnh; không có tỉnh nào mang mã {digits[:3]}.")
    return digits


def _check_party_card(rule: FieldRule, text: str) -> str:
    digits = _digits(text)
    if len(digits) != 8:
        raise _refuse(rule, "số thẻ đảng viên có đúng 8 chữ số.")
    return digits


def _check_phone(rule: FieldRule, text: str) -> str:
    """Domestic form with a leading 0, 10 or 11 digits."""
    digits = _digits(re.sub(r"[()]", "", text).replace("+84", "0", 1))
    if not (digits.startswith("0") and len(digits) in (10, 11)):
        raise _refuse(rule, "số điện thoại có 10 hoặc 11 chữ số, bắt đầu bằng 0.")
    return digits


def _check_name(rule: FieldRule, text: str) -> str:
    if any(letter.isdigit() for letter in text) or not any(letter.isalpha() for letter in text):
        raise _refuse(rule, f"'{text}' không phải họ tên: chỉ ghi chữ.")
    return text
