"""Pairs of neighbouring words: what stands between them, and the same bytes from the same text."""

from __future__ import annotations

import gzip

from training.word_pairs import find_runs, pack_pairs

TEXT = ["Về việc sắp xếp, bố trí cán bộ", "sắp xếp UBKT cán bộ"]


def test_punctuation_and_what_is_no_syllable_part_words() -> None:
    assert [run for run in find_runs(TEXT) if run] == [
        ["về", "việc", "sắp", "xếp"], ["bố", "trí", "cán", "bộ"], ["sắp", "xếp"], ["cán", "bộ"],
    ]  # fmt: skip


def test_counts_are_packed_a_word_a_line() -> None:
    packed = pack_pairs(TEXT)
    assert packed == pack_pairs(TEXT)
    assert gzip.decompress(packed).decode().splitlines() == [
        "bố 1 trí:1", "bộ 2", "cán 2 bộ:2", "sắp 2 xếp:2", "trí 1 cán:1", "việc 1 sắp:1", "về 1 việc:1", "xếp 2",
    ]  # fmt: skip
