"""Tones set anew: where they stand, and that nothing else of the letter changes."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from PIL import Image

from synthesis.fonts import find_fonts, load_font
from synthesis.line_marks import MarkStyle, draw_marked

_EM, _BASE = 80, 120
_STACKED = MarkStyle(wide=1.0, tall=1.0, gap=0.05, aside=0.0, beside=0.0, sunk=0.0)


def _draw(word: str, style: MarkStyle) -> tuple[np.ndarray, float]:
    sheet = Image.new("L", (400, 180), 0)
    end = draw_marked(sheet, (40, _BASE), word, find_fonts().serif[0].regular, _EM, style, Random(1))
    return np.asarray(sheet) > 127, end


def _font_box(letter: str) -> tuple[float, float, float, float]:
    return load_font(find_fonts().serif[0].regular, _EM).getbbox(letter, anchor="ls")


@pytest.mark.parametrize(("letter", "bare"), [("ể", "ê"), ("ễ", "ê"), ("ố", "ô"), ("ỉ", "ı"), ("Ổ", "Ô")])
def test_the_mark_stands_over_the_letter_at_its_gap(letter: str, bare: str) -> None:
    ink, _ = _draw(letter, _STACKED)
    left, top, right, _ = _font_box(bare)
    # What lies under the gap is the letter without its tone; over the gap is the tone alone, in the middle.
    edge = _BASE + round(top)
    plain, _ = _draw(bare, _STACKED)
    assert (ink[edge:] != plain[edge:]).sum() == 0
    rows, columns = np.nonzero(ink[:edge])
    assert 1 <= edge - 1 - rows.max() <= 0.05 * _EM + 2
    assert abs(columns.mean() - (40 + (left + right) / 2)) < 0.06 * _EM


def test_tones_can_stand_beside_the_hat() -> None:
    over, _ = _draw("ể", _STACKED)
    beside, _ = _draw("ể", MarkStyle(1.0, 1.0, 0.05, 0.0, beside=0.25, sunk=0.1))
    hook = np.nonzero(over & ~beside)[1].mean(), np.nonzero(beside & ~over)[1].mean()
    assert 0.2 * _EM < hook[1] - hook[0] < 0.3 * _EM


def test_letters_without_a_tone_are_the_faces_own() -> None:
    ink, end = _draw("Đơn", _STACKED)
    font = load_font(find_fonts().serif[0].regular, _EM)
    assert end == pytest.approx(40 + sum(font.getlength(letter) for letter in "Đơn"))
    assert ink[: _BASE - _EM].sum() == 0
