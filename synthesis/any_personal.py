"""Every kind of paper about a person or a file, in turn: what the record types of the catalogue need to be measured."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from synthesis.blocks import Looks
from synthesis.certificates import make_any_cover, make_any_diploma
from synthesis.fonts import FontSet
from synthesis.member_forms import make_numbered_form
from synthesis.person_decisions import make_person_decision
from synthesis.person_papers import make_health_paper, make_party_paper, make_petition, make_political_paper
from synthesis.personal import make_diploma, make_file_cover, make_member_card_sheet, make_membership_decision
from synthesis.truth import RenderedDocument

_NUMBERED = ("member_card_sheet", "member_history", "cadre_history")
_DECISIONS = (
    "admission_decision", "full_member_decision", "party_card_issue", "commendation", "party_badge", "discipline",
)  # fmt: skip
_PAPERS = ("membership_transfer", "member_report")
_OTHERS: dict[str, Callable[[Random, FontSet, bool | None, int], RenderedDocument]] = {
    "petition": make_petition, "health": make_health_paper, "internal_protection": make_political_paper,
    "diploma": make_any_diploma, "file_cover": make_any_cover,
}  # fmt: skip
PERSONAL_KINDS = (*_NUMBERED, *_DECISIONS, *_PAPERS, *_OTHERS)


def make_personal(
    rng: Random, fonts: FontSet, kind: str, looks: Looks, by_pen: bool | None = None, dpi: int = 200
) -> RenderedDocument:
    """A paper of one of PERSONAL_KINDS. by_pen: whether its values are, None by chance. KeyError for another kind."""
    if kind in _NUMBERED:
        return make_numbered_form(rng, fonts, kind, by_pen, dpi)
    if kind in _DECISIONS:
        return make_person_decision(rng, fonts, kind, looks, by_pen, dpi)
    if kind in _PAPERS:
        return make_party_paper(rng, fonts, kind, looks, by_pen, dpi)
    return _OTHERS[kind](rng, fonts, by_pen, dpi)


def make_person_paper(rng: Random, fonts: FontSet, turn: int, looks: Looks, dpi: int = 200) -> RenderedDocument:
    """The sample's own papers and those of every kind, by turns."""
    if turn % 2:
        return make_personal(rng, fonts, PERSONAL_KINDS[turn // 2 % len(PERSONAL_KINDS)], looks, dpi=dpi)
    return (
        lambda: make_membership_decision(rng, fonts, looks=looks, dpi=dpi),
        lambda: make_membership_decision(rng, fonts, "full_member_decision", looks, dpi),
        lambda: make_member_card_sheet(rng, fonts, dpi),
        lambda: make_diploma(rng, fonts, dpi),
        lambda: make_file_cover(rng, fonts, dpi),
    )[turn % 5]()
