"""Model folders for PaddleOCR: the detector that rapidocr's wheel carries, and a recognizer made here.

These tests run in an environment of their own: `make test-paddle`.
"""

from __future__ import annotations

import importlib.util
import shutil
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import yaml

from ocr.engines.base import VIETNAMESE_LETTERS
from ocr.engines.models import hash_folder
from ocr.engines.registry import EngineOptions

HERE = importlib.util.find_spec("paddleocr") is not None
if not HERE:
    collect_ignore_glob = ["test_*.py"]

LETTER = "ế"
"""All that the made recognizer reads, whatever stands there."""
MakeRecognizer = Callable[..., Path]


def _refuse(*_: object) -> None:
    raise AssertionError("an engine asks for something on the network")


@pytest.fixture(autouse=True, scope="session")
def offline() -> None:
    """Nothing is fetched: not while PaddleOCR is loaded, not while it reads."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", _refuse)
        patch.setattr(socket, "getaddrinfo", _refuse)
        yield


def _write_folder(folder: Path, network: str, steps: list[object], after: dict[str, object]) -> None:
    content = {"Global": {"model_name": network}, "PreProcess": {"transform_ops": steps}, "PostProcess": after}
    (folder / "inference.yml").write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")


@pytest.fixture(scope="session")
def rapidocr_models() -> Path:
    found = importlib.util.find_spec("rapidocr")
    assert found is not None and found.origin is not None
    return Path(found.origin).parent / "models"


@pytest.fixture(scope="session")
def detection(tmp_path_factory: pytest.TempPathFactory, rapidocr_models: Path) -> Path:
    """PP-OCRv6's small detector as a model folder."""
    folder = tmp_path_factory.mktemp("detection")
    shutil.copy(rapidocr_models / "PP-OCRv6_det_small.onnx", folder / "inference.onnx")
    half = [0.5, 0.5, 0.5]
    steps = [
        {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
        {"DetResizeForTest": {}},
        {"NormalizeImage": {"mean": half, "std": half, "scale": "1./255.", "order": "hwc"}},
        {"ToCHWImage": None},
    ]
    after = {"name": "DBPostProcess", "thresh": 0.3, "box_thresh": 0.5, "unclip_ratio": 1.6}
    _write_folder(folder, "PP-OCRv6_small_det", steps, after)
    return folder


@pytest.fixture(scope="session")
def make_recognizer(tmp_path_factory: pytest.TempPathFactory) -> MakeRecognizer:
    """Makes the folder of a recognizer that sees letters wherever there is ink, and a space in wider gaps."""
    from tests.paddle.networks import build_ink_reader  # noqa: PLC0415 (onnx is in this environment alone)

    def make(characters: Sequence[str] | None = None, classes: int | None = None) -> Path:
        folder = tmp_path_factory.mktemp("recognition")
        ascii_letters = [chr(code) for code in range(33, 127)]
        written = list(characters) if characters is not None else sorted(VIETNAMESE_LETTERS) + ascii_letters
        count = classes or len(written) + 2
        place = 1 + written.index(LETTER) if LETTER in written else 1
        (folder / "inference.onnx").write_bytes(build_ink_reader(count, letter=place))
        steps = [
            {"DecodeImage": {"channel_first": False, "img_mode": "BGR"}},
            {"MultiLabelEncode": {"gtc_encode": "NRTRLabelEncode"}},
            {"RecResizeImg": {"image_shape": [3, 48, 320]}},
            {"KeepKeys": {"keep_keys": ["image"]}},
        ]
        _write_folder(folder, "PP-OCRv5_mobile_rec", steps, {"name": "CTCLabelDecode", "character_dict": written})
        return folder

    return make


@pytest.fixture(scope="session")
def options(detection: Path, make_recognizer: MakeRecognizer) -> EngineOptions:
    recognition = make_recognizer()
    return EngineOptions(
        "paddleocr",
        paddle_detection=str(detection),
        paddle_detection_sha256=hash_folder(detection),
        paddle_recognition=str(recognition),
        paddle_recognition_sha256=hash_folder(recognition),
    )
