"""Numbers and dates written by pen into printed heads: how often the first candidate is right, and what is accepted.

usage: python -m benchmarks.reading_pen [--generated N] [--evidence KIND ...] [--number-at P] [--date-at P] [--errors]

Real heads are the first pages of the documents of `fields.json` whose value is by pen; generated ones are drawn from
seeds that no training uses and are damaged lightly, one in three with number and date printed: these count for telling
pen from print alone. Pages are read and described as in the service, and the first candidate of the suggestion counts;
a value that was taken for print is its own candidate. A value is right if it is exactly the true one.

Evidence beside the page: real heads have the times of their files' signatures, generated ones have signatures,
neighbours and registers drawn for them (benchmarks/pen_evidence.py).
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import repeat
from pathlib import Path
from random import Random

import cv2
import numpy as np

from benchmarks.damage import AS_IT_IS, damage_sheet
from benchmarks.pen_evidence import EVIDENCE, Evidence, draw_known, read_known
from benchmarks.scoring import wilson
from core.known_facts import NOTHING_KNOWN, KnownFacts
from core.recognition import Candidate, PenKind, Suggestion
from ingest.checks.inspect import PDF
from ingest.splitting import split_file
from ocr.describing import SecondLook, describe, find_signing_days, weigh_written
from ocr.describing.suggest import DATE_AT, NUMBER_AT
from ocr.engines.registry import EngineOptions
from ocr.images import PageImage, load_page_image
from ocr.reading import Reader
from synthesis.blocks import Looks
from synthesis.fonts import find_fonts
from synthesis.forms import make_document

KINDS: tuple[PenKind, ...] = ("number", "date")
_MAX_PIXELS = 100_000_000
_TYPES = {".pdf": PDF, ".jpg": "image/jpeg", ".png": "image/png"}
_VARIANTS = (AS_IT_IS, "skew 1-3", "grain", "defocus", "jpeg", "150 dpi", "200 dpi", "shadow", "fax", "faint")
_STEPS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class Head:
    """A first page with values by pen. truth: of those kinds alone that are written by pen."""

    name: str
    real: bool
    truth: dict[PenKind, str]
    image: PageImage
    fields: Mapping[str, object] = field(default_factory=dict)
    """True values of a generated one."""
    known: KnownFacts = NOTHING_KNOWN
    """What a real one's file says."""
    by_pen: bool = True

    def draw_known(self, evidence: Evidence) -> KnownFacts:
        """What is known of it beside its page."""
        if self.real:
            return self.known if "signature" in EVIDENCE[evidence] else NOTHING_KNOWN
        return draw_known(Random(f"evidence/{self.name}"), self.fields, evidence)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found for one value; value None where there was no candidate."""

    name: str
    real: bool
    kind: PenKind
    truth: str
    value: str | None
    confidence: float
    evidence: Evidence = "page"
    by_pen: bool = True
    taken_for_pen: bool = True

    @property
    def right(self) -> bool:
        return self.value == self.truth


@cache
def _open_reader() -> Reader:
    return Reader.open(EngineOptions("sohoa"))


def load_real(root: Path) -> Iterator[Head]:
    """The heads of `fields.json`; none where there is no evaluation data."""
    listed = root / "fields.json"
    for document in json.loads(listed.read_text("utf8")) if listed.exists() else []:
        whole, single = root / document["file"], sorted((root / "pages").glob(f"{document['id']}_p1.*"))
        path = whole if whole.exists() or not single else single[0]
        truth: dict[PenKind, str] = {kind: document[kind] for kind in KINDS if document[f"{kind}_is_handwritten"]}
        if not truth or not path.exists():
            continue
        first = next(iter(split_file(path, _TYPES[path.suffix])))
        image = load_page_image(first.data, max_pixels=_MAX_PIXELS, dpi=first.dpi)
        yield Head(document["id"], True, truth, image, known=read_known(path))


def make_head(at: int, *, by_pen: bool = True) -> Head:
    """Generated head `at`: number and date by pen, or printed."""
    rng = Random(f"benchmarks.reading_pen/{at}" if by_pen else f"benchmarks.reading_pen/printed/{at}")
    looks = Looks(number_by_pen=by_pen, date_by_pen=by_pen, incoming=rng.random() < 0.2, length=1)
    document = make_document(rng, find_fonts(), ("state", "party")[at % 2], None, looks, rng.choice((200, 300)))
    page, variant = document.pages[0], rng.choice(_VARIANTS)
    grey = np.asarray(cv2.cvtColor(page.image, cv2.COLOR_RGB2GRAY), np.uint8)
    sheet = damage_sheet(grey, page.dpi, grey, variant, f"pen/{at}")
    truth: dict[PenKind, str] = {kind: str(document.fields[kind]) for kind in KINDS}
    name = f"{at} {variant}" if by_pen else f"printed {at} {variant}"
    return Head(name, False, truth, PageImage(sheet.grey, None, sheet.dpi), document.fields, by_pen=by_pen)


def answer(head: Head, evidence: Sequence[Evidence] = ("page",)) -> list[Answer]:
    """What is suggested for a head's values, with each kind of evidence."""
    reader = _open_reader()
    page = reader.read(head.image, 1)
    found = describe([page], [head.image.seen], SecondLook(reader.read_crop, reader.rank_pen))
    signed = find_signing_days(page.text)
    answers = []
    for one in evidence:
        known = head.draw_known(one)
        fields = weigh_written(found.fields, replace(known, signed_on=known.signed_on + signed))
        answers += [_answer(head, kind, fields, one) for kind in head.truth]
    return answers


def _answer(head: Head, kind: PenKind, fields: Sequence[Suggestion], evidence: Evidence) -> Answer:
    one = next((one for one in fields if one.name == kind), None)
    ranked = one.candidates if one and one.handwritten else ()
    first = ranked[0] if ranked else Candidate(str(one.value), one.confidence) if one and one.value else None
    value, confidence = (first.value, first.confidence) if first else (None, 0.0)
    pen = one is not None and one.handwritten
    return Answer(head.name, head.real, kind, head.truth[kind], value, confidence, evidence, head.by_pen, pen)


def answer_generated(at: int, evidence: Sequence[Evidence]) -> list[Answer]:
    """Of a head by pen, and of a printed one with every second."""
    printed = [] if at % 2 else answer(make_head(at, by_pen=False))
    return answer(make_head(at), evidence) + printed


def measure(root: Path, generated: int, jobs: int, evidence: Sequence[Evidence] = ("page",)) -> list[Answer]:
    """Every real head and so many generated ones by pen, and half as many printed."""
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        made = pool.map(answer_generated, range(generated), repeat(evidence))
        real = pool.map(answer, load_real(root), repeat(evidence))
        return [one for answers in (*real, *made) for one in answers]


@dataclass(frozen=True, slots=True)
class Accepted:
    """Of all answers of a kind: how many are right, how many are accepted at a threshold, and right among those."""

    of: int
    right: int
    accepted: int
    accepted_right: int

    @property
    def coverage(self) -> float:
        return self.accepted / max(1, self.of)


def count(answers: Sequence[Answer], threshold: float) -> Accepted:
    taken = [one for one in answers if one.value is not None and one.confidence >= threshold]
    return Accepted(len(answers), sum(one.right for one in answers), len(taken), sum(one.right for one in taken))


def print_detection(answers: Sequence[Answer]) -> None:
    """How pen is told from print: by kind of value, real and generated."""
    alone = [one for one in answers if one.evidence == "page"]
    print(f"\n{'by pen':20}{'precision':>12}{'recall':>10}")
    for kind in KINDS:
        for real in (True, False):
            own = [one for one in alone if one.kind == kind and one.real == real]
            called = [one.by_pen for one in own if one.taken_for_pen]
            there = [one.taken_for_pen for one in own if one.by_pen]
            shares = f"{sum(called)}/{len(called)}", f"{sum(there)}/{len(there)}"
            print(f"{kind + (' real' if real else ' generated'):20}{shares[0]:>12}{shares[1]:>10}")


def print_answers(answers: Sequence[Answer], kind: PenKind, threshold: float, evidence: Evidence) -> None:
    """A row each for real, generated and all heads by pen, and a row a threshold."""
    own = [one for one in answers if one.kind == kind and one.by_pen and one.evidence == evidence]
    groups = {
        "real": [one for one in own if one.real],
        "generated": [one for one in own if not one.real],
        "pooled": own,
    }
    print(f"\n{kind:10}{'of':>6}{'right':>8}{'accepted >=':>13}{'coverage':>10}{'right':>8}{'95 % interval':>20}")
    for name, group in groups.items():
        print(f"{name:10}" + _row(group, threshold))
    for step in _STEPS:
        print(f"{'pooled':10}" + _row(own, step))


def _row(group: Sequence[Answer], threshold: float) -> str:
    total = count(group, threshold)
    low, high = wilson(total.accepted_right, total.accepted)
    share = f"{total.right / max(1, total.of):.1%}"
    kept = f"{total.accepted_right / max(1, total.accepted):.1%}" if total.accepted else "-"
    return f"{total.of:6}{share:>8}{threshold:13.2f}{total.coverage:>10.1%}{kept:>8}{low:>12.1%}-{high:.1%}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eval", type=Path, default=Path(__file__).parents[2] / "shared" / "eval")
    parser.add_argument("--generated", type=int, default=150, metavar="N", help="generated heads")
    parser.add_argument("--evidence", nargs="+", choices=list(EVIDENCE), default=["page"], help="beside the page")
    parser.add_argument("--number-at", type=float, default=NUMBER_AT, metavar="P", help="accepted at this")
    parser.add_argument("--date-at", type=float, default=DATE_AT, metavar="P", help="accepted at this")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--errors", action="store_true", help="print every wrong value")
    chosen = parser.parse_args()
    answers = measure(chosen.eval, chosen.generated, chosen.jobs, chosen.evidence)
    print_detection(answers)
    for evidence in chosen.evidence:
        print(f"\n== {evidence}")
        print_answers(answers, "number", chosen.number_at, evidence)
        print_answers(answers, "date", chosen.date_at, evidence)
    if chosen.errors:
        for one in answers:
            if not one.right:
                print(f"{one.evidence} {one.kind} {one.name}: {one.truth}, found {one.value} at {one.confidence:.2f}")


if __name__ == "__main__":
    main()
