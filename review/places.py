"""Where a document stands in the archive: fonds, series list, file, ordinal."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.tables import ArchivalFile, Document


@dataclass(frozen=True, slots=True)
class Place:
    """A document with its archival file."""

    document: Document
    archival_file: ArchivalFile

    @property
    def text(self) -> str:
        """For example "VP-TU/01/HS01/0003"."""
        return place_text(self.archival_file, self.document.ordinal)


def place_text(archival_file: ArchivalFile, ordinal: int) -> str:
    """Fonds, series list, file code, ordinal in four digits."""
    return f"{archival_file.fonds}/{archival_file.series_list}/{archival_file.code}/{ordinal:04d}"


def list_places(session: Session, batch_id: str) -> list[Place]:
    """Every document of the batch, in archival order."""
    rows = session.execute(
        select(Document, ArchivalFile)
        .join(ArchivalFile, ArchivalFile.id == Document.archival_file_id)
        .where(Document.batch_id == batch_id)
        .order_by(ArchivalFile.fonds, ArchivalFile.series_list, ArchivalFile.code, Document.ordinal, Document.version)
    )
    return [Place(document, archival_file) for document, archival_file in rows]
