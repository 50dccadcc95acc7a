"""A worker process says that it is alive, and gives back what it holds when it is told to stop."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

import psutil
from sqlalchemy.exc import DBAPIError

from core.stages import Queue
from storage.database import Records, present
from storage.jobs import release_dead, release_held
from storage.workers import BEAT_SECONDS, forget_worker, note_alive

logger = logging.getLogger(__name__)


class Presence:
    """The beat of one worker process, in a thread of its own, so that a long page does not make it look dead."""

    def __init__(self, records: Records, name: str, queues: Sequence[Queue], seconds: float = BEAT_SECONDS) -> None:
        self._records = records
        self._name = name
        self._queues = tuple(queues)
        self._seconds = seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"presence-{name}", daemon=True)

    def start(self) -> None:
        """Begins to beat, and ends the leases of workers that died on this machine, whose place it may have taken."""
        host = self._name.rpartition(":")[0]
        try:
            with self._records.writing() as session:
                ended = release_dead(session, host, psutil.pid_exists, present(session))
        except DBAPIError as error:  # the leases run out by themselves
            logger.warning("leases of dead workers were not looked for: %s", error.orig)
        else:
            if ended:
                logger.warning("%s jobs of workers that died on this machine are taken up again", ended)
        self._thread.start()

    def stop(self) -> None:
        """Ends the beat, gives leases back that are still held, and takes the worker's row away."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(self._seconds)
        try:
            with self._records.writing() as session:
                given_back = release_held(session, self._name, present(session))
                forget_worker(session, self._name)
        except DBAPIError as error:  # the leases run out by themselves
            logger.warning("the worker's row could not be removed: %s", error.orig)
            return
        if given_back:
            logger.info("%s jobs were given back, another worker takes them", given_back)

    def _beat(self) -> None:
        while not self._ended.is_set():
            try:
                with self._records.writing() as session:
                    note_alive(session, self._name, self._queues, present(session))
            except DBAPIError as error:  # the database restarts: the next beat may find it
                logger.warning("the worker could not say that it is alive: %s", error.orig)
            self._ended.wait(self._seconds)
