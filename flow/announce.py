"""Announcing: a manifest makes the rows of archival files, documents and files, before a byte of them is taken."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.catalogue import Dictionary
from core.errors import (
    AboveCeiling,
    BatchSealed,
    CatalogueRefused,
    LimitExceeded,
    ManifestMismatch,
)
from core.labels import Secrecy
from core.manifest import Manifest, ManifestDocument, ManifestFolder
from core.settings import Settings
from core.states import BatchState, move
from flow.open_batch import require_ready
from flow.receive import find_station_batch
from people.stations import StationIdentity
from storage.access_log import append_event
from storage.tables import ArchivalFile, Batch, CatalogueEntry, Document, IncomingFile


def announce_manifest(
    session: Session, station: StationIdentity, dictionary: Dictionary, settings: Settings, manifest: Manifest
) -> list[IncomingFile]:
    """The files to send, made from the manifest; the same manifest twice changes nothing.

    Raises AboveCeiling before a byte is taken, ManifestMismatch for another manifest than the announced one,
    BatchSealed, CatalogueRefused, LimitExceeded, NotFound.
    """
    batch = find_station_batch(session, station, manifest.batch)
    if manifest.station != station.code:
        raise ManifestMismatch(
            f"The manifest is of station '{manifest.station}', sent by '{station.code}'.", "Make it at this station."
        )
    if batch.manifest_digest == manifest.digest:
        return list_files(session, batch)
    _require_acceptable(session, batch, manifest, settings)
    batch.state = move(f"Batch {batch.code}", batch.state, BatchState.RECEIVING)
    batch.station_id = station.station_id
    batch.manifest = manifest.model_dump(mode="json")
    batch.manifest_digest = manifest.digest
    entry = session.get_one(CatalogueEntry, batch.catalogue_entry_id)
    sizes = {file.name: (file.size, file.sha256) for file in manifest.files}
    for folder in manifest.folders:
        _add_folder(session, batch, entry, dictionary, folder, sizes)
    detail = {"digest": manifest.digest, "files": len(manifest.files)}
    append_event(session, station.actor, "announce", f"batch:{batch.id}", allowed=True, detail=detail)
    session.flush()
    return list_files(session, batch)


def list_files(session: Session, batch: Batch) -> list[IncomingFile]:
    """The announced files of a batch, in the manifest's order."""
    return list(
        session.scalars(select(IncomingFile).where(IncomingFile.batch_id == batch.id).order_by(IncomingFile.id))
    )


def _require_acceptable(session: Session, batch: Batch, manifest: Manifest, settings: Settings) -> None:
    if batch.state not in (BatchState.OPENED, BatchState.RECEIVING):
        raise BatchSealed(f"Batch {batch.code} is sealed; it takes no other files.", "Open another batch.")
    if batch.manifest_digest is not None:
        raise ManifestMismatch(
            f"Batch {batch.code} was announced with another manifest.",
            "Send the files as they were announced, or open another batch.",
        )
    require_ready(session, session.get_one(CatalogueEntry, batch.catalogue_entry_id))
    allowed = min(Secrecy(batch.secrecy), settings.ceiling)
    if manifest.secrecy > allowed:
        raise AboveCeiling(
            f"The manifest declares '{manifest.secrecy.vietnamese}'; this batch may hold '{allowed.vietnamese}'.",
            "Take those documents out; they may not be sent here.",
        )
    if len(manifest.files) > settings.max_batch_files:
        raise LimitExceeded(f"A batch has at most {settings.max_batch_files} files.", "Make several batches.")


def _add_folder(
    session: Session,
    batch: Batch,
    entry: CatalogueEntry,
    dictionary: Dictionary,
    folder: ManifestFolder,
    sizes: dict[str, tuple[int, str]],
) -> None:
    archival = ArchivalFile(
        batch_id=batch.id,
        fonds=folder.fonds,
        series_list=folder.series_list,
        box=folder.box,
        code=folder.code,
        title=folder.title,
    )
    session.add(archival)
    session.flush()
    for declared in folder.documents:
        document = _make_document(batch, entry, dictionary, archival.id, declared)
        session.add(document)
        session.flush()
        for position, name in enumerate(declared.file_names):
            size, sha256 = sizes[name]
            session.add(
                IncomingFile(
                    batch_id=batch.id,
                    document_id=document.id,
                    name=name,
                    position=position,
                    size=size,
                    sha256=sha256,
                )
            )


def _make_document(
    batch: Batch, entry: CatalogueEntry, dictionary: Dictionary, archival_id: str, declared: ManifestDocument
) -> Document:
    """A document labelled as declared, and never lower than its record type, or any type of the entry, asks for."""
    known = [code for code in entry.record_types if dictionary.has_record_type(code)]
    if not known:
        raise CatalogueRefused(
            f"Version '{dictionary.version}' of the dictionary has no record type of catalogue entry '{entry.code}'.",
            "Have the entry changed first.",
        )
    if declared.record_type is not None and declared.record_type not in known:
        raise CatalogueRefused(
            f"Record type '{declared.record_type}' is not in catalogue entry '{entry.code}'.",
            f"It holds: {', '.join(known)}.",
        )
    labels = dictionary.record_type(declared.record_type).labels if declared.record_type else None
    secrecy, sensitivity = declared.secrecy, declared.sensitivity
    provisional = sensitivity is None and labels is None
    if labels is not None:
        secrecy = max(secrecy, labels.secrecy)
        sensitivity = labels.sensitivity if sensitivity is None else max(sensitivity, labels.sensitivity)
    if sensitivity is None:
        # Of unknown type: as careful as the most sensitive type that the entry may hold, until a person says which.
        sensitivity = max(dictionary.record_type(code).labels.sensitivity for code in known)
    return Document(
        batch_id=batch.id,
        archival_file_id=archival_id,
        ordinal=declared.ordinal,
        title=declared.title,
        declared_record_type=declared.record_type,
        sheets=declared.sheets,
        unit_id=batch.unit_id,
        secrecy=int(secrecy),
        sensitivity=int(sensitivity),
        label_provisional=provisional,
    )
