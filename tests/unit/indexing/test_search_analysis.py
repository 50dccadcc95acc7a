from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.text import normalize
from indexing.analysis import (
    BREAK,
    analyze,
    equivalents,
    find_numbers,
    frequent,
    number_keys,
    shingles,
    spelling_variants,
)


def test_tokens_have_both_forms_and_their_place() -> None:
    text = "Quyết định số 15/QĐ-BNV"
    tokens = analyze(text)
    assert [token.exact for token in tokens] == ["quyết", "định", "số", "15", "qđ", "bnv"]
    assert [token.folded for token in tokens] == ["quyet", "dinh", "so", "15", "qd", "bnv"]
    assert [text[token.start : token.end] for token in tokens] == ["Quyết", "định", "số", "15", "QĐ", "BNV"]


def test_both_styles_of_tone_placement_are_one_word() -> None:
    assert [token.exact for token in analyze(normalize("hoà hòa khoẻ khỏe"))] == ["hòa", "hòa", "khỏe", "khỏe"]


@settings(max_examples=200)
@given(st.text(max_size=60))
def test_tokens_stay_whole_for_the_engine(text: str) -> None:
    """Whatever is typed: forms hold letters and digits alone, so no quote, operator, space or break reaches FTS5."""
    for token in analyze(normalize(text)):
        for form in (token.exact, token.folded):
            assert '"' not in form
            assert not set(form) & set(" \n\t\0*^:()-+{}" + BREAK)


def test_shingles_and_frequent_words() -> None:
    words = ["ban", "chi", "dao"] * 3 + ["tinh"]
    assert len(shingles(words)) == 9
    assert set(frequent(words)) == {"ban", "chi", "dao", *shingles(["ban", "chi", "dao"])}


@pytest.mark.parametrize(
    ("number", "keys"),
    [
        ("03 - KH/BCĐ", ("3khbcd",)),
        ("03-KH/BCĐ", ("3khbcd",)),
        ("03khbcd", ("3khbcd",)),
        ("15/2024/QĐ-BNV", ("152024qdbnv", "15qdbnv")),
        ("12/05/2024", ()),
        ("QĐ-BNV", ()),
        ("", ()),
    ],
)
def test_number_keys(number: str, keys: tuple[str, ...]) -> None:
    assert number_keys(number) == keys


def test_numbers_in_text_are_found_with_their_place_and_dates_are_none() -> None:
    text = "Căn cứ Quyết định số 15 /QĐ-BNV ngày 12/5/2024 và Nghị quyết 07-NQ/TW"
    assert [(text[start:end], keys) for start, end, keys in find_numbers(text)] == [
        ("15 /QĐ-BNV", ("15qdbnv",)),
        ("07-NQ/TW", ("7nqtw",)),
    ]


@pytest.mark.parametrize(
    ("syllable", "variants"),
    [("ky", ("ki",)), ("li", ("ly",)), ("quy", ("qui",)), ("qui", ("quy",)), ("thuy", ()), ("nghi", ()), ("y", ())],
)
def test_spelling_variants(syllable: str, variants: tuple[str, ...]) -> None:
    assert spelling_variants(syllable) == variants


def test_equivalents_take_the_longest_form() -> None:
    assert equivalents(["uy", "ban", "nhan", "dan", "tinh"]) == (4, (("ubnd",),))
    assert equivalents(["ubnd", "tinh"]) == (1, (("uy", "ban", "nhan", "dan"),))
    assert equivalents(["dak", "lak"]) == (2, (("dac", "lac"), ("dac", "lak")))
    assert equivalents(["uy", "ban"]) == (0, ())
