"""Lines' texts: the signs that occur, pen and dots."""

from __future__ import annotations

from random import Random

from core.syllables import is_syllable
from synthesis.digits import NO_DIGITS, choose_digit_hand
from synthesis.line_runs import make_syllable
from synthesis.line_text import LineTexts


def test_syllables_are_legal_and_of_both_styles() -> None:
    rng = Random(3)
    made = [make_syllable(rng) for _ in range(2_000)]
    assert all(map(is_syllable, made))
    assert len(set(made)) > 1_800


def test_lines_hold_every_kind_of_text() -> None:
    rng, texts = Random(4), LineTexts(["Ủy ban nhân dân tỉnh báo cáo kết quả thực hiện nhiệm vụ."])
    lines = [texts.make(rng, 60) for _ in range(1_500)]
    letters = {letter for line in lines for run in line for letter in run.text}
    assert not set("ăâđêôơưĂÂĐÊÔƠƯ0123456789/-–“”…;:()%§½☐") - letters
    assert 0.13 < sum(any(run.pen for run in line) for line in lines) / len(lines) < 0.23
    assert any(run.leader for line in lines for run in line)
    assert max(len(run.text) for line in lines for run in line) <= 95


def test_the_same_seed_writes_the_same_digits() -> None:
    masks = [choose_digit_hand(NO_DIGITS, rng := Random(9)).write("0123456789", 40, rng)[0] for _ in range(2)]
    assert (masks[0] == masks[1]).all()
    assert 30 < masks[0].shape[0] < 70 and masks[0].shape[1] > 200
    assert 0.05 < (masks[0] > 127).mean() < 0.4
