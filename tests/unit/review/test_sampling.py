"""The random sample: its size, and that anybody can draw it again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.sampling import SampleRule, draw_sample


@pytest.mark.parametrize(
    ("population", "size"), [(0, 0), (3, 3), (5, 5), (6, 5), (100, 5), (101, 6), (1000, 50), (1001, 51)]
)
def test_sample_size_by_default_rule(population: int, size: int) -> None:
    assert SampleRule().size(population) == size


def test_rule_is_configurable() -> None:
    assert SampleRule(minimum=2, percent=50).size(9) == 5


@given(st.sets(st.text(min_size=1), max_size=60), st.integers(0, 2**53 - 1))
def test_same_seed_draws_the_same_documents_in_whatever_order(ids: set[str], seed: int) -> None:
    forward = draw_sample(sorted(ids), SampleRule(), seed)
    backward = draw_sample(sorted(ids, reverse=True), SampleRule(), seed)
    assert forward == backward
    assert set(forward.document_ids) <= ids
    assert len(set(forward.document_ids)) == SampleRule().size(len(ids))


def test_every_document_can_be_drawn() -> None:
    ids = [f"{number:02d}" for number in range(20)]
    drawn = {one for seed in range(200) for one in draw_sample(ids, SampleRule(), seed).document_ids}
    assert drawn == set(ids)
