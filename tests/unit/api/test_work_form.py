"""What the form of entry says of a machine's value, and which reasons it offers for a missing one."""

from __future__ import annotations

import pytest

from api.work_form import Standing, list_missing_reasons, make_field
from core.catalogue import load_builtin
from review.queries import FieldView
from review.queries.document_parts import SuggestionView

DICTIONARY = load_builtin()
OWN_REASONS = tuple(DICTIONARY.code_list("missing_reasons").values.values())


def number(confidence: float) -> FieldView:
    """A document's number as a machine suggests it."""
    suggestion = SuggestionView(
        suggestion_id="s",
        value="15",
        printed="Số 15-KH/TU",
        confidence=confidence,
        page_id="p",
        page_number=1,
        box=(1, 2, 3, 4),
        rule="header.number",
        engine="sohoa 1",
        handwritten=False,
        candidates=(),
        sources=(),
    )
    return FieldView(DICTIONARY.field("party_document", "number"), True, (suggestion,), None, True)


@pytest.mark.parametrize(("confidence", "percent"), [(1.0, 99), (0.9975, 99), (0.95, 95), (0.354, 35)])
def test_a_machine_is_never_wholly_sure(confidence: float, percent: int) -> None:
    assert make_field(number(confidence), DICTIONARY, {1: 1}, None, {}).confidence == percent


def test_a_value_says_what_stands_on_the_paper_and_what_found_it() -> None:
    field = make_field(number(0.9), DICTIONARY, {1: 1}, None, {})
    assert (field.standing, field.printed, field.found_by) == (
        Standing.SUGGESTED,
        "Số 15-KH/TU",
        "header.number · sohoa 1",
    )


@pytest.mark.parametrize(
    ("name", "chosen"), [("sex", True), ("citizen_number", False), ("full_name", False), ("birth_date", False)]
)
def test_only_a_code_is_chosen_and_everything_else_is_typed(name: str, chosen: bool) -> None:
    view = FieldView(DICTIONARY.field("member_card_sheet", name), True, (), None, True)
    assert bool(make_field(view, DICTIONARY, {}, None, {}).choices) == chosen


def test_the_reasons_for_a_missing_value_are_those_of_the_dictionary() -> None:
    changed = DICTIONARY.model_copy(
        update={
            "code_lists": tuple(
                one.model_copy(update={"values": {"burnt": "Bị cháy"}}) if one.code == "missing_reasons" else one
                for one in DICTIONARY.code_lists
            )
        }
    )
    assert list_missing_reasons(changed) == ("Bị cháy",)
    assert list_missing_reasons(DICTIONARY) == OWN_REASONS
    assert list_missing_reasons(DICTIONARY.model_copy(update={"code_lists": ()})) == OWN_REASONS
    assert make_field(number(0.9), DICTIONARY, {1: 1}, None, {}).reasons == OWN_REASONS
