"""Fields of documents, real and generated: precision, recall and F1 by field, and confident wrong values.

usage: python -m benchmarks.describing [--eval DIR] [--generated N | --rare N] [--seed S] [--cache DIR] [--errors]

Values are compared after normalising (core.text); a list item by item. Precision and recall are over items, and the
micro average is over the printed fields. --generated measures N documents of the generator instead of the real ones:
state and Party form, and papers about a person. --cache keeps what was read, so that a second run costs nothing.

Of the real documents it says what describing costs beside reading: CPU seconds of both in this process, where all was
read in this run.
"""

from __future__ import annotations

import argparse
import json
import pickle
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.calibration import print_calibration
from benchmarks.generated_documents import MAX_PIXELS, Generated, Truth, open_reader, read_generated
from core.errors import ReadingFailed
from core.recognition import Description, RecognizedPage
from core.text import normalize
from ingest.checks.inspect import PDF
from ingest.splitting import split_file
from ocr.describing import SecondLook, describe
from ocr.images import load_page_image
from ocr.reading import Reader
from synthesis.rarities import RARITIES
from synthesis.truth import FieldValue

PRINTED = (
    "symbol", "issuing_body", "superior_body", "place", "type_code", "abstract", "signer_name", "signer_title",
    "signing_mode", "on_behalf_of", "urgency", "secrecy", "recipients",
)  # fmt: skip
WRITTEN = ("number", "date")
ENDING = ("signer_name", "signer_title", "signing_mode", "on_behalf_of", "recipients")
STAMPED = ("secrecy", "urgency")
_UNASKED = ("form", "record_type_vi", "code", "signing_lines", "number_is_handwritten", "date_is_handwritten")
SURE = 0.9
_TYPES = {".pdf": PDF, ".jpg": "image/jpeg", ".png": "image/png"}
_PROCESSES = 2


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
    """Counts by field, wrong values in words, and the CPU seconds spent. all_read: whether none came from a cache."""

    counts: dict[str, Counts] = field(default_factory=dict)
    types: Counts = field(default_factory=Counts)
    errors: list[str] = field(default_factory=list)
    said: list[tuple[float, bool]] = field(default_factory=list)
    """Of each printed value its confidence and whether it is right, a list as a whole."""
    reading: float = 0.0
    describing: float = 0.0
    all_read: bool = True

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
            if got and key in PRINTED and suggestion:
                self.said.append((suggestion.confidence, want == got))
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


def read_document(
    files: list[Path], reader: Reader, tally: Tally
) -> tuple[list[RecognizedPage], list[np.ndarray | None]]:
    """Pages and their images of one document; the tally counts what reading costs."""
    pages: list[RecognizedPage] = []
    images: list[np.ndarray | None] = []
    for path in files:
        for split in split_file(path, _TYPES[path.suffix]):
            image = load_page_image(split.data, max_pixels=MAX_PIXELS, dpi=split.dpi)
            started = time.process_time()
            try:
                pages.append(reader.read(image, len(images) + 1))
                tally.reading += time.process_time() - started
            except ReadingFailed as error:
                print(f"{path.name} page {split.number} is left out: {error}")
                continue
            images.append(None if pages[-1].blank else image.seen)
    return pages, images


def _files_of(root: Path, document: dict[str, str]) -> list[Path]:
    """The document's file, or where only single pages of it are there, those."""
    path = root / document["file"]
    return [path] if path.exists() else sorted((root / "pages").glob(f"{document['id']}_p*"))


def describe_document(
    pages: Sequence[RecognizedPage], images: Sequence[np.ndarray | None], reader: Reader, tally: Tally
) -> Description:
    """What is suggested; the tally counts what it costs."""
    started = time.process_time()
    found = describe(pages, images, SecondLook(reader.read_crop, reader.rank_pen, reader.see_words))
    tally.describing += time.process_time() - started
    return found


def measure(root: Path, kept_at: Path | None) -> Tally:
    """Reads and describes every document of `fields.json`."""
    reader, tally = open_reader(), Tally()
    for document in json.loads((root / "fields.json").read_text("utf8")):
        kept = kept_at / f"{document['id']}.reading" if kept_at else None
        if kept and kept.exists():
            pages, images = pickle.loads(kept.read_bytes())
            tally.all_read = False
        else:
            pages, images = read_document(_files_of(root, document), reader, tally)
            if kept:
                kept.write_bytes(pickle.dumps((pages, images)))
        found = describe_document(pages, images, reader, tally)
        # Of some documents only the first page is in the collection: what stands on the last cannot be read.
        missing = ENDING if len(pages) < document["pages"] else ()
        asked = [name for name in (*PRINTED, *WRITTEN, "cited_codes") if name not in missing]
        if missing:
            tally.errors.append(f"{document['id']}: only page 1 is there; its ending is not asked for")
        tally.add(document["id"], document, found, asked)
    return tally


def measure_generated(documents: Iterable[Generated]) -> Iterator[tuple[str, Tally]]:
    """A tally for each group."""
    tallies: dict[str, Tally] = {}
    for one in documents:
        images = [load_page_image(scan, max_pixels=MAX_PIXELS).seen for scan in one.scans]
        tally = tallies.setdefault(one.group if one.group not in RARITIES else "rare", Tally())
        found = describe_document(one.pages, images, open_reader(), tally)
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
    share = f", {tally.describing / tally.reading:.1%} of reading" if tally.reading and tally.all_read else ""
    print(f"describing {tally.describing:.2f} s of CPU time{share}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures the fields found in real or generated documents.")
    parser.add_argument("--eval", type=Path, default=Path(__file__).parents[2] / "shared" / "eval")
    parser.add_argument("--generated", type=int, metavar="N", help="measure N generated documents instead")
    parser.add_argument("--rare", type=int, metavar="N", help="measure N generated documents of rarer shapes instead")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", type=Path, help="an existing folder outside the project")
    parser.add_argument("--errors", action="store_true", help="print every difference")
    chosen = parser.parse_args()
    if chosen.generated or chosen.rare:
        with ProcessPoolExecutor(_PROCESSES) as pool:
            read = partial(read_generated, seed=chosen.seed, kept_at=chosen.cache, rare=bool(chosen.rare))
            documents = list(pool.map(read, range(chosen.rare or chosen.generated), chunksize=1))
        tallies = list(measure_generated(documents))
    elif (chosen.eval / "fields.json").exists():
        tallies = [("real", measure(chosen.eval, chosen.cache))]
    else:
        print(f"No evaluation data at {chosen.eval}: nothing measured.")
        return
    print_calibration([one for _, tally in tallies for one in tally.said])
    for group, tally in tallies:
        print(f"\n{group}")
        print_table(tally)
        if chosen.errors:
            print(*tally.errors, sep="\n")


if __name__ == "__main__":
    main()
