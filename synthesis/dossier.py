"""What forms ask about one person, and the ways in which people write a date."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from random import Random

from synthesis import vocabulary as words
from synthesis.texts import Person, make_cell, make_commune, make_date, make_name, make_person, make_place

NATIONS = ("Kinh", "Tày", "Thái", "Mường", "Nùng", "Khmer", "Hrê", "Ê Đê")
RELIGIONS = ("Không", "Không", "Phật giáo", "Công giáo")
TITLES = (
    "Chuyên viên", "Phó Trưởng phòng", "Trưởng phòng Tổng hợp", "Phó Bí thư Đảng ủy", "Chủ tịch Hội Nông dân",
    "Hiệu trưởng", "Chánh Văn phòng", "Kế toán trưởng", "Ủy viên Ban Thường vụ",
)  # fmt: skip
_UNITS = (
    "Văn phòng Đảng ủy xã {commune}", "Ủy ban nhân dân xã {commune}", "Sở Nội vụ tỉnh {province}",
    "Trường Tiểu học {commune}", "Ban Tổ chức Tỉnh ủy {province}", "Trạm Y tế xã {commune}",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dossier:
    """One person's particulars; all dates agree with one another."""

    person: Person
    cell: str
    committee: str
    position: str
    unit: str
    residence: str
    history_number: str
    card_number: str
    admitted: datetime.date
    full: datetime.date

    @property
    def name(self) -> str:
        return self.person.name


def years_later(day: datetime.date, years: int, days: int) -> datetime.date:
    return datetime.date(day.year + years, day.month, min(day.day, 28)) + datetime.timedelta(days=days)


def make_dossier(rng: Random, first: int = 1950, last: int = 2000) -> Dossier:
    """A member of the Party, born in these years."""
    person = make_person(rng, first, last)
    admitted = years_later(person.birth, rng.randrange(18, 32), rng.randrange(300))
    commune, (_, province) = make_commune(rng), make_place(rng)
    unit = rng.choice(_UNITS).format(commune=commune, province=province)
    street = f"số {rng.randrange(2, 400)}, đường {rng.choice(words.STREETS)}, phường {make_commune(rng)}, {province}"
    history = (
        f"{rng.randrange(100, 99999):06d}" if rng.random() < 0.6 else f"{rng.randrange(1, 99)}/{rng.randrange(999)}"
    )
    return Dossier(
        person, make_cell(rng), f"Đảng bộ xã {commune}", rng.choice(TITLES), unit, street, history,
        f"{rng.randrange(10_000_000, 99_999_999)}", admitted, years_later(admitted, 1, rng.randrange(40)),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date as it stands on paper, and what it says: ISO 8601, partial where day or month is not told."""

    text: str
    value: str


def write_any_date(rng: Random, day: datetime.date, partial: float = 0.0, worded: float = 0.25) -> WrittenDate:
    """A date in one of the ways of people. partial, worded: chances of a month or year alone, and of a date
    in words.
    """
    if rng.random() < partial:
        month = f"{day.month:02d}/{day.year}"
        return rng.choice((WrittenDate(str(day.year), str(day.year)), WrittenDate(month, f"{day:%Y-%m}")))
    if rng.random() < worded:
        start = rng.choice(("ngày ", "ngày ", ""))
        return WrittenDate(f"{start}{day.day:02d} tháng {day.month:02d} năm {day.year}", day.isoformat())
    mark, zero = rng.choice("//////-."), rng.random() < 0.6
    parts = (f"{day.day:02d}", f"{day.month:02d}") if zero else (str(day.day), str(day.month))
    return WrittenDate(mark.join((*parts, str(day.year))), day.isoformat())


def make_parent(rng: Random, father: bool) -> str:
    return make_name(rng, "nam" if father else "nữ")


def make_paper_day(rng: Random, one: Dossier) -> datetime.date:
    """A day after the person became a full member, up to 2026."""
    return max(make_date(rng, 2000, 2026), one.full + datetime.timedelta(days=rng.randrange(30, 900)))
