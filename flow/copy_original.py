"""The second copy: an original that was received is put into the second store too, by a job that holds nobody up."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.states import DocumentState, FileState
from flow.service import Service
from storage.database import HELD
from storage.objects import Area
from storage.tables import Document, IncomingFile


def copy_original(service: Service, file_id: str) -> Callable[[Session], None]:
    """Copies the file's original, unless it has been purged. Raises NotFound, HashMismatch for a damaged one."""
    with service.records.reading() as session:
        file = session.get_one(IncomingFile, file_id)
        purged = session.get_one(Document, file.document_id).state is DocumentState.PURGED
    copy = service.copy
    if copy is not None and not purged and not copy.has(Area.ORIGINALS, file.sha256):
        copy.keep(Area.ORIGINALS, file.sha256, service.objects.pieces(Area.ORIGINALS, file.sha256))

    def record(session: Session) -> None:
        # A purge holds the document's row while it deletes: either it comes later and finds the copy, or it is seen.
        document = session.get_one(Document, file.document_id, with_for_update=HELD)
        if copy is not None and document.state is DocumentState.PURGED and not _is_needed(session, file):
            copy.delete(Area.ORIGINALS, file.sha256)

    return record


def _is_needed(session: Session, file: IncomingFile) -> bool:
    """Whether another living document has the same bytes."""
    others = (
        select(IncomingFile.id)
        .join(Document, Document.id == IncomingFile.document_id)
        .where(
            IncomingFile.sha256 == file.sha256,
            IncomingFile.state == FileState.RECEIVED,
            Document.state != DocumentState.PURGED,
        )
    )
    return session.scalar(others.limit(1)) is not None


def give_up_copying(_session: Session, _file_id: str, _reason: str) -> None:
    """Nothing waits for a copy: `sohoa check` names what lacks it, and `sohoa audit --mend` makes it."""
