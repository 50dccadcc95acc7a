"""Whatever was read, describing ends with a description."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.recognition import Candidate, PageQuality, RecognizedLine, RecognizedPage, RecognizedWord
from ocr.describing import SecondLook, describe
from ocr.describing.names import restore_marks

_FORM_WORDS = (
    "Số: Số:15/QĐ-UBND /QĐ-UBND ngày tháng năm 2021 04 CỘNG HÒA XÃ HỘI CHỦ NGHĨA ĐẢNG CỘNG SẢN VIỆT NAM V/v "
    "QUYẾT ĐỊNH Về việc Nơi nhận: - Lưu: VT TM. KT. CHỦ TỊCH T/M MẬT HỎA TỐC Họ và tên: Sinh Điều Căn cứ"
)
_WORDS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(_FORM_WORDS.split()),
)
_SIDE = st.integers(-50, 2500)
_BOXES = st.tuples(_SIDE, _SIDE, _SIDE, _SIDE)
_LINES = st.lists(
    st.lists(st.builds(RecognizedWord, _WORDS, st.floats(0, 1), _BOXES), max_size=6), max_size=8
)  # fmt: skip


def _page(number: int, lines: Sequence[Sequence[RecognizedWord]]) -> RecognizedPage:
    made = tuple(RecognizedLine(tuple(words), words[0].box if words else (0, 0, 0, 0)) for words in lines)
    return RecognizedPage(number, 600, 800, 72, made, 0, 0.0, False, PageQuality(0, 0, 0, 0, 0, 0), "x", 0.0)


@settings(max_examples=80, deadline=None)
@given(st.lists(_LINES, max_size=2), st.booleans())
def test_describe_never_raises(pages: list[list[list[RecognizedWord]]], with_images: bool) -> None:
    image = np.full((800, 600, 3), (200, 30, 30), np.uint8)
    image[::7] = 255
    look = SecondLook(lambda _: "MẬT KT. CHỦ TỊCH", lambda *_: (Candidate("15", 0.9),))
    made = [_page(number, lines) for number, lines in enumerate(pages, 1)]
    found = describe(made, [image] * len(made) if with_images else (), look)
    assert all(0.0 <= one.confidence <= 1.0 for one in (*found.fields, *found.stamps))
    assert all(one.value is not None or one.handwritten for one in found.fields)
    assert 0.0 <= found.record_type_confidence <= 1.0


@given(st.text())
def test_restoring_marks_keeps_every_letter_but_its_marks(text: str) -> None:
    once = restore_marks(text)
    assert restore_marks(once) == once
