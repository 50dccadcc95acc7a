"""A signer's name under ink: its row seen in several cuts, and of what the ink allows the usual name that fits best."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from core.recognition import Box, RecognizedWord, Suggestion
from ocr.describing.ending import Ending, is_signing
from ocr.describing.names import edit_distance, fold_name
from ocr.describing.people_names import capital, has_surname, usual_names
from ocr.describing.reread import without_colour, without_pale
from ocr.describing.rows import Row, middle_x

_CUTS = ((0.0, 0.0), (0.12, 0.0), (0.0, 0.12))
"""How far each cut reaches above and below the row, in its heights: a stroke that meets a row's edge makes the row's
height uncertain, and the recognizer needs it.
"""
_UNUSUAL = 10.0
"""By so much, in ln P, must the ink speak for a word that is no usual name against one that is."""
_APART = 1.0
"""ln P lost by each letter in which a word differs from what the page's reading said."""
_LEAST = 0.02
_FEWEST, _MOST = 2, 5
_WHOLE = 3
_SURE, _MARGIN, _UNSURE = 0.8, 4.0, 0.6
"""Confidence of a name each of whose words is ahead of the next by that ln P, and of another."""


class Seen(Protocol):
    """One word on a line, and how well others fit its ink: ln P of each."""

    @property
    def text(self) -> str: ...

    def score(self, candidates: Sequence[str]) -> np.ndarray: ...


WordSeer = Callable[[Sequence[np.ndarray]], Sequence[Sequence[Seen]]]
"""Sees the words of lines, each an upright grey image, uint8 HxW, as high as its line."""


def reread_name(name: Suggestion, ending: Ending, image: np.ndarray, see_words: WordSeer) -> Suggestion:
    """The name as it fits the ink best, never surer than 0.8; as it was where nothing is seen.

    image: of the page, uint8 HxWx3 with red first, or HxW.
    """
    if name.box is None or not isinstance(name.value, str) or name.value.isupper():
        return name
    row = next((one for one in ending.right if _holds(one.box, name.box)), None)
    read = _words_from(row, name.box[0]) if row else []
    seen = _agreeing(see_words(_cut(name.box, row, ending, image)), len(read) or len(name.value.split()))
    if not seen or (len(seen[0]) < _WHOLE <= len(name.value.split())):
        return name
    own = read if len(read) == len(seen[0]) else []
    chosen = [_choose([one[at] for one in seen], own[at] if own else None, at) for at in range(len(seen[0]))]
    value = " ".join(word for word, _ in chosen)
    sure = min(margin for _, margin in chosen) > _MARGIN and has_surname(value) and len(chosen) >= _WHOLE
    return replace(name, value=value, confidence=_SURE if sure else _UNSURE, rule="ending.name_under_ink")


def _holds(outer: Box, inner: Box) -> bool:
    """Whether a row as the page was read is the one with the name, which a second reading may have found elsewhere."""
    return outer[1] <= inner[1] + 2 and outer[3] >= inner[3] - 2 and outer[0] < inner[2] and outer[2] > inner[0]


def _words_from(row: Row, left: int) -> list[RecognizedWord]:
    return [word for word in row.words if word.box[0] >= left - 1 and capital(word.text)]


def _cut(box: Box, row: Row | None, ending: Ending, image: np.ndarray) -> list[np.ndarray]:
    """The name's place without colour and what is pale, in cuts of different height.

    The block is centred: a name whose beginning was lost reaches as far left of its middle as right.
    """
    x0, y0, x1, y1 = box
    height = y1 - y0
    pad = round(0.4 * height)
    first = next((row for row in ending.right if is_signing(row)), None)
    begins = row is None or row.box[0] >= x0 - 1  # else a degree stands before the name, or a stroke was read
    start = max(min(x0, round(2 * middle_x(first.box)) - x1), x0 - 3 * pad) if first and begins else x0
    strip = without_colour(image[:, max(0, start - pad) : x1 + pad])
    cuts = [strip[max(0, round(y0 - above * height)) : round(y1 + below * height)] for above, below in _CUTS]
    return [without_pale(cut) for cut in cuts if cut.size]


def _agreeing(lines: Sequence[Sequence[Seen]], expected: int) -> list[list[Seen]]:
    """The lines with the number of words that most of them have; the page's own reading counts as one and a half."""
    spoken = [[word for word in line if capital(word.text)] for line in lines]
    spoken = [line for line in spoken if _FEWEST <= len(line) <= _MOST]
    counts = [len(line) for line in spoken]
    if not counts:
        return []
    best = max(set(counts), key=lambda one: (counts.count(one) + 1.5 * (one == expected) - (one < _WHOLE), one))
    return [line for line in spoken if len(line) == best]


def _choose(seen: Sequence[Seen], read: RecognizedWord | None, at: int) -> tuple[str, float]:
    """The word that fits best, by the cuts and the page's own reading, and by how much ln P it is ahead of the next."""
    readings = [capital(word.text) for word in seen]
    first = capital(read.text) if read else ""
    readings += [first] if first else []
    usual = dict.fromkeys(near for one in dict.fromkeys(readings) for near in usual_names(one, surname=at == 0))
    candidates = list(dict.fromkeys([*usual, *readings]))
    scores = np.mean([word.score(candidates) for word in seen], axis=0)
    scores = scores - np.array([0.0 if one in usual else _UNUSUAL for one in candidates])
    if read is not None and first:
        scores = scores + np.array([_agreement(one, first, read.confidence) for one in candidates])
    order = np.argsort(-scores)
    margin = float(scores[order[0]] - scores[order[1]]) if len(order) > 1 else np.inf
    return candidates[order[0]], margin


def _agreement(candidate: str, first: str, confidence: float) -> float:
    """ln P of what the page's reading said, if the candidate is what stands there."""
    if candidate == first:
        return float(np.log(max(_LEAST, confidence)))
    apart = 1 + edit_distance(fold_name(first), fold_name(candidate))
    return float(np.log(max(_LEAST, 1 - confidence))) - _APART * apart
