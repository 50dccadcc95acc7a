"""Personal values in what was read: where they stand, and what of them masking hides. Pure.

Numbers go by their form and the words before them, dates and addresses by the words before them, health by terms near
a person. A form's place for a value in which none was read is hidden too: pens write what a machine misreads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.recognition import Box, HiddenWord, PersonalDatum, RecognizedPage
from core.text import fold, normalize
from ocr.describing.personal_data.about import find_births, find_health, find_homes
from ocr.describing.personal_data.columns import find_cells
from ocr.describing.personal_data.numbers import find_numbers, find_unread_numbers
from ocr.describing.personal_data.spans import Found
from ocr.describing.rows import Row, join_level, rows_of, text_margins
from ocr.describing.upright import turn_box_back, turn_page

__all__ = ["find_in_rows", "find_personal_data", "mask_text"]


def find_personal_data(pages: Sequence[RecognizedPage]) -> tuple[PersonalDatum, ...]:
    """The personal values on the pages of a document, page by page from top to bottom; boxes as stored."""
    return find_in_rows(pages, [rows_of(turn_page(page)) for page in pages])


def find_in_rows(pages: Sequence[RecognizedPage], page_rows: Sequence[Sequence[Row]]) -> tuple[PersonalDatum, ...]:
    """Likewise, from the rows of each page turned upright."""
    rows = [row for its in page_rows for row in join_level(its)]
    found = [list(_find_in_row(rows, at)) for at in range(len(rows))]
    for at in range(len(rows)):
        for number, cell in find_cells(rows, at):
            if not any(cell.start < one.end and one.start < cell.end for one in found[number]):
                found[number].append(cell)
    stored = {page.number: page for page in pages}
    return tuple(
        _as_stored(_datum(rows, row, one), stored[row.page])
        for row, its in zip(rows, found, strict=True)
        for one in its
    )


def _as_stored(datum: PersonalDatum, page: RecognizedPage) -> PersonalDatum:
    words = tuple(replace(word, box=turn_box_back(word.box, page)) for word in datum.words)
    return replace(datum, words=words, areas=tuple(turn_box_back(area, page) for area in datum.areas))


def _find_in_row(rows: Sequence[Row], at: int) -> Iterator[Found]:
    row = rows[at]
    above = rows[at - 1] if at and rows[at - 1].page == row.page else None
    yield from _find_in_text(row.text, row.folded, above.folded[-50:] if above else "")
    near = range(max(0, at - 3), min(len(rows), at + 2))
    yield from find_health([rows[one].text for one in near], [rows[one].folded for one in near], at - near.start)


def _find_in_text(text: str, folded: str, lead: str = "") -> list[Found]:
    numbers = find_numbers(folded, lead)
    found = [*numbers, *find_unread_numbers(folded, numbers), *find_births(folded), *find_homes(text, folded)]
    return [one for one in found if not (one.unread and _overlaps(one, found))]


def _overlaps(one: Found, others: Sequence[Found]) -> bool:
    """Whether what was read after all stands in the place in which it was looked for."""
    return any(not other.unread and one.start <= other.start < one.end and other.kind is one.kind for other in others)


def _datum(rows: Sequence[Row], row: Row, one: Found) -> PersonalDatum:
    return PersonalDatum(
        kind=one.kind,
        page=row.page,
        words=tuple(_hidden_words(row, one)),
        areas=(_area(rows, row, one),) if one.unread else (),
        printed=row.text[one.start : one.end],
        confidence=one.confidence,
        rule=one.rule,
    )


def _hidden_words(row: Row, one: Found) -> Iterator[HiddenWord]:
    hidden = {at for start, end in one.hidden for at in range(start, end)}
    offset = 0
    for word in row.words:
        length = len(word.text)
        if offset < one.end and one.start < offset + length:
            shown = "".join("*" if offset + at in hidden else letter for at, letter in enumerate(word.text))
            yield HiddenWord(word.box, shown)
        offset += length + 1


def _area(rows: Sequence[Row], row: Row, one: Found) -> Box:
    """From the end of the label to the next one, or to the right margin of the text."""
    x0, y0, x1, y1 = row.box
    label = row.box_between(0, one.start)
    if one.end < len(row.text):
        value = row.box_between(one.start, one.end)
        right = value[2] if value else x1
    else:
        right = max(x1, text_margins([other for other in rows if other.page == row.page])[1])
    rise = max(2, (y1 - y0) // 4)
    return label[2] if label else x0, max(0, y0 - rise), right, y1 + rise


def mask_text(text: str) -> str:
    """A text that stands on no page, a title say, with `*` for each letter that masking hides; normalised."""
    shown = normalize(text)
    letters, folded = list(shown), fold(shown)
    for one in _find_in_text(shown, folded):
        for start, end in one.hidden:
            letters[start:end] = "*" * (end - start)
    return "".join(letters)
