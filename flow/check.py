"""Checking an installation: is anything missing, orphaned, stuck or out of step?

The records are the truth. Every finding says where it is and what to do; nothing is mended here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import SearchUnavailable
from core.stages import Stage
from core.states import OPEN_JOBS, BatchState, DocumentState, FileState, JobState
from flow.check_objects import check_objects
from flow.drift import find_drift
from flow.findings import Finding
from flow.lock_originals import accepted_files
from flow.service import Service
from storage.access_log import find_fault
from storage.database import present
from storage.objects import Area
from storage.tables import Batch, Document, IncomingFile, Job, Page

_STUCK_AFTER = timedelta(minutes=10)


def check_installation(service: Service, *, deep: bool) -> list[Finding]:
    """All findings. `deep` reads every object and compares its SHA-256; otherwise presence is enough."""
    with service.records.reading() as session:
        findings = list(check_equations(session))
    findings += check_objects(service, deep=deep)
    with service.records.reading() as session:
        findings += _check_progress(session, service)
    findings += _check_index(service)
    with service.records.reading() as session:
        fault = find_fault(session)
    if fault is not None:
        findings.append(Finding("log", "broken_chain", f"event {fault.sequence}", fault.reason))
    return findings


def check_equations(session: Session) -> Iterator[Finding]:
    """files: announced = received + refused + not yet arrived; pages of received files: all = those in each state."""
    for batch in session.scalars(select(Batch).order_by(Batch.code)):
        listed = len(batch.manifest["files"]) if batch.manifest else 0
        files = _count(session, select(func.count()).where(IncomingFile.batch_id == batch.id))
        if listed != files:
            what = f"{listed} files announced, {files} accounted for"
            yield Finding("records", "files_equation", f"batch {batch.code}", what)
        received = (IncomingFile.batch_id == batch.id, IncomingFile.state == FileState.RECEIVED)
        announced_pages = _count(session, select(func.coalesce(func.sum(IncomingFile.page_count), 0)).where(*received))
        pages = _count(session, select(func.count()).where(Page.batch_id == batch.id))
        if announced_pages != pages:
            what = f"{announced_pages} pages received, {pages} accounted for"
            yield Finding("records", "pages_equation", f"batch {batch.code}", what)


def _count(session: Session, query: object) -> int:
    return int(session.scalar(query) or 0)  # type: ignore[call-overload]


def _check_progress(session: Session, service: Service) -> Iterator[Finding]:
    for job in session.scalars(select(Job).where(Job.state == JobState.PARKED)):
        reason = (job.reason or "").splitlines()[:1]
        what = f"{job.stage} gave up after {job.attempt} attempts: {''.join(reason)}"
        if not _is_settled(session, service, job):
            yield Finding("jobs", "parked", f"{job.stage} of {job.subject_id}", what)
    late = present(session) - _STUCK_AFTER
    for job in session.scalars(select(Job).where(Job.state == JobState.LEASED, Job.lease_until < late)):
        yield Finding("jobs", "stuck", f"{job.stage} of {job.subject_id}", "its lease ran out and nobody took it up")
    busy = {
        batch_id for (batch_id,) in session.execute(select(Job.batch_id).where(Job.state.in_(OPEN_JOBS)).distinct())
    }
    for batch in session.scalars(select(Batch).where(Batch.state == BatchState.PROCESSING)):
        if batch.id not in busy:
            yield Finding("records", "stuck", f"batch {batch.code}", "is in processing with nothing left to do")


def _is_settled(session: Session, service: Service, job: Job) -> bool:
    """Whether what the parked job left behind has been decided by a person, or mended since."""
    if job.stage in (Stage.SPLIT, Stage.READ):
        key = Page.incoming_file_id if job.stage is Stage.SPLIT else Page.id
        waiting = select(Page.id).where(
            key == job.subject_id, Page.failure.is_not(None), Page.failure_settled_by.is_(None)
        )
        return session.scalar(waiting.limit(1)) is None
    if job.stage is Stage.LOCK:
        unlocked = accepted_files(IncomingFile.batch_id == job.subject_id, IncomingFile.locked_until.is_(None))
        return session.scalar(unlocked.limit(1)) is None
    if job.stage is Stage.COPY:
        file = session.get_one(IncomingFile, job.subject_id)
        gone = session.get_one(Document, file.document_id).state is DocumentState.PURGED
        return service.copy is None or gone or service.copy.has(Area.ORIGINALS, file.sha256)
    document = session.get_one(Document, job.subject_id)
    if job.stage is Stage.DESCRIBE:
        return document.state not in (DocumentState.PROCESSING, DocumentState.WITHHELD)
    return document.indexed_revision >= document.search_revision


def _check_index(service: Service) -> Iterator[Finding]:
    try:
        for drift in find_drift(service):
            if not drift.known:
                what = "no row of the records: run 'sohoa reindex'"
                yield Finding("index", "orphaned", f"document {drift.document_id}", what)
            elif not drift.awaited:
                what = f"the index holds revision {drift.held}, the records say {drift.wanted}: run 'sohoa reindex'"
                yield Finding("index", "out_of_step", f"document {drift.document_id}", what)
    except SearchUnavailable as error:
        yield Finding("index", "unavailable", "search index", str(error))
