"""Words of the interface and of manifests for the codes of the domain, and back."""

from __future__ import annotations

from core.errors import ManifestMismatch
from core.labels import Secrecy, Sensitivity
from core.text import fold


def parse_secrecy(word: str) -> Secrecy:
    """The level that a Vietnamese word names, tones or not. Raises ManifestMismatch."""
    wanted = fold(word)
    for level in Secrecy:
        if wanted in (fold(level.vietnamese), level.name.lower(), str(int(level))):
            return level
    known = ", ".join(level.vietnamese for level in Secrecy)
    raise ManifestMismatch(f"'{word}' is no level of secrecy.", f"Use one of: {known}.")


def parse_sensitivity(word: str) -> Sensitivity:
    """The level that a Vietnamese word names, tones or not. Raises ManifestMismatch."""
    wanted = fold(word)
    for level in Sensitivity:
        if wanted in (fold(level.vietnamese), level.name.lower(), str(int(level))):
            return level
    known = ", ".join(level.vietnamese for level in Sensitivity)
    raise ManifestMismatch(f"'{word}' is no level of sensitivity.", f"Use one of: {known}.")
