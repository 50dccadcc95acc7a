"""Logging of the service's processes: one line an event on standard error, as text or as JSON.

Each line names what the process works on, batch, document, page or job, by id. Contents of documents are never logged.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType

from core.settings import Settings

_NOISY = (
    "httpx",
    "PIL",
    "kombu",
    "amqp",
    "celery.beat",
    "celery.worker.strategy",
    "celery.worker.request",  # it tells of every sweep that came too late to matter
    "celery.app.trace",
    "opensearch",
)
_OWN_WAYS = ("uvicorn", "uvicorn.error")
"""Loggers that the web server gave handlers of their own. Its access log stays silent: it tells what is asked for."""
_TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s%(ids)s"
_NONE: Mapping[str, str] = MappingProxyType({})
_ids: ContextVar[Mapping[str, str]] = ContextVar("ids", default=_NONE)


@contextmanager
def log_ids(**ids: str) -> Iterator[None]:
    """Every line that is logged in the block, by this thread, bears these ids too."""
    token = _ids.set({**_ids.get(), **ids})
    try:
        yield
    finally:
        _ids.reset(token)


def add_log_ids(**ids: str) -> None:
    """The same until the end of the present context, such as a request's."""
    _ids.set({**_ids.get(), **ids})


class _TextFormatter(logging.Formatter):
    """The ids stand behind the message."""

    def format(self, record: logging.LogRecord) -> str:
        ids = " ".join(f"{name}={value}" for name, value in _ids.get().items())
        record.ids = f" [{ids}]" if ids else ""
        return super().format(record)


class JsonFormatter(logging.Formatter):
    """One object a line: time, level, logger, message, process, the ids, and of an error its type and trace."""

    def format(self, record: logging.LogRecord) -> str:
        content: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
            **_ids.get(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0] is not None:
            content["error"] = record.exc_info[0].__name__
            content["trace"] = self.formatException(record.exc_info)
        return json.dumps(content, ensure_ascii=False, default=str)


def configure_logging(settings: Settings) -> None:
    """Sets up the root logger as the settings say; the libraries' own chatter is kept to warnings."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if settings.log_format == "json" else _TextFormatter(_TEXT))
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler], force=True)
    for name in _OWN_WAYS:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    for noisy in _NOISY:
        logging.getLogger(noisy).setLevel(logging.WARNING)
