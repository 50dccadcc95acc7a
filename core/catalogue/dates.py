"""Dates as people write them in Vietnamese files, to ISO 8601 and back to the days that they can mean."""

from __future__ import annotations

import calendar
import re
from datetime import date

FIRST_YEAR = 1850
LAST_YEAR = 2100

_SEPARATED = re.compile(r"([0-9]{1,2})\s*([/.-])\s*([0-9]{1,2})\s*\2\s*([0-9]{4})")
_WORDS = re.compile(r"(?:ngày\s*)?([0-9]{1,2})\s*tháng\s*([0-9]{1,2})\s*năm\s*([0-9]{4})", re.IGNORECASE)
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_MONTH = re.compile(r"(?:tháng\s*)?([0-9]{1,2})\s*(?:[/.-]|năm)\s*([0-9]{4})", re.IGNORECASE)
_ISO_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
_YEAR = re.compile(r"(?:năm\s*)?([0-9]{4})", re.IGNORECASE)


def parse_date(text: str) -> str | None:
    """A day as `YYYY-MM-DD`, or None for what names no day between 1850 and 2100.

    Read are 2/3/2020, 02-03-2020, 2.3.2020, `ngày 2 tháng 3 năm 2020` and ISO 8601. `text` is normalised.
    """
    if match := _ISO.fullmatch(text):
        year, month, day = match.groups()
    elif match := _WORDS.fullmatch(text):
        day, month, year = match.groups()
    elif match := _SEPARATED.fullmatch(text):
        day, _, month, year = match.groups()
    else:
        return None
    return _iso_day(int(year), int(month), int(day))


def parse_partial_date(text: str) -> str | None:
    """A day, a month `YYYY-MM` or a year `YYYY`, as far as it is known; None for anything else."""
    if match := _YEAR.fullmatch(text):
        year, month = int(match[1]), 1
        found = match[1]
    elif match := _ISO_MONTH.fullmatch(text):
        year, month = int(match[1]), int(match[2])
        found = f"{year:04d}-{month:02d}"
    elif match := _MONTH.fullmatch(text):
        year, month = int(match[2]), int(match[1])
        found = f"{year:04d}-{month:02d}"
    else:
        return parse_date(text)
    return found if FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 else None


def _iso_day(year: int, month: int, day: int) -> str | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found.isoformat() if FIRST_YEAR <= year <= LAST_YEAR else None


def days_of(value: str) -> tuple[date, date] | None:
    """The first and last day that a normalised date, partial or not, can mean; None if it is not normalised."""
    if parse_partial_date(value) != value:
        return None
    year, month, day = (*map(int, value.split("-")), 0, 0)[:3]
    first_month, last_month = (month, month) if month else (1, 12)
    last_day = day or calendar.monthrange(year, last_month)[1]
    return date(year, first_month, day or 1), date(year, last_month, last_day)


def add_years(day: date, years: int) -> date:
    """The same day years later; 29 February becomes the 28th where there is no 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def show_date(value: str) -> str:
    """A normalised date as people write it: `02/03/2020`, `03/1958`, `1958`."""
    return "/".join(reversed(value.split("-")))
