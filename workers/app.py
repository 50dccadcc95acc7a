"""The worker's side of dispatch. A message carries a job's id; the database decides whether there is anything to do.

Messages are acknowledged before the work: a lost one costs time until the next sweep, a doubled one finds the job
taken.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_process_init

from core.logs import configure_logging
from core.settings import load_settings
from core.stages import RUN_JOB_TASK, SWEEP_TASK, Queue
from flow.dispatch import Dispatcher
from flow.read import warm_up
from flow.run_job import run_job, sweep
from flow.service import Service, open_service

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
        }
    },
)


@dataclass(frozen=True, slots=True)
class _Process:
    service: Service
    dispatcher: Dispatcher
    name: str


@lru_cache(maxsize=1)
def _process() -> _Process:
    """What this worker process holds, opened after the fork."""
    dispatcher = Dispatcher(settings)
    name = f"{socket.gethostname()}:{os.getpid()}"
    return _Process(open_service(settings, dispatcher.announce), dispatcher, name)


@setup_logging.connect  # type: ignore[untyped-decorator]
def _log(**_: Any) -> None:
    configure_logging(settings.log_level)


@worker_process_init.connect  # type: ignore[untyped-decorator]
def _load_models(**_: Any) -> None:
    _process()
    warm_up(settings)


@app.task(name=RUN_JOB_TASK)  # type: ignore[untyped-decorator]
def run_job_task(job_id: str) -> None:
    """Runs the job if it is due and free."""
    process = _process()
    run_job(process.service, job_id, process.name)


@app.task(name=SWEEP_TASK)  # type: ignore[untyped-decorator]
def sweep_task() -> None:
    """Nudges what is due."""
    process = _process()
    sweep(process.service, process.dispatcher)
