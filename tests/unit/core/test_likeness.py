"""MinHash: the estimate's error stays within its bound, and bands find what is as like as the formula says."""

from __future__ import annotations

import math
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.likeness import (
    BANDS,
    FEWEST_SHINGLES,
    MINIMA,
    bands_of,
    estimate,
    pack,
    shingle,
    sign_shingles,
    sign_text,
    unpack,
)

WORDS = ("quyết", "định", "kết", "nạp", "đảng", "viên", "tỉnh", "ủy", "kế", "hoạch", "số", "hóa", "tài", "liệu")
FIRST_MINIMA = [71746073, 53977648, 1219226]
FIRST_BAND = -1183606680978756486


def hashed_sets(shared: int, own: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Two sets of hashes that share `shared` and have `own` more each."""
    drawn = np.unique(np.random.default_rng(seed).integers(0, 2**32, 2 * (shared + 2 * own), dtype=np.uint64))
    drawn = np.random.default_rng(seed).permutation(drawn)
    return drawn[: shared + own], np.concatenate([drawn[:shared], drawn[shared + own : shared + 2 * own]])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 2**31))
def test_the_estimate_is_within_five_standard_errors(shared: int, own: int, seed: int) -> None:
    if shared + own < FEWEST_SHINGLES:
        shared += FEWEST_SHINGLES
    one, other = hashed_sets(shared, own, seed)
    truth = shared / (shared + 2 * own)
    first, second = sign_shingles(one), sign_shingles(other)
    assert first is not None and second is not None
    allowed = 5 * math.sqrt(truth * (1 - truth) / MINIMA) + 1 / MINIMA
    assert abs(estimate(first, second) - truth) <= allowed


def found_share(shared: int, own: int, trials: int = 150) -> float:
    found = 0
    for seed in range(trials):
        one, other = (sign_shingles(part) for part in hashed_sets(shared, own, seed))
        assert one is not None and other is not None
        found += bool(set(bands_of(one)) & set(bands_of(other)))
    return found / trials


def test_bands_find_like_texts_as_often_as_the_formula_says() -> None:
    for shared, own in ((100, 100), (100, 50), (100, 25), (30, 135)):
        similarity = shared / (shared + 2 * own)
        expected = 1 - (1 - similarity**4) ** BANDS
        assert abs(found_share(shared, own) - expected) < 0.15


@given(st.lists(st.sampled_from(WORDS), min_size=25, max_size=80), st.integers(0, 2**31))
def test_case_marks_and_line_breaks_change_nothing(words: list[str], seed: int) -> None:
    rng = Random(seed)
    loud = "".join(rng.choice((" ", "\n", " - ")) + (word.upper() if rng.random() < 0.5 else word) for word in words)
    plain = shingle(" ".join(words))
    assert shingle(loud).tolist() == plain.tolist()
    assert len(plain) <= len(words) - 2


def test_a_signature_is_the_same_everywhere_and_survives_packing() -> None:
    """Stored signatures are compared with new ones: a changed function would make all of them void."""
    signature = sign_text(" ".join(map(str, range(60))))
    assert signature is not None
    assert signature[:3].tolist() == FIRST_MINIMA
    assert bands_of(signature)[0] == FIRST_BAND
    assert unpack(pack(signature)).tolist() == signature.tolist()
    assert len(pack(signature)) == 512


def test_a_short_text_has_no_signature() -> None:
    assert sign_text("PHIẾU ĐẢNG VIÊN mẫu 2-HSĐV") is None
    assert sign_text("") is None
