"""Texts: variety, and values that agree with each other."""

from __future__ import annotations

from random import Random

from synthesis import vocabulary
from synthesis.texts import make_abstract, make_name, make_person, make_sentence


def test_34_provincial_units() -> None:
    assert len({*vocabulary.PROVINCES, *vocabulary.CITIES}) == 34


def test_enough_variety_for_thousands_of_documents() -> None:
    rng = Random(1)
    assert len({make_abstract(rng, "tỉnh Gia Lai") for _ in range(2000)}) > 1200
    assert len({make_sentence(rng) for _ in range(5000)}) > 4700
    assert len({make_name(rng) for _ in range(5000)}) > 4500


def test_citizen_number_agrees_with_sex_and_birth() -> None:
    rng = Random(2)
    for _ in range(300):
        person = make_person(rng)
        century_sex = int(person.citizen_number[3])
        assert len(person.citizen_number) == 12
        assert 1 <= int(person.citizen_number[:3]) <= 96
        assert century_sex % 2 == (person.sex == "nữ")
        assert 1900 + 100 * (century_sex // 2) + int(person.citizen_number[4:6]) == person.birth.year
