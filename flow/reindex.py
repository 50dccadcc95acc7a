"""Bringing the search index into step with the records, or making it anew from them."""

from __future__ import annotations

from sqlalchemy import select, update

from flow.index import build_search_record, expected_revision
from flow.service import Service
from storage.tables import Document


def reindex(service: Service, *, rebuild: bool) -> int:
    """Writes every document whose revision differs from the index's, all of them with `rebuild`; answers how many."""
    if rebuild:
        service.search.clear()
    held = dict(service.search.revisions())
    with service.records.reading() as session:
        ids = session.scalars(select(Document.id).order_by(Document.id)).all()
    mended = 0
    for document_id in ids:
        mended += _mend(service, document_id, held.pop(document_id, None))
    for document_id, revision in held.items():
        service.search.remove(document_id, revision)
        mended += 1
    return mended


def _mend(service: Service, document_id: str, found: int | None) -> int:
    with service.records.reading() as session:
        document = session.get_one(Document, document_id)
        revision = document.search_revision
        wanted = expected_revision(document)
        if found == wanted:
            return 0
        if wanted is None:
            service.search.remove(document_id, revision)
        else:
            service.search.write([build_search_record(session, service.dictionary, document)])
    with service.records.writing() as writing:
        writing.execute(update(Document).where(Document.id == document_id).values(indexed_revision=revision))
    return 1
