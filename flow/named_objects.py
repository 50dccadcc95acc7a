"""The objects that the records name, of documents whose contents still exist."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from core.states import DocumentState, FileState
from storage.objects import Area
from storage.tables import Document, IncomingFile, Page

HASHES: dict[Area, InstrumentedAttribute[str] | InstrumentedAttribute[str | None]] = {
    Area.ORIGINALS: IncomingFile.sha256,
    Area.PAGES: Page.image_sha256,
}
"""Where the records name the objects of an area."""
_NAMES = {Area.ORIGINALS: IncomingFile.name, Area.PAGES: Page.id}
_STORED = {
    Area.ORIGINALS: IncomingFile.state == FileState.RECEIVED,
    Area.PAGES: Page.image_sha256.is_not(None),
}


def named_objects(area: Area, *conditions: ColumnElement[bool]) -> Select[str | None, str]:
    """Each object's SHA-256 and the name of something that it is of, ascending, each once."""
    sha256 = HASHES[area]
    return (
        select(sha256, func.min(_NAMES[area]))
        .join(Document, Document.id == sha256.class_.document_id)
        .where(Document.state != DocumentState.PURGED, _STORED[area], *conditions)
        .group_by(sha256)
        .order_by(sha256)
    )
