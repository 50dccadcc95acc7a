"""What the search index holds of a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.labels import AccessLabel
from core.recognition import Box, RecognizedLine
from core.text import normalize


@dataclass(frozen=True, slots=True)
class PageWord:
    """Where a word of a page stands: in the page's text (end exclusive), and on its image. `confidence` in 0..1."""

    start: int
    end: int
    box: Box
    confidence: float


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page. `number` counts from 1 in the document; `text` is normalised; width and height in pixels."""

    page_id: str
    number: int
    text: str
    words: tuple[PageWord, ...]
    width: int
    height: int


def page_record(page_id: str, number: int, lines: Iterable[RecognizedLine], width: int, height: int) -> SearchPage:
    """The page as the index takes it: words normalised one by one, so that each keeps its place and its box.

    One space between words, one line break between lines, an empty line between blocks. A word hyphenated at a line's
    end stays in two parts.
    """
    parts: list[str] = []
    words: list[PageWord] = []
    length = 0
    block: int | None = None
    for line in lines:
        gap = "" if block is None else "\n" if block == line.block else "\n\n"
        for word in line.words:
            text = normalize(word.text)
            if not text:
                continue
            start = length + len(gap)
            length = start + len(text)
            parts += (gap, text)
            words.append(PageWord(start, length, word.box, word.confidence))
            gap = " "
            block = line.block
    return SearchPage(page_id, number, "".join(parts), tuple(words), width, height)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchContent:
    """What one group of readers finds of a document. Whatever stands here can be found, shown and counted.

    `record_type` is the catalogue's name of the type, `type_code` the abbreviation in the document's symbol ("QĐ");
    `fields_text` holds the values of the structured fields, one a line.
    """

    title: str
    record_type: str = ""
    type_code: str = ""
    issuer: str = ""
    number_symbol: str = ""
    issued_on: date | None = None
    abstract: str = ""
    fields_text: str = ""
    pages: tuple[SearchPage, ...] = ()


class Audience(StrEnum):
    """Of those who may read a document, whom a content of it is for."""

    EVERYONE = "everyone"
    FULL = "full"
    """Those to whom `core.personal_data.reveals` lets personal values be shown."""
    MASKED = "masked"
    """The others."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One content of a document, and whom it is for."""

    audience: Audience
    content: SearchContent


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRecord(SearchContent):
    """A document in the search index; its own content is the full one.

    Where `masked` is given, a reader who may not see personal values finds that in its stead.
    `place` is the archival one: "fonds/list/file". `revision` is that of the document's row in the records.
    """

    document_id: str
    revision: int
    label: AccessLabel
    batch_id: str = ""
    place: str = ""
    masked: SearchContent | None = None

    def readings(self) -> Iterator[Reading]:
        """The contents; for every reader exactly one."""
        if self.masked is None:
            yield Reading(Audience.EVERYONE, self)
            return
        yield Reading(Audience.FULL, self)
        yield Reading(Audience.MASKED, self.masked)
