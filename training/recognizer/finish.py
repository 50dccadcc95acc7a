"""From a checkpoint to the weights that are shipped: export, calibration on generated lines, card.

usage: python -m training.recognizer.finish [--folder DIR] [--weights DIR] [--words N] [--blend CHECKPOINT --share S]

With an earlier checkpoint of the same training the weights are the mean of both, a share S of them the last: where
the training went up to a high rate again in between, the mean reads generated lines better than either.
"""

from __future__ import annotations

import argparse
import json
from difflib import SequenceMatcher
from pathlib import Path
from random import Random
from typing import Any

import torch

from ocr.engines.models import hash_file
from ocr.recognizer.calibration import Calibration, fit_calibration
from ocr.recognizer.ctc import decode_letters, split_words
from ocr.recognizer.session import HEIGHT, LineRecognizer
from ocr.recognizer.words import place_words
from synthesis.fonts import find_varied_fonts
from synthesis.lines import LineMaker
from training.recognizer.batches import find_texts, make_lines
from training.recognizer.export import write_models
from training.recognizer.train import Plan, validate

_SEED = 77_001
_LETTERS = 75
_VALIDATED = 700
"""Generated lines."""


def collect_words(recognizer: LineRecognizer, shared: Path, count: int) -> tuple[list[float], list[bool]]:
    """What the network says of words of generated lines that no training saw, and whether they are right."""
    texts, digits = find_texts(shared)
    maker, rng = LineMaker(texts, find_varied_fonts(), digits, HEIGHT, wear=0.8), Random(_SEED)
    said: list[float] = []
    right: list[bool] = []
    for _ in range(-(-count // 300)):
        lines = make_lines(maker, rng, 64, _LETTERS)
        for (line, _), output in zip(lines, recognizer.run([line.image for line, _ in lines]), strict=True):
            words = place_words(line.image, split_words(decode_letters(output.probabilities)), output.pens)
            matcher = SequenceMatcher(None, line.text.split(), [word.text for word in words], autojunk=False)
            hits = {at for block in matcher.get_matching_blocks() for at in range(block.b, block.b + block.size)}
            said += [word.probability for word in words]
            right += [at in hits for at in range(len(words))]
    return said, right


def write_card(weights: Path, progress: dict[str, Any], validation: dict[str, float], calibration: Calibration) -> None:
    """What the engine reads of its weights, and what people want to know of them."""
    card = {
        "version": "1",
        "calibration": {"said": calibration.said, "right": calibration.right},
        "recognizer": {
            "trained_minutes": round(progress["seconds"] / 60),
            "lines": progress["lines"],
            "steps": progress["steps"],
            "validation": validation,
        },
        "sha256": {
            str(path.relative_to(weights)): hash_file(path)
            for path in sorted([*weights.glob("*.onnx"), *weights.glob("*/inference.*")])
        },
    }
    (weights / "card.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


def blend(last: dict[str, torch.Tensor], earlier: dict[str, torch.Tensor], share: float) -> dict[str, torch.Tensor]:
    """The mean of two states of one network, `share` of it the last one's; counts are the last one's."""
    return {
        name: torch.lerp(earlier[name], value, share) if value.dtype.is_floating_point else value
        for name, value in last.items()
    }


def main() -> None:
    here = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path.home() / ".cache" / "sohoa-training")
    parser.add_argument("--weights", type=Path, default=here / "ocr" / "weights")
    parser.add_argument("--shared", type=Path, default=here.parent / "shared")
    parser.add_argument("--words", type=int, default=6000, help="for the calibration")
    parser.add_argument("--blend", type=Path, help="an earlier checkpoint of the same training")
    parser.add_argument("--share", type=float, default=0.5, help="of the last checkpoint in the mean with --blend")
    options = parser.parse_args()
    state = torch.load(options.folder / "recognizer.pt", map_location="cpu", weights_only=True)
    weights = state["mean"]
    if options.blend:
        earlier = torch.load(options.blend, map_location="cpu", weights_only=True)["mean"]
        weights = blend(weights, earlier, options.share)
    write_models(weights, options.weights)
    recognizer = LineRecognizer(options.weights / "recognizer.onnx", "cpu")
    calibration = fit_calibration(*collect_words(recognizer, options.shared, options.words))
    validation = validate(weights, Plan(0, options.folder, options.shared, 0, "cpu", 1), _VALIDATED)
    write_card(options.weights, state["progress"], validation, calibration)


if __name__ == "__main__":
    main()
