"""Dates as they stand in Vietnamese documents, to ISO 8601."""

from __future__ import annotations

import re
from datetime import date

WORDED = re.compile(r"nga[a-z](?P<day>[^a-z]{0,14}?|.{0,8}?)thang(?P<month>.{0,10}?)nam(?P<year>.{0,8})")
"""`ngày 4 tháng 1 năm 2021` in folded text, the pen perhaps over the y; the parts hold whatever was read there."""

SLASHED = re.compile(r"ngay(?P<day>[^a-z/]{0,8})/(?P<month>[^a-z/]{0,6})/(?P<year>\s*\d{4})")
"""`ngày 4/1/2021`, likewise."""

_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})(?!\d)")
_LONG = re.compile(r"(?:ngay\s*)?(\d{1,2})\s*thang\s*(\d{1,2})\s*nam\s*(\d{4})(?!\d)")


def find_worded(folded: str) -> re.Match[str] | None:
    """The first date of a head, whole or with its parts unread."""
    return WORDED.search(folded) or SLASHED.search(folded)


def iso_date(day: int, month: int, year: int) -> str | None:
    """ISO form, or None for a day that does not exist or lies outside 1900..2100."""
    try:
        found = date(year, month, day)
    except (ValueError, OverflowError):
        return None
    return found.isoformat() if 1900 <= found.year <= 2100 else None


def find_dates(folded: str) -> list[tuple[str, int, int]]:
    """All full dates in folded text, in order: ISO form, start and end offset."""
    found = []
    for pattern in (_NUMERIC, _LONG):
        for match in pattern.finditer(folded):
            day, month, year = (int(part) for part in match.groups())
            iso = iso_date(day, month, year)
            if iso is not None:
                found.append((iso, match.start(), match.end()))
    return sorted(found, key=lambda one: one[1])
