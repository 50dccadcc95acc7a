"""PaddleOCR 3.x: its detector finds the lines, a recognizer in its shape reads them. Models run on onnxruntime.

PaddleOCR pins an OpenCV that takes the place of ours, so it has an environment of its own (requirements-paddle.lock).
"""

from __future__ import annotations

import logging
import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import yaml

# Read when it is loaded: it would ask model hosts on the internet whether they are there.
os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")

import paddleocr

from core.errors import ReadingFailed, SettingsError
from core.recognition import RecognizedLine, union_box
from ocr.engines.base import ModelFile, Reading, RecognitionEngine
from ocr.engines.devices import RUNTIME_ERRORS, choose_device, find_device
from ocr.engines.models import NamedFolder, check_folder
from ocr.engines.quads import Quad, Span, cut_quad, place_words, sort_lines
from ocr.engines.turning import Lines, PageTurner, Shown
from ocr.images import Pixels

_READ_WELL = 0.9
"""Real pages, whole and worn, are read with our recognizer at 0.98 and more; upside down at 0.81 and less."""
_DETECTION_SIDE = 1280
"""Longest side, in pixels, of the page that the detector sees."""
_LINES_AT_ONCE = {"cpu": 8, "gpu": 64}
_LEAST_SCORE = 0.5
"""Mean letter probability under which what was read is no text: a seal, a rule, a pen stroke."""

# It tells on standard error which models it makes.
logging.getLogger("paddlex").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class PaddleModel:
    """A model folder: inference.onnx; inference.yml with the network's name and the characters of a recognizer."""

    folder: Path
    network: str
    characters: tuple[str, ...]
    file: ModelFile


def load_model_folder(named: NamedFolder) -> PaddleModel:
    """The folder that the settings name. Raises SettingsError: not there, another one, not of this shape."""
    folder, sha256 = check_folder(named)
    try:
        content: dict[str, Any] = yaml.safe_load((folder / "inference.yml").read_text("utf-8"))
        network = str(content["Global"]["model_name"])
        characters = content["PostProcess"].get("character_dict", ())
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError, UnicodeDecodeError) as error:
        advice = f"Name another folder in {named.setting}."
        raise SettingsError(f"{folder}/inference.yml is not that of a PaddleOCR model: {error}.", advice) from error
    if not (folder / "inference.onnx").is_file():
        advice = "Convert the model with paddle2onnx."
        raise SettingsError(f"Model folder {folder} has no inference.onnx.", advice)
    return PaddleModel(folder, network, tuple(map(str, characters)), ModelFile(f"{folder.name} ({network})", sha256))


class PaddleEngine(RecognitionEngine):
    """One detector and one recognizer, loaded once."""

    def __init__(self, detection: NamedFolder, recognition: NamedFolder, device: str) -> None:
        """device: "cpu" or "gpu:N". Raises SettingsError."""
        finder, reader = load_model_folder(detection), load_model_folder(recognition)
        chosen = choose_device(device)
        try:
            self._detector = paddleocr.TextDetection(
                **_describe_model(finder, chosen), limit_side_len=_DETECTION_SIDE, limit_type="max"
            )
            self._recognizer = paddleocr.TextRecognition(**_describe_model(reader, chosen))
        except RUNTIME_ERRORS as error:
            raise SettingsError(
                f"PaddleOCR cannot load its models: {error}.", "Name others in the settings."
            ) from error
        sessions = [model.paddlex_predictor.runner.session for model in (self._detector, self._recognizer)]
        self._device = find_device(sessions, device)
        self._lines_at_once = _LINES_AT_ONCE[self._device.split(":")[0]]
        _check_characters(reader, sessions[1].get_outputs()[0].shape[-1])
        # Its decoder adds the space, and puts the blank first.
        self._alphabet = frozenset(unicodedata.normalize("NFC", "".join(reader.characters)) + " ")
        self._models = (finder.file, reader.file)
        self._name = f"paddleocr {paddleocr.__version__} {finder.network} + {reader.network} {reader.file.sha256[:8]}"
        self._turner = PageTurner(self.recognize_pages, lambda _grey, _dpi: None, _READ_WELL)

    @property
    def name(self) -> str:
        return self._name

    @property
    def alphabet(self) -> frozenset[str]:
        return self._alphabet

    @property
    def device(self) -> str:
        return self._device

    @property
    def models(self) -> tuple[ModelFile, ...]:
        return self._models

    def read(self, grey: Pixels, dpi: int) -> Reading:
        return self._turner.read(grey, dpi)

    def read_pages(self, pages: Sequence[Shown]) -> list[Reading]:
        return self._turner.read_pages(pages)

    def recognize_pages(self, pages: Sequence[Shown]) -> list[Lines]:
        """Lines of upright pages, boxes in pixels of each. Lines are found on all of them together and read page by
        page: lines in one batch are filled up to the widest, and what is read of one depends on how far. Raises
        ReadingFailed.
        """
        greys = [grey for grey, _ in pages]
        return [self._read_lines(grey, quads) for grey, quads in zip(greys, self._detect(greys), strict=True)]

    def _read_lines(self, grey: Pixels, quads: Sequence[Quad]) -> Lines:
        crops = [cut_quad(grey, quad) for quad in quads]
        lines = []
        for quad, crop, spans in zip(quads, crops, self._read_crops(crops), strict=True):
            words = place_words(spans, quad, crop, grey.shape)
            if words:
                lines.append(RecognizedLine(tuple(words), union_box(word.box for word in words)))
        return tuple(sort_lines(lines))

    def recognize_line(self, grey: Pixels, _dpi: int) -> str:
        return " ".join(span.text for span in self._read_crops([grey])[0])

    def close(self) -> None:
        self._detector.close()
        self._recognizer.close()

    def _detect(self, greys: Sequence[Pixels]) -> list[list[Quad]]:
        """Where the lines of each page are. Pages that the network sees in one size go through it together."""
        alike: dict[tuple[int, int], list[int]] = {}
        for at, grey in enumerate(greys):
            alike.setdefault(_seen_size(grey), []).append(at)
        quads: list[list[Quad]] = [[] for _ in greys]
        for places in alike.values():
            coloured = [cv2.cvtColor(greys[at], cv2.COLOR_GRAY2BGR) for at in places]
            try:
                found = self._detector.predict(coloured, batch_size=len(coloured))
            except RUNTIME_ERRORS as error:
                raise ReadingFailed(f"PaddleOCR failed: {error}.", "Scan the page again or type it.") from error
            for at, one in zip(places, found, strict=True):
                quads[at] = [np.asarray(polygon, np.float32) for polygon in one["dt_polys"]]
        return quads

    def _read_crops(self, crops: Sequence[Pixels]) -> list[list[Span]]:
        """The words of each line. Narrow lines come first, so that each batch holds lines of about the same width:
        PaddleOCR's places of letters are right only in that order.
        """
        order = sorted(range(len(crops)), key=lambda one: crops[one].shape[1] / crops[one].shape[0])
        coloured = [cv2.cvtColor(crops[one], cv2.COLOR_GRAY2BGR) for one in order]
        try:
            found = self._recognizer.predict(coloured, batch_size=self._lines_at_once, return_word_box=True)
        except RUNTIME_ERRORS as error:
            raise ReadingFailed(f"PaddleOCR failed: {error}.", "Scan the page again or type it.") from error
        spans: list[list[Span]] = [[] for _ in crops]
        for one, result in zip(order, found, strict=True):
            if result["rec_score"] >= _LEAST_SCORE:
                spans[one] = _split_words(result["rec_text"], float(result["rec_score"]))
        return spans


def _seen_size(grey: Pixels) -> tuple[int, int]:
    """Height and width at which PaddleOCR shows the page to its detector: sides are multiples of 32."""
    ratio = min(1.0, _DETECTION_SIDE / max(grey.shape))
    high, wide = (max(32, round(int(side * ratio) / 32) * 32) for side in grey.shape)
    return high, wide


def _describe_model(model: PaddleModel, device: str) -> dict[str, Any]:
    return {
        "model_name": model.network,
        "model_dir": str(model.folder),
        "device": device,
        "engine": "onnxruntime",
        "engine_config": {"intra_op_num_threads": 1, "inter_op_num_threads": 1},
    }


def _check_characters(model: PaddleModel, classes: object) -> None:
    """Raises SettingsError where the network writes other characters than inference.yml says."""
    expected = len(model.characters) + 2
    if isinstance(classes, int) and classes != expected:
        raise SettingsError(
            f"{model.folder} has {expected - 2} characters but a network of {classes} classes.",
            "inference.yml and inference.onnx are not of one model: name another folder.",
        )


def _split_words(decoded: tuple[str, Any], confidence: float) -> list[Span]:
    """A line as PaddleOCR decodes it, cut at its spaces.

    decoded: the text, and (frames of the line, its letters in groups, the frame of each letter likewise, kinds). The
    groups are by alphabet, which splits NHÂN into NH, Â and N, so they are joined again.
    """
    frames, groups, places, _ = decoded[1]
    letters = [letter for group in groups for letter in group]
    columns = [column for group in places for column in group]
    spaces = [place for place, letter in enumerate(letters) if letter.isspace()]
    spans = []
    for first, last in zip([-1, *spaces], [*spaces, len(letters)], strict=True):
        text = unicodedata.normalize("NFC", "".join(letters[first + 1 : last]))
        if text:
            start = 0.0 if first < 0 else (columns[first] + 0.5) / frames
            end = 1.0 if last == len(letters) else (columns[last] + 0.5) / frames
            spans.append(Span(text, confidence, min(start, 1.0), min(end, 1.0)))
    return spans
