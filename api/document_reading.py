"""A document as its page and the JSON API show it to this reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.image_routes import find_viewable
from core.catalogue import MASKED_KINDS, Dictionary, FieldKind, mask
from core.errors import QueryRefused
from core.labels import WORKING_ROLES, Clearance, Secrecy, Sensitivity, Visibility
from core.masked_text import mask_lines
from core.recognition import Box
from core.states import FileState
from flow.personal_data import mask_text
from flow.unmask import Veil, veil_of
from indexing.highlight import mark_page
from indexing.query import parse
from indexing.records import page_record
from people.persons import Person
from review.duplicates.pairs import Duplicates, list_duplicates
from review.places import place_text
from review.queries import DocumentView, PersonFileView, document_view, read_person_file
from storage.access import readable
from storage.access_log import append_event
from storage.readings import unpack_lines
from storage.tables import ArchivalFile, Document, IncomingFile, Page, PageReading


@dataclass(frozen=True, slots=True)
class FileView:
    """An original of the document."""

    file_id: str
    name: str
    size: int
    sha256: str
    media_type: str
    pages: int


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """The document with its originals and its access label."""

    view: DocumentView
    files: tuple[FileView, ...]
    unit_id: str
    secrecy: Secrecy
    sensitivity: Sensitivity
    label_reason: str | None
    """Why a machine raised the label."""
    veil: Veil | None
    """What this reader is not shown; None: they see everything."""
    works_here: bool
    """Whether the reader works on the batches of the document's unit, and so sees suggestions and history."""
    duplicates: Duplicates
    """For those who work on it; nothing for others."""
    person_file: PersonFileView | None
    """For those who work here, in a file about one person: what its other documents say."""


@dataclass(frozen=True, slots=True)
class PageMarks:
    """What a search meant on a page: boxes of words in pixels of its image."""

    page_number: int
    boxes: tuple[Box, ...]


def read_document(
    session: Session, person: Person, dictionary: Dictionary, document_id: str, record_type: str | None = None
) -> tuple[Document, DocumentReading]:
    """The document and what this person may see of it; the view is logged. Raises NotFound."""
    document = find_viewable(session, person, document_id)
    view = document_view(session, person.clearance, dictionary, document, record_type)
    works_here = document.unit_id in person.clearance.units_of(WORKING_ROLES)
    if not works_here:
        view = _without_work(view)
        if document.visibility is not Visibility.WITHHELD:
            view = replace(view, reason=None, reason_code=None)
    veil = veil_of(session, person, document)
    if veil is not None:
        view = _masked(_without_work(view), veil)
    append_event(session, person.actor, "view_document", f"document:{document.id}", allowed=True)
    reading = DocumentReading(
        view=view,
        files=_list_files(session, document),
        unit_id=document.unit_id,
        secrecy=Secrecy(document.secrecy),
        sensitivity=Sensitivity(document.sensitivity),
        label_reason=document.label_reason,
        veil=veil,
        works_here=works_here,
        duplicates=find_pairs(session, person, document) if works_here else Duplicates((), ()),
        person_file=_read_person_file(session, person, dictionary, document, view) if works_here else None,
    )
    return document, reading


def find_pairs(session: Session, person: Person, document: Document) -> Duplicates:
    """The document's duplicates, as far as this person may read them."""
    return list_duplicates(session, person.clearance, select(Document.id).where(Document.id == document.id))


def _read_person_file(
    session: Session, person: Person, dictionary: Dictionary, document: Document, view: DocumentView
) -> PersonFileView | None:
    if document.visibility is Visibility.WITHHELD:
        return None
    return read_person_file(session, person.clearance, dictionary, document, view.shown_record_type)


def _without_work(view: DocumentView) -> DocumentView:
    """The view without how it came about: suggestions, history, who typed, what failed."""
    fields = tuple(
        replace(
            field,
            suggestions=(),
            entered=replace(field.entered, entered_by="", confirmed_by=None) if field.entered else None,
        )
        for field in view.fields
    )
    pages = tuple(replace(page, failure=None) for page in view.pages)
    return replace(view, fields=fields, pages=pages, history=(), entered_by=None, confirmed_by=None)


def _masked(view: DocumentView, veil: Veil) -> DocumentView:
    """The view with personal values masked, and without pages that cannot be shown so."""
    fields = tuple(
        replace(field, entered=replace(field.entered, value=_mask_value(field.rule.kind, field.entered.value)))
        if field.entered
        else field
        for field in view.fields
    )
    pages = tuple(replace(page, has_image=page.has_image and page.page_id in veil.masks) for page in view.pages)
    return replace(view, title=mask_text(view.title), fields=fields, pages=pages)


def _mask_value(kind: FieldKind, value: str | list[str] | None) -> str | list[str] | None:
    if isinstance(value, list):
        return [mask_text(item) for item in value]
    if value is None:
        return None
    return mask(kind, value) if kind in MASKED_KINDS else mask_text(value)


def _list_files(session: Session, document: Document) -> tuple[FileView, ...]:
    files = session.scalars(
        select(IncomingFile)
        .where(IncomingFile.document_id == document.id, IncomingFile.state == FileState.RECEIVED)
        .order_by(IncomingFile.position)
    )
    return tuple(
        FileView(one.id, one.name, one.size, one.sha256, one.media_type or "", one.page_count or 0) for one in files
    )


def find_marks(session: Session, document: Document, text: str, veil: Veil | None) -> tuple[PageMarks, ...]:
    """Where a search's words stand in what this reader is shown of the pages; pages without any are left out."""
    try:
        query = parse(text)
    except QueryRefused:
        return ()  # a mangled address: the document is shown all the same, only without marks
    rows = session.execute(
        select(Page, PageReading)
        .join(PageReading, PageReading.page_id == Page.id)
        .where(Page.document_id == document.id)
        .order_by(Page.number)
    )
    found: list[PageMarks] = []
    for page, reading in rows:
        lines = unpack_lines(reading.lines)
        if veil is not None:
            lines = mask_lines(lines, veil.masks[page.id]) if page.id in veil.masks else ()
        record = page_record(page.id, page.number or 0, lines, page.width or 0, page.height or 0)
        boxes = mark_page(record, query)
        if boxes:
            found.append(PageMarks(page.number or page.number_in_file, boxes))
    return tuple(found)


def list_withheld(session: Session, clearance: Clearance) -> Sequence[tuple[Document, str]]:
    """The withheld documents that this reader decides about, with their places, oldest first."""
    rows = session.execute(
        select(Document, ArchivalFile)
        .join(ArchivalFile, ArchivalFile.id == Document.archival_file_id)
        .where(Document.visibility == Visibility.WITHHELD, readable(clearance))
        .order_by(Document.created_at)
    )
    return [(document, place_text(archival, document.ordinal)) for document, archival in rows]
