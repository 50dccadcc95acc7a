"""Sentences, names and codes made from the vocabulary. The same state of `rng` gives the same text."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from random import Random
from typing import Literal

from synthesis import vocabulary as words

Sex = Literal["nam", "nữ"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A cited document: how it is named in a sentence, and its code."""

    text: str
    code: str


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    sex: Sex
    birth: datetime.date
    home: str
    citizen_number: str


def make_name(rng: Random, sex: Sex | None = None) -> str:
    """A full name."""
    sex = sex or rng.choice(("nam", "nữ"))
    middles, names = (
        (words.MALE_MIDDLES, words.MALE_NAMES) if sex == "nam" else (words.FEMALE_MIDDLES, words.FEMALE_NAMES)
    )
    middle = rng.choice(middles)
    if sex == "nữ" and middle == "Thị" and rng.random() < 0.3:
        middle = f"Thị {rng.choice(words.FEMALE_MIDDLES[1:])}"
    return f"{rng.choice(words.SURNAMES)} {middle} {rng.choice(names)}"


def make_date(rng: Random, first: int = 2016, last: int = 2026) -> datetime.date:
    """A day from January of the first year to June of the last."""
    start = datetime.date(first, 1, 2)
    return start + datetime.timedelta(days=rng.randrange((datetime.date(last, 6, 30) - start).days))


def write_date(day: datetime.date) -> str:
    """The date as forms write it: 05/02/2024, with a zero before small days and before January and February."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"


def make_commune(rng: Random) -> str:
    """A commune's name without its kind."""
    first, last = rng.choice(words.COMMUNE_FIRSTS), rng.choice(words.COMMUNE_LASTS)
    return f"{first} {last}" if first != last else f"{first} Phước"


def make_place(rng: Random) -> tuple[str, str]:
    """A provincial unit: ("tỉnh", "Gia Lai") or ("thành phố", "Huế")."""
    at = rng.randrange(len(words.PROVINCES) + len(words.CITIES))
    if at < len(words.PROVINCES):
        return "tỉnh", words.PROVINCES[at]
    return "thành phố", words.CITIES[at - len(words.PROVINCES)]


def make_person(rng: Random, first: int = 1955, last: int = 2002) -> Person:
    """A person born in these years, whose citizen number agrees with sex and birth.

    Its digits: province code 3, century and sex 1, year of birth 2, then 6 without meaning.
    """
    sex: Sex = rng.choice(("nam", "nữ"))
    birth = make_date(rng, first, last)
    century_sex = (0 if sex == "nam" else 1) + (2 if birth.year >= 2000 else 0)
    number = f"{rng.randrange(1, 97):03d}{century_sex}{birth.year % 100:02d}{rng.randrange(1_000_000):06d}"
    kind, province = make_place(rng)
    return Person(make_name(rng, sex), sex, birth, f"xã {make_commune(rng)}, {kind} {province}", number)


def make_cell(rng: Random) -> str:
    """A Party cell."""
    kind = rng.choice(words.HAMLETS)
    number_of = kind.endswith(("phố", "ấp"))
    return f"{kind} {rng.randrange(1, 15)}" if number_of else f"{kind} {make_commune(rng)}"


def make_subject(rng: Random) -> str:
    return rng.choice(words.SUBJECTS)


def make_abstract(rng: Random, place: str) -> str:
    """A trích yếu without its "Về việc": what, and often where or when."""
    text = f"{rng.choice(words.ACTIONS)} {make_subject(rng)}"
    ending = rng.randrange(4)
    if ending == 0:
        return f"{text} năm {rng.randrange(2018, 2027)}"
    if ending == 1:
        return f"{text} trên địa bàn {place}"
    return f"{text} giai đoạn 2021 - 2025 trên địa bàn {place}" if ending == 2 else text


def make_sentence(rng: Random) -> str:
    """A sentence of running office text, with its full stop."""
    shape = rng.randrange(4)
    actor, verb, subject = rng.choice(words.ACTORS), rng.choice(words.VERBS), make_subject(rng)
    if shape == 0:
        return f"{rng.choice(words.OPENERS)}, {actor} {verb} {subject}, {rng.choice(words.TAILS)}."
    if shape == 1:
        return f"{actor[0].upper()}{actor[1:]} {verb} {subject}; {rng.choice(words.TAILS)}."
    if shape == 2:
        share = f"{rng.randrange(41, 100)},{rng.randrange(1, 10)}%"
        return (
            f"{rng.choice(words.OPENERS)}, tỷ lệ thực hiện {subject} đạt {share}, tăng {rng.randrange(2, 19)}% so với "
            f"cùng kỳ năm {rng.randrange(2016, 2026)}."
        )
    deadline = write_date(make_date(rng, 2024, 2027))
    return f"Yêu cầu {actor} hoàn thành nhiệm vụ về {subject} trước ngày {deadline}, {rng.choice(words.TAILS)}."


def make_paragraph(rng: Random, sentences: int) -> str:
    return " ".join(make_sentence(rng) for _ in range(sentences))


def make_task(rng: Random) -> str:
    """A task of a list, without closing mark."""
    text = rng.choice(words.TASKS).format(subject=make_subject(rng), actor=rng.choice(words.ACTORS))
    return f"{text}, {rng.choice(words.TAILS)}" if rng.random() < 0.6 else text


def cite_state(rng: Random, before: datetime.date) -> Citation:
    """A state document older than the given day."""
    day = before - datetime.timedelta(days=rng.randrange(40, 1500))
    number = rng.randrange(3, 190)
    kind = rng.randrange(3)
    if kind == 0:
        code, name, issuer = f"{number}/{day.year}/NĐ-CP", "Nghị định", "Chính phủ"
    elif kind == 1:
        ministry, short = rng.choice(words.MINISTRIES)
        code, name, issuer = f"{number % 60 + 1:02d}/{day.year}/TT-{short}", "Thông tư", f"Bộ trưởng Bộ {ministry}"
    else:
        code, name, issuer = f"{number * 7}/QĐ-TTg", "Quyết định", "Thủ tướng Chính phủ"
    return Citation(f"{name} số {code} ngày {write_date(day)} của {issuer} về {make_subject(rng)}", code)


def cite_party(rng: Random, before: datetime.date) -> Citation:
    """A Party document older than the given day."""
    day = before - datetime.timedelta(days=rng.randrange(40, 1200))
    name, short = rng.choice((("Quy định", "QĐ"), ("Nghị quyết", "NQ"), ("Chỉ thị", "CT"), ("Kết luận", "KL")))
    code = f"{rng.randrange(2, 399):02d}-{short}/TW"
    issuer = rng.choice(("Ban Chấp hành Trung ương", "Bộ Chính trị", "Ban Bí thư"))
    return Citation(f"{name} số {code}, ngày {write_date(day)} của {issuer} về {make_subject(rng)}", code)
