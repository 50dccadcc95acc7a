"""What single lines say: running text, headings, codes, dates, forms, pen-written values; for a recognizer's training.

Two lines of five are running text, natural where a corpus is at hand, one is rule-made syllables, the rest is what
office print is full of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from synthesis.line_forms import write_form, write_pen_date, write_pen_form, write_pen_number
from synthesis.line_kinds import (
    make_code,
    write_address,
    write_code,
    write_day,
    write_heading,
    write_latin,
    write_list_item,
    write_number,
    write_page_number,
    write_random_signs,
)
from synthesis.line_runs import ROMANS, Runs, cut, make_syllable, style
from synthesis.texts import make_paragraph, make_task

_QUOTES = (("“", "”"), ('"', '"'), ("‘", "’"), ("«", "»"), ("(", ")"), ("[", "]"), ("'", "'"))


class LineTexts:
    """Makes the text of lines. `corpus`: sentences of natural office text, NFC; may be empty."""

    def __init__(self, corpus: Sequence[str]) -> None:
        self._corpus = tuple(corpus)

    def make(self, rng: Random, most_letters: int) -> Runs:
        """One line of at most about this many letters."""
        kinds: tuple[tuple[float, Callable[[Random, int], Runs]], ...] = (
            (42, self._running),
            (20, _syllables),
            (6, write_heading),
            (5, write_code),
            (4, write_day),
            (3, write_number),
            (3, write_list_item),
            (3, write_latin),
            (2, write_address),
            (2, write_random_signs),
            (3, write_form),
            (14, write_pen_number),
            (9, write_pen_date),
            (3, write_pen_form),
            (1, write_page_number),
        )
        maker = rng.choices([kind for _, kind in kinds], [weight for weight, _ in kinds])[0]
        return maker(rng, most_letters)

    def _running(self, rng: Random, most: int) -> Runs:
        natural = self._corpus and rng.random() < 0.75
        text = rng.choice(self._corpus) if natural else make_paragraph(rng, 2)
        if not natural and rng.random() < 0.3:
            text = make_task(rng)
        parts = text.split()
        start = 0 if rng.random() < 0.2 else rng.randrange(len(parts))
        return style(rng, cut(_vary(rng, parts[start:]), most))


def _vary(rng: Random, parts: Sequence[str]) -> list[str]:
    """Now and then a word in capitals, in quotes, or another sign behind it, so that signs occur everywhere."""
    out = []
    for part in parts:
        dice = rng.random()
        if dice < 0.015:
            part = part.upper()
        elif dice < 0.025:
            part = part.capitalize()
        elif dice < 0.04:
            opening, closing = rng.choice(_QUOTES)
            part = f"{opening}{part}{closing}"
        elif dice < 0.06 and part[-1].isalnum():
            part += rng.choice(",;:.!?…/-+")
        elif dice < 0.07:
            part = rng.choice(ROMANS)
        elif dice < 0.08:
            part = make_syllable(rng)
        elif dice < 0.095:
            part = make_code(rng) + rng.choice(("", "", ",", ";"))
        out.append(part)
    return out


def _syllables(rng: Random, most: int) -> Runs:
    parts = []
    case = rng.random()
    for _ in range(1 + most // 3):
        part = make_syllable(rng)
        if case < 0.25:
            part = part.upper()
        elif rng.random() < 0.25:
            part = part.capitalize()
        if rng.random() < 0.12:
            part += rng.choice(",.;:-/)?!")
        elif rng.random() < 0.06:
            part = rng.choice(("(", "“", '"', "- ", "+ ")) + part
        elif rng.random() < 0.06:
            part = str(rng.randrange(10 ** rng.randrange(1, 6)))
        parts.append(part)
    return style(rng, cut(parts, most))
