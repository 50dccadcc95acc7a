"""One page read by one reader, scored; and the sums of many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median

from benchmarks.page_sets import Case, Sample
from benchmarks.readers import Found
from benchmarks.scoring import (
    PlacedWord,
    WordCounts,
    count_edits,
    count_words,
    fold,
    judge_words,
    lies_in,
    measure_boxes,
    strip_marks,
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """edits, bare_edits: of the running text, with and without marks, of `letters`. boxes: errors in pixels at 300 dpi.

    sure: each word's confidence and whether it is right. turned: whether the page's rotation was found. askew: degrees
    by which its skew was missed.
    """

    case: Case
    reader: str
    letters: int
    edits: int
    bare_edits: int
    words: WordCounts
    places: int
    boxes: tuple[float, ...]
    sure: tuple[tuple[float, bool], ...]
    seconds: float
    turned: bool
    askew: float
    text: str = field(repr=False)


def score(sample: Sample, reader: str, found: Found, seconds: Sequence[float]) -> Outcome:
    """What a reading is worth. seconds: of each time that the page was read; their median counts."""
    text = fold(found.text)
    bare = strip_marks(text)
    margin = round(12 * sample.sheet.unit)
    words = found.words
    outside = None if words is None else [word for word in words if not lies_in(word.box, sample.pens, margin)]
    read = text.split() if outside is None else [part for word in outside for part in fold(word.text).split()]
    judged = [] if outside is None else [word for word in outside if not word.pen]
    right = judge_words([*sample.wanted, *sample.optional], [fold(word.text) for word in judged])
    placed = [PlacedWord(fold(word.text), word.box) for word in outside or ()]
    return Outcome(
        case=sample.case,
        reader=reader,
        letters=sum(len(run) for run in sample.running),
        edits=sum(count_edits(run, text) for run in sample.running),
        bare_edits=sum(count_edits(strip_marks(run), bare) for run in sample.running),
        words=count_words(sample.wanted, read, sample.optional),
        places=len(sample.places),
        boxes=tuple(error / sample.sheet.unit for error in measure_boxes(sample.places, placed)),
        sure=tuple((word.confidence, ok) for word, ok in zip(judged, right, strict=True)),
        seconds=median(seconds),
        turned=found.rotation == sample.sheet.rotation,
        askew=abs(found.skew - sample.sheet.skew),
        text=found.text,
    )


@dataclass(frozen=True, slots=True)
class Sum:
    """Many pages of one reader together."""

    outcomes: tuple[Outcome, ...]

    @property
    def letters(self) -> int:
        return sum(one.letters for one in self.outcomes)

    @property
    def cer(self) -> float:
        return sum(one.edits for one in self.outcomes) / max(1, self.letters)

    @property
    def bare_cer(self) -> float:
        return sum(one.bare_edits for one in self.outcomes) / max(1, self.letters)

    @property
    def words(self) -> WordCounts:
        return sum((one.words for one in self.outcomes), WordCounts())

    @property
    def seconds(self) -> float:
        """Of the median page."""
        return median(one.seconds for one in self.outcomes)

    @property
    def box_error(self) -> float:
        errors = [error for one in self.outcomes for error in one.boxes]
        return fmean(errors) if errors else float("nan")

    @property
    def boxes_found(self) -> float:
        return sum(len(one.boxes) for one in self.outcomes) / max(1, sum(one.places for one in self.outcomes))

    @property
    def turned(self) -> float:
        """Share of the pages whose rotation was found."""
        return fmean(one.turned for one in self.outcomes) if self.outcomes else float("nan")

    @property
    def askew(self) -> float:
        """Mean error of the skew, in degrees, of pages whose rotation was found."""
        errors = [one.askew for one in self.outcomes if one.turned]
        return fmean(errors) if errors else float("nan")

    @property
    def sure(self) -> list[tuple[float, bool]]:
        return [pair for one in self.outcomes for pair in one.sure]


class Outcomes:
    """All that was measured, to be asked for parts."""

    def __init__(self, outcomes: Iterable[Outcome]) -> None:
        self._all = tuple(outcomes)
        self._read: dict[str, set[Case]] = {}
        for one in self._all:
            self._read.setdefault(one.reader, set()).add(one.case)

    def take(
        self, reader: str, origin: str | None = None, variants: Iterable[str] | None = None, beside: str | None = None
    ) -> Sum:
        """The sum over one reader's pages; None takes every origin or variant. beside: pages that this one read too."""
        wanted = None if variants is None else frozenset(variants)
        return Sum(
            tuple(
                one
                for one in self._all
                if one.reader == reader
                and origin in (None, one.case.origin)
                and (wanted is None or one.case.variant in wanted)
                and (beside is None or one.case in self._read[beside])
            )
        )
