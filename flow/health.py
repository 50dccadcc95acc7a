"""Whether the parts of the service answer, asked with little patience, so that whoever asks is answered in time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core.errors import SohoaError
from core.stages import Queue
from flow.dispatch import Dispatcher
from flow.service import Service
from storage.objects import Area

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 2.0
_NO_OBJECT = "0" * 64
_NO_DOCUMENT = "0" * 32


class Part(StrEnum):
    """What a process of the service needs around it."""

    RECORDS = "records"
    OBJECTS = "objects"
    BROKER = "broker"
    SEARCH = "search"


NEEDED = frozenset({Part.RECORDS, Part.OBJECTS})
"""Without these no request can be served. Without the others much can: jobs wait, and only searching fails."""

Probe = Callable[[], object]


def make_probes(service: Service, dispatcher: Dispatcher | None) -> dict[Part, Probe]:
    """What to ask each part. Without a dispatcher, as in a program that announces nothing, the broker is not asked."""
    probes: dict[Part, Probe] = {
        Part.RECORDS: lambda: _ask_records(service),
        Part.OBJECTS: lambda: service.objects.has(Area.ORIGINALS, _NO_OBJECT),
        Part.SEARCH: lambda: service.search.standing(_NO_DOCUMENT),
    }
    if dispatcher is not None:
        probes[Part.BROKER] = lambda: dispatcher.count_waiting(Queue.LIGHT)
    return probes


def _ask_records(service: Service) -> None:
    with service.records.reading() as session:
        session.execute(text("SELECT 1 FROM users LIMIT 1"))


@dataclass(frozen=True, slots=True)
class Health:
    """Which parts answer. `ready`: requests can be served."""

    answers: Mapping[Part, bool]

    @property
    def ready(self) -> bool:
        return all(self.answers.get(part, True) for part in NEEDED)

    @property
    def whole(self) -> bool:
        return all(self.answers.values())


@dataclass(slots=True)
class HealthCheck:
    """Asks all parts at once. A question that still hangs is not asked again: however often the load balancer comes,
    a part that does not answer holds one thread.
    """

    probes: Mapping[Part, Probe]
    patience: float = PATIENCE_SECONDS
    _pool: ThreadPoolExecutor = field(init=False)
    _open: dict[Part, Future[object]] = field(init=False, default_factory=dict)
    _lock: Lock = field(init=False, default_factory=Lock)

    def __post_init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=max(1, len(self.probes)), thread_name_prefix="health")

    def ask(self) -> Health:
        """How the parts are now. Takes at most `patience` seconds and a little."""
        with self._lock:
            for part, probe in self.probes.items():
                if part not in self._open or self._open[part].done():
                    self._open[part] = self._pool.submit(probe)
            asked = dict(self._open)
        return Health({part: self._answers(part, future) for part, future in asked.items()})

    def _answers(self, part: Part, future: Future[object]) -> bool:
        try:
            future.result(self.patience)
        except (TooLate, SohoaError, SQLAlchemyError, OSError) as error:
            logger.warning("%s does not answer: %s", part, type(error).__name__)
            return False
        return True

    def close(self) -> None:
        """Waits for nothing."""
        self._pool.shutdown(wait=False, cancel_futures=True)
