"""The words of one line as the network saw them: what was read, and how well anything else fits the ink."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ocr.recognizer.ctc import Floats, decode_letters, score_candidates, spell, split_words

_LEAST = -1000.0


@dataclass(frozen=True, slots=True, eq=False)
class SeenWord:
    """One word. steps: the network's answer from the middle of the gap before it to the middle of the gap after it."""

    text: str
    steps: Floats

    def score(self, candidates: Sequence[str]) -> npt.NDArray[np.float64]:
        """ln P(candidate | ink) of each, never below a bound, so that sums of them stay numbers."""
        return np.maximum(score_candidates(self.steps, spell(candidates)), _LEAST)


def see_words(probabilities: Floats) -> tuple[SeenWord, ...]:
    """The line's words from left to right. probabilities: steps x classes, each row summing to 1."""
    words = split_words(decode_letters(probabilities))
    between = [(one[-1].last + other[0].first) // 2 + 1 for one, other in pairwise(words)]
    edges = [0, *between, len(probabilities)]
    return tuple(
        SeenWord("".join(letter.text for letter in word), probabilities[edges[at] : edges[at + 1]])
        for at, word in enumerate(words)
    )
