"""The demo's batch: files, manifest and truth agree; the odd ones are there; lines and files come out as described."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from random import Random

import pikepdf
import pytest
from PIL import Image

from synthesis.fonts import find_fonts
from synthesis.forms import make_document
from synthesis.line_text import LineTexts
from synthesis.lines import LineMaker
from synthesis.personal import make_file_cover
from synthesis.sample import COLUMNS, PLANS, SampleBatch, make_sample_batch, write_documents
from synthesis.writers import write_document


def count_pages(path: Path) -> int:
    if path.suffix == ".pdf":
        with pikepdf.open(path) as pdf:
            return len(pdf.pages)
    with Image.open(path) as image:
        return int(getattr(image, "n_frames", 1))


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> SampleBatch:
    return make_sample_batch(tmp_path_factory.mktemp("sample"), seed=7)


@pytest.fixture(scope="module")
def rows(batch: SampleBatch) -> list[dict[str, str]]:
    with batch.manifest.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_manifest_lists_exactly_the_files(batch: SampleBatch, rows: list[dict[str, str]]) -> None:
    assert tuple(rows[0]) == COLUMNS
    files = {path.name for path in batch.scans.iterdir()} - {"manifest.csv"}
    assert sorted(row["file"] for row in rows) == sorted(files)
    assert {Path(name).suffix for name in files} == {".pdf", ".tif", ".jpg", ".png"}


def test_declared_pages_are_the_files_pages(batch: SampleBatch, rows: list[dict[str, str]]) -> None:
    found: dict[tuple[str, str], int] = {}
    declared: dict[tuple[str, str], int] = {}
    for row in rows:
        key = row["file_code"], row["document_ordinal"]
        declared[key] = int(row["pages"])
        found[key] = found.get(key, 0) + (1 if row["file"] == batch.corrupt else count_pages(batch.scans / row["file"]))
    assert found == declared
    assert sum(declared.values()) == batch.pages + 1
    assert {row["secrecy"] for row in rows} == {"thường"}


def test_the_odd_ones_are_there(batch: SampleBatch) -> None:
    first, second = (hashlib.sha256((batch.scans / name).read_bytes()).hexdigest() for name in batch.duplicate)
    assert first == second
    with pytest.raises(pikepdf.PdfError):
        pikepdf.open(batch.scans / batch.corrupt, attempt_recovery=False)
    pages = [page for one in batch.documents for page in one.document.pages]
    assert sum(page.blank for page in pages) == 2
    assert [page.rotation for page in pages if page.rotation] == [90]
    assert {page.dpi for page in pages} == {200, 300}
    assert [one.document.fields["secrecy"] for one in batch.documents if one.document.fields["secrecy"]] == ["MẬT"]
    types = {one.document.record_type for one in batch.documents}
    assert types >= {"file_cover", "member_card_sheet", "admission_decision", "diploma", "party_document"}
    assert any(one.document.fields.get("number_is_handwritten") for one in batch.documents)


def test_truth_describes_every_page(batch: SampleBatch) -> None:
    truth = json.loads(batch.truth.read_text(encoding="utf-8"))
    assert [one["files"] for one in truth["documents"]] == [list(one.files) for one in batch.documents]
    assert sum(len(one["pages"]) for one in truth["documents"]) + 1 == batch.pages


def test_same_seed_same_bytes(batch: SampleBatch, tmp_path: Path) -> None:
    write_documents(PLANS[:4], tmp_path, seed=7)
    assert hashes(tmp_path).items() <= hashes(batch.scans).items()
    assert len(hashes(tmp_path)) == 4


@pytest.mark.parametrize("ending", [".pdf", ".tif", ".jpg", ".png"])
def test_files_carry_pages_and_resolution(ending: str, tmp_path: Path) -> None:
    document = make_file_cover(Random(2), find_fonts(), dpi=150)
    path = tmp_path / f"page{ending}"
    write_document(document, path)
    assert count_pages(path) == 1
    if ending == ".pdf":
        with pikepdf.open(path) as pdf:
            box = [float(edge) for edge in pdf.pages[0].mediabox]
        assert box[2] * 150 / 72 == pytest.approx(document.pages[0].image.shape[1], abs=0.1)
    else:
        with Image.open(path) as image:
            assert [round(float(dpi)) for dpi in image.info["dpi"]] == [150, 150]
    assert json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["record_type"] == "file_cover"


def test_several_pages_do_not_fit_an_image(tmp_path: Path) -> None:
    rng = Random(1)
    document = next(
        one
        for one in (make_document(rng, find_fonts(), "state", "KH", dpi=72) for _ in range(40))
        if len(one.pages) > 1
    )
    with pytest.raises(ValueError, match=r"\.tif"):
        write_document(document, tmp_path / "x.jpg")


def test_lines_are_deterministic_and_know_their_words() -> None:
    maker = LineMaker(LineTexts(["Ủy ban nhân dân tỉnh báo cáo kết quả thực hiện nhiệm vụ."]), find_fonts(), wear=0.5)
    first, second = (maker.make(Random(3)) for _ in range(2))
    assert first.text == second.text and (first.image == second.image).all()
    rng = Random(4)
    for line in [maker.make(rng) for _ in range(60)]:
        assert line.image.shape[0] == 40 and line.text.strip() == line.text
        assert len(line.words) == len(line.text.split())
        assert all(-40 < left < right < line.image.shape[1] + 40 for left, right in line.words)
        if line.text:
            assert int(line.image.max()) - int(line.image.min()) > 15
