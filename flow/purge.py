"""Purging a withheld document: bytes, page images, text, values, titles and names go; the minutes of the purge stay.

What stays: the rows with their states and SHA-256 (both equations still hold), the access event that names by its hash
what was destroyed, and the reason with the document. Objects are deleted before the transaction commits: if it fails,
the document is still withheld and the purge is run again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, null, select, update
from sqlalchemy.orm import Session

from core.canonical import digest
from core.errors import NotFound
from core.labels import Role, Visibility
from core.manifest import Manifest
from core.receipts import SignedReceipt
from core.states import DocumentState, FileState
from flow.changes import log_change, move_document, require_reason
from flow.find import find_document, require_revision
from flow.find_duplicates import forget_likeness
from flow.register import forget_register
from flow.search_jobs import request_index
from people.persons import Person
from review.places import place_text
from storage.objects import Area, ObjectStore, locked
from storage.tables import (
    Acceptance,
    ArchivalFile,
    Batch,
    ConfirmedType,
    Defect,
    Document,
    FieldSuggestion,
    FieldValue,
    IncomingFile,
    Job,
    Page,
    PageReading,
    PersonalFinding,
    SettledClaim,
    Settlement,
    Unmasking,
    ValueChange,
)

_DESTROYED = "Đã tiêu hủy."


@dataclass(frozen=True, slots=True)
class PurgeReport:
    """What a purge destroyed, and what it had to keep because another living document has the same bytes."""

    document: Document
    originals: tuple[str, ...]
    """SHA-256 of the originals deleted."""
    page_images: int
    kept_originals: tuple[str, ...]
    kept_page_images: tuple[str, ...]

    @property
    def detail(self) -> dict[str, Any]:
        """The report for the access log."""
        return {
            "originals": list(self.originals),
            "page_images": self.page_images,
            "kept_originals": list(self.kept_originals),
            "kept_page_images": list(self.kept_page_images),
        }


def purge_document(
    session: Session, person: Person, objects: ObjectStore, document_id: str, revision: int, reason: str
) -> PurgeReport:
    """Destroys a withheld document's contents for good. Idempotent until it is committed.

    Raises NotFound, Forbidden, StaleRevision, IllegalTransition for a document that is not withheld, ObjectLocked for
    one that was accepted before.
    """
    document = find_document(session, person, document_id)
    person.require(Role.SECURITY_OFFICER, document.unit_id)
    require_revision(document, revision)
    why = require_reason(reason)
    move_document(document, DocumentState.PURGED)
    document.visibility = Visibility.GONE
    files = list(session.scalars(select(IncomingFile).where(IncomingFile.document_id == document.id)))
    pages = list(session.scalars(select(Page).where(Page.document_id == document.id)))
    originals = {file.sha256 for file in files if file.state is FileState.RECEIVED}
    images = {page.image_sha256 for page in pages if page.image_sha256}
    kept_originals = _shared_originals(session, document.id, originals)
    kept_images = _shared_images(session, document.id, images)
    _require_unlocked(objects, originals - kept_originals)
    _delete_objects(objects, Area.ORIGINALS, originals - kept_originals)
    _delete_objects(objects, Area.PAGES, images - kept_images)
    _delete_contents(session, document, files, pages)
    forget_register(session, document.batch_id)  # a line of it may say what was destroyed; a clean one can be uploaded
    digests = _blank_names(session.get_one(Batch, document.batch_id), files)
    document.title, document.reason = "", why
    document.reason_code = document.suggested_record_type = document.suggested_confidence = document.issued_on = None
    document.label_reason = None
    report = PurgeReport(
        document,
        tuple(sorted(originals - kept_originals)),
        len(images - kept_images),
        tuple(sorted(kept_originals)),
        tuple(sorted(kept_images)),
    )
    request_index(session, document)
    log_change(session, person, "purge_document", document, report.detail | digests)
    return report


def _shared_originals(session: Session, document_id: str, hashes: set[str]) -> set[str]:
    """Those that a file of another living document has too; one on its way counts, its bytes may be stored already."""
    return set(
        session.scalars(
            select(IncomingFile.sha256)
            .join(Document, Document.id == IncomingFile.document_id)
            .where(
                IncomingFile.sha256.in_(hashes),
                IncomingFile.state != FileState.REFUSED,
                Document.id != document_id,
                Document.state != DocumentState.PURGED,
            )
        )
    )


def _shared_images(session: Session, document_id: str, hashes: set[str]) -> set[str]:
    return {
        sha256
        for sha256 in session.scalars(
            select(Page.image_sha256).where(Page.image_sha256.in_(hashes), Page.document_id != document_id)
        )
        if sha256
    }


def _require_unlocked(objects: ObjectStore, hashes: Iterable[str]) -> None:
    """Before the first object goes: a document is purged whole, or not at all."""
    for sha256 in sorted(hashes):
        try:
            until = objects.locked_until(sha256)
        except NotFound:
            continue  # a purge that was cut off took it already
        if until is not None:
            raise locked(sha256, until)


def _delete_objects(objects: ObjectStore, area: Area, hashes: Iterable[str]) -> None:
    for sha256 in sorted(hashes):
        objects.delete(area, sha256)


def _delete_contents(session: Session, document: Document, files: list[IncomingFile], pages: list[Page]) -> None:
    page_ids = [page.id for page in pages]
    session.execute(delete(FieldValue).where(FieldValue.document_id == document.id))
    session.execute(delete(FieldSuggestion).where(FieldSuggestion.document_id == document.id))
    session.execute(delete(PersonalFinding).where(PersonalFinding.document_id == document.id))
    session.execute(delete(Unmasking).where(Unmasking.document_id == document.id))
    session.execute(delete(PageReading).where(PageReading.page_id.in_(page_ids)))
    # Who changed which field when stays; what it said goes.
    session.execute(
        update(ValueChange)
        .where(ValueChange.document_id == document.id)
        .values(before=null(), after=null(), reason=_DESTROYED)
    )
    forget_likeness(session, document.id)
    session.execute(delete(ConfirmedType).where(ConfirmedType.document_id == document.id))
    _destroy_defects(session, document)
    _destroy_settlements(session, document)
    subjects = [document.id, *page_ids, *(file.id for file in files)]
    session.execute(update(Job).where(Job.subject_id.in_(subjects), Job.reason.is_not(None)).values(reason=_DESTROYED))
    for page in pages:
        page.image_sha256 = page.failure = None


def _destroy_defects(session: Session, document: Document) -> None:
    """What the error list says of the document goes, there and where minutes repeat it after the document's place."""
    place = place_text(session.get_one(ArchivalFile, document.archival_file_id), document.ordinal)
    decisions = session.scalars(select(Acceptance).where(Acceptance.batch_id == document.batch_id)).all()
    for defect in session.scalars(select(Defect).where(Defect.document_id == document.id)):
        for decision in decisions:
            line = f"{place}: {defect.description}"
            decision.minutes = decision.minutes.replace(line, f"{place}: {_DESTROYED}")
        defect.description = _DESTROYED


def _destroy_settlements(session: Session, document: Document) -> None:
    """That a contradiction was settled stays; what this document said, and the reason that may repeat it, go."""
    mine = SettledClaim.document_id == document.id
    settled = select(SettledClaim.settlement_id).where(mine)
    session.execute(update(Settlement).where(Settlement.id.in_(settled)).values(reason=_DESTROYED))
    session.execute(update(SettledClaim).where(mine).values(value=null()))


def _blank_names(batch: Batch, files: list[IncomingFile]) -> dict[str, str]:
    """Takes the document's title and file names out of the rows, the manifest and the receipt.

    Answers the digests that the manifest and the receipt had: copies at the station can be held against them. The
    receipt's signature covers the names, so the one kept here verifies no more.
    """
    names = {file.name: f"purged/{file.id}" for file in files}
    for file in files:
        file.name = names[file.name]
        file.refusal_reason = _DESTROYED if file.refusal_reason else None
    digests: dict[str, str] = {}
    if batch.manifest is not None and batch.manifest_digest is not None:
        digests["manifest_digest"] = batch.manifest_digest
        batch.manifest = _blank_manifest(Manifest.model_validate(batch.manifest), names).model_dump(mode="json")
    if batch.receipt is not None:
        signed = SignedReceipt.model_validate(batch.receipt)
        digests["receipt_digest"] = digest(signed)
        batch.receipt = _blank_receipt(signed, names).model_dump(mode="json")
    return digests


def _blank_manifest(manifest: Manifest, names: dict[str, str]) -> Manifest:
    """The manifest with these files renamed and the titles of their documents gone."""
    folders = tuple(
        folder.model_copy(
            update={
                "documents": tuple(
                    document.model_copy(
                        update={"title": "", "file_names": tuple(names[name] for name in document.file_names)}
                    )
                    if set(document.file_names) <= names.keys()
                    else document
                    for document in folder.documents
                )
            }
        )
        for folder in manifest.folders
    )
    files = tuple(file.model_copy(update={"name": names.get(file.name, file.name)}) for file in manifest.files)
    return manifest.model_copy(update={"files": files, "folders": folders})


def _blank_receipt(signed: SignedReceipt, names: dict[str, str]) -> SignedReceipt:
    files = tuple(
        file.model_copy(update={"name": names[file.name], "reason": _DESTROYED if file.reason else None})
        if file.name in names
        else file
        for file in signed.receipt.files
    )
    return signed.model_copy(update={"receipt": signed.receipt.model_copy(update={"files": files})})
