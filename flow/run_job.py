"""Running one job under its lease, whatever its stage; and the sweep that finds what messages have lost."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache, partial

from sqlalchemy.exc import OperationalError

from core.errors import LeaseLost, SearchUnavailable, StoreUnavailable
from core.stages import RULES, Queue, Stage
from core.states import JobState
from flow.catalogue_entries import apply_due_entries
from flow.dispatch import Dispatcher
from flow.job_context import in_job
from flow.read import record_of
from flow.read_together import claim_beside, read_together
from flow.service import Service
from flow.steps import STEPS, Record
from flow.tend_workers import tend_workers
from flow.tracing import NO_TRACING, Span, Tracing
from storage import jobs
from storage.database import Nudge, present
from storage.jobs import Claim

logger = logging.getLogger(__name__)

_SWEEP_LIMIT = 2_000
_LAST_LINES = 12


def run_job(service: Service, job_id: str, worker: str, tracing: Tracing = NO_TRACING) -> bool:
    """Runs the job if it is due and free; answers whether it was. The database alone decides.

    A page is read with others that wait beside it, where the settings say so; each keeps a job of its own.
    """
    with service.records.writing() as session:
        held = jobs.claim(session, job_id, worker, present(session))
        beside = claim_beside(session, service.settings, held, worker) if held else []
    if held is None:
        return False
    if beside:
        _work_together(service, [held, *beside], tracing)
        return True
    with in_job(held, tracing) as span:
        _work(service, held, span, lambda: STEPS[held.stage].perform(service, held.subject_id))
    return True


def _work_together(service: Service, held: Sequence[Claim], tracing: Tracing) -> None:
    """The pages are read in the first one's job; the others' jobs keep what came of theirs, or read it alone."""
    read = cache(lambda: read_together(service, [one.subject_id for one in held]))

    def perform(page_id: str) -> Record:
        page = read().get(page_id)
        return STEPS[Stage.READ].perform(service, page_id) if page is None else record_of(page_id, page)

    with ExitStack() as leases:
        for one in held[1:]:
            leases.enter_context(_heartbeat(service, one))
        for one in held:
            with in_job(one, tracing) as span:
                _work(service, one, span, partial(perform, one.subject_id))


def _work(service: Service, held: Claim, span: Span, perform: Callable[[], Record]) -> None:
    job_id = held.job_id
    try:
        with _heartbeat(service, held):
            record = perform()
        _finish(service, held, record)
    except LeaseLost as error:
        span.fail(type(error).__name__)
        logger.warning("job %s: %s", job_id, error)
    except (StoreUnavailable, SearchUnavailable) as error:
        span.fail(type(error).__name__)
        logger.warning("job %s (%s of %s) waits: %s", job_id, held.stage, held.subject_id, error)
        _put_off(service, held, _explain(error))
    except Exception as error:  # the job's boundary: the reason is kept, the attempt counts
        span.fail(type(error).__name__)
        logger.exception("job %s (%s of %s) failed", job_id, held.stage, held.subject_id)
        _fail(service, held, _explain(error))


def _finish(service: Service, held: Claim, record: Record) -> None:
    with service.records.writing() as session:
        jobs.finish(session, held, present(session))
        record(session)


def _fail(service: Service, held: Claim, reason: str) -> None:
    try:
        with service.records.writing() as session:
            if jobs.fail(session, held, reason, present(session)) is JobState.PARKED:
                STEPS[held.stage].give_up(session, held.subject_id, reason)
    except LeaseLost as error:
        logger.warning("job %s: %s", held.job_id, error)


def _put_off(service: Service, held: Claim, reason: str) -> None:
    try:
        with service.records.writing() as session:
            jobs.put_off(session, held, reason, present(session))
    except LeaseLost as error:
        logger.warning("job %s: %s", held.job_id, error)


def _explain(error: Exception) -> str:
    """The error in one line, and where it arose: the evidence that stays with the job."""
    lines = traceback.format_exception(error)
    return f"{type(error).__name__}: {error}\n" + "".join(lines[-_LAST_LINES:])[-2000:]


@contextmanager
def _heartbeat(service: Service, held: Claim) -> Iterator[None]:
    """Extends the lease while the block runs, three times in its length."""
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(RULES[held.stage].lease_seconds / 3):
            try:
                with service.records.writing() as session:
                    jobs.extend(session, held, present(session))
            except LeaseLost:
                return
            except OperationalError as error:  # the database restarts: the next beat may find it
                logger.warning("job %s: its lease could not be extended: %s", held.job_id, error.orig)

    thread = threading.Thread(target=beat, name=f"lease-{held.job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def sweep(service: Service, dispatcher: Dispatcher) -> int:
    """Parks jobs whose workers died with the last attempt, nudges what is due, and answers how many nudges it sent.

    A queue that still has messages is left alone, so that waiting jobs are not nudged again and again.
    """
    with service.records.writing() as session:
        for job in jobs.find_exhausted(session, present(session)):
            reason = f"The worker {job.worker} died {job.attempt} times while working on this."
            jobs.park(job, reason)
            STEPS[job.stage].give_up(session, job.subject_id, reason)
        tend_workers(session, present(session))
        apply_due_entries(session, service.dictionaries)
    try:
        idle = [queue for queue in Queue if dispatcher.count_waiting(queue) == 0]
    except ConnectionError as error:
        logger.warning("%s", error)
        return 0
    with service.records.reading() as session:
        due = jobs.find_due(session, idle, present(session), _SWEEP_LIMIT)
    for job_id, queue in due:
        dispatcher.announce(Nudge(job_id, queue))
    return len(due)
