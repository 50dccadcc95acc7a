"""Keys of documents: what makes two documents one, and what keeps them apart."""

from __future__ import annotations

from datetime import date

import pytest

from core.abbreviations import issuer_key
from core.catalogue import load_builtin
from core.catalogue.parse import parse_dictionary
from core.document_keys import document_key
from core.errors import SettingsError

DICTIONARY = load_builtin()
PARTY = {"issuing_body": "Tỉnh ủy Bắc Ninh", "number": "15", "symbol": "KH/TU", "type_code": "KH", "date": "2021-03-12"}
STATE = {"issuing_body": "UBND tỉnh Bắc Ninh", "number": "15", "symbol": "QĐ-UBND", "date": "2021-03-12"}


def key(values: dict[str, str], **changed: str | None) -> str | None:
    return document_key(DICTIONARY, values | changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"number": "015"},
        {"issuing_body": "TỈNH UỶ BẮC NINH"},
        {"symbol": "KH / TU"},
        {"date": "2024-12-31"},  # the same term
    ],
)
def test_one_party_document(changed: dict[str, str]) -> None:
    assert key(PARTY, **changed) == key(PARTY)


@pytest.mark.parametrize(
    "changed",
    [
        {"number": "16"},
        {"issuing_body": "Tỉnh ủy Bắc Giang"},
        {"type_code": "CT"},
        {"date": "2019-12-31"},
        {"date": "2025-02-01"},  # the next local term
    ],
)
def test_two_party_documents(changed: dict[str, str]) -> None:
    assert key(PARTY, **changed) not in (None, key(PARTY))


def test_central_terms_begin_later_than_local_ones() -> None:
    central = PARTY | {"issuing_body": "Ban Bí thư", "symbol": "KH/TW"}
    assert key(central, date="2025-06-01") == key(central, date="2021-02-01")
    assert key(central, date="2020-06-01") != key(central, date="2021-02-01")
    assert key(PARTY, date="2020-06-01") == key(PARTY, date="2021-02-01")


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({"issuing_body": "Ủy ban nhân dân tỉnh Bắc Ninh"}, True),
        ({"date": "2021-11-01"}, True),
        ({"date": "2022-03-12"}, False),
        ({"symbol": "QĐ-UBND-VX"}, False),
        ({"symbol": "2021/QĐ-UBND", "date": None}, True),  # its year stands in the symbol
        ({"symbol": "2020/QĐ-UBND"}, False),
    ],
)
def test_state_documents(changed: dict[str, str | None], same: bool) -> None:
    found = key(STATE, **changed)
    assert len(found or "") == 64
    assert (found == key(STATE)) is same


@pytest.mark.parametrize("name", ["issuing_body", "number", "symbol", "date"])
def test_no_key_while_a_part_is_missing(name: str) -> None:
    assert key(PARTY, **{name: None}) is None
    assert key(STATE, **{name: None}) is None


def test_no_key_before_the_first_known_term() -> None:
    assert key(PARTY, date="1970-01-01") is None


def test_issuers_are_one_whatever_their_spelling() -> None:
    assert issuer_key("UBKT Tỉnh uỷ") == issuer_key("ỦY BAN KIỂM TRA TỈNH ỦY") == "uy ban kiem tra tinh uy"
    assert issuer_key("Bộ Kỹ thuật") == issuer_key("Bộ Kĩ thuật")


def test_terms_are_data_of_the_dictionary() -> None:
    made = parse_dictionary(
        {"a.yaml": 'version: "1"\nparty_terms: {local: {title: Tỉnh, terms: [{name: A, start: 2020-10-14}]}}'}
    )
    assert made.party_term("local", date(2020, 10, 13)) is None
    assert made.party_term("local", date(2020, 10, 14)) == "A"
    assert made.party_term("central", date(2022, 1, 1)) is None
    twice = "party_terms: {local: {title: Tỉnh, terms: [{name: A, start: 2020-10-14}, {name: B, start: 2020-10-14}]}}"
    with pytest.raises(SettingsError, match="order"):
        parse_dictionary({"a.yaml": f'version: "1"\n{twice}'})
