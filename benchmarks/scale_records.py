"""Synthetic documents for the search index: office text of a realistic vocabulary, with numbers, dates and names.

The words are those of the project's generator of documents; how often each comes is theirs too. Names, numbers, places
and dates make the long tail. A page has about 300 words with their boxes, a document one to eight pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from core.labels import AccessLabel, Clearance, Grant, Role, Secrecy, Sensitivity, Visibility
from core.recognition import RecognizedLine, RecognizedWord
from indexing.records import PageWord, SearchPage, SearchRecord, page_record
from synthesis.organs import Organ, make_party_organ, make_state_organ
from synthesis.texts import make_abstract, make_commune, make_date, make_name, make_sentence

UNITS = tuple(f"unit{number:03d}" for number in range(120))
"""A province with its departments and communes."""
_PARAGRAPHS = 6_000
_WORDS_A_PAGE = 300
_WORDS_A_LINE = 12
_CODES = ("QĐ", "KH", "BC", "TB", "CV", "NQ", "CT", "TTr")
_LEFT, _TOP, _STEP, _WIDE, _HIGH = 300, 350, 52, 120, 34
"""Of the page's text, in pixels at 200 dpi."""


@dataclass(frozen=True, slots=True)
class _Paragraph:
    text: str
    words: tuple[PageWord, ...]


class Documents:
    """Makes search records; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._rng = Random(seed)
        self._organs = [self._make_organ() for _ in range(400)]
        self._paragraphs = [self._make_paragraph() for _ in range(_PARAGRAPHS)]

    def make(self, pages: int) -> Iterator[SearchRecord]:
        """Records until they have this many pages together."""
        left, number = pages, 0
        while left > 0:
            number += 1
            record = self._make_record(number, min(left, self._rng.choice((1, 1, 2, 2, 3, 4, 6, 8))))
            left -= len(record.pages)
            yield record

    def _make_organ(self) -> Organ:
        return make_state_organ(self._rng) if self._rng.random() < 0.6 else make_party_organ(self._rng)

    def _make_paragraph(self) -> _Paragraph:
        rng = self._rng
        words = f"{make_sentence(rng)} {make_sentence(rng)}".split()
        tail = f"{make_name(rng)}, xã {make_commune(rng)}, số {rng.randrange(1, 9000)}/{rng.choice(_CODES)}".split()
        lines = [_line(part, y) for y, part in enumerate(_in_lines([*words, *tail]))]
        page = page_record("", 1, lines, 1654, 2339)
        return _Paragraph(page.text, page.words)

    def _make_record(self, number: int, pages: int) -> SearchRecord:
        rng = self._rng
        organ, day, code = rng.choice(self._organs), make_date(rng, 1996, 2026), rng.choice(_CODES)
        abstract = make_abstract(rng, organ.territory)
        return SearchRecord(
            document_id=f"{number:032x}",
            revision=1,
            label=self._make_label(),
            title=abstract,
            record_type="Văn bản hành chính" if organ.form == "state" else "Văn bản của Đảng",
            type_code=code,
            issuer=organ.name,
            number_symbol=f"{rng.randrange(1, 3000)}/{code}-{organ.code}",
            issued_on=day,
            abstract=abstract,
            place=f"F{rng.randrange(40)}/{rng.randrange(1, 4)}/{rng.randrange(900)}",
            pages=tuple(self._make_page(f"{number:x}-{page}", page) for page in range(1, pages + 1)),
        )

    def _make_label(self) -> AccessLabel:
        rng = self._rng
        visibility = Visibility.PUBLISHED if rng.random() < 0.85 else Visibility.UNPUBLISHED
        sensitivity = rng.choices(list(Sensitivity), (30, 40, 15, 10, 5))[0]
        return AccessLabel(rng.choice(UNITS), Secrecy.THUONG, sensitivity, visibility)

    def _make_page(self, page_id: str, number: int) -> SearchPage:
        parts: list[str] = []
        words: list[PageWord] = []
        length = 0
        while len(words) < _WORDS_A_PAGE:
            one = self._rng.choice(self._paragraphs)
            down = _STEP * (len(words) // _WORDS_A_LINE)
            words += (_moved(word, length, down) for word in one.words)
            parts.append(one.text)
            length += len(one.text) + 2
        return SearchPage(page_id, number, "\n\n".join(parts), tuple(words), 1654, 2339)


def _in_lines(words: list[str]) -> Iterator[list[str]]:
    for at in range(0, len(words), _WORDS_A_LINE):
        yield words[at : at + _WORDS_A_LINE]


def _line(words: list[str], row: int) -> RecognizedLine:
    top = _TOP + _STEP * row
    boxes = [(_LEFT + _WIDE * x, top, _LEFT + _WIDE * x + _WIDE - 14, top + _HIGH) for x in range(len(words))]
    read = tuple(RecognizedWord(word, 0.97, box) for word, box in zip(words, boxes, strict=True))
    return RecognizedLine(read, (_LEFT, top, boxes[-1][2], top + _HIGH))


def _moved(word: PageWord, chars: int, down: int) -> PageWord:
    x0, y0, x1, y1 = word.box
    return PageWord(word.start + chars, word.end + chars, (x0, y0 + down, x1, y1 + down), word.confidence)


def make_readers() -> dict[str, Clearance]:
    """Who searches: everybody's archivist, a department of ten units, a commune's clerk."""
    return {
        "all units": _reader(UNITS, Sensitivity.PERSONAL_SENSITIVE),
        "ten units": _reader(UNITS[:10], Sensitivity.INTERNAL),
        "one unit": _reader(UNITS[:1], Sensitivity.INTERNAL),
    }


def _reader(units: tuple[str, ...], sensitivity: Sensitivity) -> Clearance:
    grants = tuple(Grant(role, frozenset(units)) for role in (Role.SEARCHER, Role.REVIEWER))
    return Clearance("reader", grants, Secrecy.THUONG, sensitivity)
