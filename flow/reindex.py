"""Bringing the search index into step with the records, or making it anew from them."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from flow.drift import Drift, document_ids, find_drift
from flow.index import build_search_record, is_searchable, note_indexed
from flow.service import Service
from indexing.backend import SearchWriter
from storage.tables import Document

logger = logging.getLogger(__name__)

_AT_ONCE = 50


def reindex(service: Service, *, rebuild: bool) -> int:
    """Mends every document that is out of step, after writing all of them anew with `rebuild`; answers how many.

    The service may go on working meanwhile. Raises SearchUnavailable: what was done by then stays done.
    """
    count = _rebuild(service) if rebuild else 0
    for drift in find_drift(service):
        _mend(service, drift)
        count += 1
    return count


def _rebuild(service: Service) -> int:
    count = 0
    with service.search.rebuild() as fresh:
        for ids in document_ids(service, _AT_ONCE):
            count += _write_anew(service, fresh, ids)
    return count


def _write_anew(service: Service, fresh: SearchWriter, ids: Sequence[str]) -> int:
    """Writes what these documents are at this moment; what nobody may find leaves its revision alone."""
    with service.records.reading() as session:
        documents = session.scalars(select(Document).where(Document.id.in_(ids), Document.search_revision > 0)).all()
        searchable = [document for document in documents if is_searchable(document)]
        records = [
            build_search_record(session, service.dictionaries.of_document(session, document.id), document)
            for document in searchable
        ]
    fresh.write(records)
    for document in documents:
        if not is_searchable(document):
            fresh.remove(document.id, document.search_revision)
    with service.records.writing() as session:
        for document in documents:
            note_indexed(session, document.id, document.search_revision)
    return len(records)


def _mend(service: Service, drift: Drift) -> None:
    if not drift.known:
        service.search.remove(drift.document_id, drift.held or 0)
        return
    if not _write_present(service, drift.document_id):
        # The index is ahead of the records, which somebody restored from an older copy.
        _overtake(service, drift.document_id)
        if not _write_present(service, drift.document_id):
            logger.warning("document %s changes while it is brought into step; its job writes it", drift.document_id)


def _write_present(service: Service, document_id: str) -> bool:
    """Whether the index took what the document is now."""
    with service.records.reading() as session:
        document = session.get_one(Document, document_id)
        dictionary = service.dictionaries.of_document(session, document_id)
        record = build_search_record(session, dictionary, document) if is_searchable(document) else None
    if record is None:
        taken = service.search.remove(document_id, document.search_revision)
    else:
        taken = service.search.write([record]) == 1
    if taken:
        with service.records.writing() as session:
            note_indexed(session, document_id, document.search_revision)
    return taken


def _overtake(service: Service, document_id: str) -> None:
    """Raises the document's revision above the one that the index holds."""
    standing = service.search.standing(document_id)
    if standing is None:
        return
    with service.records.writing() as session:
        _raise_revision(session, document_id, standing.revision + 1)


def _raise_revision(session: Session, document_id: str, revision: int) -> None:
    session.execute(
        update(Document)
        .where(Document.id == document_id, Document.search_revision < revision)
        .values(search_revision=revision)
    )
