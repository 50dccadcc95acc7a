"""The process of this process that may die: whatever decodes or reads what came from outside runs in it."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from functools import cache
from typing import TypeVar

from core.settings import Settings
from ingest.isolation import Bounds, IsolatedProcess

Result = TypeVar("Result")


def bounds_of(settings: Settings) -> Bounds:
    """Most time and memory of the work on one page, by the settings."""
    return Bounds(seconds=settings.page_seconds, megabytes=settings.page_megabytes)


@cache
def _process(bounds: Bounds) -> IsolatedProcess:
    process = IsolatedProcess(bounds)
    atexit.register(process.close)
    return process


def isolate(
    settings: Settings, work: Callable[..., Result], *arguments: object, bounds: Bounds | None = None
) -> Result:
    """`work(*arguments)` in the process that may die. bounds: where they are not those of one page.

    Raises what `IsolatedProcess.call` raises.
    """
    return _process(bounds_of(settings)).call(work, *arguments, bounds=bounds)
