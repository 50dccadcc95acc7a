"""The text that a page carries with it, in place of reading the page, where that is safe.

What a page shows is the truth. Its own text stands for it only if it is what a person wrote (Vietnamese by its
spelling, in Unicode or converted from TCVN3 or VNI), if all of it can be seen, and if nothing else is there to be read.
"""

from __future__ import annotations

import time
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from core.legacy_text import Encoding, find_encoding, to_unicode
from core.recognition import Box, RecognizedLine, RecognizedPage, RecognizedWord, union_box
from core.syllables import TextJudgement, judge_piece, judge_text
from core.text_layer import LayerWord, TextLayer
from ocr.images import PageImage, Pixels
from ocr.quality import assess_letters

_NOTHING = dict.fromkeys([*range(32), 0x7F, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD])
"""Signs of no width and controls; the zero among them is none that a database keeps."""
ENGINE = "text layer"
_SURE, _UNSURE = 0.99, 0.9
_ON_INK = 0.98
"""Share of the words that must lie on something drawn: others are hidden below a picture or drawn in white."""
_FEW_SPOTS, _SPOTS_SHARE = 2, 0.004
"""Letters of the image that no word covers: dust and dots of rules; a stamp or a scanned part has more."""
_NEW_BLOCK = 1.8
"""Times a line's height from the top of one line to the next."""


def read_text_layer(layer: TextLayer, image: PageImage, number: int) -> RecognizedPage | None:
    """The page as its own text says, boxes in pixels of the image; None where it must be read from the image."""
    started = time.perf_counter()
    encodings = _find_encodings(layer.words)
    lines = [[_decode(word, encodings) for word in line] for line in layer.lines]
    judged = judge_text(" ".join(word.text for line in lines for word in line))
    if not judged.vietnamese:
        return None
    quality, _, letters = assess_letters(image.grey, image.dpi)
    if not _cover([word.box for word in layer.words], image, letters):
        return None
    used = sorted({encoding for encoding in encodings.values() if encoding not in (None, "unicode")})
    return RecognizedPage(
        number=number,
        width=image.width,
        height=image.height,
        dpi=image.dpi,
        lines=_make_lines(lines, judged, image),
        rotation=0,
        skew=0.0,
        blank=False,
        quality=quality,
        engine=" ".join([ENGINE, *map(str, used)]),
        seconds=time.perf_counter() - started,
    )


def _find_encodings(words: Sequence[LayerWord]) -> dict[str, Encoding | None]:
    """The encoding of each font; where a font has too little text to tell, that of most of the page."""
    of_font: dict[str, list[str]] = defaultdict(list)
    for word in words:
        of_font[word.font].append(word.text)
    common = find_encoding([word.text for word in words])
    return {font: find_encoding(texts, font) or common for font, texts in of_font.items()}


def _decode(word: LayerWord, encodings: dict[str, Encoding | None]) -> LayerWord:
    """The word in Unicode, composed; tones stay where they are printed."""
    text = to_unicode(word.text, encodings[word.font] or "unicode", word.font).translate(_NOTHING)
    return LayerWord(unicodedata.normalize("NFC", text), word.box, word.font)


def _cover(boxes: Sequence[Box], image: PageImage, letters: npt.NDArray[np.intp]) -> bool:
    """Whether the words lie on ink, and no letters (x, y, width, height) are drawn that none of them covers."""
    covered = _draw(boxes, image.grey.shape, reach=max(2, image.dpi // 40))
    middle = letters[:, :2] + letters[:, 2:] // 2
    spare = int((~covered[middle[:, 1], middle[:, 0]]).sum())
    if spare > max(_FEW_SPOTS, _SPOTS_SHARE * len(letters)):
        return False
    on_ink = [_holds_ink(image.grey, box) for box in boxes]
    return float(np.mean(on_ink)) >= _ON_INK


def _draw(boxes: Sequence[Box], shape: tuple[int, ...], reach: int) -> npt.NDArray[np.bool_]:
    """The page's pixels that a word covers, or nearly: marks stand beside the letters that they belong to."""
    covered = np.zeros(shape, np.bool_)
    for x0, y0, x1, y1 in boxes:
        covered[max(0, y0 - reach) : y1 + reach, max(0, x0 - reach) : x1 + reach] = True
    return covered


def _holds_ink(grey: Pixels, box: Box) -> bool:
    x0, y0, x1, y1 = (max(0, side) for side in box)
    part = grey[y0:y1, x0:x1]
    return bool(part.size and np.ptp(part) > 40)


def _make_lines(
    lines: Sequence[Sequence[LayerWord]], judged: TextJudgement, image: PageImage
) -> tuple[RecognizedLine, ...]:
    made: list[RecognizedLine] = []
    for line in lines:
        words = [_recognized(word, judged, image) for word in line if word.text]
        if not words:
            continue
        box = union_box(word.box for word in words)
        block = made[-1].block + _starts_block(made[-1].box, box) if made else 0
        made.append(RecognizedLine(tuple(words), box, block))
    return tuple(made)


def _recognized(word: LayerWord, judged: TextJudgement, image: PageImage) -> RecognizedWord:
    """A syllable is as sure as can be; what is none, on a page of them, a little less: a name, a foreign word."""
    x0, y0, x1, y1 = word.box
    x0, y0 = min(max(0, x0), image.width - 1), min(max(0, y0), image.height - 1)
    box = (x0, y0, max(x0 + 1, min(x1, image.width)), max(y0 + 1, min(y1, image.height)))
    stripped = word.text.strip("()[]\"'“”‘’.,;:…-")
    confidence = _UNSURE * judged.legal if judge_piece(stripped) is False else _SURE
    return RecognizedWord(word.text, confidence, box)


def _starts_block(before: Box, after: Box) -> bool:
    height = min(before[3] - before[1], after[3] - after[1])
    beside = after[0] >= before[2] or after[2] <= before[0]
    return beside or not 0 <= after[1] - before[1] <= _NEW_BLOCK * max(height, 1) + (before[3] - before[1])
