"""`sohoa find-duplicates`: for documents that were described before duplicates were looked for, or by other rules."""

from __future__ import annotations

import click
from sqlalchemy import func, select

from core.settings import load_settings
from flow.find_duplicates import find_by_text, list_described
from flow.service import open_service
from storage.database import HELD, keep_silent
from storage.tables import Document, DuplicatePair


@click.command("find-duplicates")
def find_duplicates() -> None:
    """Looks for the duplicates of every described document anew. What people decided stays."""
    service = open_service(load_settings(), keep_silent)
    with service.records.reading() as session:
        ids = list_described(session)
    for document_id in ids:
        with service.records.writing() as session:
            document = session.get_one(Document, document_id, with_for_update=HELD)
            find_by_text(session, service.dictionaries.of_document(session, document_id), document)
    with service.records.reading() as session:
        waiting = session.scalar(
            select(func.count()).select_from(DuplicatePair).where(DuplicatePair.decision.is_(None))
        )
    service.close()
    click.echo(f"{len(ids)} documents compared; {waiting} pairs wait for a decision.", err=True)
