"""The JSON routes of scan stations: announce, send in pieces, seal, get the receipt."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header
from pydantic import BaseModel

from api.bodies import BodyDep
from api.visitors import ServiceDep, StationDep
from core.errors import IllegalTransition, LimitExceeded, ManifestMismatch
from core.manifest import parse_manifest
from core.receipts import SignedReceipt
from core.states import BatchState, FileState
from flow.announce import announce_manifest, list_files
from flow.receive import find_station_batch, receive_chunk, refuse_at_station
from flow.seal import seal_batch
from storage.access_log import append_event
from storage.tables import Batch, IncomingFile

router = APIRouter(prefix="/api/v1/station", tags=["station"])


class Refusal(BaseModel):
    """Why the station's own check found a file bad."""

    code: str
    reason: str


class FileAnswer(BaseModel):
    """How far one announced file has come."""

    id: str
    name: str
    size: int
    offset: int
    state: FileState
    reason: str | None


class FilesAnswer(BaseModel):
    """All announced files of a batch."""

    state: BatchState
    files: list[FileAnswer]


class LimitsAnswer(BaseModel):
    """What a file may be at most."""

    max_bytes: int
    max_pages: int
    max_pixels: int


class BatchAnswer(BaseModel):
    """What a station needs to know of a batch before it sends anything."""

    code: str
    title: str
    state: BatchState
    station: str
    ceiling: str
    limits: LimitsAnswer
    chunk_bytes: int
    verify_key: str
    seal_key: str


class ReceiptAnswer(BaseModel):
    """The signed receipt."""

    receipt: SignedReceipt


def _file_answer(file: IncomingFile) -> FileAnswer:
    return FileAnswer(
        id=file.id,
        name=file.name,
        size=file.size,
        offset=file.received_bytes,
        state=file.state,
        reason=file.refusal_reason,
    )


def _files_answer(batch: Batch, files: list[IncomingFile]) -> FilesAnswer:
    return FilesAnswer(state=batch.state, files=[_file_answer(file) for file in files])


@router.get("/batches/{code}")
def show_batch(code: str, service: ServiceDep, station: StationDep) -> BatchAnswer:
    """The batch, the limits of this installation, and the key with which its receipt will verify."""
    with service.records.writing() as session:
        batch = find_station_batch(session, station, code)
        append_event(session, station.actor, "view_batch", f"batch:{batch.id}", allowed=True)
    settings = service.settings
    return BatchAnswer(
        code=batch.code,
        title=batch.title,
        state=batch.state,
        station=station.code,
        ceiling=settings.ceiling.vietnamese,
        limits=LimitsAnswer(
            max_bytes=settings.max_file_bytes,
            max_pages=settings.max_file_pages,
            max_pixels=settings.max_page_pixels,
        ),
        chunk_bytes=settings.chunk_bytes,
        verify_key=service.signing_key.verify_key.text,
        seal_key=service.package_key.seal_key.text,
    )


@router.put("/batches/{code}/manifest")
def announce(code: str, body: BodyDep, service: ServiceDep, station: StationDep) -> FilesAnswer:
    """Announces the files of a batch. The same manifest again changes nothing."""
    manifest = parse_manifest(body)
    if manifest.batch != code:
        raise ManifestMismatch(f"The manifest is for batch '{manifest.batch}', sent to '{code}'.", "Send it there.")
    with service.records.writing() as session:
        dictionary = service.dictionaries.of_batch(session, code)
        files = announce_manifest(session, station, dictionary, service.settings, manifest)
        return _files_answer(find_station_batch(session, station, code), files)


@router.get("/batches/{code}/files")
def show_files(code: str, service: ServiceDep, station: StationDep) -> FilesAnswer:
    """How far each announced file has come."""
    with service.records.reading() as session:
        batch = find_station_batch(session, station, code)
        return _files_answer(batch, list_files(session, batch))


@router.patch("/files/{file_id}")
def send_chunk(
    file_id: str,
    service: ServiceDep,
    station: StationDep,
    upload_offset: Annotated[int, Header(ge=0)],
    chunk: BodyDep,
) -> FileAnswer:
    """Takes the next bytes of a file, from the offset where it stopped; with the last of them it is judged."""
    if len(chunk) > service.settings.chunk_bytes:
        raise LimitExceeded(f"A chunk has at most {service.settings.chunk_bytes} bytes.", "Send smaller ones.")
    return _file_answer(receive_chunk(service, station, file_id, upload_offset, chunk))


@router.post("/files/{file_id}/refuse")
def refuse(file_id: str, refusal: Refusal, service: ServiceDep, station: StationDep) -> FileAnswer:
    """The station's own check found the file bad: it is refused with its reason before a byte was sent."""
    with service.records.writing() as session:
        return _file_answer(refuse_at_station(session, station, file_id, refusal.code, refusal.reason))


@router.post("/batches/{code}/seal")
def seal(code: str, service: ServiceDep, station: StationDep) -> ReceiptAnswer:
    """Seals the batch and answers its signed receipt; the same one when it is sealed already."""
    with service.records.writing() as session:
        batch = find_station_batch(session, station, code)
        return ReceiptAnswer(receipt=seal_batch(session, station, batch, service.signing_key))


@router.get("/batches/{code}/receipt")
def show_receipt(code: str, service: ServiceDep, station: StationDep) -> ReceiptAnswer:
    """The receipt of a sealed batch."""
    with service.records.reading() as session:
        batch = find_station_batch(session, station, code)
        if batch.receipt is None:
            raise IllegalTransition(f"Batch {code} is not sealed yet.", "Seal it first.")
        return ReceiptAnswer(receipt=SignedReceipt.model_validate(batch.receipt))
