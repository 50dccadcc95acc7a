"""The engines by name: what each needs, how it is opened, and whether it can be used here.

An engine's module is imported when it is asked for: what it stands on may not be installed.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

from core.errors import SettingsError, SohoaError
from ocr.engines.base import VIETNAMESE_LETTERS, ModelFile, RecognitionEngine, require_vietnamese
from ocr.engines.models import NamedFolder

OUR_PADDLE_RECOGNITION = Path(__file__).parents[1] / "weights" / "paddle_recognition"
"""Our recognizer as a model folder of PaddleOCR."""


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """Which engine, and what the settings of the same names say to it."""

    engine: str
    device: str = "cpu"
    allow_cpu_fallback: bool = False
    tessdata: str = ""
    paddle_detection: str = ""
    paddle_detection_sha256: str = ""
    paddle_recognition: str = ""
    paddle_recognition_sha256: str = ""


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """One engine as it stands on this machine. `reason` and `advice`: why it cannot be used, what to do about it."""

    engine: str
    usable: bool
    reason: str = ""
    advice: str = ""
    version: str = ""
    letters: int = 0
    """Size of its alphabet."""
    missing: str = ""
    """Vietnamese letters that it cannot write."""
    device: str = ""
    models: tuple[ModelFile, ...] = ()


@dataclass(frozen=True, slots=True)
class _Engine:
    """package: the module it stands on. extra: of ours, that installs it. open: given the engine's own module."""

    module: str
    package: str
    extra: str
    open: Callable[[ModuleType, EngineOptions], RecognitionEngine]


def _open_sohoa(module: ModuleType, options: EngineOptions) -> RecognitionEngine:
    engine: RecognitionEngine = module.SohoaEngine(options.device)
    return engine


def _open_tesseract(module: ModuleType, options: EngineOptions) -> RecognitionEngine:
    engine: RecognitionEngine = module.TesseractEngine(options.tessdata)
    return engine


def _open_paddle(module: ModuleType, options: EngineOptions) -> RecognitionEngine:
    own = not options.paddle_recognition
    recognition = OUR_PADDLE_RECOGNITION if own else Path(options.paddle_recognition)
    engine: RecognitionEngine = module.PaddleEngine(
        NamedFolder("SOHOA_PADDLE_DETECTION", _path(options.paddle_detection), options.paddle_detection_sha256),
        NamedFolder("SOHOA_PADDLE_RECOGNITION", recognition, options.paddle_recognition_sha256, ours=own),
        options.device,
    )
    return engine


def _path(named: str) -> Path | None:
    return Path(named) if named else None


_ENGINES = {
    "sohoa": _Engine("ocr.engines.sohoa", "onnxruntime", "service", _open_sohoa),
    "paddleocr": _Engine("ocr.engines.paddle", "paddleocr", "paddle", _open_paddle),
    "tesseract": _Engine("ocr.engines.tesseract", "tesserocr", "tesseract", _open_tesseract),
}
ENGINE_NAMES = tuple(_ENGINES)


def open_engine(options: EngineOptions) -> RecognitionEngine:
    """The engine of that name on the device asked for. Raises SettingsError: unknown, not installed, another device."""
    known = _ENGINES.get(options.engine)
    if known is None:
        names = ", ".join(f"'{name}'" for name in ENGINE_NAMES)
        raise SettingsError(f"There is no OCR engine '{options.engine}'.", f"Set SOHOA_ENGINE to one of {names}.")
    if importlib.util.find_spec(known.package) is None:
        raise SettingsError(
            f"Engine '{options.engine}' needs the package {known.package}, which is not installed.",
            f"Install it: pip install 'sohoa[{known.extra}]'.",
        )
    engine = known.open(importlib.import_module(known.module), options)
    if engine.device != options.device and not options.allow_cpu_fallback:
        engine.close()
        raise SettingsError(
            f"Engine '{options.engine}' was to run on {options.device} but runs on {engine.device}.",
            "Set SOHOA_DEVICE to what it can use, or allow this with SOHOA_ALLOW_CPU_FALLBACK=1.",
        )
    return engine


def survey_engines(options: EngineOptions) -> list[EngineStatus]:
    """Every engine, opened as these options say."""
    return [_survey(replace(options, engine=name)) for name in ENGINE_NAMES]


def _survey(options: EngineOptions) -> EngineStatus:
    status = EngineStatus(options.engine, usable=False)
    try:
        engine = open_engine(options)
    except SohoaError as error:
        return replace(status, reason=error.message, advice=error.advice)
    try:
        status = replace(
            status,
            usable=True,
            version=engine.name,
            letters=len(engine.alphabet),
            missing="".join(sorted(VIETNAMESE_LETTERS - engine.alphabet)),
            device=engine.device,
            models=engine.models,
        )
        require_vietnamese(engine)
    except SohoaError as error:
        return replace(status, usable=False, reason=error.message, advice=error.advice)
    finally:
        engine.close()
    return status
