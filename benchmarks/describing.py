"""Fields of documents, real and generated: precision, recall and F1 by field, and confident wrong values.

usage: python -m benchmarks.describing [--eval DIR] [--generated N --seed S] [--cache DIR] [--errors]

Values are compared after normalising (core.text); a list item by item. Precision and recall are over items, and the
micro average is over the printed fields. --generated measures N documents of the generator instead of the real ones:
state and Party form, and papers about a person. --cache keeps what was read, so that a second run costs nothing.
"""

from __future__ import annotations

import argparse
import json
import pickle
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from random import Random

import numpy as np

from core.errors import ReadingFailed
from core.recognition import Description, RecognizedPage
from core.text import normalize
from ingest.checks.inspect import PDF
from ingest.splitting import split_file
from ocr.describing import SecondLook, describe
from ocr.engines.registry import EngineOptions
from ocr.images import load_page_image
from ocr.reading import Reader
from synthesis.any_personal import make_person_paper
from synthesis.blocks import Looks
from synthesis.damage import damage_page
from synthesis.fonts import find_fonts
from synthesis.forms import make_document
from synthesis.personal import RETENTIONS, SEXES
from synthesis.truth import FieldValue, RenderedDocument
from synthesis.vocabulary import PARTY_TYPES, STATE_TYPES
from synthesis.writers import encode_jpeg

PRINTED = (
    "symbol", "issuing_body", "superior_body", "place", "type_code", "abstract", "signer_name", "signer_title",
    "signing_mode", "on_behalf_of", "urgency", "secrecy", "recipients",
)  # fmt: skip
WRITTEN = ("number", "date")
STAMPED = ("secrecy", "urgency")
_UNASKED = ("form", "record_type_vi", "code", "signing_lines", "number_is_handwritten", "date_is_handwritten")
SURE = 0.9
_TYPES = {".pdf": PDF, ".jpg": "image/jpeg", ".png": "image/png"}
_MAX_PIXELS = 100_000_000
_PROCESSES = 2

Truth = Mapping[str, FieldValue]


@dataclass
class Counts:
    """What one field amounts to. pen, said_pen, both: documents with it by pen, said to be so, and both at once."""

    right: int = 0
    found: int = 0
    wanted: int = 0
    sure: int = 0
    sure_wrong: int = 0
    pen: int = 0
    said_pen: int = 0
    both: int = 0

    def row(self, name: str) -> str:
        precision, recall = _share(self.right, self.found), _share(self.right, self.wanted)
        f1 = _share(2 * self.right, self.found + self.wanted)
        return f"{name:16}{precision:>10}{recall:>10}{f1:>10}{self.wanted:8}{self.sure:8}{self.sure_wrong:8}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"


@dataclass
class Tally:
    """Counts by field, wrong values in words, and the seconds spent."""

    counts: dict[str, Counts] = field(default_factory=dict)
    types: Counts = field(default_factory=Counts)
    errors: list[str] = field(default_factory=list)
    reading: float = 0.0
    describing: float = 0.0

    def add(self, name: str, truth: Truth, found: Description, fields: Iterable[str]) -> None:
        for key in fields:
            suggestion = found.suggestion(key)
            want = Counter(_items(key, truth.get(key)))
            got = Counter(_items(key, suggestion.value if suggestion else None))
            by_pen, said = bool(truth.get(f"{key}_is_handwritten")), bool(suggestion and suggestion.handwritten)
            sure = bool(suggestion and suggestion.confidence >= SURE)
            counts = self.counts.setdefault(key, Counts())
            counts.right += sum((want & got).values())
            counts.found += sum(got.values())
            counts.wanted += sum(want.values())
            counts.sure += sure
            counts.sure_wrong += sure and want != got
            counts.pen += by_pen
            counts.said_pen += said
            counts.both += by_pen and said
            if want != got or by_pen != said:
                note = f"{' by pen' * by_pen}, said{' by pen' * said}"
                self.errors.append(f"{name} {key}: want {list(want - got)}{note} {list(got - want)}{' SURE' * sure}")


def _items(name: str, value: FieldValue) -> Iterable[str]:
    """The value's items as they are compared: stamps without regard to case."""
    if value is None or isinstance(value, bool):
        return []
    every = [normalize(one) for one in ([value] if isinstance(value, str) else value)]
    return [one.lower() for one in every] if name in STAMPED else every


def read_document(files: list[Path], reader: Reader) -> tuple[list[RecognizedPage], list[np.ndarray | None]]:
    """Pages and their images of one document."""
    pages: list[RecognizedPage] = []
    images: list[np.ndarray | None] = []
    for path in files:
        for split in split_file(path, _TYPES[path.suffix]):
            image = load_page_image(split.data, max_pixels=_MAX_PIXELS, dpi=split.dpi)
            try:
                pages.append(reader.read(image, len(images) + 1))
            except ReadingFailed as error:
                print(f"{path.name} page {split.number} is left out: {error}")
                continue
            images.append(None if pages[-1].blank else image.seen)
    return pages, images


def _files_of(root: Path, document: dict[str, str]) -> list[Path]:
    """The document's file, or where only single pages of it are there, those."""
    path = root / document["file"]
    return [path] if path.exists() else sorted((root / "pages").glob(f"{document['id']}_p*"))


def measure(root: Path, kept_at: Path | None) -> Tally:
    """Reads and describes every document of `fields.json`."""
    reader, tally = open_reader(), Tally()
    for document in json.loads((root / "fields.json").read_text("utf8")):
        kept = kept_at / f"{document['id']}.reading" if kept_at else None
        if kept and kept.exists():
            pages, images = pickle.loads(kept.read_bytes())
        else:
            pages, images = read_document(_files_of(root, document), reader)
            if kept:
                kept.write_bytes(pickle.dumps((pages, images)))
        tally.reading += sum(page.seconds for page in pages)
        started = time.perf_counter()
        found = describe(pages, images, SecondLook(reader.read_crop, reader.rank_pen))
        tally.describing += time.perf_counter() - started
        tally.add(document["id"], document, found, (*PRINTED, *WRITTEN, "cited_codes"))
    return tally


@cache
def open_reader() -> Reader:
    """This process's reader."""
    return Reader.open(EngineOptions("sohoa"))


def choose_looks(rng: Random) -> Looks:
    """Numbers, dates, stamps, seal and table by chance; every secrecy and urgency stamp there is."""
    secrecy = rng.choice(("MẬT", "MẬT", "TỐI MẬT", "TUYỆT MẬT")) if rng.random() < 0.35 else None
    urgency = rng.choice(("KHẨN", "THƯỢNG KHẨN", "HỎA TỐC", "HỎA TỐC HẸN GIỜ")) if rng.random() < 0.3 else None
    pens, incoming, seal, table = (rng.random() < 0.5, rng.random() < 0.5), *(rng.random() for _ in range(3))
    return Looks(*pens, urgency, secrecy, incoming < 0.3, seal < 0.85, table < 0.2, length=1)


def make_generated(seed: int, at: int) -> tuple[str, RenderedDocument]:
    """Document `at` of a seed as scanned, with its group: state, party or personal."""
    rng, fonts = Random(f"{seed}/{at}"), find_fonts()
    dpi, group, turn = rng.choice((200, 200, 300)), ("state", "party", "state", "party", "personal")[at % 5], at // 5
    if group == "personal":
        document = make_person_paper(rng, fonts, turn, choose_looks(rng), dpi)
    else:
        types = STATE_TYPES if group == "state" else PARTY_TYPES
        code = types[(2 * turn + (at % 5 > 1)) % len(types)][1]
        document = make_document(rng, fonts, "state" if group == "state" else "party", code, choose_looks(rng), dpi)
    rare = ("skewed", "noisy", "yellowed", "borders", "shadow", "jpeg", "turned_90", "bleed_through")
    variant = rng.choice(("clean", "clean", *("office",) * 5, *(rng.choice(rare) for _ in range(3))))
    noise = np.random.default_rng(rng.getrandbits(64))
    pages = tuple(damage_page(page, variant, noise) for page in document.pages)
    return group, RenderedDocument(document.record_type, pages, document.fields)


@dataclass(frozen=True)
class Generated:
    """A generated document as it was read. scans: a JPEG a page."""

    name: str
    group: str
    record_type: str
    truth: Truth
    scans: tuple[bytes, ...]
    pages: tuple[RecognizedPage, ...]


def read_generated(at: int, seed: int, kept_at: Path | None) -> Generated:
    """Makes and reads document `at` of the seed, or takes it from where it was kept."""
    kept = kept_at / f"{seed}_{at}.generated" if kept_at else None
    if kept and kept.exists():
        found: Generated = pickle.loads(kept.read_bytes())
        return found
    group, document = make_generated(seed, at)
    scans = tuple(encode_jpeg(page, 90) for page in document.pages)
    pages = tuple(
        open_reader().read(load_page_image(scan, max_pixels=_MAX_PIXELS), number)
        for number, scan in enumerate(scans, 1)
    )
    printed = {code: word for word, code in (SEXES | RETENTIONS).items()}
    truth = {k: printed.get(str(v), v) if k in ("sex", "retention") else v for k, v in document.fields.items()}
    found = Generated(f"{seed}/{at} {document.record_type}", group, document.record_type, truth, scans, pages)
    if kept:
        kept.write_bytes(pickle.dumps(found))
    return found


def measure_generated(documents: Iterable[Generated]) -> Iterator[tuple[str, Tally]]:
    """A tally for each group."""
    tallies = {group: Tally() for group in ("state", "party", "personal")}
    for one in documents:
        images = [load_page_image(scan, max_pixels=_MAX_PIXELS).seen for scan in one.scans]
        tally = tallies[one.group]
        started = time.perf_counter()
        reader = open_reader()
        found = describe(one.pages, images, SecondLook(reader.read_crop, reader.rank_pen))
        tally.describing += time.perf_counter() - started
        tally.reading += sum(page.seconds for page in one.pages)
        tally.types.wanted += 1
        tally.types.right += found.record_type == one.record_type
        if found.record_type != one.record_type:
            tally.errors.append(f"{one.name}: said to be {found.record_type} {found.record_type_confidence}")
        own = [key for key in one.truth if key not in (*PRINTED, *WRITTEN, *_UNASKED) and _is_printed(one.truth, key)]
        tally.add(one.name, one.truth, found, (*PRINTED, *WRITTEN, *own))
    yield from tallies.items()


def _is_printed(truth: Truth, key: str) -> bool:
    """A field of a form whose value is not by pen; these are measured by benchmarks.describing_forms."""
    return not key.endswith("_is_handwritten") and not truth.get(f"{key}_is_handwritten")


def print_table(tally: Tally) -> None:
    print(f"{'field':16}{'precision':>10}{'recall':>10}{'F1':>10}{'items':>8}{'>= 0.9':>8}{'wrong':>8}")
    names = [name for name in tally.counts if name not in WRITTEN]
    for name in names:
        print(tally.counts[name].row(name))
    printed = [tally.counts[name] for name in PRINTED if name in tally.counts]
    print(Counts(*(sum(getattr(one, key) for one in printed) for key in Counts.__dataclass_fields__)).row("micro"))
    for name in WRITTEN:
        counts = tally.counts[name]
        print(counts.row(name))
        pen = f"precision {_share(counts.both, counts.said_pen)}, recall {_share(counts.both, counts.pen)}"
        print(f"  by pen {counts.pen}, said so {counts.said_pen}: {pen}")
    if tally.types.wanted:
        print(f"record type right {tally.types.right} of {tally.types.wanted}")
    print(f"describing {tally.describing:.1f} s, {tally.describing / max(0.001, tally.reading):.1%} of reading")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures the fields found in real or generated documents.")
    parser.add_argument("--eval", type=Path, default=Path(__file__).parents[2] / "shared" / "eval")
    parser.add_argument("--generated", type=int, metavar="N", help="measure N generated documents instead")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", type=Path, help="an existing folder outside the project")
    parser.add_argument("--errors", action="store_true", help="print every difference")
    chosen = parser.parse_args()
    if chosen.generated:
        with ProcessPoolExecutor(_PROCESSES) as pool:
            read = partial(read_generated, seed=chosen.seed, kept_at=chosen.cache)
            documents = list(pool.map(read, range(chosen.generated), chunksize=1))
        tallies = list(measure_generated(documents))
    elif (chosen.eval / "fields.json").exists():
        tallies = [("real", measure(chosen.eval, chosen.cache))]
    else:
        print(f"No evaluation data at {chosen.eval}: nothing measured.")
        return
    for group, tally in tallies:
        print(f"\n{group}")
        print_table(tally)
        if chosen.errors:
            print(*tally.errors, sep="\n")


if __name__ == "__main__":
    main()
