"""The tables that a run of benchmarks.reading prints: by page, by variant, confidences, and what is to be reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.damage import AS_IT_IS
from benchmarks.memory import Cost
from benchmarks.outcomes import Outcome, Outcomes, Sum
from benchmarks.readers import OCRMYPDF, RAW, SOHOA
from benchmarks.reading_pen import DATE_AT, NUMBER_AT, Answer, count
from benchmarks.scoring import BINS, bin_of, wilson

_SLACK_LETTERS, _SLACK_SHARE = 3, 0.003
"""A page is worse than raw Tesseract where it has more errors by more than either of these."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Of one engine alone in a process; None where it failed."""

    a4: Cost | None
    a3: Cost | None


@dataclass(frozen=True, slots=True)
class Line:
    """A measure with each reader's value. reach: what is wanted. met: of the first engine of the service."""

    measure: str
    values: Mapping[str, str]
    reach: str = ""
    met: bool | None = None


def _percent(share: float, digits: int = 2) -> str:
    return f"{100 * share:.{digits}f} %"


def is_worse(one: Outcome, raw: Outcome) -> bool:
    """Whether a page came out worse than raw Tesseract's by more than max(3 letters, 0.3 point)."""
    return one.edits - raw.edits > max(_SLACK_LETTERS, _SLACK_SHARE * one.letters)


def _worse(outcomes: Outcomes, reader: str) -> list[str]:
    """Names of real pages as they are on which the reader is worse than raw Tesseract."""
    raws = {one.case: one for one in outcomes.take(RAW, "real", [AS_IT_IS]).outcomes}
    ours = outcomes.take(reader, "real", [AS_IT_IS]).outcomes
    return [one.case.page for one in ours if one.case in raws and is_worse(one, raws[one.case])]


def print_pages(outcomes: Outcomes, readers: Sequence[str], variants: Sequence[str]) -> None:
    """A row for each page: CER with and without marks, recall or F1, and CPU seconds of each reader."""
    print(f"\n{'page':32}" + "".join(f"{name + ': CER % (bare)':>26}{'words %':>9}{'CPU s':>8}" for name in readers))
    by_case: dict[tuple[str, str, str], dict[str, Outcome]] = {}
    for name in readers:
        for one in outcomes.take(name, None, variants).outcomes:
            by_case.setdefault((one.case.origin, one.case.variant, one.case.page), {})[name] = one
    for (origin, variant, page), found in by_case.items():
        if origin == "generated" and variant == AS_IT_IS and len(variants) == 1:
            continue
        notes = [
            f"{name} worse" for name in found if name != RAW and RAW in found and is_worse(found[name], found[RAW])
        ]
        notes += [f"{name} turned" for name in found if name not in (RAW, OCRMYPDF) and not found[name].turned]
        label = page if origin == "real" and variant == AS_IT_IS else f"{origin} {variant} {page}"
        print(f"{label:32}" + "".join(_cells(found.get(name), origin) for name in readers) + "  " + ", ".join(notes))


def _cells(one: Outcome | None, origin: str) -> str:
    if one is None:
        return f"{'-':>26}{'-':>9}{'-':>8}"
    total = Sum((one,))
    errors = f"{100 * total.cer:.2f} ({100 * total.bare_cer:.2f})" if one.letters else "-"
    share = total.words.recall if origin == "real" else total.words.f1
    return f"{errors:>26}{100 * share:>9.1f}{total.seconds:>8.2f}"


def print_variants(outcomes: Outcomes, readers: Sequence[str], variants: Sequence[str]) -> None:
    """A row for each variant and kind of pages: CER, word F1 of generated pages, box error, CPU seconds."""
    head = "".join(
        f"{name + ' CER % real':>20}{'generated':>11}{'F1 %':>7}{'box px':>8}{'CPU s':>7}" for name in readers
    )
    print(f"\n{'variant':16}{head}")
    for variant in variants:
        cells = ""
        for name in readers:
            real = outcomes.take(name, "real", [variant])
            made = outcomes.take(name, "generated", [variant])
            cells += f"{_number(real, lambda s: 100 * s.cer):>20}{_number(made, lambda s: 100 * s.cer):>11}"
            cells += f"{_number(made, lambda s: 100 * s.words.f1, 1):>7}{_number(made, lambda s: s.box_error, 1):>8}"
            cells += f"{_number(real, lambda s: s.seconds):>7}"
        print(f"{variant:16}{cells}")


def _number(total: Sum, figure: Callable[[Sum], float], digits: int = 2) -> str:
    return f"{figure(total):.{digits}f}" if total.outcomes else "-"


def print_calibration(outcomes: Outcomes, readers: Sequence[str]) -> None:
    """What share of words is right in each bin of their confidence."""
    for name in readers:
        pairs = outcomes.take(name).sure
        print(f"\n{name}: words by confidence\n{'from':>6}{'to':>6}{'words':>9}{'mean':>8}{'right':>8}")
        for at in range(len(BINS) - 1):
            inside = [(sure, right) for sure, right in pairs if bin_of(sure) == at]
            if inside:
                mean = sum(sure for sure, _ in inside) / len(inside)
                right = sum(ok for _, ok in inside) / len(inside)
                print(f"{BINS[at]:6.2f}{BINS[at + 1]:6.2f}{len(inside):9}{mean:8.3f}{right:8.3f}")


def print_table(
    outcomes: Outcomes,
    readers: Sequence[str],
    variants: Sequence[str],
    pens: Sequence[Answer],
    costs: Mapping[str, Costs],
) -> None:
    """What was measured beside what is to be reached. pens: of our own recognizer."""
    rows = [*_read_lines(outcomes, readers, variants), *_pen_lines(pens)]
    rows += _cost_lines(outcomes, readers, variants, costs)
    width = max(len(row.measure) for row in rows) + 2
    print(f"\n{'measure':{width}}" + "".join(f"{name:>24}" for name in readers) + f"{'reach':>26}")
    for row in rows:
        met = {True: "  met", False: "  NOT MET", None: ""}[row.met]
        print(
            f"{row.measure:{width}}"
            + "".join(f"{row.values.get(name, '-'):>24}" for name in readers)
            + f"{row.reach:>26}{met}"
        )


def _first(readers: Sequence[str]) -> str:
    """The reader that has to reach what is wanted."""
    return next((name for name in readers if name not in (RAW, OCRMYPDF)), RAW)


def _worst(
    outcomes: Outcomes, name: str, origin: str | None, variants: Sequence[str], figure: Callable[[Sum], float]
) -> tuple[float, str]:
    """The largest figure of a variant, and that variant."""
    sums = [(outcomes.take(name, origin, [variant]), variant) for variant in variants]
    return max(((figure(total), variant) for total, variant in sums if total.outcomes), default=(0.0, "-"))


def _read_lines(outcomes: Outcomes, readers: Sequence[str], variants: Sequence[str]) -> Iterator[Line]:
    ours, damaged = _first(readers), [variant for variant in variants if variant != AS_IT_IS]
    whole = {name: outcomes.take(name, "real", [AS_IT_IS]) for name in readers}
    if whole[ours].outcomes:
        cer = {name: _percent(total.cer) for name, total in whole.items()}
        yield Line("body CER, real pages", cer, "<= 0.20 %", whole[ours].cer <= 0.0020)
        yield Line("  without marks", {name: _percent(total.bare_cer) for name, total in whole.items()})
        worse = {name: _worse(outcomes, name) for name in readers if name != RAW}
        bad = {name: " ".join(pages)[:23] or "none" for name, pages in worse.items()}
        yield Line("  pages worse than raw", bad, "none", not worse.get(ours))
        recall = {name: _percent(total.words.recall, 1) for name, total in whole.items()}
        yield Line("word recall, whole page", recall, ">= 98 %", whole[ours].words.recall >= 0.98)
    if not damaged:
        return
    for origin in ("real", "generated", None):
        sums = {name: outcomes.take(name, origin, damaged) for name in readers}
        if sums[ours].outcomes:
            cer = {name: _percent(total.cer) for name, total in sums.items() if total.outcomes}
            yield Line(f"degraded, CER: {origin or 'all'}", cer, "<= 0.3 %", sums[ours].cer <= 0.003)
    worst = {name: _worst(outcomes, name, None, damaged, lambda total: total.cer) for name in readers}
    cells = {name: f"{_percent(share)} {variant}" for name, (share, variant) in worst.items()}
    yield Line("  the worst variant", cells, "<= 1.2 %", worst[ours][0] <= 0.012)
    yield from _word_lines(outcomes, readers, damaged)


def _word_lines(outcomes: Outcomes, readers: Sequence[str], damaged: Sequence[str]) -> Iterator[Line]:
    """Whole generated pages: words, boxes, confidences."""
    ours = _first(readers)
    sums = {name: outcomes.take(name, "generated", damaged) for name in readers}
    sums = {name: total for name, total in sums.items() if total.outcomes}
    if ours in sums:
        f1 = {name: _percent(total.words.f1, 1) for name, total in sums.items()}
        yield Line("degraded, word F1 of whole pages", f1, ">= 99 %", sums[ours].words.f1 >= 0.99)
        worst = {name: _worst(outcomes, name, "generated", damaged, lambda total: -total.words.f1) for name in sums}
        cells = {name: f"{_percent(-share, 1)} {variant}" for name, (share, variant) in worst.items()}
        yield Line("  the worst variant", cells, ">= 97 %", -worst[ours][0] >= 0.97)
        own = {name: total for name, total in sums.items() if name not in (RAW, OCRMYPDF)}
        turns = {name: f"{_percent(total.turned, 0)}, {total.askew:.2f} degrees" for name, total in own.items()}
        yield Line("rotation found, mean error of skew", turns)
        boxes = {name: f"{total.box_error:.1f} px, {_percent(total.boxes_found, 0)}" for name, total in sums.items()}
        yield Line("box error at 300 dpi, words placed", boxes, "<= 3 px", sums[ours].box_error <= 3)
    for origin in ("real", "generated"):
        found = {name: _sure_words(outcomes.take(name, origin)) for name in readers if name != OCRMYPDF}
        values = {name: _share_within(*pair) for name, pair in found.items()}
        right, of = found[ours]
        yield Line(f"words at >= 0.9 that are right, {origin}", values, ">= 90 %", right >= 0.9 * of if of else None)


def _sure_words(total: Sum) -> tuple[int, int]:
    """Right ones among the words of confidence 0.9 or more."""
    sure = [right for confidence, right in total.sure if confidence >= 0.9]
    return sum(sure), len(sure)


def _share_within(right: int, of: int) -> str:
    """A share with its 95 % interval, in per cent."""
    low, high = wilson(right, of)
    return f"{_percent(right / max(1, of), 1)} ({100 * low:.1f}-{100 * high:.1f})"


def _pen_lines(answers: Sequence[Answer]) -> Iterator[Line]:
    """Numbers and dates by pen."""
    for kind, threshold, wanted in (("number", NUMBER_AT, 0.85), ("date", DATE_AT, 0.95)):
        every = [one for one in answers if one.kind == kind and one.by_pen]
        own = [one for one in every if one.evidence == "page"]
        if not own:
            continue
        for evidence, words in (("page", f"{kind} by pen, real, right"), ("signature", "  with the file's signatures")):
            real = count([one for one in every if one.real and one.evidence == evidence], threshold)
            if real.of:
                met = real.right / real.of >= wanted
                yield Line(words, {SOHOA: f"{real.right} of {real.of}"}, f">= {wanted:.0%}", met)
        pooled = count(own, threshold)
        kept = pooled.accepted_right / max(1, pooled.accepted)
        cell = f"{pooled.accepted_right} of {pooled.accepted}, {pooled.coverage:.0%}"
        met = kept >= 0.99 and pooled.coverage >= 0.6
        yield Line(f"  accepted at {threshold}, right; coverage", {SOHOA: cell}, ">= 99 %; >= 60 %", met)


def _cost_lines(
    outcomes: Outcomes, readers: Sequence[str], variants: Sequence[str], costs: Mapping[str, Costs]
) -> Iterator[Line]:
    ours = _first(readers)
    if RAW in readers and outcomes.take(RAW, "real", [AS_IT_IS]).outcomes:
        yield Line(
            "CPU seconds of the median page",
            {name: f"{outcomes.take(name, 'real', [AS_IT_IS]).seconds:.2f} s" for name in readers},
        )
        ratios = {name: _ratio(outcomes, name, RAW) for name in readers}
        cells = {name: f"{ratio:.2f}" for name, ratio in ratios.items()}
        yield Line("  against raw Tesseract", cells, "<= 0.7", ratios[ours] <= 0.7)
    if OCRMYPDF in readers and outcomes.take(OCRMYPDF).outcomes:
        ratios = {name: _ratio(outcomes, name, OCRMYPDF) for name in readers}
        cells = {name: f"{ratio:.2f}" for name, ratio in ratios.items()}
        yield Line("  against OCRmyPDF", cells, "<= 0.2", ratios[ours] <= 0.2)
        lost = [one for one in variants if not _beats(outcomes, ours, one)]
        yield Line("  variants with no lower CER than its", {ours: ", ".join(lost) or "none"}, "none", not lost)
    a4 = {name: f"{cost.a4.peak:.0f} MB" for name, cost in costs.items() if cost.a4}
    a3 = {name: f"{c.a3.peak:.0f} MB, {c.a3.seconds:.1f} s" for name, c in costs.items() if c.a3}
    own = costs.get(ours)
    if own:
        yield Line("memory of one process, A4 at 300 dpi", a4, "<= 500 MB", bool(own.a4 and own.a4.peak <= 500))
        yield Line("  A3 at 600 dpi", a3, "read", bool(own.a3 and own.a3.words))


def _ratio(outcomes: Outcomes, name: str, other: str) -> float:
    """The median over real pages as they are of the one's seconds against the other's."""
    base = {one.case: one.seconds for one in outcomes.take(other, "real", [AS_IT_IS]).outcomes}
    ours = outcomes.take(name, "real", [AS_IT_IS]).outcomes
    return median([one.seconds / base[one.case] for one in ours if one.case in base] or [float("nan")])


def _beats(outcomes: Outcomes, name: str, variant: str) -> bool:
    """Whether the CER is lower than OCRmyPDF's on the pages of a variant that both read."""
    one = outcomes.take(name, None, [variant], beside=OCRMYPDF)
    return one.cer < outcomes.take(OCRMYPDF, None, [variant], beside=name).cer
