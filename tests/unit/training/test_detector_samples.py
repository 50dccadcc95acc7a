"""Pieces of pages for the detector's training: the maps say where the lines are, whatever happened to the piece."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from synthesis.truth import Base, TruthLine, TruthWord
from training.detector.pages import GRAPHIC, PEN, Page, split_line
from training.detector.samples import Sample, make_sample

X_HEIGHT = 16.0


@pytest.fixture
def pages() -> list[Page]:
    """A page at 200 dpi with six lines as bars from base line to x-height, one pen blot and one picture."""
    grey = np.full((900, 900), 255, np.uint8)
    marks = np.zeros_like(grey)
    segments = np.array([(150, 200 + 80 * at, 750, 200 + 80 * at, X_HEIGHT) for at in range(6)], np.float32)
    for x0, y, x1, _, tall in segments.astype(int):
        grey[y - tall : y, x0:x1] = 0
    marks[100:150, 100:200], marks[700:800, 500:700] = PEN, GRAPHIC
    return [Page(grey, marks, segments, 200)]


def samples(pages: list[Page], count: int = 30) -> list[Sample]:
    chance = np.random.default_rng(5)
    return [make_sample(pages, 256, chance) for _ in range(count)]


def test_cores_lie_on_ink(pages: list[Page]) -> None:
    differences = []
    for sample in samples(pages):
        ink = cv2.resize(sample.ink, (128, 128), interpolation=cv2.INTER_AREA)
        if (sample.core > 0.9).sum() > 200:
            differences.append(float(ink[sample.core > 0.9].mean() - ink[sample.core < 0.05].mean()))
    # Some are worn beyond recognition.
    assert len(differences) > 10 and np.percentile(differences, 20) > 0.2


def test_pixels_of_a_line_agree_on_their_base_line(pages: list[Page]) -> None:
    for sample in samples(pages):
        upright = [np.rot90(values, -sample.turn) for values in (sample.drop, sample.size, sample.inside)]
        rows, columns = np.nonzero(upright[2])
        if len(rows) < 40:
            continue
        tall = np.exp2(upright[1][rows, columns]) * 8
        assert tall.std() < 1e-3
        base = rows * 4 + 2 + upright[0][rows, columns] * tall
        _, labels = cv2.connectedComponents((upright[2] > 0).astype(np.uint8))
        for label in range(1, labels.max() + 1):
            mine = labels[rows, columns] == label
            if mine.sum() > 12 and np.ptp(columns[mine]) > 6:
                curve = np.polyfit(columns[mine], base[mine], 2)
                assert np.abs(np.polyval(curve, columns[mine]) - base[mine]).max() < 0.6


def test_a_line_is_broken_at_gaps_as_wide_as_between_columns() -> None:
    words = tuple(TruthWord("chữ", (x, 80, x + 60, 100)) for x in (100, 170, 270, 460))
    line = TruthLine(words, "body", Base((100.0, 100.0), (520.0, 100.0), X_HEIGHT))
    assert [(x0, x1) for x0, _, x1, _, _ in split_line(line)] == [(100, 330), (460, 520)]
    assert split_line(TruthLine(words, "body")) == []
