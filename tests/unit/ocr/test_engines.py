"""Engines by name: what is refused, and why; models by their hash; words of a line back on the page."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import SettingsError
from core.recognition import RecognizedLine
from ocr.engines import registry
from ocr.engines.models import NamedFolder, check_folder, hash_folder
from ocr.engines.quads import Span, cut_quad, place_words, sort_lines
from ocr.engines.registry import ENGINE_NAMES, EngineOptions, open_engine, survey_engines


@pytest.fixture
def with_fake(fake_engine: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Opens a fake engine under the name "fake"."""
    made = fake_engine()
    entry = registry._Engine("ocr.engines.base", "cv2", "service", lambda _module, _options: made)
    monkeypatch.setitem(registry._ENGINES, "fake", entry)
    monkeypatch.setattr(registry, "ENGINE_NAMES", ("fake",))
    yield made


def test_three_engines_are_known() -> None:
    assert ENGINE_NAMES == ("sohoa", "paddleocr", "tesseract")
    with pytest.raises(SettingsError, match="'abacus'") as refused:
        open_engine(EngineOptions("abacus"))
    assert "'sohoa', 'paddleocr', 'tesseract'" in refused.value.advice


def test_what_is_not_installed_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = replace(registry._ENGINES["paddleocr"], package="no_such_package")
    monkeypatch.setitem(registry._ENGINES, "paddleocr", entry)
    with pytest.raises(SettingsError, match="no_such_package, which is not installed") as refused:
        open_engine(EngineOptions("paddleocr"))
    assert "sohoa[paddle]" in refused.value.advice


def test_engine_on_another_device_is_refused_unless_allowed(with_fake: Any) -> None:
    with pytest.raises(SettingsError, match="was to run on gpu:1 but runs on cpu"):
        open_engine(EngineOptions("fake", device="gpu:1"))
    assert open_engine(EngineOptions("fake", device="gpu:1", allow_cpu_fallback=True)) is with_fake


def test_survey_tells_usable_from_refused(with_fake: Any) -> None:
    (good,) = survey_engines(EngineOptions("sohoa"))
    assert (good.usable, good.version, good.letters, good.missing) == (True, "fake 1", 134, "")
    with_fake.missing = frozenset("ếẬ")
    (lacking,) = survey_engines(EngineOptions("sohoa"))
    assert (lacking.usable, lacking.missing) == (False, "Ậế")
    assert "2 Vietnamese letters" in lacking.reason


def test_a_surveyed_engine_without_its_models_does_not_end_the_survey() -> None:
    options = EngineOptions("sohoa", tessdata="/nowhere")
    found = {one.engine: one for one in survey_engines(options)}
    assert set(found) == set(ENGINE_NAMES)
    assert not found["tesseract"].usable and found["tesseract"].reason and found["tesseract"].advice


def test_heavy_modules_are_loaded_only_when_asked_for() -> None:
    code = "import sys, ocr.reading; print([n for n in ('onnxruntime', 'paddleocr', 'tesserocr') if n in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def test_folder_hash_is_that_of_its_checksums(tmp_path: Path) -> None:
    (tmp_path / "b.yml").write_text("hai")
    (tmp_path / "B.onnx").write_bytes(b"\x00\x01")
    (tmp_path / ".hidden").write_text("no")
    (tmp_path / "inner").mkdir()
    command = "export LC_ALL=C; sha256sum *.yml *.onnx | sort -k2 | sha256sum"
    shell = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert hash_folder(tmp_path) == shell.stdout.split()[0]


def test_only_the_model_that_was_meant_is_taken(tmp_path: Path) -> None:
    (tmp_path / "inference.onnx").write_bytes(b"1")
    found = hash_folder(tmp_path)
    assert check_folder(NamedFolder("SOHOA_X", tmp_path, found.upper())) == (tmp_path, found)
    assert check_folder(NamedFolder("SOHOA_X", tmp_path, "", ours=True)) == (tmp_path, found)
    with pytest.raises(SettingsError, match=f"{found}, not 12") as refused:
        check_folder(NamedFolder("SOHOA_X", tmp_path, "12", ours=True))
    assert f"SOHOA_X_SHA256={found}" in refused.value.advice
    with pytest.raises(SettingsError, match="no hash is set"):
        check_folder(NamedFolder("SOHOA_X", tmp_path, ""))
    with pytest.raises(SettingsError, match="SOHOA_X names no model folder"):
        check_folder(NamedFolder("SOHOA_X", None, ""))


@pytest.mark.parametrize("slope", [0.0, 0.1])
def test_words_come_back_to_their_ink(slope: float) -> None:
    page = np.full((300, 400), 250, np.uint8)
    for x0, x1 in ((60, 120), (160, 300)):
        for x in range(x0, x1):
            top = 100 + round(slope * x)
            page[top : top + 20, x] = 30
    quad = np.array([(50, 95 + 50 * slope), (310, 95 + 310 * slope), (310, 125 + 310 * slope), (50, 125 + 50 * slope)])
    outline = quad.astype(np.float32)
    crop = cut_quad(page, outline)
    first, second = place_words([Span("một", 0.9, 0, 0.35), Span("hai", 0.8, 0.35, 1)], outline, crop, page.shape)
    expected = [(60, 100 + 60 * slope, 120, 120 + 120 * slope), (160, 100 + 160 * slope, 300, 120 + 300 * slope)]
    assert np.abs(np.array([first.box, second.box]) - np.array(expected)).max() <= 3
    assert (first.text, second.text, second.confidence) == ("một", "hai", 0.8)


def test_lines_side_by_side_go_from_left_to_right() -> None:
    boxes = [(300, 12, 500, 40), (10, 10, 200, 38), (10, 60, 500, 90)]
    ordered = sort_lines([RecognizedLine((), box) for box in boxes])
    assert [line.box for line in ordered] == [boxes[1], boxes[0], boxes[2]]
