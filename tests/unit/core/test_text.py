"""Vietnamese text rules."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import document_number_key, fold, has_tones, normalize


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("hoà bình", "hòa bình"),
        ("sức khoẻ", "sức khỏe"),
        ("thuỷ lợi", "thủy lợi"),
        ("Uỷ ban", "Ủy ban"),
        ("quý", "quý"),
        ("Quỹ", "Quỹ"),
        ("toàn", "toàn"),
        ("hoàn thành", "hoàn thành"),
        ("xoá.", "xóa."),
        ("a\u200bb", "ab"),
        ("15–17", "15-17"),
        ("hai\u00a0 chữ", "hai chữ"),
    ],
)
def test_one_spelling(written, canonical):
    assert normalize(written) == canonical
    assert normalize(unicodedata.normalize("NFD", written)) == canonical


@pytest.mark.parametrize("written", ["03 - KH/BCĐ", "03-KH/BCĐ", "03khbcd", "03 – KH / BCĐ"])
def test_a_document_number_in_any_spacing_has_one_key(written):
    assert document_number_key(written) == "03khbcd"


@pytest.mark.parametrize(("written", "folded"), [("Đảng", "dang"), ("QUYẾT ĐỊNH", "quyet dinh"), ("ưỡn ẹo", "uon eo")])
def test_folding_loses_marks_and_case_alone(written, folded):
    assert fold(written) == folded


@given(st.text())
def test_folding_keeps_every_letter_at_its_place(text):
    assert len(fold(text)) == len(normalize(text))


@given(st.text())
def test_normalising_twice_changes_nothing(text):
    assert normalize(normalize(text)) == normalize(text)


def test_tones_are_noticed():
    assert has_tones("nghị quyết")
    assert has_tones("da đen")
    assert not has_tones("nghi quyet 15-NQ/TW")
