"""Documents: the same seed gives the same pages, boxes hold ink, fields stand on the pages."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from random import Random

import numpy as np
import pytest

from synthesis import vocabulary
from synthesis.blocks import Looks
from synthesis.fonts import find_fonts
from synthesis.forms import make_document
from synthesis.personal import make_diploma, make_file_cover, make_member_card_sheet, make_membership_decision
from synthesis.truth import RenderedDocument, RenderedPage

MAKERS: dict[str, Callable[[Random], RenderedDocument]] = {
    "state letter": lambda rng: make_document(
        rng, find_fonts(), "state", "CV", Looks(number_by_pen=True, urgency="HỎA TỐC", incoming=True)
    ),
    "state decision": lambda rng: make_document(rng, find_fonts(), "state", "QĐ", Looks(table=True, length=3)),
    "party report": lambda rng: make_document(rng, find_fonts(), "party", "BC", Looks(secrecy="TỐI MẬT")),
    "admission": lambda rng: make_membership_decision(rng, find_fonts()),
    "member sheet": lambda rng: make_member_card_sheet(rng, find_fonts()),
    "diploma": lambda rng: make_diploma(rng, find_fonts()),
    "cover": lambda rng: make_file_cover(rng, find_fonts()),
}


def share_with_ink(page: RenderedPage) -> float:
    """Share of words whose box holds a pixel much darker, in some channel, than the paper."""
    paper = np.percentile(page.image[::4, ::4].reshape(-1, 3), 80, axis=0)
    dark = 0
    for word in page.words:
        x0, y0, x1, y1 = word.box
        inside = page.image[y0:y1, x0:x1].reshape(-1, 3).astype(float)
        dark += bool(inside.size and (paper - inside).max() > 50)
    return dark / max(1, len(page.words))


def fingerprint(document: RenderedDocument) -> str:
    digest = hashlib.sha256(repr((dict(document.fields), [page.lines for page in document.pages])).encode())
    for page in document.pages:
        digest.update(page.image.tobytes())
    return digest.hexdigest()


@pytest.mark.parametrize("name", MAKERS)
def test_same_seed_same_pages(name: str) -> None:
    assert fingerprint(MAKERS[name](Random(5))) == fingerprint(MAKERS[name](Random(5)))
    assert fingerprint(MAKERS[name](Random(5))) != fingerprint(MAKERS[name](Random(6)))


@pytest.mark.parametrize("name", MAKERS)
def test_boxes_hold_ink_and_lie_on_the_page(name: str) -> None:
    for page in MAKERS[name](Random(1)).pages:
        height, width = page.image.shape[:2]
        assert share_with_ink(page) >= 0.99
        low = np.array([word.box[:2] for word in page.words])
        high = np.array([word.box[2:] for word in page.words])
        assert low.min() >= 0 and (low < high).all() and (high <= (width, height)).all()


def test_nothing_is_printed_outside_of_the_boxes() -> None:
    """With rules, stamps and seals left aside, all dark ink of a plain page lies in its words' boxes."""
    page = make_document(Random(11), find_fonts(), "party", "TB", Looks(seal=False, table=False)).pages[0]
    dark = (page.image.max(axis=2) < 90).astype(np.uint8)
    total = int(dark.sum())
    for word in page.words:
        x0, y0, x1, y1 = word.box
        dark[y0:y1, x0:x1] = 0
    assert int(dark.sum()) / total < 0.08


def test_every_type_of_both_forms_carries_its_fields() -> None:
    rng = Random(7)
    for form, types in (("state", vocabulary.STATE_TYPES), ("party", vocabulary.PARTY_TYPES)):
        for name, code in types:
            document = make_document(
                rng, find_fonts(), "state" if form == "state" else "party", code, Looks(length=1), dpi=60
            )
            fields, text = document.fields, " ".join(page.text for page in document.pages).replace("\n", " ")
            assert fields["type_code"] == ("QyĐ" if fields["record_type_vi"] == "QUY ĐỊNH" else code)
            if code != "QĐ":  # quyết định or quy định
                assert fields["record_type_vi"] == name
            for key in ("signer_name", "signer_title", "number", "abstract", "issuing_body"):
                assert str(fields[key]) in text, (form, code, key)
            assert str(fields["code"]) in text
            assert [one for one in fields["cited_codes"] or () if str(one) not in text] == []  # type: ignore[union-attr]


def test_party_and_state_marks() -> None:
    party = make_document(Random(1), find_fonts(), "party", "KL").pages[0].text
    state = make_document(Random(1), find_fonts(), "state", "TB").pages[0].text
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in party and "-----" in party and "\n*\n" in party and "Số:" not in party
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in state and "Số:" in state


def test_stamps_are_in_the_truth() -> None:
    page = MAKERS["party report"](Random(3)).pages[0]
    assert [line.text for line in page.lines if line.kind == "stamp"] == ["TỐI MẬT"]


def test_unknown_type_is_refused() -> None:
    with pytest.raises(ValueError, match="XYZ"):
        make_document(Random(1), find_fonts(), "state", "XYZ")
