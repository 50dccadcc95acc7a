"""Counts which words stand side by side in office text: `python -m training.word_pairs [--shared DIR]`.

Writes `ocr/weights/office_pairs.txt.gz`, which `ocr.describing.word_pairs` reads; the same text gives the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from core.syllables import is_syllable
from core.text import normalize
from ocr.describing.word_pairs import PAIRS

_RUN = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)*")


def find_runs(sentences: Iterable[str]) -> Iterator[list[str]]:
    """Words with nothing but a space between, in lower case; what is no syllable ends a run."""
    for sentence in sentences:
        for found in _RUN.finditer(normalize(sentence)):
            run: list[str] = []
            for word in found.group().lower().split():
                if is_syllable(word):
                    run.append(word)
                else:
                    yield run
                    run = []
            yield run


def pack_pairs(sentences: Iterable[str]) -> bytes:
    """The counts, packed: a line a word, sorted."""
    words: Counter[str] = Counter()
    after: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for run in find_runs(sentences):
        words.update(run)
        for first, second in pairwise(run):
            after[first][second] += 1
    lines = [
        " ".join([word, str(count), *(f"{second}:{met}" for second, met in sorted(after[word].items()))])
        for word, count in sorted(words.items())
    ]
    return gzip.compress("\n".join(lines).encode(), 9, mtime=0)


def main() -> None:
    parser = argparse.ArgumentParser(description="Counts pairs of neighbouring words in office text.")
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    corpus = parser.parse_args().shared / "corpus" / "administrative.txt"
    PAIRS.write_bytes(pack_pairs(corpus.read_text("utf-8").splitlines()))


if __name__ == "__main__":
    main()
