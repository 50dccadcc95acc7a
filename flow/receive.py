"""Receiving: a manifest announces files, their bytes land in pieces, each becomes an original once its hash is right.

Nothing half is ever stored: a file is either still landing, or received with its original, its pages' rows and its
jobs in one transaction, or refused with its name, hash and reason.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.errors import (
    FileRefused,
    HashMismatch,
    IllegalTransition,
    LimitExceeded,
    NotFound,
    OffsetMismatch,
    StoreUnavailable,
)
from core.stages import Stage
from core.states import BatchState, DocumentState, FileState, PageState, move
from flow.progress import advance_document
from flow.service import Service
from ingest.checks import FileFacts, inspect_file
from people.stations import StationIdentity
from storage.access_log import append_event
from storage.database import HELD, is_readonly
from storage.jobs import enqueue
from storage.landing import Landed, Record
from storage.objects import hash_file
from storage.tables import Batch, Document, IncomingFile, Page, now

_SETTLED = (FileState.RECEIVED, FileState.REFUSED)


def find_station_batch(session: Session, station: StationIdentity, code: str) -> Batch:
    """The batch that this station may send to, held while it is written. Raises NotFound for any other."""
    wanted = select(Batch).where(Batch.code == code)
    batch = session.scalars(wanted if is_readonly(session) else wanted.with_for_update(key_share=True)).one_or_none()
    if batch is None or batch.unit_id != station.unit_id or batch.station_id not in (None, station.station_id):
        denied = f"batch:{batch.id}" if batch else ""
        raise NotFound(f"There is no batch '{code}' for this station.", "Have it opened first.", denied=denied)
    return batch


def find_station_file(session: Session, station: StationIdentity, file_id: str) -> IncomingFile:
    """The announced file, of a batch that this station sends. Raises NotFound."""
    file = session.get(IncomingFile, file_id)
    batch = session.get(Batch, file.batch_id) if file else None
    if file is None or batch is None or batch.station_id != station.station_id:
        raise NotFound(f"There is no announced file '{file_id[:40]}'.", "Announce the manifest first.")
    return file


def receive_chunk(service: Service, station: StationIdentity, file_id: str, offset: int, chunk: bytes) -> IncomingFile:
    """Takes the next bytes of a file; with the last of them the file is received or refused.

    Raises OffsetMismatch naming where to go on, LimitExceeded for bytes beyond the announced size.
    """
    with service.landing.locked(file_id):
        with service.records.reading() as session:
            file = find_station_file(session, station, file_id)
        if file.state in _SETTLED:
            return file
        if offset != file.received_bytes:
            raise OffsetMismatch(file.received_bytes)
        if offset + len(chunk) > file.size:
            raise LimitExceeded(f"'{file.name}' was announced with {file.size} bytes; more came.", "Announce it anew.")
        if chunk:
            with service.landing.placed(file_id, offset, chunk) as record:
                file = _note_arrival(service, file_id, offset, len(chunk), record)
        if file.received_bytes == file.size:
            return _judge(service, station.actor, file)
        return file


def _note_arrival(service: Service, file_id: str, offset: int, length: int, record: Record) -> IncomingFile:
    """Moves the offset on. Raises OffsetMismatch if another replica did so meanwhile: its bytes count, not these."""
    with service.records.writing() as session:
        file = session.get_one(IncomingFile, file_id, with_for_update=HELD)
        if file.received_bytes != offset or file.state in _SETTLED:
            raise OffsetMismatch(file.received_bytes)
        record(session)
        file.state = move(f"File '{file.name}'", file.state, FileState.ARRIVING)
        file.received_bytes = offset + length
        return file


def _judge(service: Service, actor: str, file: IncomingFile) -> IncomingFile:
    try:
        with service.landing.landed(file.id) as landed:
            return complete_file(service, actor, file, landed)
    except NotFound:
        return _judged_elsewhere(service, file)


def _judged_elsewhere(service: Service, file: IncomingFile) -> IncomingFile:
    """The file as another replica left it, which had the last bytes at the same moment and was quicker.

    Raises StoreUnavailable while that one is at it, OffsetMismatch if the upload grew too old and was dropped.
    """
    with service.records.reading() as session:
        present = session.get_one(IncomingFile, file.id)
    if present.state in _SETTLED:
        return present
    if present.received_bytes == file.size:
        raise StoreUnavailable(f"'{file.name}' is being put together elsewhere.", "Ask again in a while.")
    raise OffsetMismatch(present.received_bytes)


def complete_file(service: Service, actor: str, file: IncomingFile, landed: Landed) -> IncomingFile:
    """Judges a file whose bytes are all there: an original with its pages' rows and jobs, or a refusal."""
    try:
        facts = inspect_landed(file, landed.path, service)
    except FileRefused as error:
        with service.records.writing() as session:
            stored = session.get_one(IncomingFile, file.id, with_for_update=HELD)
            if stored.state not in _SETTLED:
                refuse_file(session, stored, error.code, error.message, actor)
            clear = service.landing.release(session, file.id)
    else:
        landed.store(service.objects, file.sha256)
        with service.records.writing() as session:
            stored = session.get_one(IncomingFile, file.id, with_for_update=HELD)
            if stored.state not in _SETTLED:
                _record_received(session, stored, facts, actor)
                if service.copy is not None:
                    enqueue(session, Stage.COPY, stored.id, stored.batch_id)
            clear = service.landing.release(session, file.id)
    if clear is not None:
        clear()
    return stored


def inspect_landed(file: IncomingFile, landed: Path, service: Service) -> FileFacts:
    """Checks hash, then type, limits and soundness. Raises FileRefused in one of its kinds."""
    found = hash_file(landed)
    if found != file.sha256:
        raise HashMismatch(f"'{file.name}' arrived with SHA-256 {found}, announced was {file.sha256}.")
    return inspect_file(landed, service.limits, name=file.name)


def _record_received(session: Session, file: IncomingFile, facts: FileFacts, actor: str) -> None:
    file.state = move(f"File '{file.name}'", file.state, FileState.RECEIVED)
    file.received_bytes = file.size
    file.media_type = facts.media_type
    file.page_count = facts.pages
    file.received_at = now()
    for number in range(1, facts.pages + 1):
        session.add(
            Page(
                batch_id=file.batch_id,
                document_id=file.document_id,
                incoming_file_id=file.id,
                number_in_file=number,
                state=PageState.IN_PROGRESS,
            )
        )
    enqueue(session, Stage.SPLIT, file.id, file.batch_id)
    document = session.get_one(Document, file.document_id)
    if document.state is DocumentState.RECEIVED:
        document.state = move(f"Document {document.id}", document.state, DocumentState.PROCESSING)
    append_event(session, actor, "receive_file", f"file:{file.id}", allowed=True, detail={"sha256": file.sha256})


def refuse_file(session: Session, file: IncomingFile, code: str, reason: str, actor: str) -> None:
    """Keeps the file's name, hash and the reason why it was not taken; nothing of its bytes."""
    if file.state is FileState.REFUSED:
        return
    file.state = move(f"File '{file.name}'", file.state, FileState.REFUSED)
    file.refusal_code = code
    file.refusal_reason = reason
    append_event(session, actor, "refuse_file", f"file:{file.id}", allowed=False, detail={"code": code})
    advance_document(session, session.get_one(Document, file.document_id))


def refuse_at_station(session: Session, station: StationIdentity, file_id: str, code: str, reason: str) -> IncomingFile:
    """The station's own check found the file bad before any byte was sent."""
    file = find_station_file(session, station, file_id)
    batch = session.get_one(Batch, file.batch_id)
    if batch.state is not BatchState.RECEIVING:
        raise IllegalTransition(f"Batch {batch.code} takes no more files.", "Open another batch.")
    refuse_file(session, file, code[:40], reason[:2000], station.actor)
    return file
