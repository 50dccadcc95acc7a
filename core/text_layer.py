"""The text that a page of a file carries with it, as its maker wrote it and not as anybody read it."""

from __future__ import annotations

from dataclasses import dataclass

from core.recognition import Box


@dataclass(frozen=True, slots=True)
class LayerWord:
    """A run of visible letters without a space, in its maker's encoding. box: in pixels of the page image as stored.

    font: the name that the file gives it, for example "ABCDEF+.VnTimeH"; empty where it gives none.
    """

    text: str
    box: Box
    font: str = ""


@dataclass(frozen=True, slots=True)
class TextLayer:
    """The words of a page, line by line, in the order in which the file draws them."""

    lines: tuple[tuple[LayerWord, ...], ...]

    @property
    def words(self) -> tuple[LayerWord, ...]:
        return tuple(word for line in self.lines for word in line)
