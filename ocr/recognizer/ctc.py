"""From the network's steps to letters, words and scores of candidates: connectionist temporal classification.

Graves et al., Connectionist Temporal Classification (2006): output 0 is the blank; equal outputs in a row are one
letter unless a blank stands between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ocr.recognizer.alphabet import BLANK, CHARACTERS, INDEX

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter read. first, last: its steps, both included. probability: of its surest step."""

    text: str
    first: int
    last: int
    probability: float


def decode_letters(probabilities: Floats) -> tuple[Letter, ...]:
    """The best path's letters. probabilities: steps x classes, each row summing to 1."""
    if not len(probabilities):
        return ()
    best = probabilities.argmax(axis=1)
    sure = probabilities[np.arange(len(best)), best]
    edges = np.flatnonzero(np.diff(best)) + 1
    starts = np.concatenate([[0], edges])
    ends = np.concatenate([edges, [len(best)]])
    return tuple(
        Letter(CHARACTERS[best[start] - 1], int(start), int(end) - 1, float(sure[start:end].max()))
        for start, end in zip(starts, ends, strict=True)
        if best[start] != BLANK
    )


def split_words(letters: Sequence[Letter]) -> list[tuple[Letter, ...]]:
    """Letters between spaces."""
    words: list[tuple[Letter, ...]] = []
    word: list[Letter] = []
    for letter in (*letters, None):
        if letter is not None and letter.text != " ":
            word.append(letter)
        elif word:
            words.append(tuple(word))
            word = []
    return words


def score_candidates(probabilities: Floats, candidates: Sequence[str]) -> npt.NDArray[np.float64]:
    """ln P(candidate | line) of each, over all paths that spell it; -inf for what has too few steps or unknown letters.

    The forward recursion of the paper's section 4.1, in logarithms, for all candidates side by side.
    """
    spelled = [[INDEX.get(letter, -1) for letter in candidate] for candidate in candidates]
    longest = max((len(one) for one in spelled), default=0)
    states = 2 * longest + 1
    labels = np.full((len(spelled), states), BLANK)
    lengths = np.array([len(one) for one in spelled], np.intp)
    known = np.array([-1 not in one for one in spelled], bool)
    for at, one in enumerate(spelled):
        labels[at, 1 : 2 * len(one) : 2] = [max(output, 0) for output in one]
    skip = np.zeros(labels.shape, bool)
    skip[:, 2:] = (labels[:, 2:] != BLANK) & (labels[:, 2:] != labels[:, :-2])
    logs = np.log(np.maximum(probabilities, 1e-30)).astype(np.float64)
    alpha = np.full(labels.shape, -np.inf)
    alpha[:, 0] = logs[0, BLANK]
    if states > 1:
        alpha[:, 1] = logs[0][labels[:, 1]]
    for step in logs[1:]:
        one_back = np.concatenate([np.full((len(alpha), 1), -np.inf), alpha[:, :-1]], axis=1)
        two_back = np.concatenate([np.full((len(alpha), 2), -np.inf), alpha[:, :-2]], axis=1)[:, :states]
        joined = np.logaddexp(alpha, one_back)
        alpha = np.where(skip, np.logaddexp(joined, two_back), joined) + step[labels]
    rows = np.arange(len(alpha))
    ends = np.logaddexp(alpha[rows, 2 * lengths], alpha[rows, np.maximum(2 * lengths - 1, 0)])
    ends = np.where(lengths == 0, alpha[:, 0], ends)
    return np.where(known, ends, -np.inf)
