"""Doubtful words of an abstract: seen once more on their row, and weighed by what stands beside them in office text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import chain

import numpy as np

from core.recognition import RecognizedWord
from core.syllables import is_syllable
from core.text import fold_letters, normalize
from ocr.describing.name_under_ink import Seen, WordSeer
from ocr.describing.names import edit_distance
from ocr.describing.reread import cut_level, without_colour, without_pale
from ocr.describing.rows import Row
from ocr.describing.word_pairs import START, WORD, WordPairs, letters_of, office_pairs

_DOUBTFUL = 0.9
"""Confidence below which a word may be another one."""
_SURE = 0.95
"""Confidence from which a word of the document says how such words are written."""
_CONFIDENCE = 0.7
"""Of a word that was changed."""
_CUTS = ((0.2, 0.2), (0.35, 0.1))
"""How far each cut reaches above and below the row, in its heights."""
_AHEAD = 2.0
"""By so much, in ln P, must another word be ahead of what was read."""
_LEAST = 0.02
_PLAIN = re.compile(r"^([^\w/]*)([^\W\d_]+)([^\w/]*)$")
"""A word with what stands stuck before and behind it."""


@dataclass(frozen=True)
class WordReader:
    """Reads doubtful words of a page again.

    image: uint8 HxWx3 with red first, or HxW. rows: all rows of the page, whose sure words are usual in it.
    """

    image: np.ndarray
    rows: Sequence[Row]
    see_words: WordSeer

    def reread(self, rows: Sequence[Row]) -> list[Row]:
        """The rows of one text with their doubtful words as they fit ink and neighbours best."""
        if not any(map(_is_doubtful, chain.from_iterable(row.words for row in rows))):
            return list(rows)
        pairs = office_pairs().with_rows(_sure_runs(self.rows))
        own = frozenset(word.text for row in self.rows for word in row.words if word.confidence > _SURE)
        found: list[Row] = []
        for row in rows:
            before = found[-1].words[-1] if found else None
            found.append(self._reread_row(row, before, pairs, own) if any(map(_is_doubtful, row.words)) else row)
        return found

    def _reread_row(self, row: Row, before: RecognizedWord | None, pairs: WordPairs, own: frozenset[str]) -> Row:
        seen = _aligned(row, self.see_words(self._cut(row)))
        words = list(row.words)
        for at, word in enumerate(words):
            if _is_doubtful(word) and seen[at]:
                first = before is None and at == 0
                candidates = _candidates(word, seen[at], first, pairs, own)
                left = START if first else _neighbour(words[at - 1] if at else before, after=False)
                right = _neighbour(words[at + 1] if at + 1 < len(words) else None, after=True)
                usual = [pairs.weigh(letters_of(one), left, right) for one in candidates]
                words[at] = _choose(word, seen[at], candidates, usual)
        return replace(row, words=tuple(words))

    def _cut(self, row: Row) -> list[np.ndarray]:
        """The row without colour and what is pale, in cuts of different height."""
        x0, _, x1, _ = row.box
        top, bottom = (float(np.median([word.box[at] for word in row.words])) for at in (1, 3))
        height, pad = bottom - top, round(0.5 * row.height)
        boxes = [
            (max(0, x0 - pad), max(0, round(top - above * height)), x1 + pad, round(bottom + below * height))
            for above, below in _CUTS
        ]
        cuts = [without_pale(without_colour(cut_level(self.image, row, box))) for box in boxes]
        return [cut for cut in cuts if cut.size]


def _is_doubtful(word: RecognizedWord) -> bool:
    return word.confidence < _DOUBTFUL and _PLAIN.match(word.text) is not None


def _sure_runs(rows: Iterable[Row]) -> list[list[str]]:
    """Words of the rows, those that are doubtful or no words as a mark that no word pairs with."""
    return [[word.text if word.confidence > _SURE else "" for word in row.words] for row in rows]


def _aligned(row: Row, lines: Sequence[Sequence[Seen]]) -> list[list[Seen]]:
    """For each word of the row what the lines show in its place."""
    found: list[list[Seen]] = [[] for _ in row.words]
    read = [fold_letters(word.text) for word in row.words]
    for line in lines:
        texts = [fold_letters(normalize(word.text)) for word in line]
        for kind, start, end, other, last in SequenceMatcher(None, read, texts, autojunk=False).get_opcodes():
            if kind not in ("equal", "replace"):
                continue
            for at in range(min(end - start, last - other)):
                if end - start != last - other and not _is_like(read[start + at], texts[other + at]):
                    break  # a word fell apart, or two became one: what follows it does not stand side by side
                found[start + at].append(line[other + at])
    return found


def _is_like(one: str, other: str) -> bool:
    return 2 * edit_distance(one, other) < max(len(one), len(other))


def _candidates(
    word: RecognizedWord, seen: Sequence[Seen], first: bool, pairs: WordPairs, own: frozenset[str]
) -> list[str]:
    """What may stand there: the readings, and usual words written as this one is; of a name what the document says."""
    readings = [word.text, *(text for one in seen if _PLAIN.match(text := normalize(one.text)))]
    match = _PLAIN.match(word.text)
    if match is None:
        return [word.text]
    before, letters, behind = match.groups()
    if len(letters) > 1 and letters.isupper():
        return [word.text]
    upper = letters[0].isupper()
    if upper and not first:
        usual = [one for one in own if one[0].isupper() and WORD.fullmatch(one)]
    else:
        usual = [one.capitalize() if upper else one for one in pairs.words]
    return list(dict.fromkeys([*readings, *(f"{before}{one}{behind}" for one in usual)]))


def _choose(
    word: RecognizedWord, seen: Sequence[Seen], candidates: Sequence[str], usual: Sequence[float]
) -> RecognizedWord:
    """The candidate that is likeliest by ink and neighbours, the first of them being what was read."""
    scores = np.mean([one.score(candidates) for one in seen], axis=0) + np.array(usual)
    scores[0] += float(np.log(max(_LEAST, word.confidence) / max(_LEAST, 1 - word.confidence)))
    best = int(np.argmax(scores))
    if scores[best] - scores[0] < _AHEAD or not is_syllable(letters_of(candidates[best])):
        return word
    confidence = min(_CONFIDENCE, word.confidence + 0.3)
    return replace(word, text=candidates[best], confidence=confidence, first_reading=word.text)


def _neighbour(word: RecognizedWord | None, *, after: bool) -> str | None:
    """The neighbour's letters in lower case if nothing but a space lies between."""
    if word is None:
        return None
    inner = word.text[:1] if after else word.text[-1:]
    return letters_of(word.text) if inner.isalpha() else None
