"""Words of the interface and of manifests for the codes of the domain, and back."""

from __future__ import annotations

from typing import TypeVar

from core.errors import ManifestMismatch
from core.labels import Secrecy, Sensitivity
from core.text import fold

Level = TypeVar("Level", Secrecy, Sensitivity)


def parse_secrecy(word: str) -> Secrecy:
    """The level that a Vietnamese word names, tones or not. Raises ManifestMismatch."""
    return _parse_level(Secrecy, word, "secrecy")


def parse_sensitivity(word: str) -> Sensitivity:
    """The level that a Vietnamese word names, tones or not. Raises ManifestMismatch."""
    return _parse_level(Sensitivity, word, "sensitivity")


def _parse_level(levels: type[Level], word: str, axis: str) -> Level:
    wanted = fold(word)
    for level in levels:
        if wanted in (fold(level.vietnamese), level.name.lower(), str(int(level))):
            return level
    known = ", ".join(level.vietnamese for level in levels)
    raise ManifestMismatch(f"'{word}' is no level of {axis}.", f"Use one of: {known}.")
