"""The station looks at its pages before they leave: advice in two languages, a strict mode, and nothing twice."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from core.defects import DEFECTS
from core.errors import FileRefused
from ingest.checks import Limits
from station.commands import station
from station.pages import PageFault, PageLook
from station.progress import Progress
from station.push import look_at_scans, stop_at_faults
from station.scans import list_scans
from tests.layered_pdfs import FONT, TEXT, draw_lines

pytestmark = pytest.mark.skipif(not FONT.is_file(), reason="fonts-dejavu-core is not installed")


def sharp() -> Image.Image:
    return draw_lines(TEXT * 4, (2480, 3508), 40)


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scans")
    blurred = Image.fromarray(np.asarray(cv2.GaussianBlur(np.asarray(sharp()), (0, 0), 2.4), np.uint8))
    sharp().save(folder / "0001.png", dpi=(300, 300))
    sharp().save(folder / "0002.tif", save_all=True, append_images=[blurred], dpi=(300, 300))
    (folder / "0003.pdf").write_bytes(b"%PDF-1.7 torn")
    return folder


def look(scans: Path) -> tuple[dict[str, tuple[PageFault, ...]], list[str]]:
    told: list[str] = []

    class Told(Progress):
        def note(self, text: str) -> None:
            told.append(text)

    checked = look_at_scans(scans, list_scans(scans), Limits(), Told(None), look_at_pages=True)
    return dict(checked.faults), told


def test_a_blurred_page_is_named_with_its_figure_and_advice(scans: Path) -> None:
    faults, told = look(scans)
    ((name, (fault,)),) = faults.items()
    assert (name, fault.page, fault.defect) == ("0002.tif", 2, "blurry")
    assert fault.figure > DEFECTS["blurry"].limit
    assert told[-1].startswith("0002.tif, trang 2: Ảnh bị mờ (") and "scan it again" in told[-1]
    again, told = look(scans)
    assert again == faults
    assert told == ["checking 0003.pdf", told[-1]]  # what passed is remembered; what failed is looked at again


def test_check_says_what_it_found_and_exits_with_ten(scans: Path) -> None:
    shown = CliRunner().invoke(station, ["check", str(scans)])
    assert shown.exit_code == 10
    assert "0003.pdf" in shown.stdout
    assert "3 files, 3 pages: 1 files are bad, 1 pages should be scanned again" in shown.stdout
    found = json.loads(CliRunner().invoke(station, ["check", str(scans), "--json"]).stdout)
    assert found["bad"]["0003.pdf"]["code"] == "damaged_file"
    assert found["faults"]["0002.tif"][0]["defect"] == "blurry"


def test_sound_pages_pass(tmp_path: Path) -> None:
    sharp().save(tmp_path / "a.png", dpi=(300, 300))
    assert CliRunner().invoke(station, ["check", str(tmp_path)]).exit_code == 0


def test_strict_names_the_pages_and_sends_nothing(scans: Path) -> None:
    checked = look_at_scans(scans, list_scans(scans), Limits(), Progress(None), look_at_pages=True)
    stop_at_faults(checked, strict=False)
    with pytest.raises(FileRefused, match=r"0002\.tif: 2"):
        stop_at_faults(checked, strict=True)


def test_a_page_that_cannot_be_taken_out_is_a_fault(tmp_path: Path) -> None:
    torn = tmp_path / "a.png"
    sharp().save(torn)
    torn.write_bytes(torn.read_bytes()[:3000])
    with PageLook() as looking:
        (fault,) = looking.find_faults(torn, "image/png", 1, Limits())
    assert fault.defect == "unreadable"
    assert "Quét lại trang này" in fault.vietnamese


def test_every_defect_has_its_words() -> None:
    for rule in DEFECTS.values():
        assert rule.vietnamese and rule.advice.endswith(".") and rule.english_advice.endswith(".")
