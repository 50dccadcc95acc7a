"""Sealing a batch: nothing more is taken, and the station gets a signed receipt that names every file."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import GateClosed, IllegalTransition
from core.keys import SigningKey
from core.labels import Visibility
from core.receipts import Receipt, ReceiptFile, SignedReceipt, sign_receipt
from core.states import BatchState, DocumentState, FileState, PageState, move
from flow.announce import list_files
from flow.progress import advance_batch
from flow.search_jobs import request_index
from people.stations import StationIdentity
from storage.access_log import append_event
from storage.tables import ArchivalFile, Batch, Document, Page


def seal_batch(session: Session, station: StationIdentity, batch: Batch, key: SigningKey) -> SignedReceipt:
    """Seals the batch and issues its receipt; once sealed, answers the same receipt again.

    Raises GateClosed naming the files that have not arrived.
    """
    if batch.receipt is not None:
        return SignedReceipt.model_validate(batch.receipt)
    if batch.state is not BatchState.RECEIVING or batch.manifest_digest is None:
        raise IllegalTransition(f"Batch {batch.code} has no announced files.", "Push its scans first.")
    files = list_files(session, batch)
    lacking = tuple(file.name for file in files if file.state not in (FileState.RECEIVED, FileState.REFUSED))
    if lacking:
        raise GateClosed(f"{len(lacking)} files of batch {batch.code} have not arrived.", lacking, "Push them first.")
    receipt = Receipt(
        batch=batch.code,
        station=station.code,
        issued_at=datetime.now(UTC),
        manifest_digest=batch.manifest_digest,
        files=tuple(
            ReceiptFile(
                name=file.name,
                sha256=file.sha256,
                size=file.size,
                outcome="received" if file.state is FileState.RECEIVED else "refused",
                reason=file.refusal_reason,
            )
            for file in files
        ),
    )
    signed = sign_receipt(receipt, key)
    batch.receipt = signed.model_dump(mode="json")
    batch.sealed_at = receipt.issued_at
    batch.state = move(f"Batch {batch.code}", batch.state, BatchState.SEALED)
    batch.state = move(f"Batch {batch.code}", batch.state, BatchState.PROCESSING)
    _supersede_rescanned(session, batch)
    append_event(session, station.actor, "seal_batch", f"batch:{batch.id}", allowed=True)
    advance_batch(session, batch.id)
    return signed


def _supersede_rescanned(session: Session, batch: Batch) -> None:
    """Documents for which a rescan was asked give way to those of this batch that stand at the same place."""
    place = (ArchivalFile.fonds, ArchivalFile.series_list, ArchivalFile.code, Document.ordinal)
    arrived = {
        tuple(row): document
        for document, *row in session.execute(
            select(Document, *place).join(ArchivalFile).where(Document.batch_id == batch.id)
        )
    }
    waiting = session.execute(
        select(Document, *place)
        .join(ArchivalFile)
        .where(
            Document.unit_id == batch.unit_id,
            Document.batch_id != batch.id,
            Document.state == DocumentState.RESCAN_REQUESTED,
        )
    )
    for old, *row in waiting:
        new = arrived.get(tuple(row))
        if new is None or new.state is DocumentState.RESCAN_REQUESTED:
            continue  # a rescan of which no file is sound replaces nothing
        old.state = move(f"Document {old.id}", old.state, DocumentState.SUPERSEDED)
        old.visibility = Visibility.GONE
        old.reason = f"Rescanned in batch {batch.code}, document {new.id}."
        for page in session.scalars(select(Page).where(Page.document_id == old.id)):
            page.state = move(f"Page {page.id}", page.state, PageState.SUPERSEDED)
        request_index(session, old)
        advance_batch(session, old.batch_id)
