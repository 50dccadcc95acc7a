"""Recognized text as it is shown to who may not see the personal values in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from core.recognition import Box, HiddenWord, RecognizedLine, RecognizedWord
from core.text import normalize

HIDDEN = "*"


@dataclass(frozen=True, slots=True)
class PageMask:
    """What of a page is hidden: letters of words, and whatever stands in areas."""

    words: tuple[HiddenWord, ...] = ()
    areas: tuple[Box, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.words and not self.areas


def mask_lines(lines: Sequence[RecognizedLine], mask: PageMask) -> tuple[RecognizedLine, ...]:
    """The lines with `*` for every hidden letter. A word that was read otherwise since is hidden whole."""
    if mask.empty:
        return tuple(lines)
    by_box: dict[Box, list[str]] = {}
    for hidden in mask.words:
        by_box.setdefault(hidden.box, []).append(hidden.shown)
    return tuple(replace(line, words=tuple(_mask_words(line.words, by_box, mask.areas))) for line in lines)


def _mask_words(
    words: Iterable[RecognizedWord], by_box: Mapping[Box, Sequence[str]], areas: Sequence[Box]
) -> Iterator[RecognizedWord]:
    for word in words:
        text = normalize(word.text)
        if any(_lies_in(word.box, area) for area in areas):
            text = HIDDEN * len(text)
        for shown in by_box.get(word.box, ()):
            text = _lay_over(text, shown)
        changed = text != normalize(word.text)
        yield replace(word, text=text, first_reading=None) if changed else word


def _lay_over(text: str, shown: str) -> str:
    if len(text) != len(shown):
        return HIDDEN * len(text)
    pairs = zip(text, shown, strict=True)
    return "".join(HIDDEN if HIDDEN in pair else pair[0] for pair in pairs)


def _lies_in(box: Box, area: Box) -> bool:
    """Whether the middle of the box lies in the area."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return area[0] <= x < area[2] and area[1] <= y < area[3]
