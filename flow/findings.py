"""What a check finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be. `part`: records, objects, copy, index, jobs or log."""

    part: str
    kind: str
    where: str
    what: str
    mended: bool = False
    """Whether it has been set right already."""
