"""The demo's batch: scans as an office delivers them, with their manifest and their ground truth.

    python -m synthesis.sample DIR --seed N

`DIR/scans/` is what a station pushes: the scanned files and `manifest.csv`. `DIR/truth.json` stays outside of it.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import numpy as np

from synthesis.blocks import Looks
from synthesis.damage import damage_page, make_blank_back
from synthesis.fonts import FontSet, find_fonts
from synthesis.forms import Form, make_document
from synthesis.personal import make_diploma, make_file_cover, make_member_card_sheet, make_membership_decision
from synthesis.truth import RenderedDocument
from synthesis.writers import describe_document, write_jpeg, write_json, write_pdf, write_png, write_tiff

COLUMNS = (
    "file", "fonds", "series_list", "box", "file_code", "file_title", "document_ordinal", "record_type", "secrecy",
    "sensitivity", "sheets", "pages", "title",
)  # fmt: skip

_DRAFT_DPI = 40
Maker = Callable[[Random, FontSet], RenderedDocument]


@dataclass(frozen=True, slots=True)
class Folder:
    """An archival file of the batch."""

    fonds: str
    series_list: str
    box: str
    code: str
    title: str


_PARTY = Folder("VP-TU", "01", "H01", "HS-001", "Tập văn bản chỉ đạo của cấp ủy")
_STATE = Folder("VP-UB", "02", "H07", "HS-014", "Tập văn bản của cơ quan nhà nước gửi đến")
_MEMBER = Folder("VP-TU", "03", "H12", "HS-127", "Hồ sơ đảng viên")


@dataclass(frozen=True, slots=True)
class Plan:
    """One document of the batch: its files (several: a page each), how it is made, how each page was scanned.

    variants: one a page, the last one for the rest. back: a blank back page is scanned too.
    """

    folder: Folder
    files: tuple[str, ...]
    make: Maker
    variants: tuple[str, ...] = ("office",)
    back: bool = False
    sensitivity: str = ""
    hint: str = ""


def _form(form: Form, code: str, looks: Looks, dpi: int = 200, pages: int = 1) -> Maker:
    """A maker that tries, first as a small and quick draft, until the document has exactly this many pages."""

    def make(rng: Random, fonts: FontSet) -> RenderedDocument:
        for _ in range(300):
            start = rng.getstate()
            if len(make_document(rng, fonts, form, code, looks, _DRAFT_DPI).pages) != pages:
                continue
            rng.setstate(start)
            document = make_document(rng, fonts, form, code, looks, dpi)
            if len(document.pages) == pages:
                return document
        raise ValueError(f"No {form} document of type {code} came out with {pages} page(s) in 300 tries.")

    return make


_PEN = Looks(number_by_pen=True, date_by_pen=True, table=False)
_PRINT = Looks(number_by_pen=False, date_by_pen=False, table=False)
PLANS: tuple[Plan, ...] = (
    Plan(_PARTY, ("bia_ho_so_001.jpg",), lambda rng, fonts: make_file_cover(rng, fonts), hint="file_cover"),
    Plan(_PARTY, ("nghi_quyet_tinh_uy.pdf",), _form("party", "NQ", replace(_PRINT, length=4), pages=2), back=False),
    Plan(_PARTY, ("quyet_dinh_ban_to_chuc.png",), _form("party", "QĐ", replace(_PRINT, length=1)), ("skewed",)),
    Plan(_PARTY, ("chi_thi_cu.pdf",), _form("party", "CT", replace(_PEN, length=1, incoming=True)), ("yellowed",)),
    Plan(_PARTY, ("cong_van_khan.jpg",), _form("party", "CV", replace(_PRINT, length=1, urgency="KHẨN"))),
    Plan(
        _PARTY, ("bao_cao_quy.pdf",), _form("party", "BC", replace(_PRINT, length=1, secrecy="MẬT")),
        hint="party_document",
    ),
    Plan(
        _STATE, ("quyet_dinh_ubnd.pdf",), _form("state", "QĐ", replace(_PEN, length=3, table=True), pages=2), back=True,
        sensitivity="công khai", hint="administrative_document",
    ),
    Plan(
        _STATE, ("cong_van_hoa_toc.pdf",),
        _form("state", "CV", replace(_PEN, length=1, urgency="HỎA TỐC", incoming=True)),
        ("noisy", "office"), back=True,
    ),
    Plan(_STATE, ("thong_bao_so.jpg",), _form("state", "TB", replace(_PRINT, length=1), dpi=300)),
    Plan(
        _STATE, ("ke_hoach.tif",), _form("state", "KH", replace(_PRINT, length=5, table=True), pages=3),
        ("office", "turned_90", "office"),
    ),
    Plan(
        _STATE, ("to_trinh_trang_1.jpg", "to_trinh_trang_2.jpg"),
        _form("state", "TTr", replace(_PEN, length=4), pages=2),
        ("shadow",),
    ),
    Plan(
        _MEMBER, ("quyet_dinh_ket_nap.pdf",),
        lambda rng, fonts: make_membership_decision(rng, fonts, looks=_PEN), ("office",), hint="admission_decision",
    ),
    Plan(
        _MEMBER, ("phieu_dang_vien.tif",), lambda rng, fonts: make_member_card_sheet(rng, fonts),
        hint="member_card_sheet",
    ),
    Plan(_MEMBER, ("bang_tot_nghiep.jpg",), lambda rng, fonts: make_diploma(rng, fonts), hint="diploma"),
)  # fmt: skip
DUPLICATE = ("thong_bao_so.jpg", "thong_bao_so_ban_2.jpg")
"""The second is the first one's bytes under another name, as a document of its own."""
CORRUPT = "bien_ban_hong.pdf"
"""The first bytes of a PDF, cut off."""


@dataclass(frozen=True, slots=True)
class SampleDocument:
    """A document of the batch with the files that hold it, in page order."""

    files: tuple[str, ...]
    folder: Folder
    ordinal: int
    document: RenderedDocument


@dataclass(frozen=True, slots=True)
class SampleBatch:
    """What was written. `pages` counts those of readable files, the duplicate's too."""

    directory: Path
    scans: Path
    manifest: Path
    truth: Path
    documents: tuple[SampleDocument, ...]
    duplicate: tuple[str, str]
    corrupt: str
    pages: int


def _scan(plan: Plan, rng: Random, fonts: FontSet) -> RenderedDocument:
    """Makes the document and scans its pages, with a blank back after the last one where the plan says so."""
    document = plan.make(rng, fonts)
    noise = np.random.default_rng(rng.getrandbits(64))
    pages = [
        damage_page(page, plan.variants[min(at, len(plan.variants) - 1)], noise)
        for at, page in enumerate(document.pages)
    ]
    if plan.back:
        pages.append(make_blank_back(pages[-1], noise))
    return replace(document, pages=tuple(pages))


def _write(document: RenderedDocument, files: tuple[str, ...], scans: Path) -> None:
    ending = Path(files[0]).suffix
    if ending == ".pdf":
        write_pdf(document.pages, scans / files[0])
    elif ending == ".tif":
        write_tiff(document.pages, scans / files[0])
    else:
        for name, page in zip(files, document.pages, strict=True):
            (write_jpeg if ending == ".jpg" else write_png)(page, scans / name)


def _rows(one: SampleDocument, plan: Plan) -> list[dict[str, str]]:
    pages = len(one.document.pages)
    title = (
        one.document.fields.get("abstract") or one.document.fields.get("title") or one.document.fields["record_type_vi"]
    )
    return [
        {
            "file": name, "fonds": one.folder.fonds, "series_list": one.folder.series_list, "box": one.folder.box,
            "file_code": one.folder.code, "file_title": one.folder.title, "document_ordinal": str(one.ordinal),
            "record_type": plan.hint, "secrecy": "thường", "sensitivity": plan.sensitivity,
            "sheets": str((pages + 1) // 2), "pages": str(pages), "title": str(title),
        }
        for name in one.files
    ]  # fmt: skip


def _write_manifest(rows: list[dict[str, str]], path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


def _spoil(scans: Path, rows: list[dict[str, str]], next_ordinal: int) -> None:
    """Adds the duplicate and the truncated file, with their rows."""
    original = next(row for row in rows if row["file"] == DUPLICATE[0])
    (scans / DUPLICATE[1]).write_bytes((scans / DUPLICATE[0]).read_bytes())
    rows.append(original | {"file": DUPLICATE[1], "document_ordinal": str(next_ordinal)})
    whole = (scans / "quyet_dinh_ket_nap.pdf").read_bytes()
    (scans / CORRUPT).write_bytes(whole[: len(whole) // 3])
    rows.append(
        original
        | {
            "file": CORRUPT,
            "document_ordinal": str(next_ordinal + 1),
            "pages": "1",
            "sheets": "1",
            "title": "Biên bản họp",
        }
    )


def write_documents(plans: Sequence[Plan], scans: Path, seed: int) -> tuple[list[SampleDocument], list[dict[str, str]]]:
    """Makes, scans and writes these documents; returns them with their rows of the manifest. Raises FontsMissing."""
    fonts, rng = find_fonts(), Random(seed)
    documents: list[SampleDocument] = []
    rows: list[dict[str, str]] = []
    ordinals: dict[str, int] = {}
    for plan in plans:
        ordinals[plan.folder.code] = ordinals.get(plan.folder.code, 0) + 1
        document = _scan(plan, Random(rng.getrandbits(64)), fonts)
        one = SampleDocument(plan.files, plan.folder, ordinals[plan.folder.code], document)
        _write(document, plan.files, scans)
        documents.append(one)
        rows += _rows(one, plan)
    return documents, rows


def _write_truth(documents: list[SampleDocument], seed: int, path: Path) -> None:
    own = [
        {"files": one.files, "fonds": one.folder.fonds, "file_code": one.folder.code, "ordinal": one.ordinal}
        | describe_document(one.document)
        for one in documents
    ]
    write_json({"seed": seed, "documents": own, "duplicate": DUPLICATE, "corrupt": CORRUPT}, path)


def make_sample_batch(directory: Path, seed: int) -> SampleBatch:
    """Writes the batch below the directory, which may exist. The same seed and fonts give the same bytes.

    Raises FontsMissing.
    """
    scans, truth = directory / "scans", directory / "truth.json"
    scans.mkdir(parents=True, exist_ok=True)
    documents, rows = write_documents(PLANS, scans, seed)
    _spoil(scans, rows, 1 + max(one.ordinal for one in documents if one.folder == _STATE))
    _write_manifest(rows, scans / "manifest.csv")
    _write_truth(documents, seed, truth)
    pages = sum(len(one.document.pages) for one in documents) + 1
    return SampleBatch(directory, scans, scans / "manifest.csv", truth, tuple(documents), DUPLICATE, CORRUPT, pages)


def main(arguments: list[str] | None = None) -> int:
    """The command line. Returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m synthesis.sample", description="Write a sample batch of scans.")
    parser.add_argument("directory", type=Path, help="where to write it")
    parser.add_argument("--seed", type=int, default=2026, help="the same seed gives the same batch")
    chosen = parser.parse_args(arguments)
    batch = make_sample_batch(chosen.directory, chosen.seed)
    sys.stdout.write(f"{len(batch.documents)} documents, {batch.pages} pages in {batch.scans}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
