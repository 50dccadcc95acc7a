"""Whether two documents say the same of a person. Pure: symmetric, and every value agrees with itself.

Values are normalised by `core.catalogue.check_value` already.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from core.catalogue import FieldKind
from core.catalogue.dates import days_of
from core.text import normalize

_PLACE_PARTS = re.compile(r"\s*[,;\n]\s*|\s+-\s+")
_PLACE_KIND = re.compile(
    r"^(?:(?:xã|phường|thị trấn|đặc khu|huyện|quận|thị xã|thành phố|tỉnh)\s+|(?:tt|tx|tp|x|p|h|q|t)\.\s*)"
)


def agrees(kind: FieldKind, one: str, other: str) -> bool:
    """Whether both values of this kind can be true of the same person."""
    if kind.is_date:
        return _dates_agree(one, other)
    if kind is FieldKind.ADDRESS:
        return _places_agree(one, other)
    if kind is FieldKind.CITIZEN_NUMBER and len(one) != len(other):
        return True  # the old number of 9 digits and the new one of 12 belong to the same person
    return plain(one) == plain(other)


def plain(text: str) -> str:
    """A name or a text as it is compared: one style of tone placement, one case, single spaces."""
    return " ".join(normalize(text.casefold()).split())


def _dates_agree(one: str, other: str) -> bool:
    """Partial dates agree if some day can be meant by both: 1958 and 03/1958, but not 03/1958 and 04/1958."""
    first, second = days_of(one), days_of(other)
    if first is None or second is None:
        return plain(one) == plain(other)
    return first[0] <= second[1] and second[0] <= first[1]


def _places_agree(one: str, other: str) -> bool:
    """Places agree if one is the other with parts left out, whatever their kinds are called: `Yên Phong, Bắc Ninh` and
    `xã Tam Giang, huyện Yên Phong, tỉnh Bắc Ninh`."""
    first, second = _place_parts(one), _place_parts(other)
    if not first or not second:
        return plain(one) == plain(other)
    return _is_within(first, second) or _is_within(second, first)


def _place_parts(text: str) -> tuple[str, ...]:
    parts = (_PLACE_KIND.sub("", plain(part), count=1).strip(" .") for part in _PLACE_PARTS.split(text))
    return tuple(part for part in parts if part)


def _is_within(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether the parts of one stand in the other in their order."""
    rest: Iterator[str] = iter(long)
    return all(part in rest for part in short)
