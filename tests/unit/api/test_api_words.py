"""The words of the pages: all of them in both languages, none of them able to carry markup."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from jinja2 import Environment, nodes

from api.catalogue_words import ATTRIBUTE_WORDS, CATALOGUE_WORDS
from api.image_routes import attachment_header
from api.messages import ERROR_WORDS, WEB, load_english, translate
from api.navigation import _ENTRIES
from api.search_pages import search_address
from api.search_routes import SearchParameters
from api.session_pages import local_path
from api.templates import mark_text
from api.words import _WORDS, ACTION_WORDS, NEXT_WORDS, REFUSAL_WORDS, SOURCE_WORDS
from core.duplicates import DuplicateDecision, DuplicateKind
from core.errors import SohoaError
from review.missing import Lack
from review.quality import QualityWord
from review.reasons import RejectReason, RescanReason
from review.signoffs import Aspect

ASPECTS = [f"Về {one.vietnamese}" for one in Aspect]
PURE = 'attachment; filename="Quy_t __nh___x_.pdf"; '


def texts_of_templates() -> Iterator[str]:
    for path in sorted((WEB / "templates").glob("*.html")):
        for call in Environment().parse(path.read_text("utf-8")).find_all(nodes.Call):
            is_text = isinstance(call.node, nodes.Name) and call.node.name == "t" and call.args
            if is_text and isinstance(call.args[0], nodes.Const):
                yield str(call.args[0].value)


def test_every_text_of_the_pages_has_its_english() -> None:
    words = {*ERROR_WORDS.values(), *_WORDS.values(), *ACTION_WORDS.values(), *REFUSAL_WORDS.values()}
    words |= {*SOURCE_WORDS.values()}
    words |= {
        *NEXT_WORDS.values(),
        *(entry.title for _, entry in _ENTRIES),
        *(f"Về {one.vietnamese}" for one in Aspect),
    }
    words |= set(ATTRIBUTE_WORDS.values())
    words |= {word for group in CATALOGUE_WORDS.values() for word in group.values()}
    assert all(set(group) == set(kind) for kind, group in CATALOGUE_WORDS.items())
    words |= {one.vietnamese for one in (*Lack, *RejectReason, *RescanReason)}
    words |= {one.vietnamese for one in (*Lack, *RejectReason, *RescanReason, *DuplicateKind, *DuplicateDecision)}
    words |= {text for one in QualityWord for text in (one.vietnamese, one.formula, one.no_basis)}
    assert sorted((words | set(texts_of_templates())) - set(load_english())) == []


def error_codes(kind: type[SohoaError]) -> set[str]:
    """Codes of the errors that the service knows; the generator's own never reach a page."""
    own = [one for one in kind.__subclasses__() if one.__module__.startswith("core.")]
    return {kind.code}.union(*(error_codes(one) for one in own))


def test_every_error_has_its_vietnamese_headline() -> None:
    assert sorted(error_codes(SohoaError) - set(ERROR_WORDS)) == []


def test_an_unknown_text_stays_as_it_is() -> None:
    assert (translate("Lô", "en"), translate("Trang", "vi"), translate("Trang", "en")) == ("Lô", "Trang", "Page")


def test_marks_are_tags_and_everything_else_is_text() -> None:
    assert mark_text("<b>a</b> & x", [(3, 4), (11, 12)]) == ("&lt;b&gt;<mark>a</mark>&lt;/b&gt; &amp; <mark>x</mark>")


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ("/batches?x=1", "/batches?x=1"),
        ("//evil.example/x", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: b", "/"),
        ("", "/"),
    ],
)
def test_only_paths_of_ours_are_followed(wanted: str, path: str) -> None:
    assert local_path(wanted) == path


def test_a_downloads_name_keeps_its_letters_and_breaks_no_header() -> None:
    header = attachment_header('HS01/Quyết định\r\n"x".pdf')
    assert header == PURE + "filename*=UTF-8''Quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh%0D%0A%22x%22.pdf"


def test_the_address_of_a_search_holds_what_differs_from_the_usual() -> None:
    wanted = SearchParameters(q="thu chi", year="2019", page=3)
    assert search_address(wanted, page=1) == "/search?q=thu+chi&year=2019"
    assert search_address(wanted, year="") == "/search?q=thu+chi&page=3"
