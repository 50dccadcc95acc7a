"""Where the search index and the records differ.

Both are read in portions and in one order, by id, so that millions of documents need no more memory than a few
thousand. What differs is looked at once more: the service goes on working in the meantime.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from core.states import OPEN_JOBS
from flow.index import expected_revision
from flow.service import Service
from storage.tables import Document, Job

_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Drift:
    """A document of which the index holds another revision than it should; None: it holds none, or should hold none.

    `known`: the records have a row of it. `awaited`: a job that is still to run may mend it.
    """

    document_id: str
    held: int | None
    wanted: int | None
    known: bool
    awaited: bool


def find_drift(service: Service) -> Iterator[Drift]:
    """Every document that is out of step, by id. Raises SearchUnavailable."""
    for document_id in _find_candidates(service):
        drift = _look_again(service, document_id)
        if drift.held != drift.wanted:
            yield drift


def _find_candidates(service: Service) -> Iterator[str]:
    """The ids with different revisions in two ascending sequences."""
    held = service.search.revisions()
    wanted = _wanted_revisions(service)
    index, records = next(held, None), next(wanted, None)
    while index is not None or records is not None:
        if records is None or (index is not None and index[0] < records[0]):
            assert index is not None
            yield index[0]
            index = next(held, None)
        elif index is None or records[0] < index[0]:
            if records[1] is not None:
                yield records[0]
            records = next(wanted, None)
        else:
            if index[1] != records[1]:
                yield index[0]
            index, records = next(held, None), next(wanted, None)


def _wanted_revisions(service: Service) -> Iterator[tuple[str, int | None]]:
    """Every document of the records with the revision that the index should hold, by ascending id."""
    for portion in document_ids(service):
        with service.records.reading() as session:
            documents = session.scalars(select(Document).where(Document.id.in_(portion)).order_by(Document.id))
            revisions = [(document.id, expected_revision(document)) for document in documents]
        yield from revisions


def document_ids(service: Service, at_once: int = _AT_ONCE) -> Iterator[list[str]]:
    """The ids of all documents, ascending, a portion at a time, each read in a transaction of its own."""
    last = ""
    while True:
        wanted = select(Document.id).where(Document.id > last).order_by(Document.id).limit(at_once)
        with service.records.reading() as session:
            portion = list(session.scalars(wanted))
        if not portion:
            return
        yield portion
        last = portion[-1]


def _look_again(service: Service, document_id: str) -> Drift:
    """The records first: a job that is done by then has written before."""
    with service.records.reading() as session:
        document = session.get(Document, document_id)
        open_job = select(Job.id).where(Job.subject_id == document_id, Job.state.in_(OPEN_JOBS)).limit(1)
        awaited = session.scalar(open_job) is not None
    standing = service.search.standing(document_id)
    held = standing.revision if standing is not None and not standing.gone else None
    wanted = expected_revision(document) if document is not None else None
    return Drift(document_id, held, wanted, document is not None, awaited)
