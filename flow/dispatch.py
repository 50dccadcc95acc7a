"""Nudging workers through the broker. No message holds anything of value, so a broker that forgets loses nothing."""

from __future__ import annotations

import logging

from celery import Celery
from kombu.exceptions import OperationalError
from redis import Redis
from redis.exceptions import RedisError

from core.settings import Settings
from core.stages import RUN_JOB_TASK, Queue
from storage.database import Nudge

logger = logging.getLogger(__name__)

_TRANSPORT = {"visibility_timeout": 3600, "max_retries": 1, "socket_connect_timeout": 3, "socket_timeout": 10}


class Dispatcher:
    """Sends nudges to the broker of these settings. One per process; make it after forking."""

    def __init__(self, settings: Settings) -> None:
        self._sender = Celery("sohoa-sender", broker=settings.broker, set_as_current=False)
        self._sender.conf.update(task_ignore_result=True, broker_transport_options=_TRANSPORT)
        self._broker = Redis.from_url(settings.broker, socket_connect_timeout=3, socket_timeout=10)

    def announce(self, nudge: Nudge) -> None:
        """Has a worker look at a job. If the broker is away, the sweep finds the job later."""
        try:
            self._sender.send_task(RUN_JOB_TASK, args=[nudge.job_id], queue=nudge.queue.value, retry=False)
        except OperationalError as error:
            logger.warning("the broker does not answer (%s); the sweep will find job %s", error, nudge.job_id)

    def count_waiting(self, queue: Queue) -> int:
        """Messages that no worker has taken yet. Raises OSError-like RedisError as ConnectionError when it is away."""
        try:
            return int(self._broker.llen(queue.value))
        except RedisError as error:
            raise ConnectionError(f"The broker does not answer: {error}") from error
