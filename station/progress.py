"""How far a delivery has come, on standard error: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO

import click

_STEP = 10
"""Percent between two lines."""


@dataclass(frozen=True, slots=True)
class Progress:
    """`out` None keeps silent."""

    out: TextIO | None

    def note(self, text: str) -> None:
        """One line."""
        if self.out:
            click.echo(text, file=self.out)

    @contextmanager
    def sending(self, label: str, total: int) -> Iterator[Callable[[int], None]]:
        """Yields a function to be told of each number of bytes that are done."""
        if self.out is None:
            yield lambda _: None
        elif self.out.isatty():
            with click.progressbar(length=total, label=label, file=self.out) as bar:
                yield bar.update
        else:
            yield _Lines(self, label, total).advance


@dataclass(slots=True)
class _Lines:
    progress: Progress
    label: str
    total: int
    done: int = 0
    told: int = 0

    def advance(self, count: int) -> None:
        self.done += count
        percent = 100 * self.done // max(self.total, 1)
        if percent // _STEP > self.told // _STEP:
            self.told = percent
            self.progress.note(f"{self.label}: {percent} % of {self.total:,} bytes")
