"""How usual a word is in office papers, and beside its neighbours: by public office text and by the document itself."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from math import log
from pathlib import Path

PAIRS = Path(__file__).parents[1] / "weights" / "office_pairs.txt.gz"
"""A line a syllable: `first count second:count second:count`; made by `training.word_pairs`."""
WORD = re.compile(r"[^\W\d_]+")
START = "^"
"""What stands before the first word of an abstract, of which more than every second one begins with `Về`."""
_STARTS = {"về": 60}
_UNSEEN = 0.2
"""Times that a word counts as met which was not."""
_OWN = 10
"""So often a word of the document itself counts as met in office text."""
_DISCOUNT = 0.75
"""What a pair's count is lessened by: one that was met once may be a slip (Ney's absolute discounting)."""
_SMOOTH = 10.0
"""Times that a word must be met for its neighbours to say as much as how usual they are by themselves (Dirichlet)."""


def letters_of(text: str) -> str:
    """A word as it is counted: its letters alone, in lower case."""
    return "".join(filter(str.isalpha, text)).lower()


@dataclass(frozen=True)
class WordPairs:
    """Counts of words in lower case, and of two side by side with nothing but a space between."""

    words: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    total: int = 0

    def with_rows(self, rows: Iterable[Sequence[str]]) -> WordPairs:
        """These counts and those of the document's own rows, each the words that were read surely."""
        words, pairs = self.words.copy(), self.pairs.copy()
        for row in rows:
            plain = [word.lower() for word in row]
            words.update({word: _OWN for word in plain if WORD.fullmatch(word)})
            pairs.update({pair: _OWN for pair in pairwise(plain) if all(map(WORD.fullmatch, pair))})
        return WordPairs(words, pairs, self.total)

    def weigh(self, word: str, before: str | None, after: str | None) -> float:
        """ln P(word | before) + ln P(after | word), less what does not depend on the word; all in lower case. None: a
        neighbour that says nothing.
        """
        first = log(self._chance(word) if before is None else self._follows(before, word))
        return first if after is None else first + log(self._follows(word, after))

    def _chance(self, word: str) -> float:
        return (self.words[word] + _UNSEEN) / (self.total + 1)

    def _follows(self, before: str, word: str) -> float:
        met = max(0.0, self.pairs[before, word] - _DISCOUNT)
        return (met + _SMOOTH * self._chance(word)) / (self.words[before] + _SMOOTH)


@cache
def office_pairs() -> WordPairs:
    """The counts of public office text."""
    words: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for line in gzip.decompress(PAIRS.read_bytes()).decode().splitlines():
        first, count, *others = line.split()
        words[first] = int(count)
        pairs.update({(first, second): int(met) for second, met in (one.split(":") for one in others)})
    total = words.total()
    words[START] = 100
    pairs.update({(START, word): met for word, met in _STARTS.items()})
    return WordPairs(words, pairs, total)
