"""Logging of the service's processes: one line an event on standard error."""

from __future__ import annotations

import logging


def configure_logging(level: str) -> None:
    """Sets up the root logger; the libraries' own chatter is kept to warnings."""
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s", force=True)
    for noisy in ("httpx", "PIL", "kombu", "amqp", "celery.beat", "celery.worker.strategy", "celery.app.trace"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
