"""Traces of requests and jobs, where the settings name a collector; otherwise none is made, and nothing imported."""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import cast

from core.errors import SettingsError
from core.settings import Settings

Attributes = Mapping[str, str | int]


class Span(ABC):
    """Something that is being done, from its start to its end."""

    @abstractmethod
    def note(self, attributes: Attributes) -> None:
        """Adds what became known on the way. Ids and numbers, never contents."""

    @abstractmethod
    def fail(self, reason: str) -> None:
        """Marks it as failed. `reason` is the name of an error."""


class Tracing(ABC):
    """Takes spans and sends them on."""

    @abstractmethod
    def span(self, name: str, attributes: Attributes, parent: Mapping[str, str]) -> AbstractContextManager[Span]:
        """The block is this span; `parent` holds the headers of a request that may name the span that caused it."""

    @abstractmethod
    def close(self) -> None:
        """Sends what is still held."""


class _NoSpan(Span):
    def note(self, attributes: Attributes) -> None: ...

    def fail(self, reason: str) -> None: ...


class _NoTracing(Tracing):
    def span(self, name: str, attributes: Attributes, parent: Mapping[str, str]) -> AbstractContextManager[Span]:  # noqa: ARG002
        return nullcontext(_NoSpan())

    def close(self) -> None: ...


NO_TRACING: Tracing = _NoTracing()


def open_tracing(settings: Settings, part: str) -> Tracing:
    """The tracing that the settings ask for. `part`: api or worker. Raises SettingsError where the extra is missing."""
    if not settings.otlp_url:
        return NO_TRACING
    try:
        # The one place that looks for the extra: whoever traces nothing need not install it.
        module = importlib.import_module("flow.telemetry")
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"SOHOA_OTLP_URL is set, and {error.name} is not installed.",
            "Install the extra: pip install --no-deps --require-hashes -r requirements-telemetry.lock",
        ) from None
    return cast(Tracing, module.open_telemetry(settings.otlp_url, part))
