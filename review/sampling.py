"""The random sample that is reconciled field by field against the images (đối soát mẫu)."""

from __future__ import annotations

import math
import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SampleRule:
    """How many documents are drawn: at least `minimum`, at least `percent` of them, at most all. [default] values."""

    minimum: int = 5
    percent: float = 5.0

    def size(self, population: int) -> int:
        """Documents to draw from so many."""
        return min(population, max(self.minimum, math.ceil(population * self.percent / 100)))


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample that anybody can draw again from its seed and its population."""

    seed: int
    population: int
    document_ids: tuple[str, ...]


def new_seed() -> int:
    """A seed that nobody could choose; 53 bits, so that JSON keeps it exactly."""
    return secrets.randbits(53)


def draw_sample(document_ids: Sequence[str], rule: SampleRule, seed: int) -> Sample:
    """The sample of this seed; the same for the same documents in whatever order they come."""
    population = sorted(document_ids)
    chosen = random.Random(seed).sample(population, rule.size(len(population)))
    return Sample(seed, len(population), tuple(sorted(chosen)))
