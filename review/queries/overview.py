"""One batch as its page shows it: its documents, its troubles, and how far its acceptance has come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.labels import Clearance
from core.states import BatchState, DocumentState, FileState, Grade
from review.duplicates.pairs import Duplicates, list_duplicates
from review.gather import find_sample, list_defects
from review.places import place_text
from review.queries.batches import BatchSummary, summarize
from review.signoffs import current_round, list_sign_offs
from storage.access import readable
from storage.tables import Acceptance, ArchivalFile, Batch, Document, IncomingFile, Page, Unit, User

_DECIDED = frozenset({BatchState.ACCEPTED, BatchState.TRIAL, BatchState.PUBLISHED})
"""States in which the last decision stands and no other is being prepared."""


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document in a batch's list."""

    document_id: str
    place: str
    title: str
    record_type: str | None
    state: DocumentState
    reason: str | None
    pages: int
    failed_pages: int


@dataclass(frozen=True, slots=True)
class FailedPage:
    """A page that could not be split or read; a person decides."""

    page_id: str
    document_id: str
    place: str
    number: int
    reason: str
    settled: bool


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that was not taken."""

    document_id: str
    place: str
    name: str
    sha256: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class SignOffView:
    """A sign-off that was given."""

    aspect: str
    name: str
    signed_at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision about the batch, with its minutes."""

    round: int
    grade: Grade
    decided_by: str
    decided_at: datetime
    minutes: str


@dataclass(frozen=True, slots=True)
class DefectView:
    """A line of the error list and its remediation."""

    defect_id: str
    document_id: str | None
    description: str
    owner: str
    due: date | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class BatchOverview:
    """Everything about one batch. Counts are of all its documents; lists hold those that the reader may read."""

    summary: BatchSummary
    sealed_at: datetime | None
    documents: tuple[DocumentRow, ...]
    failed_pages: tuple[FailedPage, ...]
    refused_files: tuple[RefusedFile, ...]
    duplicates: Duplicates
    sample: tuple[str, ...]
    """Ids of the documents to reconcile against their images; empty before a sample is drawn."""
    sign_offs: tuple[SignOffView, ...]
    """Of the present round; once the batch is accepted, of the round that accepted it."""
    decisions: tuple[DecisionView, ...]
    defects: tuple[DefectView, ...]


def batch_overview(session: Session, clearance: Clearance, batch: Batch) -> BatchOverview:
    """The batch as this reader may see it. The caller has found it for them."""
    (summary,) = summarize(session, [(batch, session.get_one(Unit, batch.unit_id).name)])
    if batch.manifest is not None:
        announced = len(batch.manifest["files"])
        summary = replace(summary, files=replace(summary.files, announced=announced))
    names = dict(session.execute(select(User.id, User.full_name)).all())
    number = current_round(session, batch.id)
    if batch.state in _DECIDED:
        number -= 1
    sample = find_sample(session, batch.id)
    documents = _list_documents(session, clearance, batch)
    shown = {None, *(row.document_id for row in documents)}
    return BatchOverview(
        summary=summary,
        sealed_at=batch.sealed_at,
        documents=documents,
        failed_pages=_list_failed_pages(session, clearance, batch),
        refused_files=_list_refused_files(session, clearance, batch),
        duplicates=list_duplicates(
            session, clearance, select(Document.id).where(Document.batch_id == batch.id, readable(clearance))
        ),
        sample=sample.document_ids if sample else (),
        sign_offs=tuple(
            SignOffView(one.aspect, names[one.signed_by], one.signed_at, one.note)
            for one in list_sign_offs(session, batch.id, number)
        ),
        decisions=_list_decisions(session, batch, names),
        defects=tuple(
            DefectView(
                one.id, one.document_id, one.description, names.get(one.owner_id or "", ""), one.due, one.settled_at
            )
            for one in list_defects(session, batch.id, open_only=False)
            if one.document_id in shown
        ),
    )


def _list_documents(session: Session, clearance: Clearance, batch: Batch) -> tuple[DocumentRow, ...]:
    counts = (
        select(Page.document_id, func.count().label("pages"), func.count(Page.failure).label("failed"))
        .where(Page.batch_id == batch.id)
        .group_by(Page.document_id)
        .subquery()
    )
    rows = session.execute(
        select(Document, ArchivalFile, counts.c.pages, counts.c.failed)
        .join(ArchivalFile, ArchivalFile.id == Document.archival_file_id)
        .outerjoin(counts, counts.c.document_id == Document.id)
        .where(Document.batch_id == batch.id, readable(clearance))
        .order_by(ArchivalFile.fonds, ArchivalFile.series_list, ArchivalFile.code, Document.ordinal, Document.version)
    )
    return tuple(
        DocumentRow(
            document_id=document.id,
            place=place_text(archival_file, document.ordinal),
            title=document.title,
            record_type=document.record_type or document.suggested_record_type or document.declared_record_type,
            state=document.state,
            reason=document.reason,
            pages=pages or 0,
            failed_pages=failed or 0,
        )
        for document, archival_file, pages, failed in rows
    )


def _list_failed_pages(session: Session, clearance: Clearance, batch: Batch) -> tuple[FailedPage, ...]:
    rows = session.execute(
        select(Page, Document, ArchivalFile)
        .join(Document, Document.id == Page.document_id)
        .join(ArchivalFile, ArchivalFile.id == Document.archival_file_id)
        .where(Page.batch_id == batch.id, Page.failure.is_not(None), readable(clearance))
        .order_by(ArchivalFile.code, Document.ordinal, Page.number)
    )
    return tuple(
        FailedPage(
            page.id,
            document.id,
            place_text(archival_file, document.ordinal),
            page.number or page.number_in_file,
            page.failure or "",
            page.failure_settled_by is not None,
        )
        for page, document, archival_file in rows
    )


def _list_refused_files(session: Session, clearance: Clearance, batch: Batch) -> tuple[RefusedFile, ...]:
    rows = session.execute(
        select(IncomingFile, Document, ArchivalFile)
        .join(Document, Document.id == IncomingFile.document_id)
        .join(ArchivalFile, ArchivalFile.id == Document.archival_file_id)
        .where(IncomingFile.batch_id == batch.id, IncomingFile.state == FileState.REFUSED, readable(clearance))
        .order_by(IncomingFile.name)
    )
    return tuple(
        RefusedFile(
            document.id,
            place_text(archival_file, document.ordinal),
            file.name,
            file.sha256,
            file.refusal_code or "",
            file.refusal_reason or "",
        )
        for file, document, archival_file in rows
    )


def _list_decisions(session: Session, batch: Batch, names: dict[str, str]) -> tuple[DecisionView, ...]:
    decisions = session.scalars(
        select(Acceptance).where(Acceptance.batch_id == batch.id).order_by(Acceptance.round.desc())
    )
    return tuple(
        DecisionView(one.round, one.grade, names[one.decided_by], one.decided_at, one.minutes) for one in decisions
    )
