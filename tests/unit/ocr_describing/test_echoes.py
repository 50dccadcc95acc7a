"""What the text of a page says of the names in its head."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from core.recognition import RecognizedWord, Suggestion
from ocr.describing.echoes import echo_marks, keep_commune
from ocr.describing.rows import Row


def row(text: str, doubtful: Mapping[str, float] | None = None) -> Row:
    words = tuple(
        RecognizedWord(word, (doubtful or {}).get(word, 0.98), (40 * at, 10, 40 * at + 36, 30))
        for at, word in enumerate(text.split())
    )
    return Row(words, 1)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (["Ủy ban nhân dân xã Cẩm Ninh, tỉnh"], "XÃ CẨM NINH"),
        (["xã Cẩm Ninh", "xã Cầm Ninh"], "XÃ CẪM NINH"),
        (["phường Cẩm Giang"], "XÃ CẪM NINH"),
    ],
)
def test_doubtful_marks_are_what_every_other_place_says(text: list[str], right: str) -> None:
    assert echo_marks(row("XÃ CẪM NINH", {"CẪM": 0.4}), [row(one) for one in text]).text == right


def test_marks_read_surely_stay() -> None:
    assert echo_marks(row("XÃ CẪM NINH"), [row("xã Cẩm Ninh")]).text == "XÃ CẪM NINH"


@pytest.mark.parametrize(
    ("text", "value"), [("Đảng ủy xã Hải Phong có ý kiến", "Hải Phong"), ("thành phố Hải Phong", "Hải Phòng")]
)
def test_a_commune_is_no_province(text: str, value: str) -> None:
    place = Suggestion("place", "Hải Phòng", "Hải Phong", 0.88, 1, None, "header.place")
    assert keep_commune(place, [row(text)]).value == value
