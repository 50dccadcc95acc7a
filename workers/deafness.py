"""A worker that lost its broker while it acknowledged a message hears nothing more: it ends, and is started again."""

from __future__ import annotations

import logging
import os
import signal

_LOGGER = "celery.worker.request"
_SAID = "Couldn't ack"


class EndWhenDeaf(logging.Handler):
    """Tells this process to stop once Celery says that it could not acknowledge a message.

    kombu swallows that error, and with it the news that the connection on which the worker waits for messages is gone:
    it would wait for ever. Stopping is warm: what is at work is finished. Whoever supervises starts it anew.
    """

    def __init__(self) -> None:
        super().__init__(logging.CRITICAL)
        self._worker = os.getpid()
        self._told = False

    def emit(self, record: logging.LogRecord) -> None:
        """Once, and only in the process that listens: its children inherit the handler."""
        if self._told or os.getpid() != self._worker or not str(record.msg).startswith(_SAID):
            return
        self._told = True
        os.kill(self._worker, signal.SIGTERM)


def end_when_deaf() -> None:
    """From now on this process ends when it is deaf."""
    logging.getLogger(_LOGGER).addHandler(EndWhenDeaf())
