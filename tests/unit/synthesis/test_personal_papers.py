"""Generated papers about persons: the same seed gives the same paper, and the truth stands on it."""

from __future__ import annotations

import hashlib
from random import Random

import pytest

from synthesis.any_personal import PERSONAL_KINDS, make_personal
from synthesis.blocks import Looks
from synthesis.dossier import make_dossier, write_any_date
from synthesis.fonts import find_fonts
from synthesis.truth import RenderedDocument
from synthesis.unknown_papers import UNKNOWN, make_near_paper, make_unknown_paper

_TEXTS = ("full_name", "home_place", "cell", "unit", "title", "conclusion")


def make(kind: str, seed: int, by_pen: bool | None = False) -> RenderedDocument:
    return make_personal(Random(seed), find_fonts(), kind, Looks(), by_pen, dpi=60)


def fingerprint(document: RenderedDocument) -> str:
    digest = hashlib.sha256(repr((dict(document.fields), [page.lines for page in document.pages])).encode())
    for page in document.pages:
        digest.update(page.image.tobytes())
    return digest.hexdigest()


@pytest.mark.parametrize("kind", PERSONAL_KINDS)
def test_same_seed_same_paper(kind: str) -> None:
    assert make(kind, 3).record_type == kind
    assert fingerprint(make(kind, 3)) == fingerprint(make(kind, 3)) != fingerprint(make(kind, 4))


@pytest.mark.parametrize("kind", PERSONAL_KINDS)
def test_names_and_texts_of_the_truth_are_written(kind: str) -> None:
    for seed in range(2):
        document = make(kind, seed)
        written = " ".join(word.text for page in document.pages for word in page.words)
        texts = [
            document.fields.get(name) for name in ("full_name", "home_place", "cell", "unit", "title", "conclusion")
        ]
        assert [one for one in texts if one is not None and str(one) not in written] == []


@pytest.mark.parametrize("kind", ["member_card_sheet", "cadre_history", "petition", "file_cover"])
def test_forms_filled_in_by_pen_say_so(kind: str) -> None:
    document = make(kind, 5, by_pen=True)
    asked = ("title", "sheets") if kind == "file_cover" else ("full_name", "birth_date")
    assert [document.fields[f"{name}_is_handwritten"] for name in asked] == [True, True]
    assert any(word.pen for page in document.pages for word in page.words)


def test_a_dossiers_dates_agree() -> None:
    for seed in range(50):
        one = make_dossier(Random(seed))
        assert one.person.birth.year + 18 <= one.admitted.year and one.admitted < one.full


def test_dates_are_written_in_every_way() -> None:
    day = make_dossier(Random(1)).full
    written = {write_any_date(Random(seed), day, partial=0.2).text for seed in range(80)}
    assert {str(day.year), f"{day.month:02d}/{day.year}"} <= written
    assert {mark for text in written for mark in "/-." if mark in text} == {"/", "-", "."}
    assert any("tháng" in text for text in written)


def test_papers_of_no_type() -> None:
    assert {make_unknown_paper(Random(seed), find_fonts(), 60).record_type for seed in range(5)} == {UNKNOWN}
    assert {make_near_paper(Random(seed), find_fonts(), 60).record_type for seed in range(5)} == {"party_document"}
