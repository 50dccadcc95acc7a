"""Checking the stores against the records: what is missing, orphaned, changed, not copied, not locked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import HashMismatch, NotFound
from core.stages import Stage
from core.states import OPEN_JOBS
from flow.findings import Finding
from flow.lock_originals import accepted_files
from flow.named_objects import HASHES, named_objects
from flow.service import Service
from storage.objects import Area, ObjectStore
from storage.tables import IncomingFile, Job, now

_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Known:
    """An object that the records name. name: what of."""

    sha256: str
    name: str


def check_objects(service: Service, *, deep: bool) -> Iterator[Finding]:
    """`deep` reads every object and asks the store for every lock."""
    yield from _compare(service.objects, "objects", Area.ORIGINALS, known_originals(service), deep=deep)
    yield from _compare(service.objects, "objects", Area.PAGES, _walk(service, Area.PAGES), deep=deep)
    if service.copy is not None:
        with service.records.reading() as session:
            waiting = _waiting_copies(session)
        for finding in _compare(service.copy, "copy", Area.ORIGINALS, known_originals(service), deep=deep):
            if finding.kind != "missing" or finding.where.rpartition("/")[2] not in waiting:
                yield finding
    with service.records.reading() as session:
        for file in unlocked_files(session, service, deep=deep):
            what = f"'{file.name}' was accepted and is not locked: run 'sohoa audit --mend'"
            yield Finding("objects", "unlocked", f"originals/{file.sha256}", what)


def known_originals(service: Service) -> Iterator[Known]:
    """Originals that have to be there, ascending, each once."""
    return _walk(service, Area.ORIGINALS)


def _walk(service: Service, area: Area) -> Iterator[Known]:
    """Many at once, each lot in a transaction of its own: what is done with one lot may take hours."""
    last = ""
    while True:
        with service.records.reading() as session:
            rows = session.execute(named_objects(area, HASHES[area] > last).limit(_AT_ONCE)).all()
        yield from (Known(one or "", its) for one, its in rows)
        if len(rows) < _AT_ONCE:
            return
        last = rows[-1][0] or ""


def _compare(store: ObjectStore, part: str, area: Area, known: Iterable[Known], *, deep: bool) -> Iterator[Finding]:
    """Walks both lists at once, for neither need fit in memory."""
    stored = store.list_hashes(area)
    found = next(stored, None)
    for one in known:
        while found is not None and found < one.sha256:
            yield _orphaned(part, area, found)
            found = next(stored, None)
        if found != one.sha256:
            yield Finding(part, "missing", f"{area}/{one.sha256}", f"'{one.name}' has no object: run 'sohoa audit'")
            continue
        found = next(stored, None)
        if deep and (fault := find_fault(store, area, one.sha256)):
            yield Finding(part, fault, f"{area}/{one.sha256}", f"'{one.name}' is not what it was: run 'sohoa audit'")
    while found is not None:
        yield _orphaned(part, area, found)
        found = next(stored, None)


def _orphaned(part: str, area: Area, sha256: str) -> Finding:
    # An upload or a job that was cut off between storing and committing; the next try uses the same object.
    return Finding(part, "orphaned", f"{area}/{sha256}", "no row names it")


def find_fault(store: ObjectStore, area: Area, sha256: str) -> str | None:
    """What reading the object to its end shows: missing, changed, or None."""
    try:
        store.verify(area, sha256)
    except NotFound:
        return "missing"
    except HashMismatch:
        return "changed"
    return None


def _waiting_copies(session: Session) -> set[str]:
    query = (
        select(IncomingFile.sha256)
        .join(Job, Job.subject_id == IncomingFile.id)
        .where(Job.stage == Stage.COPY, Job.state.in_(OPEN_JOBS))
    )
    return set(session.scalars(query))


def unlocked_files(session: Session, service: Service, *, deep: bool) -> Iterator[IncomingFile]:
    """Received files of accepted documents whose originals are not locked, unless a job is to lock them yet.

    By the records; `deep` asks the store about those that the records call locked still.
    """
    waiting = select(Job.subject_id).where(Job.stage == Stage.LOCK, Job.state.in_(OPEN_JOBS))
    query = accepted_files(IncomingFile.batch_id.not_in(waiting))
    for file in session.scalars(query, execution_options={"yield_per": 1_000}):
        if file.locked_until is None or (deep and not _is_locked(service, file)):
            yield file


def _is_locked(service: Service, file: IncomingFile) -> bool:
    if file.locked_until is None or file.locked_until <= now():
        return True  # its time is over
    try:
        return service.objects.locked_until(file.sha256) is not None
    except NotFound:
        return True  # that it is missing is a finding of its own
