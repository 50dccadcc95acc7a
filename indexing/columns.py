"""A content as columns of tokens: what every backend indexes, so that all of them find the same."""

from __future__ import annotations

from dataclasses import dataclass

from core.text import normalize
from indexing.analysis import BREAK, analyze, find_numbers, frequent, number_keys
from indexing.records import SearchContent, SearchPage


@dataclass(frozen=True, slots=True)
class Columns:
    """Tokens joined by spaces. No token holds white space, so splitting there gives them back.

    `head`: title, abstract and number; `exact` and `folded`: everything, with a BREAK between fields but none between
    pages, for a sentence goes on over the page's end; `often`: words and pairs of the pages that come several times;
    `number`: keys of the document's own number; `mentions`: those of numbers in its pages.
    """

    head_exact: str
    head: str
    exact: str
    folded: str
    often: str
    number: str
    mentions: str


@dataclass(frozen=True, slots=True)
class PageColumns:
    """A page's own tokens, with a space before the first and after the last; the numbers it mentions end `folded`."""

    page: SearchPage
    exact: str
    folded: str


def issuer_key(issuer: str) -> str:
    """By what issuers are told apart: "BỘ NỘI VỤ" and "Bộ Nội vụ" are one."""
    return normalize(issuer).lower()


class _Body:
    """Collects the tokens of a content, in the order of its fields and pages."""

    def __init__(self) -> None:
        self.exact: list[str] = []
        self.folded: list[str] = []
        self.mentions: list[str] = []
        self.read: list[str] = []

    def add_field(self, text: str) -> None:
        tokens = analyze(normalize(text))
        self.exact += [*(token.exact for token in tokens), BREAK]
        self.folded += [*(token.folded for token in tokens), BREAK]

    def add_page(self, page: SearchPage) -> PageColumns:
        tokens = analyze(page.text)
        exact, folded = [token.exact for token in tokens], [token.folded for token in tokens]
        mentions = [key for _, _, keys in find_numbers(page.text) for key in keys]
        self.exact += exact
        self.folded += folded
        self.mentions += mentions
        self.read += folded
        return PageColumns(page, f" {' '.join(exact)} ", f" {' '.join([*folded, BREAK, *mentions])} ")


def tokenize(content: SearchContent, place: str) -> tuple[Columns, tuple[PageColumns, ...]]:
    """The columns of a content that stands at this archival place, and of each of its pages."""
    body = _Body()
    for text in (content.title, content.number_symbol, content.abstract, content.issuer, content.fields_text, place):
        body.add_field(text)
    pages = tuple(body.add_page(page) for page in content.pages)
    heads = [analyze(normalize(text)) for text in (content.title, content.abstract, content.number_symbol)]
    columns = Columns(
        head_exact=f" {BREAK} ".join(" ".join(token.exact for token in tokens) for tokens in heads),
        head=f" {BREAK} ".join(" ".join(token.folded for token in tokens) for tokens in heads),
        exact=" ".join(body.exact),
        folded=" ".join(body.folded),
        often=" ".join(frequent(body.read)),
        number=" ".join(number_keys(content.number_symbol)),
        mentions=" ".join(sorted(set(body.mentions))),
    )
    return columns, pages
