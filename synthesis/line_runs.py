"""Pieces of a line's text, each in one style, and how words become them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from core.syllables import list_syllables


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line in one style. pen: written by hand. leader: dots to write on, which say nothing.

    `glued`: no space stands before it.
    """

    text: str
    bold: bool = False
    italic: bool = False
    underlined: bool = False
    pen: bool = False
    leader: bool = False
    glued: bool = False


Runs = tuple[Run, ...]

SYMBOLS = (
    "QĐ",
    "NQ",
    "CT",
    "TB",
    "KH",
    "BC",
    "TTr",
    "HD",
    "CTr",
    "PA",
    "KL",
    "QC",
    "GM",
    "BB",
    "CV",
    "ĐA",
    "NĐ",
    "TT",
)
ORGANS = (
    "UBND", "HĐND", "TU", "TW", "BNV", "BTC", "BTCTW", "VPTW", "SNV", "STC", "BGDĐT", "ĐU", "HU", "UBKT",
    "BTGTU", "TTg",
    "CP", "BCĐ", "VPCP", "ĐHĐL", "BCT", "SGTVT", "KTNN", "MTTQ", "ĐTN", "TTHC", "KSTTHC", "NC", "VX", "KGVX",
    "TH", "ĐCS",
)  # fmt: skip
ROMANS = (
    "I",
    "II",
    "III",
    "IV",
    "V",
    "VI",
    "VII",
    "VIII",
    "IX",
    "X",
    "XI",
    "XII",
    "XIII",
    "XIV",
    "XV",
    "XVI",
    "XX",
    "XXI",
)


def make_syllable(rng: Random) -> str:
    """Any syllable that the spelling rules allow, so that what is learned does not lean on known words."""
    return rng.choice(list_syllables())


def cut(parts: Sequence[str], most: int) -> str:
    """As many words as fit, at least one."""
    text = parts[0][:most]
    for part in parts[1:]:
        if len(text) + 1 + len(part) > most:
            break
        text += " " + part
    return text


def style(rng: Random, text: str) -> Runs:
    """In one style, or with a bold or italic part."""
    dice = rng.random()
    base = Run("", bold=dice < 0.14, italic=0.10 < dice < 0.30, underlined=rng.random() < 0.02)
    parts = text.split(" ")
    if len(parts) < 3 or rng.random() < 0.85:
        return (replace(base, text=text),)
    at = rng.randrange(1, len(parts))
    other = replace(base, bold=not base.bold) if rng.random() < 0.6 else replace(base, italic=not base.italic)
    return replace(other, text=" ".join(parts[:at])), replace(base, text=" ".join(parts[at:]))
