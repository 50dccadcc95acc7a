"""Papers about persons, generated: fields filled in print and by pen, and the record type with its probability.

usage: python -m benchmarks.describing_forms [--generated N --seed S] [--cache DIR] [--errors]

Of every 20 documents 16 are of the record types of personal papers, two general ones, one general that speaks of what
the personal ones are, and one of no type at all, of which every type is wrong. A value by pen is right if it is said
to be by pen, with its place on the page, and no other value is said with it.
"""

from __future__ import annotations

import argparse
import pickle
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random

import numpy as np

from benchmarks.describing import SURE, Counts
from benchmarks.generated_documents import MAX_PIXELS, Generated, choose_looks, open_reader
from core.recognition import Description
from core.text import normalize
from ocr.describing import SecondLook, describe
from ocr.images import load_page_image
from synthesis.any_personal import PERSONAL_KINDS, make_personal
from synthesis.damage import damage_page
from synthesis.fonts import find_fonts
from synthesis.forms import make_document
from synthesis.truth import RenderedDocument
from synthesis.unknown_papers import UNKNOWN, make_near_paper, make_unknown_paper
from synthesis.writers import encode_jpeg

ASKED = (
    "full_name", "birth_date", "sex", "citizen_number", "home_place", "history_number", "card_number",
    "admission_date", "full_member_date", "cell", "effective_date", "position", "unit", "school", "field_of_study",
    "diploma_number", "title", "first_date", "last_date", "sheets", "retention", "kind", "conclusion",
)  # fmt: skip
_NEAR = "near"
_KINDS = (*PERSONAL_KINDS, "party_document", "administrative_document", _NEAR, UNKNOWN)
_PROCESSES = 2
_BINS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.01)


def make_paper(seed: int, at: int) -> RenderedDocument:
    """Document `at` of a seed as scanned."""
    rng, fonts = Random(f"forms/{seed}/{at}"), find_fonts()
    dpi, kind = rng.choice((200, 200, 300)), _KINDS[at % len(_KINDS)]
    if kind == UNKNOWN:
        document = make_unknown_paper(rng, fonts, dpi)
    elif kind == _NEAR:
        document = make_near_paper(rng, fonts, dpi)
    elif kind in PERSONAL_KINDS:
        document = make_personal(rng, fonts, kind, choose_looks(rng), dpi=dpi)
    else:
        form = "party" if kind == "party_document" else "state"
        document = make_document(rng, fonts, "party" if form == "party" else "state", None, choose_looks(rng), dpi)
    rare = ("skewed", "noisy", "yellowed", "borders", "shadow", "jpeg", "turned_90", "bleed_through")
    variant = rng.choice(("clean", "clean", *("office",) * 5, *(rng.choice(rare) for _ in range(3))))
    noise = np.random.default_rng(rng.getrandbits(64))
    pages = tuple(damage_page(page, variant, noise) for page in document.pages)
    return RenderedDocument(document.record_type, pages, document.fields)


def read_paper(at: int, seed: int, kept_at: Path | None) -> Generated:
    """Makes and reads document `at` of the seed, or takes it from where it was kept."""
    kept = kept_at / f"forms_{seed}_{at}.generated" if kept_at else None
    if kept and kept.exists():
        found: Generated = pickle.loads(kept.read_bytes())
        return found
    document = make_paper(seed, at)
    scans = tuple(encode_jpeg(page, 90) for page in document.pages)
    pages = tuple(
        open_reader().read(load_page_image(scan, max_pixels=MAX_PIXELS), number) for number, scan in enumerate(scans, 1)
    )
    name = f"{seed}/{at} {document.record_type}"
    found = Generated(name, "personal", document.record_type, document.fields, scans, pages)
    if kept:
        kept.write_bytes(pickle.dumps(found))
    return found


@dataclass
class PaperTally:
    """Counts by field, of what is printed and by pen, and what was said of the record types."""

    printed: dict[str, Counts] = field(default_factory=dict)
    pen: dict[str, Counts] = field(default_factory=dict)
    types: list[tuple[str, str, float]] = field(default_factory=list)
    """The true type, the one said, its probability."""
    errors: list[str] = field(default_factory=list)

    def add(self, one: Generated, found: Description) -> None:
        self.types.append((one.record_type, found.record_type, found.record_type_confidence))
        if one.record_type != UNKNOWN and one.record_type != found.record_type:
            self.errors.append(f"{one.name}: said to be {found.record_type} {found.record_type_confidence}")
        if one.record_type not in PERSONAL_KINDS:
            return
        for name in ASKED:
            said = found.suggestion(name)
            if one.truth.get(f"{name}_is_handwritten"):
                self._add_pen(one, name, said is not None and said.handwritten and said.box is not None, found)
            elif name in one.truth or said is not None:
                self._add_printed(one, name, found)

    def _add_pen(self, one: Generated, name: str, told: bool, found: Description) -> None:
        said = found.suggestion(name)
        counts = self.pen.setdefault(name, Counts())
        wrong = said is not None and said.value not in (None, one.truth[name])
        counts.wanted += 1
        counts.right += told and not wrong
        counts.found += said is not None
        counts.sure += bool(said and said.value is not None and said.confidence >= SURE)
        counts.sure_wrong += bool(said and wrong and said.confidence >= SURE)
        if not told or wrong:
            what = f"{said.value} {said.confidence} read {said.printed}" if said else "nothing"
            self.errors.append(f"{one.name} {name}: by pen {one.truth[name]}, said {what}")

    def _add_printed(self, one: Generated, name: str, found: Description) -> None:
        said = found.suggestion(name)
        want, got = one.truth.get(name), said.value if said else None
        right = normalize(str(want)) == normalize(str(got))
        sure = bool(said and got is not None and said.confidence >= SURE)
        counts = self.printed.setdefault(name, Counts())
        counts.right += right and want is not None
        counts.found += got is not None
        counts.wanted += want is not None
        counts.sure += sure
        counts.sure_wrong += sure and not right
        counts.said_pen += bool(said and said.handwritten)
        if not right:
            at = f"{said.confidence} {'pen' * said.handwritten} {said.printed}" if said else ""
            self.errors.append(f"{one.name} {name}: want {want}, said {got} {at}")


def total(counts: Iterable[Counts]) -> Counts:
    every = list(counts)
    return Counts(*(sum(getattr(one, key) for one in every) for key in Counts.__dataclass_fields__))


def print_fields(title: str, counts: dict[str, Counts]) -> None:
    print(f"\n{title}\n{'field':16}{'precision':>10}{'recall':>10}{'F1':>10}{'items':>8}{'>= 0.9':>8}{'wrong':>8}")
    for name in ASKED:
        if name in counts:
            print(counts[name].row(name))
    print(total(counts.values()).row("all"))


def print_types(types: list[tuple[str, str, float]]) -> None:
    """Share right, confusions, and how often each band of probability is right."""
    known = [(true, said, sure) for true, said, sure in types if true != UNKNOWN]
    right = sum(true == said for true, said, _ in known)
    print(f"\nrecord type right {right} of {len(known)}")
    confused = Counter((true, said) for true, said, _ in known if true != said)
    for (true, said), count in confused.most_common():
        print(f"  {true} said to be {said}: {count}")
    unknown = [sure for true, _, sure in types if true == UNKNOWN]
    bold = sum(sure >= SURE for sure in unknown)
    print(f"unknown papers {len(unknown)}, said with {SURE} or more: {bold}; highest {max(unknown, default=0):.2f}")
    for low, high in pairwise(_BINS):
        inside = [(true == said, sure) for true, said, sure in types if low <= sure < high]
        if inside:
            hits, mean = sum(hit for hit, _ in inside), sum(sure for _, sure in inside) / len(inside)
            print(f"  said {low:.2f}-{high:.2f}: {len(inside):4}, mean {mean:.2f}, right {hits / len(inside):.2f}")


def measure_papers(papers: Iterable[Generated]) -> PaperTally:
    tally, reader = PaperTally(), open_reader()
    for one in papers:
        images = [load_page_image(scan, max_pixels=MAX_PIXELS).seen for scan in one.scans]
        tally.add(one, describe(one.pages, images, SecondLook(reader.read_crop, reader.rank_pen, reader.see_words)))
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures what is found on generated papers about persons.")
    parser.add_argument("--generated", type=int, metavar="N", default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", type=Path, help="an existing folder outside the project")
    parser.add_argument("--errors", action="store_true", help="print every difference")
    chosen = parser.parse_args()
    with ProcessPoolExecutor(_PROCESSES) as pool:
        read = partial(read_paper, seed=chosen.seed, kept_at=chosen.cache)
        papers = list(pool.map(read, range(chosen.generated), chunksize=1))
    started = time.perf_counter()
    tally = measure_papers(papers)
    print_fields("printed", tally.printed)
    print_fields("by pen (right: said to be, with its place and no wrong value)", tally.pen)
    print_types(tally.types)
    print(f"describing {(time.perf_counter() - started) / max(1, len(papers)):.2f} s a document")
    if chosen.errors:
        print(*tally.errors, sep="\n")


if __name__ == "__main__":
    main()
