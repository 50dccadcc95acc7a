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


@dataclass(frozen=True, slots=True, eq=False)
class Spelling:
    """Candidates as outputs of the network. labels: candidates x states, blanks between the letters; lengths: letters
    of each; known: whether all of them are letters of the network.
    """

    labels: npt.NDArray[np.intp]
    lengths: npt.NDArray[np.intp]
    known: npt.NDArray[np.bool_]

    def take(self, which: npt.NDArray[np.bool_]) -> Spelling:
        """Those candidates alone."""
        lengths = self.lengths[which]
        states = 2 * int(lengths.max(initial=0)) + 1
        return Spelling(self.labels[which, :states], lengths, self.known[which])


def spell(candidates: Sequence[str]) -> Spelling:
    """The candidates' letters side by side, to be scored as often as wanted."""
    longest = max(map(len, candidates), default=0)
    letters = [[INDEX.get(letter, BLANK) for letter in one] + [BLANK] * (longest - len(one)) for one in candidates]
    labels = np.full((len(candidates), 2 * longest + 1), BLANK, np.intp)
    labels[:, 1::2] = np.array(letters, np.intp).reshape(len(candidates), longest)
    lengths = np.array([len(one) for one in candidates], np.intp)
    return Spelling(labels, lengths, np.array([all(letter in INDEX for letter in one) for one in candidates], bool))


def score_candidates(probabilities: Floats, spelling: Spelling) -> npt.NDArray[np.float64]:
    """ln P(candidate | line) of each, over all paths that spell it; -inf for what has too few steps or unknown letters,
    or for what is less likely than a double can tell.

    The forward recursion of the paper's section 4.1, for all candidates side by side, rescaled at every step.
    """
    labels, lengths = spelling.labels, spelling.lengths
    skip = np.zeros(labels.shape)
    skip[:, 2:] = (labels[:, 2:] != BLANK) & (labels[:, 2:] != labels[:, :-2])
    chances = np.maximum(probabilities, 1e-30).astype(np.float64)
    alpha = np.zeros(labels.shape)
    alpha[:, :2] = chances[0].take(labels[:, :2])
    logs = np.zeros(len(alpha))
    for step in chances[1:]:
        before = alpha
        alpha = before.copy()
        alpha[:, 1:] += before[:, :-1]
        alpha[:, 2:] += before[:, :-2] * skip[:, 2:]
        alpha *= step.take(labels)
        top = alpha.max(axis=1)
        alpha /= top[:, None]
        logs += np.log(top)
    rows = np.arange(len(alpha))
    ends = alpha[rows, 2 * lengths] + np.where(lengths, alpha[rows, np.maximum(2 * lengths - 1, 0)], 0.0)
    scores = np.full(len(alpha), -np.inf)
    able = spelling.known & (ends > 0)
    scores[able] = np.log(ends[able]) + logs[able]
    return scores
