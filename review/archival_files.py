"""Archival files whole: every living document that stands at a file's place, whichever batch brought it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from core.catalogue import Composition, Dictionary
from core.labels import Visibility
from core.states import DocumentState
from storage.tables import ArchivalFile, Batch, CatalogueEntry, Document

_SEEN = (Visibility.UNPUBLISHED, Visibility.PUBLISHED)
_OUT = (
    DocumentState.REJECTED,
    DocumentState.SUPERSEDED,
    DocumentState.PURGED,
    DocumentState.WITHHELD,
    DocumentState.WITHDRAWN,
)


@dataclass(frozen=True, slots=True)
class FileContents:
    """An archival file of a batch with the living documents at its place, of earlier batches too. A withheld document
    is not among them: what it is, is for the security officer alone."""

    archival_file: ArchivalFile
    documents: tuple[Document, ...]

    @property
    def place(self) -> str:
        """For example "VP-TU/01/HS01"."""
        return "/".join((self.archival_file.fonds, self.archival_file.series_list, self.archival_file.code))


def composition_of(session: Session, dictionary: Dictionary, batch: Batch) -> Composition | None:
    """What each archival file of the batch is held against; None where its catalogue entry says nothing."""
    code = session.get_one(CatalogueEntry, batch.catalogue_entry_id).composition
    return dictionary.composition(code) if code else None


def list_contents(session: Session, batch: Batch, only: ColumnElement[bool]) -> list[FileContents]:
    """The archival files of the batch, in archival order, each with its documents.

    only: which documents count: `storage.access.readable` for a reader, `sqlalchemy.true()` for a gate.
    """
    files = select(ArchivalFile).where(ArchivalFile.batch_id == batch.id)
    ordered = files.order_by(ArchivalFile.fonds, ArchivalFile.series_list, ArchivalFile.code)
    return _fill(session, batch.unit_id, list(session.scalars(ordered)), only)


def find_contents(session: Session, document: Document, only: ColumnElement[bool]) -> FileContents:
    """The archival file that the document belongs to."""
    file = session.get_one(ArchivalFile, document.archival_file_id)
    return _fill(session, document.unit_id, [file], only)[0]


def _fill(
    session: Session, unit_id: str, files: Sequence[ArchivalFile], only: ColumnElement[bool]
) -> list[FileContents]:
    mine = aliased(ArchivalFile)
    rows = session.execute(
        select(mine.id, Document)
        .join(
            ArchivalFile,
            (ArchivalFile.fonds == mine.fonds)
            & (ArchivalFile.series_list == mine.series_list)
            & (ArchivalFile.code == mine.code),
        )
        .join(Document, Document.archival_file_id == ArchivalFile.id)
        .where(
            mine.id.in_([one.id for one in files]),
            Document.unit_id == unit_id,
            Document.visibility.in_(_SEEN),
            Document.state.not_in(_OUT),
            only,
        )
        .order_by(Document.ordinal, Document.version, Document.id)
    )
    found: dict[str, list[Document]] = defaultdict(list)
    for file_id, document in rows:
        found[file_id].append(document)
    return [FileContents(one, tuple(found[one.id])) for one in files]
