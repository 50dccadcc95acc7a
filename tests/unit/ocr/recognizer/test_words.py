"""Words' boxes in a line's image."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.recognizer.ctc import Letter
from ocr.recognizer.words import place_words


def test_boxes_end_where_the_ink_ends() -> None:
    image = np.full((48, 400), 235, np.uint8)
    inked = [(20, 70), (86, 150), (200, 250)]
    for left, right in inked:
        cv2.rectangle(image, (left, 20), (right - 1, 35), 20, -1)
    cv2.rectangle(image, (100, 10), (110, 16), 20, -1)  # a mark over the second word
    cv2.rectangle(image, (0, 0), (399, 1), 20, -1)  # feet of the line above
    # Steps are four pixels wide and lie inside the letters, off their edges.
    words = [
        (Letter("a", 7, 7, 0.9), Letter("b", 14, 15, 0.8)),
        (Letter("ấ", 25, 26, 0.9), Letter("c", 33, 33, 0.5)),
        (Letter("d", 55, 55, 1.0),),
    ]
    pens = np.zeros(100, np.float32)
    pens[50:60] = 0.9
    placed = place_words(image, words, pens)
    assert [word.text for word in placed] == ["ab", "ấc", "d"]
    for word, (left, right) in zip(placed, inked, strict=True):
        assert abs(word.x0 - left) <= 2 and abs(word.x1 - right) <= 2
    assert [round(word.y0) for word in placed] == [20, 10, 20]
    assert all(35 <= word.y1 <= 37 for word in placed)
    assert [round(word.probability, 2) for word in placed] == [0.72, 0.45, 1.0]
    assert [round(word.pen, 2) for word in placed] == [0.0, 0.0, 0.9]


def test_a_sign_without_ink_stands_before_the_word_that_follows() -> None:
    image = np.full((40, 200), 235, np.uint8)
    cv2.rectangle(image, (12, 12), (90, 30), 20, -1)
    words = [(Letter("-", 0, 0, 0.9),), (Letter("T", 8, 8, 0.9), Letter("ổ", 15, 15, 0.9))]
    dash, word = place_words(image, words, np.zeros(50, np.float32))
    assert dash.x0 < dash.x1 <= word.x0
    assert abs(word.x0 - 12) <= 2
