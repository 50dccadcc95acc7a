"""Looks at every page while the paper is still on the table: what should be scanned again, why, and how."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from core.defects import DEFECTS
from core.errors import SohoaError
from ingest.checks import Limits
from ingest.isolation import Bounds, IsolatedPool
from ingest.splitting import take_page
from ocr.images import load_page_image
from ocr.quality import measure_quality

UNREADABLE = "unreadable"
"""A page that cannot be taken out of its file or decoded."""
_BOUNDS = Bounds(seconds=60, megabytes=3_000)


@dataclass(frozen=True, slots=True)
class PageFault:
    """A page that should be scanned again. defect: a name of core.defects with its figure, or "unreadable"."""

    page: int
    defect: str
    figure: float = 0.0
    reason: str = ""

    @property
    def vietnamese(self) -> str:
        """What is wrong and what to do, for who scans."""
        rule = DEFECTS.get(self.defect)
        if rule is None:
            return f"Không đọc được trang ({self.reason}). Quét lại trang này."
        return f"{rule.vietnamese} ({self.figure:g} {rule.unit}, giới hạn {rule.limit:g}). {rule.advice}"

    @property
    def english(self) -> str:
        rule = DEFECTS.get(self.defect)
        name = self.defect.replace("_", " ")
        return f"{name}: {rule.english_advice if rule else 'Scan the page again.'}"


class PageLook:
    """Looks at pages in processes that may die, as many as there are cores."""

    def __init__(self) -> None:
        self._pool = IsolatedPool(os.cpu_count() or 1, _BOUNDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.__exit__()

    def find_faults(self, path: Path, media_type: str, pages: int, limits: Limits) -> tuple[PageFault, ...]:
        """The faults of a file's pages, in their order."""
        begun = [self._pool.submit(_look, path, media_type, limits, number) for number in range(1, pages + 1)]
        return tuple(fault for number, one in enumerate(begun, start=1) for fault in _await(number, one))


def _await(number: int, begun: Future[tuple[PageFault, ...]]) -> tuple[PageFault, ...]:
    try:
        return begun.result()
    except SohoaError as error:
        return (PageFault(number, UNREADABLE, reason=error.message),)


def _look(path: Path, media_type: str, limits: Limits, number: int) -> tuple[PageFault, ...]:
    taken = take_page(path, media_type, limits, number)
    image = load_page_image(taken.data, max_pixels=limits.max_pixels, dpi=taken.dpi)
    quality = measure_quality(image.grey, image.dpi)
    return tuple(PageFault(number, name, DEFECTS[name].measure(quality)) for name in quality.defects)


def describe_faults(faults: Mapping[str, Sequence[PageFault]]) -> list[str]:
    """A line a fault, in Vietnamese and English."""
    return [
        f"{name}, trang {fault.page}: {fault.vietnamese} / {fault.english}"
        for name, its in faults.items()
        for fault in its
    ]
