"""What the words of a form's value say: dates in the ways of people, numbers, names, texts; and how sure that is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.recognition import Suggestion
from ocr.describing.dates import iso_date
from ocr.describing.form_labels import PARTIAL, Label
from ocr.describing.rows import Row
from ocr.describing.suggest import offer_written

_D, _M = r"(?P<d>\d{1,2})", r"(?P<m>\d{1,2})"
_START = r"^[^\w]{0,6}(?:ngay\s*)?"
_FULL = (
    re.compile(_START + _D + r"\s*[/.-]\s*" + _M + r"\s*[/.-]\s*(?P<y>[12]\d{3})(?!\d)"),
    re.compile(_START + _D + r"\s*thang\s*" + _M + r"\s*,?\s*nam\s*(?P<y>[12]\d{3})(?!\d)"),
)
_SHORT = re.compile(_START + _D + r"\s*[/.-]\s*" + _M + r"\s*[/.-]\s*(?P<y>\d{2})(?!\d)")
_MONTH = re.compile(r"^\W{0,6}(?:thang\s*)?" + _M + r"\s*(?:[/.-]|,?\s*nam)\s*(?P<y>[12]\d{3})(?!\d)")
_YEAR = re.compile(r"^\W{0,6}(?:nam\s*)?(?P<y>[12]\d{3})(?!\d)")
_EDGES = re.compile(r"^[\s:.…_*\-)(;,'’|]+|[\s.…_*,;:\-'’|]+$")
_NAME = re.compile(
    r"^(?:đồng chí|đ/c|ông/bà|ông|bà|anh|chị|quần chúng)?\s*:?\s*((?:[^\W\d_]{1,7}\s+){1,5}[^\W\d_]{1,7})",
    re.IGNORECASE,
)
_RETENTIONS = {"vinh vien": "Vĩnh viễn", "lau dai": "Lâu dài", "tam thoi": "Tạm thời"}
_FIRST_YEAR, _CENTURY = 1900, 100

CEILINGS = {"name": 0.97, "date": 0.99, "digits": 0.99, "number": 0.97, "sex": 0.98, "text": 0.95, "count": 0.98,
            "retention": 0.98}  # fmt: skip
"""How sure a value of a kind is at most, whose words were read without doubt (benchmarks.describing_forms)."""
_DOUBTFUL, _NEVER = 0.5, 1.1


@dataclass(frozen=True, slots=True)
class Value:
    """A value and the place in the row's text where it stands; `sure`: what it means leaves no doubt."""

    text: str
    start: int
    end: int
    sure: bool = True


def read_date(text: str, partial: bool) -> Value | None:
    """The date with which folded text begins. A year of two digits is told, but not sure."""
    for pattern in _FULL:
        match = pattern.match(text)
        iso = iso_date(int(match["d"]), int(match["m"]), int(match["y"])) if match else None
        if match and iso:
            return Value(iso, match.start("d"), match.end())
    if match := _SHORT.match(text):
        iso = iso_date(int(match["d"]), int(match["m"]), _FIRST_YEAR + int(match["y"]))
        return Value(iso, match.start("d"), match.end(), sure=False) if iso else None
    if not partial:
        return None
    month, year = _MONTH.match(text), _YEAR.match(text)
    if month and 1 <= int(month["m"]) <= 12 and iso_date(1, int(month["m"]), int(month["y"])):
        return Value(f"{month['y']}-{int(month['m']):02d}", month.start("m"), month.end(), _alone(text, month.end()))
    if year and iso_date(1, 1, int(year["y"])):
        return Value(year["y"], year.start("y"), year.end(), _alone(text, year.end()))
    return None


def _alone(text: str, end: int) -> bool:
    """Whether no more digits follow, which a misread full date would leave."""
    return not any(letter.isdigit() for letter in text[end : end + 12])


def read_value(label: Label, row: Row) -> Value | None:
    """What the row says as a value of the label's kind; None where it says nothing of that kind."""
    text, folded = row.text, row.folded
    match label.kind:
        case "date":
            return read_date(folded, label.name in PARTIAL)
        case "digits":
            return _read_digits(label, text)
        case "count":
            found = re.match(r"\W{0,12}(\d{1,5})(?!\d)", text)
            return Value(found.group(1), *found.span(1)) if found else None
        case "sex":
            found = re.match(r"\W{0,6}(nam|nu)(?!\w)", folded)
            both = found and re.search(r"(?<!\w)(nam|nu)(?!\w)", folded[found.end() :])
            return Value("nam" if found.group(1) == "nam" else "nữ", *found.span(1)) if found and not both else None
        case "name":
            return _read_name(text)
        case "retention":
            return _read_retention(folded)
        case _:
            return _read_text(label, text)


def _read_digits(label: Label, text: str) -> Value | None:
    found = re.match(r"\D{0,6}(\d[\d .]{4,20}\d)", text)
    bare = re.sub(r"\D", "", found.group(1)) if found else ""
    return Value(bare, *found.span(1)) if found and len(bare) in label.digits else None


def _read_name(text: str) -> Value | None:
    bare = _trim(text)
    found = _NAME.match(bare)
    if not found or not all(word[0].isupper() for word in found.group(1).split()):
        found = re.match(r"((?:[^\W\d_]+\s+){1,5}[^\W\d_]+)", bare)
        words = _leading_capitals(found.group(1)) if found else []
        name = " ".join(words)
        if len(words) < 2:
            return None
    else:
        name = found.group(1).strip()
    start = text.find(name)
    return Value(name, max(0, start), max(0, start) + len(name)) if start >= 0 else Value(name, 0, len(text))


def _leading_capitals(text: str) -> list[str]:
    words = []
    for word in text.split():
        if not word[0].isupper():
            break
        words.append(word)
    return words


def _read_retention(folded: str) -> Value | None:
    if years := re.match(r"\W{0,8}(\d{1,2})\s*nam(?!\w)", folded):
        return Value(f"{years.group(1)} năm", years.start(1), years.end())
    for known, shown in _RETENTIONS.items():
        if (at := folded.find(known)) >= 0:
            return Value(shown, at, at + len(known))
    return None


def _read_text(label: Label, text: str) -> Value | None:
    bare = _trim(text)
    if label.kind == "number" and not any(letter.isdigit() for letter in bare):
        return None
    return Value(bare, 0, len(text)) if any(letter.isalnum() for letter in bare) else None


def _trim(text: str) -> str:
    """Without leaders, brackets of the label and marks at the ends."""
    text = re.sub(r"\.{3,}|…|_{2,}", " ", text)
    return re.sub(r"\s+", " ", _EDGES.sub("", text)).strip()


def suggest_value(label: Label, row: Row, value: Value, rule: str) -> Suggestion:
    """The value as a suggestion: as sure as its kind can be, times its least sure word; by pen, a place alone."""
    words = row.words_between(value.start, value.end) or row.words
    least = min(min(1.0, word.confidence + 0.03) for word in words)
    confidence = CEILINGS[label.kind] * least if value.sure else min(_DOUBTFUL, least)
    box = row.box_between(value.start, value.end) or row.box
    printed = row.text[value.start : value.end].strip()
    if 2 * sum(word.pen for word in words) >= len(words):
        return offer_written(label.name, printed, row.page, box, rule, (), _NEVER)
    return Suggestion(label.name, value.text, printed, round(max(0.0, confidence), 3), row.page, box, rule)
