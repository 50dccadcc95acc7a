from __future__ import annotations

import re
import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import QueryRefused
from indexing.backend import SearchQuery
from indexing.fts5_match import render
from indexing.match import EXACT_POINTS, NUMBER_POINTS, TYPED_POINTS, forbidden, required, signals
from indexing.query import LONGEST_QUERY, MOST_WORDS, parse


def folded(text: str) -> list[list[tuple[str, ...]]]:
    return [[term.folded for term in clause.terms] for clause in parse(text).clauses]


def test_words_phrases_and_exclusions() -> None:
    query = parse("kế hoạch “ban chỉ đạo” -tỉnh")
    assert folded("kế hoạch “ban chỉ đạo” -tỉnh") == [[("ke",)], [("hoach",)], [("ban", "chi", "dao")]]
    assert [term.exact for term in query.excluded] == [("tỉnh",)]
    assert [run.folded for run in query.runs] == [("ke", "hoach")]
    assert query.toned


def test_full_forms_and_abbreviations_stand_for_each_other() -> None:
    (clause,) = parse("Ủy ban nhân dân").clauses
    assert [term.folded for term in clause.terms] == [("uy",), ("ban",), ("nhan",), ("dan",)]
    assert clause.others == (("ubnd",),)
    assert parse("UBND").clauses[0].others == (("uy", "ban", "nhan", "dan"),)
    assert not parse("uy ban nhan dan").toned


@pytest.mark.parametrize("text", ["03 - KH/BCĐ", "03-KH/BCĐ", "03khbcd", "3-kh/bcđ", "03 KH BCD", "03 - KH / BCĐ"])
def test_a_number_is_one_key_in_any_spacing(text: str) -> None:
    assert parse(text).number == "3khbcd"


def test_a_number_within_a_sentence_keeps_its_words_together() -> None:
    query = parse("quyết định 15/2024/QĐ-BNV về nhân sự")
    numbered = [clause for clause in query.clauses if clause.numbers]
    assert [clause.numbers for clause in numbered] == [("152024qdbnv", "15qdbnv")]
    assert [clause.terms[0].folded for clause in numbered] == [("15", "2024", "qd", "bnv")]


def test_nothing_typed_finds_all_and_marks_alone_find_nothing() -> None:
    assert parse("  ").blank
    assert not parse("  ").hopeless
    assert parse('!!! "" - *').hopeless


def test_length_and_words_are_bounded() -> None:
    with pytest.raises(QueryRefused):
        parse("a" * (LONGEST_QUERY + 1))
    with pytest.raises(QueryRefused):
        parse("b " * (MOST_WORDS + 1) + "c")
    for page, size in ((1, 0), (1, 101), (0, 20), (501, 20)):
        with pytest.raises(QueryRefused):
            SearchQuery("a", page=page, size=size)


def test_lesser_points_never_reach_the_next_tier() -> None:
    longest = parse(" ".join(f"à{number}" for number in range(MOST_WORDS - 6)) + ' 1/QĐ-A "b c"')
    lesser = sum(one.points for one in signals(longest) if one.points < TYPED_POINTS)
    assert lesser < TYPED_POINTS
    assert TYPED_POINTS + lesser < EXACT_POINTS
    assert EXACT_POINTS + TYPED_POINTS + lesser < NUMBER_POINTS


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("aảđ1/-\"“*^:(){}+ NEAR\n'\\;%"), max_size=40) | st.text(max_size=40))
def test_no_syntax_of_the_engine_comes_through(text: str) -> None:
    """Whatever is typed: FTS5 can parse what is made of it, and between its quotes stand words alone."""
    query = parse(text)
    trees = [required(query), forbidden(query), *(one.expression for one in signals(query))]
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE w USING fts5 (head_exact, head, exact, folded, often, number, mentions)")
    for expression in (render(tree) for tree in trees if tree is not None):
        for quoted in re.findall(r'"([^"]*)"', expression):
            assert all(part.replace("\ue001", "").isalnum() for part in quoted.split())
        assert db.execute("SELECT count(*) FROM w WHERE w MATCH ?", (expression,)).fetchone() == (0,)
    db.close()
