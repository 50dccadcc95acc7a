"""Fields of the real documents of the evaluation data: precision, recall and F1 by field, and confident wrong values.

usage: python -m benchmarks.describing [--eval DIR] [--cache DIR] [--errors]

Values are compared after normalising (core.text); a list item by item. Precision and recall are over items, and the
micro average is over the printed fields. Numbers and dates written by pen have a table of their own: how many of them
are said to be by pen. --cache keeps what was read, outside the project, so that a second run costs nothing.
"""

from __future__ import annotations

import argparse
import json
import pickle
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from core.errors import ReadingFailed
from core.recognition import Description, RecognizedPage
from core.text import normalize
from ingest.checks.inspect import PDF
from ingest.splitting import split_file
from ocr.describing import describe
from ocr.images import load_page_image
from ocr.reading import Reader

PRINTED = (
    "symbol", "issuing_body", "superior_body", "place", "type_code", "abstract", "signer_name", "signer_title",
    "signing_mode", "on_behalf_of", "urgency", "secrecy", "recipients",
)  # fmt: skip
WRITTEN = ("number", "date")
SURE = 0.9
_TYPES = {".pdf": PDF, ".jpg": "image/jpeg", ".png": "image/png"}
_MAX_PIXELS = 100_000_000


@dataclass
class Counts:
    """What one field amounts to over all documents. pen, said_pen: documents with it by pen, and said to be so."""

    right: int = 0
    found: int = 0
    wanted: int = 0
    sure: int = 0
    sure_wrong: int = 0
    pen: int = 0
    said_pen: int = 0

    def row(self, name: str) -> str:
        precision, recall = self.right / max(1, self.found), self.right / max(1, self.wanted)
        f1 = 2 * self.right / max(1, self.found + self.wanted)
        return f"{name:16}{precision:10.3f}{recall:10.3f}{f1:10.3f}{self.wanted:8}{self.sure:8}{self.sure_wrong:8}"


@dataclass
class Tally:
    """Counts by field, wrong values in words, and the seconds spent."""

    counts: dict[str, Counts] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    reading: float = 0.0
    describing: float = 0.0

    def add(self, truth: dict[str, object], found: Description) -> None:
        for name in (*PRINTED, *WRITTEN, "cited_codes"):
            counts = self.counts.setdefault(name, Counts())
            suggestion = found.suggestion(name)
            if truth.get(f"{name}_is_handwritten"):
                counts.pen += 1
                counts.said_pen += bool(suggestion and suggestion.handwritten)
            want = Counter(_items(truth.get(name)))
            got = Counter(_items(suggestion.value if suggestion else None))
            counts.right += sum((want & got).values())
            counts.found += sum(got.values())
            counts.wanted += sum(want.values())
            if suggestion and suggestion.confidence >= SURE:
                counts.sure += 1
                counts.sure_wrong += want != got
            if want != got:
                self.errors.append(f"{truth['id']} {name}: want {list(want - got)}, got {list(got - want)}")


def _items(value: object) -> Iterable[str]:
    if value is None:
        return []
    return [normalize(str(one)) for one in ([value] if isinstance(value, str) else value)]  # type: ignore[attr-defined]


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
            images.append(None if pages[-1].blank else image.grey if image.colour is None else image.colour)
    return pages, images


def _files_of(root: Path, document: dict[str, str]) -> list[Path]:
    """The document's file, or where only single pages of it are there, those."""
    path = root / document["file"]
    return [path] if path.exists() else sorted((root / "pages").glob(f"{document['id']}_p*"))


def measure(root: Path, cache: Path | None) -> Tally:
    """Reads and describes every document of `fields.json`."""
    reader, tally = Reader.open(engine="tesseract", tessdata=""), Tally()
    for document in json.loads((root / "fields.json").read_text("utf8")):
        kept = cache / f"{document['id']}.reading" if cache else None
        if kept and kept.exists():
            pages, images = pickle.loads(kept.read_bytes())
        else:
            pages, images = read_document(_files_of(root, document), reader)
            if kept:
                kept.write_bytes(pickle.dumps((pages, images)))
        tally.reading += sum(page.seconds for page in pages)
        started = time.perf_counter()
        tally.add(document, describe(pages, images, reader.read_crop))
        tally.describing += time.perf_counter() - started
    return tally


def print_table(tally: Tally) -> None:
    print(f"{'field':16}{'precision':>10}{'recall':>10}{'F1':>10}{'items':>8}{'>= 0.9':>8}{'wrong':>8}")
    for name in (*PRINTED, "cited_codes"):
        print(tally.counts[name].row(name))
    every = [tally.counts[name] for name in PRINTED]
    total = Counts(*(sum(getattr(one, key) for one in every) for key in Counts.__dataclass_fields__))
    print(total.row("micro, printed"))
    for name in WRITTEN:
        counts = tally.counts[name]
        print(f"{name}: by pen {counts.pen}, said so {counts.said_pen}, sure and wrong {counts.sure_wrong}")
    print(f"describing {tally.describing:.1f} s, {tally.describing / max(0.001, tally.reading):.1%} of reading")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measures the fields found in real documents.")
    parser.add_argument("--eval", type=Path, default=Path(__file__).parents[2] / "shared" / "eval")
    parser.add_argument("--cache", type=Path, help="an existing folder outside the project")
    parser.add_argument("--errors", action="store_true", help="print every difference")
    chosen = parser.parse_args()
    if not (chosen.eval / "fields.json").exists():
        print(f"No evaluation data at {chosen.eval}: nothing measured.")
        return
    tally = measure(chosen.eval, chosen.cache)
    print_table(tally)
    if chosen.errors:
        print(*tally.errors, sep="\n")


if __name__ == "__main__":
    main()
