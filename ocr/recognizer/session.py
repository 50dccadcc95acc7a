"""Running the line network: images of lines in batches of like width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ocr.images import Pixels
from ocr.recognizer.words import STRIDE
from ocr.sessions import open_session

Floats = npt.NDArray[np.float32]

HEIGHT = 40
"""Pixels of a line's image."""
_WIDTH_STEP = 32
_PIXELS_A_BATCH = 6_000
_MOST_PADDING = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class LineOutput:
    """One line's answer. probabilities: steps x classes. pens: steps, probability that the ink is by hand."""

    probabilities: Floats
    pens: Floats


class LineRecognizer:
    """The network on onnxruntime. One per process or thread."""

    def __init__(self, weights: Path, device: str) -> None:
        """device: "cpu" or "gpu:N". Raises what onnxruntime raises (`ocr.engines.devices.RUNTIME_ERRORS`)."""
        self.session = open_session(weights, device)

    def run(self, images: Sequence[Pixels]) -> list[LineOutput]:
        """The answer for each image, HEIGHT pixels high and of any width, in the order given."""
        answers: list[LineOutput | None] = [None] * len(images)
        for group in _group(images):
            batch = _pad([images[at] for at in group])
            probabilities, pens = self.session.run(None, {"line": batch})
            for row, at in enumerate(group):
                steps = -(-images[at].shape[1] // STRIDE)
                answers[at] = LineOutput(probabilities[row, :steps], pens[row, :steps])
        return [answer for answer in answers if answer is not None]


def _group(images: Sequence[Pixels]) -> Iterator[list[int]]:
    """Images of like width together, widest first, so many that a batch stays small."""
    group: list[int] = []
    for at in sorted(range(len(images)), key=lambda one: -images[one].shape[1]):
        width = images[at].shape[1]
        if group:
            widest = images[group[0]].shape[1]
            if width < (1 - _MOST_PADDING) * widest - _WIDTH_STEP or (len(group) + 1) * widest > _PIXELS_A_BATCH:
                yield group
                group = []
        group.append(at)
    if group:
        yield group


def _pad(images: Sequence[Pixels]) -> Floats:
    """Lines x 1 x HEIGHT x width in -1..1; the padding is exactly 0, which no pixel value gives."""
    width = -(-max(image.shape[1] for image in images) // _WIDTH_STEP) * _WIDTH_STEP
    batch = np.zeros((len(images), 1, HEIGHT, width), np.float32)
    for at, image in enumerate(images):
        batch[at, 0, :, : image.shape[1]] = image
        batch[at, 0, :, : image.shape[1]] *= 1 / 127.5
        batch[at, 0, :, : image.shape[1]] -= 1
    return batch
