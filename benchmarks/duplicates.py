"""Near-duplicate texts: precision and recall at each threshold, and what finding them costs as the records grow.

usage: python -m benchmarks.duplicates [--documents N] [--scans N] [--stored N] [--seed S]

Duplicates are one generated document twice: with an OCR's errors by chance at several rates (each letter of the text
changed, dropped or parted), or (--scans) damaged by the generator as an office's and as an old scan and read by our
reader. Against them stand other decisions of the same template: the same text with other numbers, dates, names, places
and abstract. --stored: how long a search takes among so many signatures of texts by chance, in SQLite.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
from sqlalchemy import create_engine, insert
from sqlalchemy.orm import Session

from core.likeness import NEAR, Signature, bands_of, estimate, pack, sign_text
from ocr.engines.registry import EngineOptions
from ocr.images import load_page_image
from ocr.reading import Reader
from review.duplicates.search import near_signatures
from storage.tables import Base, DocumentLikeness, LikenessBand
from synthesis.damage import damage_page
from synthesis.fonts import FontSet, find_fonts
from synthesis.forms import make_document
from synthesis.personal import make_membership_decision
from synthesis.truth import RenderedDocument
from synthesis.writers import encode_jpeg

ERROR_RATES = (0.005, 0.01, 0.02, 0.04)
"""Letters wrong of all letters, of each of the two scans."""
THRESHOLDS = (0.5, 0.6, 0.7, 0.8)
_PER_DOCUMENT = ("full_name", "cell", "abstract", "signer_name", "place")
_LETTERS = "abcdeghiklmnopqrstuvxy"
_PIXELS = 100_000_000


@dataclass(frozen=True, slots=True)
class Paper:
    """A generated document: its text, and what stands in it that another of its template would have otherwise."""

    document: RenderedDocument
    text: str
    own: dict[str, str]


def make_papers(count: int, seed: int, dpi: int) -> list[Paper]:
    """Letters, decisions and plans of both forms, and every third a decision about a Party member."""
    rng, fonts = Random(seed), find_fonts()
    makers: tuple[Callable[[Random, FontSet], RenderedDocument], ...] = (
        lambda rng, fonts: make_document(rng, fonts, "state", dpi=dpi),
        lambda rng, fonts: make_document(rng, fonts, "party", dpi=dpi),
        lambda rng, fonts: make_membership_decision(rng, fonts, dpi=dpi),
    )
    papers = []
    for at in range(count):
        made = makers[at % 3](rng, fonts)
        own = {name: str(made.fields[name]) for name in _PER_DOCUMENT if made.fields.get(name)}
        papers.append(Paper(made, "\n".join(page.text for page in made.pages), own))
    return papers


def misread(text: str, rate: float, rng: Random) -> str:
    """The text as an OCR reads it: each letter changed, dropped, or parted from the next, at this rate."""
    read = []
    for letter in text:
        if letter.isalnum() and rng.random() < rate:
            letter = rng.choice((rng.choice(_LETTERS), "", f"{letter} "))
        read.append(letter)
    return "".join(read)


def fill_anew(paper: Paper, other: Paper, rng: Random) -> str:
    """Another document of the same template: every digit drawn anew, and the other's names, places and abstract."""
    text = paper.text
    for name, value in paper.own.items():
        text = text.replace(value, other.own.get(name, value))
    return "".join(rng.choice("0123456789") if letter.isdigit() else letter for letter in text)


def read_scan(reader: Reader, document: RenderedDocument, variant: str, seed: int) -> str:
    """The document's text as our reader reads it from a scan of this kind."""
    rng = np.random.default_rng(seed)
    texts = []
    for number, page in enumerate(document.pages, start=1):
        scan = damage_page(page, variant, rng)
        image = load_page_image(encode_jpeg(scan), max_pixels=_PIXELS, dpi=scan.dpi)
        texts.append(reader.read(image, number).text)
    return "\n".join(texts)


def likeness(one: str, other: str) -> tuple[float, bool]:
    """The estimated similarity of two texts, and whether they share a band, without which they are never compared."""
    first, second = sign_text(one), sign_text(other)
    if first is None or second is None:
        return 0.0, False
    return estimate(first, second), bool(set(bands_of(first)) & set(bands_of(second)))


def tell(name: str, pairs: Sequence[tuple[float, bool]], against: Sequence[tuple[float, bool]]) -> None:
    """Precision and recall of these duplicates against as many documents of one template."""
    similar = [value for value, _ in pairs]
    print(f"{name:28} similarity median {np.median(similar):.2f}, lowest tenth {np.quantile(similar, 0.1):.2f}")
    for threshold in THRESHOLDS:
        right = sum(found and value >= threshold for value, found in pairs)
        wrong = sum(found and value >= threshold for value, found in against)
        precision = right / (right + wrong) if right + wrong else 1.0
        marked = "  <- used" if threshold == NEAR else ""
        print(f"  from {threshold:.1f}: recall {right / len(pairs):.3f}  precision {precision:.3f}{marked}")


def measure(count: int, seed: int) -> None:
    papers, rng = make_papers(count, seed, 40), Random(seed + 1)
    templates = [likeness(one.text, fill_anew(one, papers[(at + 3) % count], rng)) for at, one in enumerate(papers)]
    others = [likeness(one.text, papers[(at + 3) % count].text) for at, one in enumerate(papers)]
    print(f"{count} documents; other decisions of one template: median {np.median([v for v, _ in templates]):.2f}, "
          f"highest tenth {np.quantile([v for v, _ in templates], 0.9):.2f}; "
          f"of other templates: highest {max(v for v, _ in others):.2f}")  # fmt: skip
    for rate in ERROR_RATES:
        pairs = [likeness(misread(one.text, rate, rng), misread(one.text, rate, rng)) for one in papers]
        tell(f"{rate:.1%} of letters wrong", pairs, templates)
        tell(f"{rate:.1%}, against other documents", pairs, others)


def measure_scans(count: int, seed: int) -> None:
    papers, rng = make_papers(count, seed, 200), Random(seed + 1)
    reader = Reader.open(EngineOptions("sohoa"))
    pairs, templates = [], []
    for at, paper in enumerate(papers):
        office = read_scan(reader, paper.document, "office", seed + at)
        pairs.append(likeness(office, read_scan(reader, paper.document, "old", seed + count + at)))
        templates.append(likeness(office, fill_anew(paper, papers[(at + 3) % count], rng)))
    tell(f"{count} scans read twice", pairs, templates)


def measure_search(stored: int, seed: int) -> None:
    """Signatures by chance share no band, as texts that have nothing in common: the time is that of the look-up."""
    rng = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as folder:
        # Without foreign keys: signatures alone are measured, there are no documents.
        engine = create_engine(f"sqlite:///{Path(folder) / 'records.db'}")
        Base.metadata.create_all(engine)
        with Session(engine) as session:
            _fill(session, stored, rng)
            session.commit()
            signatures = [rng.integers(0, 2**32, 128, dtype=np.uint32) for _ in range(200)]
            started = time.process_time()
            for signature in signatures:
                near_signatures(session, signature, "none")
            seconds = (time.process_time() - started) / len(signatures)
        engine.dispose()
    print(f"{stored} documents stored: {1000 * seconds:.1f} ms of one core a search")


def _fill(session: Session, stored: int, rng: np.random.Generator) -> None:
    for start in range(0, stored, 5000):
        signed: list[tuple[str, Signature]] = [
            (f"{at:032x}", rng.integers(0, 2**32, 128, dtype=np.uint32))
            for at in range(start, min(start + 5000, stored))
        ]
        session.execute(insert(DocumentLikeness), [{"document_id": one, "signature": pack(two)} for one, two in signed])
        rows = [{"hash": band, "document_id": one} for one, two in signed for band in bands_of(two)]
        session.execute(insert(LikenessBand), rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=150)
    parser.add_argument("--scans", type=int, default=0)
    parser.add_argument("--stored", type=int, nargs="*", default=[])
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if asked.documents:
        measure(asked.documents, asked.seed)
    if asked.scans:
        measure_scans(asked.scans, asked.seed)
    for stored in asked.stored:
        measure_search(stored, asked.seed)


if __name__ == "__main__":
    main()
