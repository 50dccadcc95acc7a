"""What else is known, weighed with what the ink says of a number and a date by pen."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.known_facts import NOTHING_KNOWN, KnownFacts, Neighbour, RegisterRow
from core.recognition import Candidate, Suggestion
from ocr.describing.evidence import weigh, weigh_written
from ocr.describing.register_match import Printed

PRINTED = Printed("QĐ-UBND", "ỦY BAN NHÂN DÂN TỈNH BẮC NINH", "Về việc phê duyệt kế hoạch chuyển đổi số năm 2025")
DATES = (Candidate("2025-08-18", 0.69), Candidate("2025-02-18", 0.309))
NUMBERS = (Candidate("8510", 0.66), Candidate("9510", 0.24), Candidate("2510", 0.05))

texts = st.sampled_from([f"{value:02d}" for value in range(1, 10)] + [str(value) for value in range(10, 400)])
days = st.dates(date(2024, 1, 1), date(2025, 12, 31))
shares = st.floats(0.001, 1.0)


@st.composite
def inks(draw: st.DrawFn, values: st.SearchStrategy[str]) -> tuple[Candidate, ...]:
    """A ranked list as the ranker gives it: up to six values that share at most all of the probability."""
    listed = draw(st.dictionaries(values, shares, min_size=1, max_size=6))
    total = sum(listed.values()) + draw(st.floats(0.001, 1.0))
    return tuple(Candidate(value, share / total) for value, share in sorted(listed.items(), key=lambda one: -one[1]))


@st.composite
def facts(draw: st.DrawFn) -> KnownFacts:
    neighbours = st.builds(Neighbour, st.just(PRINTED.issuer), st.just(PRINTED.symbol), st.integers(1, 400), days)
    symbols = st.sampled_from(["", "QĐ-UBND", "QD-UBND", "TB-STC"])
    rows = st.builds(
        RegisterRow,
        line=st.integers(2, 900),
        file_code=st.sampled_from(["", "HS01"]),
        ordinal=st.none() | st.integers(1, 9),
        number=st.just("") | texts | st.sampled_from(["12a", "00", "123456"]),
        symbol=symbols,
        dated=st.none() | days,
        abstract=st.sampled_from(["", PRINTED.abstract, "Báo cáo tài chính"]),
    )
    return KnownFacts(
        tuple(draw(st.lists(days, max_size=2))),
        tuple(draw(st.lists(neighbours, max_size=4))),
        tuple(draw(st.lists(rows, max_size=5))),
        "HS01",
        draw(st.integers(1, 9)),
    )


@given(inks(texts), inks(days.map(date.isoformat)), facts())
def test_nothing_known_excludes_a_value_or_makes_an_illegal_one(
    numbers: tuple[Candidate, ...], dates: tuple[Candidate, ...], known: KnownFacts
) -> None:
    by_number, by_date = weigh(numbers, dates, PRINTED, known)
    for ink, ranked in ((numbers, by_number), (dates, by_date)):
        odds = {one.value: one.confidence for one in ranked}
        assert len(odds) == len(ranked)
        assert {one.value for one in ink} <= odds.keys()
        assert all(0 < one <= 1 for one in odds.values())
        assert sum(odds.values()) <= 1 + 1e-9
    assert all(1 <= int(one.value) <= 9999 and (len(one.value) == 2 or one.value[0] != "0") for one in by_number)
    assert {one.value[:4] for one in by_date} == {one.value[:4] for one in dates}


@given(inks(texts), inks(days.map(date.isoformat)), facts())
def test_what_the_ink_hardly_supports_is_never_sure(
    numbers: tuple[Candidate, ...], dates: tuple[Candidate, ...], known: KnownFacts
) -> None:
    for ink, ranked in zip((numbers, dates), weigh(numbers, dates, PRINTED, known), strict=True):
        said = {one.value: one.confidence for one in ink}
        assert all(one.confidence <= 0.5 for one in ranked if said.get(one.value, 0) < 0.2)


@given(inks(texts), inks(days.map(date.isoformat)))
def test_where_nothing_is_known_the_ink_speaks_alone(
    numbers: tuple[Candidate, ...], dates: tuple[Candidate, ...]
) -> None:
    for ink, ranked in zip((numbers, dates), weigh(numbers, dates, PRINTED, NOTHING_KNOWN), strict=True):
        assert [one.value for one in ranked] == [one.value for one in ink]
        assert [one.source for one in ranked] == ["pen"] * len(ink)


@given(st.lists(days, min_size=2, max_size=6, unique=True), st.integers(0, 1), st.data())
def test_true_evidence_never_puts_the_right_day_below_an_equal(
    listed: list[date], later: int, data: st.DataObject
) -> None:
    right = data.draw(st.sampled_from(listed))
    dates = tuple(Candidate(day.isoformat(), 0.9 / len(listed)) for day in listed)
    known = KnownFacts((right + timedelta(days=later),), register=(RegisterRow(2, symbol=PRINTED.symbol, dated=right),))
    _, ranked = weigh((), dates, PRINTED, known)
    assert (ranked[0].value, ranked[0].source) == (right.isoformat(), "pen+signature+register")


@given(st.lists(st.integers(1, 300), min_size=2, max_size=6, unique=True), st.data())
def test_true_neighbours_never_put_the_right_number_below_an_equal(listed: list[int], data: st.DataObject) -> None:
    right, day = data.draw(st.sampled_from(listed)), date(2025, 6, 1)
    numbers = tuple(Candidate(f"{number:02d}", 0.9 / len(listed)) for number in listed)
    others = data.draw(st.lists(st.integers(1, 300).filter(lambda one: one != right), max_size=4))
    neighbours = tuple(
        Neighbour(PRINTED.issuer, PRINTED.symbol, one, day + timedelta(days=one - right)) for one in others
    )
    ranked, _ = weigh(numbers, (Candidate(day.isoformat(), 1.0),), PRINTED, KnownFacts(neighbours=neighbours))
    odds = {int(one.value): one.confidence for one in ranked}
    assert odds[right] == max(odds.values())


def test_of_two_like_shapes_the_day_of_signing_decides() -> None:
    _, (first, second) = weigh((), DATES, PRINTED, KnownFacts((date(2025, 2, 19),)))
    assert (first.value, first.source, second.value) == ("2025-02-18", "pen+signature", "2025-08-18")
    # 0.309 / (0.309 + 0.01 * (0.69 + 0.001 elsewhere))
    assert first.confidence == pytest.approx(0.309 / (0.309 + 0.00691))


def test_a_copy_signed_years_later_changes_nothing() -> None:
    _, ranked = weigh((), DATES, PRINTED, KnownFacts((date(2029, 1, 1),)))
    assert [one.confidence for one in ranked] == pytest.approx([0.69, 0.309])


def test_a_number_between_its_neighbours_is_likelier_and_says_so() -> None:
    around = (
        Neighbour(PRINTED.issuer, "QD-UBND", 2490, date(2025, 2, 10)),
        Neighbour(PRINTED.issuer, PRINTED.symbol, 2530, date(2025, 3, 1)),
    )
    day = (Candidate("2025-02-18", 0.99),)
    (first, *others), _ = weigh(NUMBERS, day, PRINTED, KnownFacts(neighbours=around))
    # The ink hardly supports it: it comes first, and is not sure.
    assert (first.value, first.source, first.confidence < 0.5) == ("2510", "pen+neighbours", True)
    assert [one.value for one in others] == ["8510", "9510"]
    of_others = (
        Neighbour("SỞ TÀI CHÍNH", PRINTED.symbol, 2490, date(2025, 2, 10)),
        Neighbour(PRINTED.issuer, PRINTED.symbol, 2490, date(2024, 2, 10)),
        Neighbour(PRINTED.issuer, "TB-UBND", 2490, date(2025, 2, 10)),
    )
    (first, *_), _ = weigh(NUMBERS, day, PRINTED, KnownFacts(neighbours=of_others))
    assert (first.value, first.source) == ("8510", "pen")


def test_a_line_of_the_register_is_found_by_symbol_and_abstract() -> None:
    register = (
        RegisterRow(2, number="2510", symbol="QĐ-UBND", dated=date(2025, 2, 18), abstract=PRINTED.abstract),
        RegisterRow(3, number="8510", symbol="QĐ-UBND", dated=date(2025, 8, 18), abstract="Về việc bổ nhiệm cán bộ"),
        RegisterRow(4, number="9510", symbol="TB-STC", abstract=PRINTED.abstract),
    )
    (number, *_), (day, *_) = weigh(NUMBERS, DATES, PRINTED, KnownFacts(register=register))
    assert (number.value, number.source, number.confidence) == ("2510", "pen+register", 0.5)
    assert (day.value, day.source) == ("2025-02-18", "pen+register")
    assert day.confidence > 0.95


def test_the_register_offers_what_the_ink_does_not_list_and_never_as_sure() -> None:
    row = RegisterRow(2, "HS01", 3, "77", PRINTED.symbol, date(2025, 5, 6), PRINTED.abstract)
    ranked, days_ = weigh(NUMBERS, DATES, PRINTED, KnownFacts(register=(row,), file_code="HS01", ordinal=3))
    added = [one for one in (*ranked, *days_) if one.source == "register"]
    assert [one.value for one in added] == ["77", "2025-05-06"]
    assert all(one.confidence <= 0.5 for one in added)
    last_year = KnownFacts(register=(RegisterRow(2, number="77", symbol=PRINTED.symbol, dated=date(2024, 5, 6)),))
    assert {one.value[:4] for one in weigh(NUMBERS, DATES, PRINTED, last_year)[1]} == {"2025"}


def _field(name: str, value: str | None, ink: tuple[Candidate, ...] = ()) -> Suggestion:
    return Suggestion(name, value, "", 0.97 if value else 0.0, 1, None, f"header.{name}", value is None, ink=ink)


def test_fields_name_what_their_value_comes_from_and_what_is_printed_stays() -> None:
    fields = [_field("symbol", "QĐ-UBND"), _field("number", "12"), _field("date", None, DATES)]
    symbol, number, day = weigh_written(fields, KnownFacts((date(2025, 2, 19),)))
    assert (symbol, number) == tuple(fields[:2])
    assert (day.value, day.rule, day.confidence) == ("2025-02-18", "header.date+signature", 0.978)
    again = weigh_written([symbol, number, day], NOTHING_KNOWN)[2]
    assert (again.value, again.rule, again.confidence) == (None, "header.date", 0.0)
    assert [one.value for one in again.candidates] == ["2025-08-18", "2025-02-18"]


def test_what_the_ink_may_say_is_offered_however_little_else_speaks_for_it() -> None:
    row = RegisterRow(2, "HS01", 3, "8510", PRINTED.symbol, abstract=PRINTED.abstract)
    known = KnownFacts(register=(row,), file_code="HS01", ordinal=3)
    ink = (*NUMBERS, Candidate("7510", 0.001))
    (number,) = weigh_written([_field("number", None, ink)], known)
    assert (number.value, [one.value for one in number.candidates]) == ("8510", ["8510", "9510", "2510"])


@pytest.mark.parametrize("printed", ["15a", "mười lăm", ""])
def test_a_printed_number_that_is_no_whole_one_says_nothing_of_the_date(printed: str) -> None:
    number, day = weigh_written([_field("number", printed), _field("date", None, DATES)], NOTHING_KNOWN)
    assert number.value == printed
    assert [one.value for one in day.candidates] == ["2025-08-18", "2025-02-18"]
