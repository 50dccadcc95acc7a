"""Batches of lines: padding that no pixel value gives, groups of like width."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ocr.recognizer import session
from ocr.recognizer.session import HEIGHT


@given(st.lists(st.integers(8, 3000), min_size=1, max_size=40))
def test_every_image_is_in_one_group_of_bounded_size(widths: list[int]) -> None:
    images = [np.zeros((HEIGHT, width), np.uint8) for width in widths]
    groups = list(session._group(images))
    assert sorted(at for group in groups for at in group) == list(range(len(widths)))
    for group in groups:
        widest = max(widths[at] for at in group)
        assert len(group) == 1 or len(group) * widest <= 6_000
        assert min(widths[at] for at in group) >= 0.75 * widest - 32


def test_padding_is_zero_and_no_pixel_is() -> None:
    image = np.arange(HEIGHT * 40, dtype=np.uint8).reshape(HEIGHT, 40)
    batch = session._pad([image, image[:, :8]])
    assert batch.shape == (2, 1, HEIGHT, 64)
    assert (np.abs(batch[0, 0, :, :40]) > 1e-3).all()
    assert (batch[0, 0, :, 40:] == 0).all() and (batch[1, 0, :, 8:] == 0).all()
    assert batch.min() >= -1 and batch.max() <= 1
