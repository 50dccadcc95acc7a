"""`sohoa ocr` and `sohoa describe`: one JSON object a line for each file, with no service and no database."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pikepdf
import pytest
from click.testing import CliRunner

from cli import ocr_commands
from core.settings import Settings
from synthesis.blocks import Looks
from synthesis.fonts import find_fonts
from synthesis.forms import make_document
from synthesis.truth import RenderedDocument
from synthesis.writers import write_pdf, write_tiff


@pytest.fixture(scope="module")
def document() -> RenderedDocument:
    looks = Looks(number_by_pen=False, date_by_pen=False, table=False, length=5)
    return make_document(Random(4), find_fonts(), "state", "KH", looks, 150)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, document: RenderedDocument) -> Path:
    made = tmp_path_factory.mktemp("ocr")
    write_pdf(document.pages, made / "kế hoạch.pdf")
    write_tiff(document.pages[:1], made / "một trang.tif")
    (made / "không phải ảnh.pdf").write_text("chữ thường")
    return made


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    own = {"SOHOA_DATA_DIR": str(folder / "never"), "XDG_CONFIG_HOME": str(folder), "SOHOA_TOKEN": ""}
    environment = {**os.environ, **own}
    command = [sys.executable, "-m", "cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)


def test_every_file_has_its_line_in_order_and_a_bad_one_says_why(folder: Path, document: RenderedDocument) -> None:
    names = [folder / "kế hoạch.pdf", folder / "không phải ảnh.pdf", folder / "một trang.tif", folder / "thiếu.pdf"]
    found = run(folder, "ocr", *map(str, names), "--json", "--jobs", "2")
    whole, text, single, lacking = (json.loads(line) for line in found.stdout.splitlines())
    assert found.returncode == 6
    assert [one["file"] for one in (whole, text, single, lacking)] == list(map(str, names))
    assert whole["sha256"] == hashlib.sha256(names[0].read_bytes()).hexdigest()
    assert [page["number"] for page in whole["pages"]] == list(range(1, len(document.pages) + 1))
    assert (text["error"]["code"], lacking["error"]["code"]) == ("unsupported_type", "unreadable")
    assert len(single["pages"]) == 1
    page = whole["pages"][0]
    keys = {"number", "width", "height", "text", "words", "rotation", "skew", "blank", "quality", "engine", "seconds"}
    assert keys <= set(page)
    want, got = set(document.pages[0].text.split()), set(page["text"].split())
    assert len(want & got) / len(want) > 0.9
    assert not (folder / "never").exists()


@pytest.fixture
def broken(tmp_path: Path, document: RenderedDocument) -> Path:
    """Four pages, the second of which is no picture."""
    whole, broken = tmp_path / "lành.pdf", tmp_path / "hỏng.pdf"
    write_pdf((document.pages[0], document.pages[0], document.pages[-1], document.pages[0]), whole)
    with pikepdf.open(whole) as pdf:
        next(iter(pdf.pages[1].get_images().values())).write(b"no picture", filter=pikepdf.Name.DCTDecode)
        pdf.save(broken)
    return broken


@pytest.mark.parametrize("at_once", [2, 3])
def test_pages_read_together_are_those_read_alone_and_a_broken_one_fails_alone(
    broken: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    def read(most: int) -> tuple[int, list[dict[str, object]]]:
        monkeypatch.setattr(ocr_commands, "pages_at_once", lambda _: most)
        done = CliRunner().invoke(ocr_commands.ocr, [str(broken), "--json", "--jobs", "1"])
        pages = json.loads(done.stdout)["pages"]
        return done.exit_code, [{**page, "seconds": 0, "error": "error" in page} for page in pages]

    code, pages = read(at_once)
    assert (code, pages) == read(1)
    assert (code, [page["error"] for page in pages]) == (8, [False, True, False, False])


def test_no_page_at_once_is_refused_by_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOHOA_PADDLE_PAGES", "0")
    found = run(folder, "ocr", str(folder / "một trang.tif"))
    assert (found.stdout, len(found.stderr.splitlines())) == ("", 1)
    assert "SOHOA_PADDLE_PAGES" in found.stderr


def test_describe_names_fields_with_where_they_stand(folder: Path, document: RenderedDocument) -> None:
    found = run(folder, "describe", str(folder / "kế hoạch.pdf"), "--json")
    described = json.loads(found.stdout)
    assert found.returncode == 0
    assert described["record_type"] == "administrative_document"
    symbol = described["fields"]["symbol"]
    assert symbol["value"] == document.fields["symbol"]
    assert set(symbol) == {"value", "confidence", "page", "box", "rule", "handwritten", "candidates"}
    assert isinstance(described["fields"]["recipients"]["value"], list)
    assert described["stamps"] == []


def test_an_error_is_one_line_without_a_trace(folder: Path) -> None:
    found = run(folder, "search", "gì đó", "--server", "http://127.0.0.1:9")
    assert (found.returncode, found.stdout, len(found.stderr.splitlines())) == (5, "", 1)


def test_engines_say_whether_they_can_read_here(folder: Path) -> None:
    found = run(folder, "engines", "--json")
    listed = {one["engine"]: one for one in map(json.loads, found.stdout.splitlines())}
    assert (found.returncode, set(listed)) == (0, {"sohoa", "paddleocr", "tesseract"})
    assert [one["engine"] for one in listed.values() if one["chosen"]] == [Settings().engine]
    tesseract = listed["tesseract"]
    assert (tesseract["usable"], tesseract["missing"], tesseract["device"]) == (True, "Ỵỵ", "cpu")
    assert {model["name"] for model in tesseract["models"]} >= {"vie.traineddata"}
    assert all(len(model["sha256"]) == 64 for model in tesseract["models"])
    assert all(one["usable"] or (one["reason"] and one["advice"]) for one in listed.values())
