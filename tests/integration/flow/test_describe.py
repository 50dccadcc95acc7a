"""Suggestions as they are kept: in the form in which an entered value would be."""

from __future__ import annotations

import pytest

from core.catalogue import load_builtin
from core.recognition import Suggestion
from flow.describe import as_entered


@pytest.mark.parametrize(
    ("record_type", "name", "value", "kept"),
    [
        ("member_history", "sex", "nữ", "female"),
        ("member_history", "sex", "khác", "khác"),
        ("member_history", "full_name", "LÒ ĐỨC TÂM", "LÒ ĐỨC TÂM"),
        ("party_document", "type_code", "QyĐ", "QyĐ"),
        ("party_document", "urgency", "HỎA TỐC", "HỎA TỐC"),
        ("party_document", "recipients", ("Như trên", "Lưu"), ["Như trên", "Lưu"]),
        ("party_document", "number", None, None),
        ("party_document", "sex", "nữ", "nữ"),
        ("abolished", "sex", "nữ", "nữ"),
    ],
)
def test_a_word_of_a_code_list_is_kept_as_its_code(
    record_type: str, name: str, value: str | tuple[str, ...] | None, kept: str | list[str] | None
) -> None:
    one = Suggestion(name, value, "", 0.9, 1, None, "label")
    assert as_entered(one, load_builtin(), record_type) == kept
