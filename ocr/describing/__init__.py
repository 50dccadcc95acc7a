"""Text to description: record type, fields and stamps of one document. Pure: no engine, no storage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from core.known_facts import NOTHING_KNOWN, KnownFacts
from core.recognition import Candidate, Description, PenKind, RecognizedPage, Stamp, Suggestion
from ocr.describing.abstract_words import WordReader
from ocr.describing.citations import describe_citations
from ocr.describing.echoes import echo_marks, keep_commune
from ocr.describing.ending import Ending, find_ending, reread_ending, reread_rows
from ocr.describing.evidence import weigh_written
from ocr.describing.handwriting import PenRanker, describe_date, describe_number, rank_row
from ocr.describing.header import (
    Header,
    describe_bodies,
    describe_place,
    describe_symbol,
    find_header,
    find_late_date,
    take_number_apart,
)
from ocr.describing.ink import Chroma, without_coloured
from ocr.describing.name_under_ink import WordSeer, reread_name
from ocr.describing.personal import Sight, describe_person
from ocr.describing.personal_data import find_in_rows
from ocr.describing.recipients import describe_recipients
from ocr.describing.record_types import describe_record_type, has_item_for_number
from ocr.describing.reread import reread_row
from ocr.describing.rows import Row, rows_of
from ocr.describing.signature import describe_signer
from ocr.describing.signing_time import find_signing_days
from ocr.describing.stamps import CropReader, find_stamps
from ocr.describing.title import describe_abstract, describe_type, find_title
from ocr.describing.upright import turn_box_back, turn_image, turn_page

__all__ = ["CropReader", "SecondLook", "describe", "find_signing_days", "weigh_written"]


@dataclass(frozen=True, slots=True)
class SecondLook:
    """What can look again at pieces of a page's image, uint8 HxWx3 with red first, or HxW.

    read_crop: reads an upright crop, for stamps and print that the page's reading missed. rank_pen: ranks what is
    written by pen on an upright strip, at a resolution in dpi. see_words: what the words of a line may be, for a name
    under ink; None for a reader that does not say.
    """

    read_crop: CropReader
    rank_pen: Callable[[np.ndarray, int, PenKind], Sequence[Candidate]]
    see_words: WordSeer | None = None

    def read_row(self, crop: np.ndarray) -> str:
        """The text of a row cut out as high as its line: a rule beside it does not make the letters smaller then."""
        if self.see_words is None:
            return self.read_crop(crop)
        grey = crop if crop.ndim == 2 else crop[..., 0]
        return " ".join(word.text for line in self.see_words([grey]) for word in line)


def describe(
    pages: Sequence[RecognizedPage],
    page_images: Sequence[np.ndarray | None] = (),
    look: SecondLook | None = None,
    known: KnownFacts = NOTHING_KNOWN,
) -> Description:
    """Suggests what a document is and says, from its pages in order.

    page_images: for each page its image as stored, uint8 HxWx3 with red first (or HxW), of the size that the page
    was read at; None, or fewer images than pages, where there is none: then no number or date is surer than 0.7, and
    framed stamps are not looked for. known: what is known of the document beside its pages, weighed with what the ink
    of a number or date by pen says. Never raises on odd text: what no rule knows stays empty.
    """
    given = [_fitting(page, page_images[at] if at < len(page_images) else None) for at, page in enumerate(pages)]
    images = [None if one is None else turn_image(one, page.rotation) for one, page in zip(given, pages, strict=True)]
    upright = [turn_page(page) for page in pages]
    rows = [rows_of(page) for page in upright]
    found = _describe_upright(upright, rows, images, look, known)
    stored = {page.number: page for page in pages}
    return replace(
        found,
        fields=tuple(
            replace(one, box=turn_box_back(one.box, stored[one.page])) if one.box else one for one in found.fields
        ),
        stamps=tuple(replace(one, box=turn_box_back(one.box, stored[one.page])) for one in found.stamps),
        personal=find_in_rows(pages, rows),
    )


def _describe_upright(
    pages: Sequence[RecognizedPage],
    rows: Sequence[Sequence[Row]],
    images: Sequence[np.ndarray | None],
    look: SecondLook | None,
    known: KnownFacts,
) -> Description:
    read_crop = look.read_crop if look else None
    stamps = [
        stamp for page, its, image in zip(pages, rows, images, strict=True)
        for stamp in find_stamps(page, its, image, read_crop)
    ]  # fmt: skip
    first = next((at for at, its in enumerate(rows) if its), None)
    if first is None:
        return Description("administrative_document", 0.1, "other", (), tuple(stamps))
    header = find_header(pages[first], rows[first])
    chroma = Chroma.of(images[first])
    printed = without_coloured(rows[first], images[first], chroma)
    header = _without_stamps(header, images[first], chroma)
    title = find_title(printed, header)
    record_type, probability = describe_record_type(rows[first], header, title is not None)
    if has_item_for_number(record_type, header):
        header = replace(header, number=None)
    fields = _describe_head(pages[first], printed, images[first], header, look)
    fields += _describe_late_date(pages, rows, images, header, look)
    ending = find_ending(pages, rows)
    fields += _describe_signer(ending, images, pages, look)
    everything = [row for its in rows for row in its]
    fields += [one for one in (describe_recipients(ending), describe_citations(everything, header)) if one]
    fields += describe_person(everything, record_type, _see(pages, images, read_crop))
    fields += _describe_stamps(stamps)
    known = replace(
        known, signed_on=known.signed_on + tuple(day for page in pages for day in find_signing_days(page.text))
    )
    fields = weigh_written(fields, known)
    return Description(record_type, probability, header.form, tuple(fields), tuple(stamps))


def _see(pages: Sequence[RecognizedPage], images: Sequence[np.ndarray | None], read_crop: CropReader | None) -> Sight:
    seen = {page.number: image for page, image in zip(pages, images, strict=True) if image is not None}
    return Sight(seen, {page.number: page.marks for page in pages}, read_crop)


def _fitting(page: RecognizedPage, image: np.ndarray | None) -> np.ndarray | None:
    """The image if its pixels are the ones that the page's boxes count in."""
    return image if image is not None and image.shape[:2] == (page.height, page.width) else None


def _describe_head(
    page: RecognizedPage, rows: Sequence[Row], image: np.ndarray | None, header: Header, look: SecondLook | None
) -> list[Suggestion]:
    """Number, symbol, date, place, bodies, kind and abstract."""
    title = find_title(rows, header)
    parts = take_number_apart(header)
    kind = describe_type(title, parts, header.form)
    ranker = _ranker(page, image, look)
    reread = partial(reread_row, image, read_crop=look.read_row) if look and image is not None else None
    header = replace(header, left=tuple(echo_marks(row, rows) for row in header.left))
    place = describe_place(header)
    words = WordReader(image, rows, look.see_words) if look and look.see_words and image is not None else None
    found = [
        describe_number(parts, image, ranker) if parts else None,
        describe_symbol(parts, title.code if title else None) if parts else None,
        *describe_bodies(header),
        keep_commune(place, rows) if place else None,
        describe_date(header, image, ranker),
        kind,
        describe_abstract(page, rows, header, title, reread, words),
    ]
    return [one for one in found if one is not None]


def _ranker(page: RecognizedPage, image: np.ndarray | None, look: SecondLook | None) -> PenRanker:
    """Ranks rows of that page. Its own reading has done so, but for text layers and what earlier versions read."""
    on_strip = (lambda strip, kind: look.rank_pen(strip, page.dpi, kind)) if look else None
    return lambda row, kind: rank_row(row, kind, page.places, image, on_strip)


def _without_stamps(header: Header, image: np.ndarray | None, chroma: Chroma | None) -> Header:
    """The head without coloured words below the number, where stamps are pressed and a letter's abstract stands."""
    top = header.number.box[3] if header.number else header.bottom
    above = [row for row in header.left if row.box[1] < top]
    below = without_coloured([row for row in header.left if row.box[1] >= top], image, chroma)
    return replace(header, left=(*above, *below))


def _describe_late_date(
    pages: Sequence[RecognizedPage],
    rows: Sequence[Sequence[Row]],
    images: Sequence[np.ndarray | None],
    header: Header,
    look: SecondLook | None,
) -> list[Suggestion]:
    """Place and date above the signature of a paper that has neither number nor date in its head."""
    if header.number or header.date:
        return []
    for page, its, image in reversed(list(zip(pages, rows, images, strict=True))):
        row = find_late_date(its, page.width)
        if row is not None:
            late = replace(header, date=row)
            found = (describe_place(late), describe_date(late, image, _ranker(page, image, look)))
            return [one for one in found if one]
    return []


def _describe_signer(
    ending: Ending | None,
    images: Sequence[np.ndarray | None],
    pages: Sequence[RecognizedPage],
    look: SecondLook | None,
) -> list[Suggestion]:
    """Who signed; where the seal or a stroke hid a part of it, what a second reading adds."""
    first = describe_signer(ending)
    image = next((one for one, page in zip(images, pages, strict=True) if ending and page is ending.page), None)
    if ending is None or image is None or look is None or _is_settled(first, 0.8):
        return first
    found = _surer(first, describe_signer(reread_rows(ending, image, look.read_crop)))
    if not _is_settled(found, 0.55):
        found = _surer(found, describe_signer(reread_ending(ending, image, look.read_crop)))
    # The page's own reading, where it has a name, says best where on the page its words stand.
    name = next((one for its in (first, found) for one in its if one.name == "signer_name"), None)
    if name is None or look.see_words is None or any(one.confidence > 0.8 for one in found if one.name == name.name):
        return found
    return [reread_name(name, ending, image, look.see_words) if one.name == name.name else one for one in found]


def _is_settled(found: Sequence[Suggestion], least: float) -> bool:
    """Whether name and position are both there, as sure as that."""
    return {"signer_name", "signer_title"} <= {one.name for one in found if one.confidence > least}


def _surer(found: Sequence[Suggestion], again: Sequence[Suggestion]) -> list[Suggestion]:
    """Of each field the surer suggestion."""
    best = {one.name: one for one in again}
    for one in found:
        if one.name not in best or best[one.name].confidence < one.confidence:
            best[one.name] = one
    return list(best.values())


def _describe_stamps(stamps: Sequence[Stamp]) -> list[Suggestion]:
    """The surest stamp of each kind as a field."""
    found = []
    for kind in ("secrecy", "urgency"):
        of_kind = [stamp for stamp in stamps if stamp.kind == kind]
        if of_kind:
            best = max(of_kind, key=lambda one: one.confidence)
            found.append(Suggestion(kind, best.value, best.value, best.confidence, best.page, best.box, "stamp"))
    return found
