"""What changes between two versions of the dictionary, in words."""

from __future__ import annotations

from core.catalogue import builtin_text, load_builtin, parse_dictionary
from core.catalogue.diff import Kind, Part, compare


def changed(*pairs: tuple[str, str]) -> list[tuple[Kind, Part, str, str]]:
    text = builtin_text()
    for before, after in pairs:
        assert before in text
        text = text.replace(before, after, 1)
    differences = compare(load_builtin(), parse_dictionary({"new": text}))
    return [(one.kind, one.part, one.owner, one.name) for one in differences]


def test_the_same_dictionary_under_another_version_differs_in_nothing() -> None:
    assert changed(('version: "1"', 'version: "2"')) == []


def test_every_kind_of_change_is_told_once() -> None:
    assert changed(
        ("      KHẨN: Khẩn\n", "      KHẨN: Khẩn\n      MỚI: Mới\n"),
        ("      male: Nam\n", "      male: Đàn ông\n"),
        ("      - {name: school}\n", "      - {name: position}\n"),
        ("    title: Sức khỏe\n", "    title: Sức khoẻ cán bộ\n"),
        ("    required: [cadre_history]\n", "    required: [cadre_history, file_cover]\n"),
        (
            "    optional: [file_cover, diploma, commendation, discipline",
            "    optional: [diploma, commendation, discipline",
        ),
    ) == [
        (Kind.CHANGED, Part.RECORD_TYPE, "", "health"),
        (Kind.REMOVED, Part.FIELD, "diploma", "school"),
        (Kind.ADDED, Part.FIELD, "diploma", "position"),
        (Kind.ADDED, Part.CODE, "urgency", "MỚI"),
        (Kind.CHANGED, Part.CODE, "sexes", "male"),
        (Kind.CHANGED, Part.COMPOSITION, "", "cadre_file"),
    ]


def test_a_change_is_said_in_both_languages() -> None:
    text = builtin_text().replace("kind: integer, minimum: 1,", "kind: integer, minimum: 1, access: named_people,")
    (one,) = compare(load_builtin(), parse_dictionary({"new": text}))
    assert one.text == "Sửa trường 'sheets' (Số tờ) của 'file_cover': quyền truy cập: unit → named_people."
    assert one.text_en == "Changed field 'sheets' (Sheets) of 'file_cover': access: unit → named_people."


def test_a_change_of_the_terms_of_office_is_told() -> None:
    assert changed(
        ("    title: Trung ương\n", "    title: Trung ương Đảng\n"),
        ("      - {name: VI, start: 1986-12-15}\n", ""),
        ("{name: XIV, start: 2025-01-19}\n", "{name: XIV, start: 2025-06-10}\n      - {name: XV, start: 2030-06-10}\n"),
        ("party_terms:\n", "party_terms:\n  army:\n    title: Quân đội\n    terms: [{name: XIV, start: 2025-09-29}]\n"),
    ) == [
        (Kind.ADDED, Part.TERM_SERIES, "", "army"),
        (Kind.CHANGED, Part.TERM_SERIES, "", "central"),
        (Kind.REMOVED, Part.TERM, "central", "VI"),
        (Kind.CHANGED, Part.TERM, "local", "XIV"),
        (Kind.ADDED, Part.TERM, "local", "XV"),
    ]


def test_a_term_that_begins_on_another_day_is_said_in_both_languages() -> None:
    text = builtin_text().replace("{name: XIV, start: 2026-01-19}", "{name: XIV, start: 2026-01-20}")
    (one,) = compare(load_builtin(), parse_dictionary({"new": text}))
    assert one.text == "Sửa nhiệm kỳ 'XIV' (20/01/2026) của 'central': ngày bắt đầu: 19/01/2026 → 20/01/2026."
    assert one.text_en == "Changed term 'XIV' (20/01/2026) of 'central': start: 19/01/2026 → 20/01/2026."
