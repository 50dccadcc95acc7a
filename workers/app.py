"""The worker's side of dispatch. A message carries a job's id; the database decides whether there is anything to do.

Messages are acknowledged before the work: a lost one costs time until the next sweep, a doubled one finds the job
taken.
"""

from __future__ import annotations

import logging
import os
import socket
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_process_init, worker_process_shutdown

from core.errors import SohoaError
from core.logs import configure_logging
from core.settings import load_settings
from core.stages import RUN_JOB_TASK, SWEEP_TASK, TIDY_TASK, Queue
from flow.dispatch import Dispatcher
from flow.expire_uploads import tidy_stores
from flow.read import warm_up
from flow.run_job import run_job, sweep
from flow.service import Service, open_service
from flow.tracing import Tracing, open_tracing
from workers.deafness import end_when_deaf
from workers.presence import Presence

logger = logging.getLogger(__name__)

TIDY_SECONDS = 600.0

settings = load_settings()

app = Celery("sohoa", broker=settings.broker)
app.conf.update(
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    task_acks_late=False,
    task_default_queue=Queue.LIGHT.value,
    worker_prefetch_multiplier=1,
    worker_send_task_events=False,
    worker_enable_remote_control=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={"visibility_timeout": 3600},
    beat_schedule={
        "sweep": {
            "task": SWEEP_TASK,
            "schedule": settings.sweep_seconds,
            "options": {"queue": Queue.LIGHT.value, "expires": settings.sweep_seconds * 2},
        },
        "tidy": {
            "task": TIDY_TASK,
            "schedule": TIDY_SECONDS,
            "options": {"queue": Queue.LIGHT.value, "expires": TIDY_SECONDS},
        },
    },
)


@dataclass(frozen=True, slots=True)
class _Process:
    service: Service
    dispatcher: Dispatcher
    name: str
    tracing: Tracing
    presence: Presence


@lru_cache(maxsize=1)
def _process() -> _Process:
    """What this worker process holds, opened after the fork."""
    dispatcher = Dispatcher(settings)
    name = f"{socket.gethostname()}:{os.getpid()}"
    service = open_service(settings, dispatcher.announce)
    queues = [Queue(queue) for queue in app.amqp.queues.consume_from]
    presence = Presence(service.records, name, queues)
    return _Process(service, dispatcher, name, open_tracing(settings, "worker"), presence)


@setup_logging.connect  # type: ignore[untyped-decorator]
def _log(**_: Any) -> None:
    configure_logging(settings)
    end_when_deaf()


@worker_process_init.connect  # type: ignore[untyped-decorator]
def _load_models(**_: Any) -> None:
    process = _process()
    try:
        warm_up(settings)
    except SohoaError as error:
        # It is not counted among those alive: pages that wait for a GPU go to the CPU.
        logger.error("the models do not load, this worker is of no use for reading: %s", error)
        return
    process.presence.start()


@worker_process_shutdown.connect  # type: ignore[untyped-decorator]
def _leave(**_: Any) -> None:
    process = _process()
    process.presence.stop()
    process.tracing.close()
    process.service.close()


@app.task(name=RUN_JOB_TASK)  # type: ignore[untyped-decorator]
def run_job_task(job_id: str) -> None:
    """Runs the job if it is due and free."""
    process = _process()
    run_job(process.service, job_id, process.name, process.tracing)


@app.task(name=SWEEP_TASK)  # type: ignore[untyped-decorator]
def sweep_task() -> None:
    """Nudges what is due."""
    process = _process()
    sweep(process.service, process.dispatcher)


@app.task(name=TIDY_TASK)  # type: ignore[untyped-decorator]
def tidy_task() -> None:
    """Drops abandoned uploads."""
    tidy_stores(_process().service)
