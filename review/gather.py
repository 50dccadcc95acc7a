"""Gathering what the minutes state, from the records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.catalogue import Dictionary
from core.states import DocumentState, FileState, Grade, PageState
from review.file_standing import FileStanding, list_standings
from review.minutes import (
    MinutesAbsence,
    MinutesData,
    MinutesDefect,
    MinutesSample,
    MinutesSettlement,
    MinutesSignOff,
)
from review.person_file import fact_title
from review.places import list_places
from review.sampling import Sample
from review.signoffs import Aspect, list_sign_offs
from storage.tables import (
    AccessEvent,
    Batch,
    CatalogueEntry,
    Defect,
    Document,
    IncomingFile,
    Page,
    Unit,
    User,
)

SAMPLE_ACTION = "start_reconciliation"
"""The access event that keeps the sample: its seed, its population and the documents drawn."""


def count_files(session: Session, batch_id: str) -> dict[FileState, int]:
    """Files of the batch by state."""
    query = select(IncomingFile.state, func.count()).where(IncomingFile.batch_id == batch_id)
    return dict(session.execute(query.group_by(IncomingFile.state)).all())


def count_documents(session: Session, batch_id: str) -> dict[DocumentState, int]:
    """Documents of the batch by state."""
    query = select(Document.state, func.count()).where(Document.batch_id == batch_id)
    return dict(session.execute(query.group_by(Document.state)).all())


def count_pages(session: Session, batch_id: str) -> dict[PageState, int]:
    """Pages of the received files of the batch by state: the page equation."""
    query = select(Page.state, func.count()).where(Page.batch_id == batch_id)
    return dict(session.execute(query.group_by(Page.state)).all())


def find_sample(session: Session, batch_id: str) -> Sample | None:
    """The sample that was drawn last, or None."""
    event = session.scalars(
        select(AccessEvent)
        .where(AccessEvent.action == SAMPLE_ACTION, AccessEvent.target == f"batch:{batch_id}", AccessEvent.allowed)
        .order_by(AccessEvent.sequence.desc())
        .limit(1)
    ).first()
    if event is None:
        return None
    return Sample(event.detail["seed"], event.detail["population"], tuple(event.detail["documents"]))


def list_defects(session: Session, batch_id: str, *, open_only: bool) -> list[Defect]:
    """The error list, oldest first."""
    wanted = select(Defect).where(Defect.batch_id == batch_id)
    if open_only:
        wanted = wanted.where(Defect.settled_at.is_(None))
    return list(session.scalars(wanted.order_by(Defect.created_at, Defect.id)))


def gather_minutes(
    session: Session,
    dictionary: Dictionary,
    batch: Batch,
    *,
    number: int,
    grade: Grade,
    decided_by: str,
    at: datetime,
    note: str,
) -> MinutesData:
    """What the minutes of this round state, as the records stand now. decided_by: a user's id."""
    places = {place.document.id: place.text for place in list_places(session, batch.id)}
    names = dict(session.execute(select(User.id, User.full_name)).all())
    entry = session.get_one(CatalogueEntry, batch.catalogue_entry_id)
    sample = find_sample(session, batch.id)
    files = list_standings(session, dictionary, batch)
    return MinutesData(
        batch_code=batch.code,
        batch_title=batch.title,
        unit=session.get_one(Unit, batch.unit_id).name,
        catalogue_entry=f"{entry.code} - {entry.title}",
        round=number,
        grade=grade,
        decided_by=names[decided_by],
        decided_at=at,
        note=note,
        files=count_files(session, batch.id),
        documents=count_documents(session, batch.id),
        pages=count_pages(session, batch.id),
        sign_offs=tuple(
            MinutesSignOff(Aspect(one.aspect).vietnamese, names[one.signed_by], one.signed_at, one.note)
            for one in list_sign_offs(session, batch.id, number)
        ),
        sample=_sample(sample, places) if sample else None,
        defects=tuple(
            MinutesDefect(
                places.get(one.document_id or "", ""), one.description, names.get(one.owner_id or "", ""), one.due
            )
            for one in list_defects(session, batch.id, open_only=True)
        ),
        absences=tuple(one for file in files for one in _absences(dictionary, file, names)),
        settlements=tuple(one for file in files for one in _settlements(dictionary, file, names)),
    )


def _absences(dictionary: Dictionary, file: FileStanding, names: Mapping[str, str]) -> Iterator[MinutesAbsence]:
    for one in file.absences:
        if one.confirmed_by is not None:
            title = dictionary.record_type(one.record_type).title
            yield MinutesAbsence(file.contents.place, title, one.reason, names[one.entered_by], names[one.confirmed_by])


def _settlements(dictionary: Dictionary, file: FileStanding, names: Mapping[str, str]) -> Iterator[MinutesSettlement]:
    ordinals = {one.id: one.ordinal for one in file.contents.documents}
    for contradiction in file.contradictions():
        title = fact_title(dictionary, contradiction.fact)
        for one in file.settled:
            pairs = [pair for pair in contradiction.pairs if one.settles(contradiction.fact, pair)]
            documents = {claim.document_id for pair in pairs for claim in pair}
            if documents:
                yield MinutesSettlement(
                    file.contents.place,
                    title,
                    tuple(sorted(ordinals[each] for each in documents)),
                    names[one.settlement.settled_by],
                )


def _sample(sample: Sample, places: dict[str, str]) -> MinutesSample:
    drawn = tuple(sorted(places[one] for one in sample.document_ids if one in places))
    return MinutesSample(sample.seed, sample.population, drawn)
