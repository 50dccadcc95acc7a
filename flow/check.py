"""Checking an installation: is anything missing, orphaned, stuck or out of step?

The records are the truth. Every finding says where it is and what to do; nothing is mended here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import HashMismatch
from core.stages import Stage
from core.states import BatchState, DocumentState, FileState, JobState
from flow.index import expected_revision
from flow.service import Service
from storage.access_log import find_fault
from storage.objects import Area
from storage.tables import Batch, Document, IncomingFile, Job, Page, now

_STUCK_AFTER = timedelta(minutes=10)
_OPEN_JOBS = (JobState.READY, JobState.LEASED, JobState.FAILED)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be. `part`: records, objects, index, jobs or log."""

    part: str
    kind: str
    where: str
    what: str


def check_installation(service: Service, *, deep: bool) -> list[Finding]:
    """All findings. `deep` reads every object and compares its SHA-256; otherwise presence is enough."""
    with service.records.reading() as session:
        findings = [
            *check_equations(session),
            *_check_objects(session, service, deep),
            *_check_progress(session),
            *_check_index(session, service),
        ]
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


def _check_objects(session: Session, service: Service, deep: bool) -> Iterator[Finding]:
    kept = Document.state != DocumentState.PURGED
    originals = (
        select(IncomingFile.sha256, IncomingFile.name)
        .join(Document, Document.id == IncomingFile.document_id)
        .where(kept, IncomingFile.state == FileState.RECEIVED)
    )
    images = select(Page.image_sha256, Page.id).join(Document, Document.id == Page.document_id).where(kept)
    known_originals = {row.sha256: row.name for row in session.execute(originals)}
    known_images = {row.image_sha256: row.id for row in session.execute(images) if row.image_sha256}
    for area, known in ((Area.ORIGINALS, known_originals), (Area.PAGES, known_images)):
        stored = set(service.objects.list_hashes(area))
        for sha256 in sorted(known.keys() - stored):
            yield Finding("objects", "missing", f"{area}/{sha256}", f"'{known[sha256]}' has no object: restore it")
        for sha256 in sorted(stored - known.keys()):
            # An upload or a job that was cut off between storing and committing; the next try uses the same object.
            yield Finding("objects", "orphaned", f"{area}/{sha256}", "no row names it")
        if deep:
            yield from _check_fixity(service, area, sorted(stored & known.keys()))


def _check_fixity(service: Service, area: Area, hashes: list[str]) -> Iterator[Finding]:
    for sha256 in hashes:
        try:
            service.objects.read(area, sha256)
        except HashMismatch as error:
            yield Finding("objects", "changed", f"{area}/{sha256}", error.message)


def _check_progress(session: Session) -> Iterator[Finding]:
    for job in session.scalars(select(Job).where(Job.state == JobState.PARKED)):
        reason = (job.reason or "").splitlines()[:1]
        what = f"{job.stage} gave up after {job.attempt} attempts: {''.join(reason)}"
        if not _is_settled(session, job):
            yield Finding("jobs", "parked", f"{job.stage} of {job.subject_id}", what)
    late = now() - _STUCK_AFTER
    for job in session.scalars(select(Job).where(Job.state == JobState.LEASED, Job.lease_until < late)):
        yield Finding("jobs", "stuck", f"{job.stage} of {job.subject_id}", "its lease ran out and nobody took it up")
    busy = {
        batch_id for (batch_id,) in session.execute(select(Job.batch_id).where(Job.state.in_(_OPEN_JOBS)).distinct())
    }
    for batch in session.scalars(select(Batch).where(Batch.state == BatchState.PROCESSING)):
        if batch.id not in busy:
            yield Finding("records", "stuck", f"batch {batch.code}", "is in processing with nothing left to do")


def _is_settled(session: Session, job: Job) -> bool:
    """Whether what the parked job left behind has been decided by a person, or mended since."""
    if job.stage in (Stage.SPLIT, Stage.READ):
        key = Page.incoming_file_id if job.stage is Stage.SPLIT else Page.id
        waiting = select(Page.id).where(
            key == job.subject_id, Page.failure.is_not(None), Page.failure_settled_by.is_(None)
        )
        return session.scalar(waiting.limit(1)) is None
    document = session.get_one(Document, job.subject_id)
    if job.stage is Stage.DESCRIBE:
        return document.state not in (DocumentState.PROCESSING, DocumentState.WITHHELD)
    return document.indexed_revision >= document.search_revision


def _check_index(session: Session, service: Service) -> Iterator[Finding]:
    held = dict(service.search.revisions())
    pending = {subject_id for (subject_id,) in session.execute(select(Job.subject_id).where(Job.state.in_(_OPEN_JOBS)))}
    for document in session.scalars(select(Document)):
        found = held.pop(document.id, None)
        wanted = expected_revision(document)
        if found != wanted and document.id not in pending:
            what = f"the index holds revision {found}, the records say {wanted}: run 'sohoa reindex'"
            yield Finding("index", "out_of_step", f"document {document.id}", what)
    for document_id in sorted(held):
        yield Finding("index", "orphaned", f"document {document_id}", "no row of the records: run 'sohoa reindex'")
