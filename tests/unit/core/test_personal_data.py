"""Who sees personal values, and text as it is shown to who does not."""

from __future__ import annotations

import pytest

from core.catalogue.model import Protection
from core.labels import AccessLabel, Clearance, Grant, Role, Secrecy, Sensitivity, Visibility
from core.masked_text import PageMask, mask_lines
from core.personal_data import may_unmask, reveals
from core.recognition import HiddenWord, RecognizedLine, RecognizedWord
from ocr.painting import hidden_boxes


def reader(role: Role, sensitivity: Sensitivity = Sensitivity.PERSONAL, unit: str = "u") -> Clearance:
    return Clearance("someone", (Grant(role, frozenset({unit})),), Secrecy.THUONG, sensitivity)


def label(visibility: Visibility, sensitivity: Sensitivity = Sensitivity.PERSONAL) -> AccessLabel:
    return AccessLabel("u", Secrecy.THUONG, sensitivity, visibility)


@pytest.mark.parametrize(
    ("visibility", "roles"),
    [
        (
            Visibility.UNPUBLISHED,
            {"scan_operator", "data_entry", "reviewer", "acceptor_business", "acceptor_data", "acceptor_security"}
            | {"business_owner"},
        ),
        (
            Visibility.PUBLISHED,
            {"reviewer", "acceptor_business", "acceptor_data", "acceptor_security", "business_owner"},
        ),
        (Visibility.WITHHELD, {"security_officer"}),
        (Visibility.GONE, set()),
    ],
)
def test_values_are_revealed_to_those_who_work_with_them(visibility: Visibility, roles: set[str]) -> None:
    assert {str(role) for role in Role if reveals(reader(role), label(visibility))} == roles


def test_nothing_is_revealed_without_clearance_or_label_or_above_the_ceiling() -> None:
    published = label(Visibility.PUBLISHED)
    assert not reveals(None, published)
    assert not reveals(reader(Role.REVIEWER), None)
    assert not reveals(reader(Role.REVIEWER, unit="other"), published)
    assert not reveals(reader(Role.REVIEWER, Sensitivity.RESTRICTED), published)


def test_unmasking_takes_role_clearance_and_a_type_that_allows_it() -> None:
    published, public = label(Visibility.PUBLISHED), label(Visibility.PUBLISHED, Sensitivity.PUBLIC)
    asked = {str(role) for role in Role if may_unmask(reader(role), published, Protection.PERSONAL_DATA)}
    assert asked == {"searcher", "data_entry", "scan_operator"}
    assert not may_unmask(reader(Role.SEARCHER), published, Protection.NAMED_PEOPLE)
    assert not may_unmask(reader(Role.SEARCHER), published, None)
    assert not may_unmask(reader(Role.SEARCHER, Sensitivity.RESTRICTED), public, Protection.ORDINARY)
    assert not may_unmask(None, published, Protection.ORDINARY)


def shown(text: str, *hidden: str, areas: tuple[tuple[int, int, int, int], ...] = ()) -> str:
    box = (0, 0, 100, 20)
    line = RecognizedLine((RecognizedWord(text, 0.9, box, first_reading="001085012345"),), box)
    ((word,),) = (one.words for one in mask_lines([line], PageMask(tuple(HiddenWord(box, it) for it in hidden), areas)))
    assert word.first_reading is None or word.text == text
    return word.text


def test_letters_are_hidden_and_what_was_read_otherwise_since_is_hidden_whole() -> None:
    assert shown("001085012345", "*********345") == "*********345"
    assert shown("12345678", "****5678", "1****678") == "*****678"
    assert shown("123456789", "*****678") == "*********"
    assert shown("123", areas=((40, 0, 60, 20),)) == "***"
    assert shown("123", areas=((60, 0, 90, 20),)) == "123"


def test_hidden_letters_are_painted_and_the_tail_stays() -> None:
    word = HiddenWord((0, 0, 120, 16), "*********345")
    assert list(hidden_boxes(word, 0)) == [(0, 0, 94, 18)]
    assert list(hidden_boxes(word, 90)) == [(0, 0, 122, 18)]
    assert list(hidden_boxes(HiddenWord((0, 0, 100, 16), "**/**/1958"), 0)) == [(0, 0, 54, 18)]
