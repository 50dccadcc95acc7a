"""Files held against a composition, and claims of one person against each other."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from core.catalogue import Composition, load_builtin
from review.composition import hold_against
from review.person_file import Claim, Settled, find_contradictions, open_pairs, rank_claims
from storage.tables import Settlement

MEMBER = load_builtin().composition("party_member_file")
CODES = [one.code for one in load_builtin().record_types]
AT = datetime(2026, 1, 5, tzinfo=UTC)


@given(st.dictionaries(st.text("0123456789", min_size=1), st.sampled_from([*CODES, None]), max_size=12))
def test_every_document_is_foreseen_unforeseen_or_untyped(types: dict[str, str | None]) -> None:
    check = hold_against(MEMBER, types)
    present = {one for one in types.values() if one}
    assert set(check.missing) == set(MEMBER.required) - present
    assert {types[one] for one in check.unforeseen} == present - {*MEMBER.required, *MEMBER.optional}
    assert set(check.untyped) == {key for key, one in types.items() if one is None}


def test_a_composition_that_asks_for_nothing_lacks_nothing() -> None:
    free = Composition(code="free", title="Tập", title_en="Folder", optional=("diploma",))
    check = hold_against(free, {"a": "diploma", "b": "health", "c": None})
    assert (check.missing, check.unforeseen, check.untyped) == ((), ("b",), ("c",))


def claim(document: str, record_type: str, field: str, value: str, *, confirmed: bool = True) -> Claim:
    fact = MEMBER.fact_of(record_type, field)
    assert fact
    rule = load_builtin().field(record_type, field)
    return Claim(document, record_type, rule, fact, value, 1, "typist", AT, confirmed)


CLAIMS = [
    claim("1", "member_card_sheet", "full_name", "Nguyễn Thị Hòa"),
    claim("1", "member_card_sheet", "birth_date", "1958-03-02"),
    claim("1", "member_card_sheet", "admission_date", "1985-05-19"),
    claim("1", "member_card_sheet", "cell", "Thôn 1"),
    claim("2", "admission_decision", "full_name", "NGUYỄN THỊ HOÀ"),
    claim("2", "admission_decision", "birth_date", "1958"),
    claim("2", "admission_decision", "effective_date", "1985-05-20"),
    claim("2", "admission_decision", "cell", "Thôn 2"),
    claim("3", "diploma", "birth_date", "1959"),
]


def test_contradictions_are_between_fields_of_one_fact_whatever_their_names() -> None:
    found = find_contradictions(MEMBER, CLAIMS)
    pairs = {one.fact: {(a.document_id, b.document_id) for a, b in one.pairs} for one in found}
    assert pairs == {"birth_date": {("1", "3"), ("2", "3")}, "admission_date": {("1", "2")}}


def test_a_settlement_holds_for_the_values_that_were_seen_and_for_no_others() -> None:
    birth = find_contradictions(MEMBER, CLAIMS)[0]
    seen = frozenset(one.words for one in birth.claims if one.document_id != "2")
    settled = [Settled(Settlement(fact="birth_date"), seen)]
    assert [(a.document_id, b.document_id) for a, b in open_pairs(birth, settled)] == [("2", "3")]
    changed = [*CLAIMS[:-1], claim("3", "diploma", "birth_date", "1960")]
    again = find_contradictions(MEMBER, changed)[0]
    assert len(open_pairs(again, settled)) == 2
    assert again.key != birth.key
    assert open_pairs(find_contradictions(MEMBER, CLAIMS)[1], settled) != ()


def test_confirmed_and_whole_values_come_first() -> None:
    claims = [
        claim("1", "diploma", "birth_date", "1958"),
        claim("2", "diploma", "birth_date", "1958-03-02", confirmed=False),
        claim("3", "diploma", "birth_date", "1958-03"),
    ]
    assert [one.document_id for one in rank_claims(claims)] == ["3", "1", "2"]
