"""The curve from said to right."""

from __future__ import annotations

from random import Random

import pytest

from ocr.recognizer.calibration import fit_calibration


def test_the_curve_follows_how_often_words_are_right() -> None:
    rng = Random(5)
    said = [rng.random() for _ in range(20_000)]
    right = [rng.random() < value**2 for value in said]  # the network is too sure of itself
    curve = fit_calibration(said, right, least=400)
    for value in (0.2, 0.5, 0.8, 0.95):
        assert curve.correct(value) == pytest.approx(value**2, abs=0.05)


def test_the_curve_never_falls_and_stays_off_certainty() -> None:
    rng = Random(6)
    said = [rng.random() for _ in range(3_000)]
    curve = fit_calibration(said, [rng.random() < 0.9 for _ in said])
    found = [curve.correct(step / 100) for step in range(101)]
    assert found == sorted(found)
    assert 0 <= found[0] < found[-1] < 1
