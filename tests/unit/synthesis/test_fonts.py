"""Faces: every Vietnamese letter, digits by pen, and a named error where there is none."""

from __future__ import annotations

import pytest

from core.text import VIETNAMESE_LETTERS
from synthesis import fonts


def test_there_are_134_vietnamese_letters() -> None:
    assert len(VIETNAMESE_LETTERS) == 134
    assert len(set(VIETNAMESE_LETTERS)) == 134


def test_chosen_faces_draw_every_vietnamese_letter() -> None:
    found = fonts.find_fonts()
    lacking = [
        path.name
        for face in (*found.serif, *found.sans)
        for path in (face.regular, face.bold, face.italic, face.bold_italic)
        if not fonts.has_glyphs(path, VIETNAMESE_LETTERS)
    ]
    assert lacking == []


def test_pens_draw_digits_and_slash() -> None:
    assert [path.name for path in fonts.find_fonts().pens if not fonts.has_glyphs(path, "0123456789/")] == []


def test_missing_faces_name_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_FOLDERS", ())
    monkeypatch.delenv("WINDIR", raising=False)
    with pytest.raises(fonts.FontsMissing) as caught:
        fonts.find_fonts.__wrapped__()
    assert [package for package in fonts.PACKAGES if package not in str(caught.value)] == []
