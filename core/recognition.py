"""Recognized text: what reading a page yields, and what describing a document suggests.

Boxes are integers `(x0, y0, x1, y1)` in pixels of the page image as stored: upright by EXIF or PDF rotation, before
any turning or deskewing of ours. x1 and y1 are exclusive.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from core.personal_data import PersonalKind

Box = tuple[int, int, int, int]
Rotation = Literal[0, 90, 180, 270]
PenKind = Literal["number", "date"]
"""What people write by pen into printed heads."""


def union_box(boxes: Iterable[Box]) -> Box:
    """The smallest box around all of them. Raises ValueError when there are none."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


@dataclass(frozen=True, slots=True)
class RecognizedWord:
    """One word. `confidence` lies in 0..1: of words at 0.9, nine in ten are right. `pen`: it looks pen-written.

    `first_reading`: what the engine read, where a second reader's opinion took its place.
    """

    text: str
    confidence: float
    box: Box
    pen: bool = False
    first_reading: str | None = None


@dataclass(frozen=True, slots=True)
class RecognizedLine:
    """Words of one line, in reading order."""

    words: tuple[RecognizedWord, ...]
    box: Box
    block: int = 0
    """Number of the text block on its page, from 0: lines of one block belong together."""

    @property
    def text(self) -> str:
        """The line's words, one space between them."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Mark:
    """Ink that is no print and was not read: a signature or other handwriting, a seal or a picture."""

    kind: Literal["handwriting", "seal"]
    box: Box


@dataclass(frozen=True, slots=True)
class PageQuality:
    """Figures of the image before reading, and the defects they amount to (core.defects).

    sharpness: variance of the Laplacian of the greyscale page at 100 dpi. contrast: 95th minus 5th percentile of grey,
    0..255. brightness: median grey, 0..255. noise: estimated sigma of grey levels. glare: share of burnt-out area,
    0..1. text_height: height of small letters in pixels at 300 dpi, 0 where there are none.
    edge_width: pixels at 300 dpi over which letters go from paper to ink, 0 without text. ink_level: grey of the ink as
    a share of its paper's, 0..1, 0 without text. cut_sides: sides on which a page that lies on a dark ground runs out
    of the picture. cut_letters: letters that the edge of the picture cuts, on the side that cuts most.
    """

    sharpness: float
    contrast: float
    brightness: float
    noise: float
    glare: float
    text_height: float
    defects: tuple[str, ...] = ()
    """Of: blurry, noisy, dark, faint, text_too_small, document_cut_off, text_cut_off, glare."""
    edge_width: float = 0.0
    ink_level: float = 0.0
    cut_sides: int = 0
    cut_letters: int = 0


NOT_MEASURED = PageQuality(sharpness=0, contrast=0, brightness=0, noise=0, glare=0, text_height=0)
"""Of a page whose image nobody looked at."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that may stand in a place written by pen (dates ISO 8601), and its probability among all legal ones.

    source: what speaks for it, joined by "+": of "pen", "signature", "neighbours", "register".
    """

    value: str
    confidence: float
    source: str = "pen"


@dataclass(frozen=True, slots=True)
class PenPlace:
    """A line with a head's number or date, printed or by pen, and what its ink may say, likeliest first."""

    kind: PenKind
    box: Box
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class RecognizedPage:
    """One page as read. `number` counts from 1 within its file.

    rotation: degrees clockwise that make the page upright. skew: degrees counter-clockwise that make its lines level.
    seconds: wall time of the reading. engine: name and version, for example "tesseract 5.5.4 vie".
    places: where a head's number and date may stand; none of a text layer, nor from an engine without probabilities.
    """

    number: int
    width: int
    height: int
    dpi: int
    lines: tuple[RecognizedLine, ...]
    rotation: Rotation
    skew: float
    blank: bool
    quality: PageQuality
    engine: str
    seconds: float
    marks: tuple[Mark, ...] = ()
    places: tuple[PenPlace, ...] = ()

    @property
    def text(self) -> str:
        """The page's text, a line a line, an empty line between blocks."""
        parts: list[str] = []
        block: int | None = None
        for line in self.lines:
            if block is not None and line.block != block:
                parts.append("")
            parts.append(line.text)
            block = line.block
        return "\n".join(parts)

    @property
    def words(self) -> tuple[RecognizedWord, ...]:
        """All words in reading order."""
        return tuple(word for line in self.lines for word in line.words)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A field's value as a machine found it. A person decides.

    `value` is normalised (dates ISO 8601); `printed` is as it stands on the page. `page` counts from 1 within the
    document. A list field (recipients) carries a tuple. `handwritten`: written by pen; then `value` is None, to be
    typed from the crop in `box`, or the first of the `candidates` where that is sure enough.
    """

    name: str
    value: str | tuple[str, ...] | None
    printed: str
    confidence: float
    page: int
    box: Box | None
    rule: str
    handwritten: bool = False
    candidates: tuple[Candidate, ...] = ()
    ink: tuple[Candidate, ...] = ()
    """What the ink alone says of a value by pen, before what else is known was weighed; longer than `candidates`."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A secrecy or urgency stamp that was read. kind: "secrecy" or "urgency"; value: for example "mật", "HỎA TỐC"."""

    kind: Literal["secrecy", "urgency"]
    value: str
    page: int
    box: Box
    confidence: float


@dataclass(frozen=True, slots=True)
class TypeFeatures:
    """What the rules for a record type look at, without anything personal: what others may learn from.

    title_words: folded words of the first page's head, only those of the rules' own closed list, each once, sorted.
    rows: on the first page with text. capitals: share of capitals among the letters of its head, 0..1. has_number,
    has_date: whether the head has a row for them.
    """

    title_words: tuple[str, ...]
    form: Literal["state", "party", "other"]
    has_number: bool
    has_date: bool
    rows: int
    capitals: float


@dataclass(frozen=True, slots=True)
class HiddenWord:
    """A word of which a part is not shown to everybody: its box, and the word with `*` for each hidden letter."""

    box: Box
    shown: str


@dataclass(frozen=True, slots=True)
class PersonalDatum:
    """A personal value on a page. `words` are those in which it stands; `printed` is the value as it stands there.

    `areas`: where a form has a place for such a value and none could be read; whatever stands there is hidden.
    """

    kind: PersonalKind
    page: int
    words: tuple[HiddenWord, ...]
    areas: tuple[Box, ...]
    printed: str
    confidence: float
    rule: str


@dataclass(frozen=True, slots=True)
class Description:
    """What a document seems to be: its record type with a probability, its fields, its stamps, its personal values."""

    record_type: str
    record_type_confidence: float
    form: Literal["state", "party", "other"]
    fields: tuple[Suggestion, ...] = field(default=())
    stamps: tuple[Stamp, ...] = field(default=())
    personal: tuple[PersonalDatum, ...] = field(default=())

    def suggestion(self, name: str) -> Suggestion | None:
        """The first suggestion of that name, or None."""
        return next((one for one in self.fields if one.name == name), None)
