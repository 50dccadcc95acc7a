"""The archival files of a batch as its page shows them: what is there, what is missing and why, what contradicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.catalogue import Dictionary
from core.labels import Clearance
from review.archival_files import FileContents
from review.composition import list_revoked
from review.fields import is_readable
from review.file_standing import FileStanding, list_standings
from review.places import place_text
from review.queries.person_file import ContradictionView, read_contradictions
from storage.access import readable
from storage.tables import Absence, Batch, Document, User


@dataclass(frozen=True, slots=True)
class FileDocument:
    """A document of a file, by its place."""

    document_id: str
    place: str
    record_type: str | None


@dataclass(frozen=True, slots=True)
class AbsenceView:
    """Why a required document is not there; it counts once it is confirmed, until it is revoked."""

    absence_id: str
    record_type: str
    reason: str
    entered_by: str
    entered_at: datetime
    entered_by_reader: bool
    confirmed_by: str | None
    confirmed_at: datetime | None
    revoked_by: str | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class ArchivalFileView:
    """An archival file held against its composition. Lists hold the documents that the reader may read."""

    archival_file_id: str
    place: str
    title: str
    composition: str
    present: tuple[FileDocument, ...]
    missing: tuple[str, ...]
    """Required record types that no document has."""
    unforeseen: tuple[FileDocument, ...]
    untyped: int
    """Documents whose record type nobody chose yet; each may be one that is missing."""
    absences: tuple[AbsenceView, ...]
    """Of what is missing, and those that were revoked."""
    contradictions: tuple[ContradictionView, ...]
    blocks: bool
    """Whether anything about the file as a whole blocks acceptance, seen by the reader or not."""


def list_files(
    session: Session, clearance: Clearance, dictionary: Dictionary, batch: Batch
) -> tuple[ArchivalFileView, ...]:
    """The files of which this reader may read a document, in archival order; none where no composition is given."""
    standings = list_standings(session, dictionary, batch)
    ids = [one.id for standing in standings for one in standing.contents.documents]
    mine = set(session.scalars(select(Document.id).where(Document.id.in_(ids), readable(clearance))))
    shown = [one for one in standings if one.own & mine]
    revoked = list_revoked(session, batch.id)
    absences = [*revoked, *(absence for one in shown for absence in one.absences)]
    users = {name for one in absences for name in (one.entered_by, one.confirmed_by, one.revoked_by) if name}
    names = dict(session.execute(select(User.id, User.full_name).where(User.id.in_(sorted(users)))).all())
    return tuple(_file(session, clearance, dictionary, one, mine, absences, names) for one in shown)


def _file(
    session: Session,
    clearance: Clearance,
    dictionary: Dictionary,
    one: FileStanding,
    mine: set[str],
    absences: list[Absence],
    names: Mapping[str, str],
) -> ArchivalFileView:
    file = one.contents.archival_file
    documents = tuple(document for document in one.contents.documents if document.id in mine)
    units = {document.id: document.unit_id for document in documents}
    claims = [
        each
        for each in one.claims
        if each.document_id in units and is_readable(each.rule, clearance, units[each.document_id])
    ]
    rows = tuple(FileDocument(each.id, place_text(file, each.ordinal), each.record_type) for each in documents)
    return ArchivalFileView(
        archival_file_id=file.id,
        place=one.contents.place,
        title=file.title,
        composition=one.composition.code,
        present=rows,
        missing=one.check.missing,
        unforeseen=tuple(row for row in rows if row.document_id in one.check.unforeseen),
        untyped=len(one.check.untyped),
        absences=tuple(
            _absence(each, names, clearance.user_id) for each in absences if each.archival_file_id == file.id
        ),
        contradictions=read_contradictions(
            session, clearance, dictionary, one.composition, FileContents(file, documents), claims
        ),
        blocks=bool(one.lacking) or any(True for _ in one.unsettled()),
    )


def _absence(one: Absence, names: Mapping[str, str], user_id: str) -> AbsenceView:
    return AbsenceView(
        absence_id=one.id,
        record_type=one.record_type,
        reason=one.reason,
        entered_by=names[one.entered_by],
        entered_at=one.entered_at,
        entered_by_reader=one.entered_by == user_id,
        confirmed_by=names.get(one.confirmed_by or ""),
        confirmed_at=one.confirmed_at,
        revoked_by=names.get(one.revoked_by or ""),
        revoked_at=one.revoked_at,
    )
