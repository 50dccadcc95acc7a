"""Page images with their words, and originals to download: each only after the access rule, each logged."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Header, Response
from fastapi.responses import RedirectResponse, StreamingResponse
from pydantic import BaseModel
from sqlalchemy.orm import Session

from api.actions import add_json_routes
from api.document_actions import PAGE_ACTIONS
from api.visitors import PersonDep, ServiceDep
from core.errors import NotFound
from core.labels import Role
from core.masked_text import PageMask, mask_lines
from core.recognition import Box
from core.states import DocumentState, FileState
from flow.find import find_document, find_page
from flow.unmask import paint_over, veil_of
from people.persons import Person
from review.signoffs import ACCEPTORS
from storage.access_log import append_event
from storage.objects import Area
from storage.readings import unpack_lines
from storage.tables import Document, IncomingFile, Page, PageReading

router = APIRouter(prefix="/api/v1", tags=["pages"])

NOT_LOOKED_AT = frozenset({DocumentState.RECEIVED, DocumentState.PROCESSING})
"""States in which secrecy stamps have not been looked for yet: nobody sees such a document."""
DOWNLOAD_ROLES = (Role.REVIEWER, *ACCEPTORS, Role.BUSINESS_OWNER)
PRESIGNED_SECONDS = 60
_BLOCK = 1 << 20


class WordAnswer(BaseModel):
    """A word as it was read. `confidence` lies in 0..1; `box` is [x0, y0, x1, y1] in pixels of the page image;
    `pen`: it looks pen-written."""

    text: str
    confidence: float
    box: Box
    pen: bool


class PageAnswer(BaseModel):
    """A page after a decision about it."""

    id: str
    number: int | None
    failure: str | None
    settled: bool


def find_viewable(session: Session, person: Person, document_id: str) -> Document:
    """The document, if this person may see its pages. Raises NotFound; also while its stamps are not looked for."""
    document = find_document(session, person, document_id)
    if document.state in NOT_LOOKED_AT:
        raise NotFound("This document is still being read.", "Wait a little.", denied=f"document:{document.id}")
    return document


def find_viewable_page(session: Session, person: Person, page_id: str) -> Page:
    """The page of such a document. Raises NotFound."""
    page = find_page(session, person, page_id)
    find_viewable(session, person, page.document_id)
    return page


def find_mask(session: Session, person: Person, page: Page) -> PageMask:
    """What of the page this reader is not shown. Raises NotFound where that is all of it."""
    veil = veil_of(session, person, session.get_one(Document, page.document_id))
    if veil is None:
        return PageMask()
    if page.id not in veil.masks:
        raise NotFound("This page was not searched for personal data.", "Ask those who keep the document.")
    return veil.masks[page.id]


@router.get("/pages/{page_id}/image", response_class=Response)
def show_image(
    page_id: str, service: ServiceDep, person: PersonDep, if_none_match: Annotated[str, Header()] = ""
) -> Response:
    """The image of the page. The browser may keep it but asks each time, so that a right that was lost is lost."""
    with service.records.writing() as session:
        page = find_viewable_page(session, person, page_id)
        mask = find_mask(session, person, page)
        reading = session.get(PageReading, page.id)
        append_event(session, person.actor, "view_page", f"page:{page.id}", allowed=True)
    if page.image_sha256 is None:
        raise NotFound("This page has no image.", "Have its file split again.")
    shown = page.image_sha256 if mask.empty else hashlib.sha256(f"{page.image_sha256}{mask}".encode()).hexdigest()
    headers = {"ETag": f'"{shown}"', "Cache-Control": "private, no-cache"}
    if headers["ETag"] in if_none_match:
        return Response(status_code=304, headers=headers)
    data = service.objects.read(Area.PAGES, page.image_sha256)
    if mask.empty:
        return Response(data, media_type=page.image_type, headers=headers)
    settings, rotation = service.settings, reading.rotation if reading else 0
    painted = paint_over(settings, data, mask, rotation)
    return Response(painted, media_type="image/jpeg", headers=headers)


@router.get("/pages/{page_id}/words")
def show_words(page_id: str, service: ServiceDep, person: PersonDep) -> list[WordAnswer]:
    """The words of the page with their boxes, in reading order; none for a page that was not read."""
    with service.records.writing() as session:
        page = find_viewable_page(session, person, page_id)
        mask = find_mask(session, person, page)
        reading = session.get(PageReading, page.id)
        append_event(session, person.actor, "view_page", f"page:{page.id}", allowed=True, detail={"part": "words"})
    lines = mask_lines(unpack_lines(reading.lines), mask) if reading else ()
    return [
        WordAnswer(text=word.text, confidence=word.confidence, box=word.box, pen=word.pen)
        for line in lines
        for word in line.words
    ]


def _page_answer(session: Session, page_id: str) -> PageAnswer:
    page = session.get_one(Page, page_id)
    settled = page.failure_settled_by is not None
    return PageAnswer(id=page.id, number=page.number, failure=page.failure, settled=settled)


add_json_routes(router, "/pages/{key}", PAGE_ACTIONS, PageAnswer, _page_answer)


@router.get("/documents/{document_id}/original/{file_id}", response_class=StreamingResponse)
def download_original(document_id: str, file_id: str, service: ServiceDep, person: PersonDep) -> Response:
    """An original as it was scanned, for reviewers and acceptors. Where the installation lets browsers read from its
    object store, the answer leads there, with a URL that is good for a minute."""
    with service.records.writing() as session:
        document = find_viewable(session, person, document_id)
        person.require_any(DOWNLOAD_ROLES, document.unit_id)
        file = session.get(IncomingFile, file_id)
        if file is None or file.document_id != document.id or file.state is not FileState.RECEIVED:
            raise NotFound("This document has no such file.", "Look at the document.")
        append_event(
            session, person.actor, "download", f"document:{document.id}", allowed=True, detail={"sha256": file.sha256}
        )
    disposition = attachment_header(file.name)
    if service.settings.presigned_reads:
        url = service.objects.presign(Area.ORIGINALS, file.sha256, disposition, PRESIGNED_SECONDS)
        if url is not None:
            return RedirectResponse(url, status_code=303, headers={"Cache-Control": "no-store"})
    stream = service.objects.open(Area.ORIGINALS, file.sha256)

    def pieces() -> Iterator[bytes]:
        with stream:
            while block := stream.read(_BLOCK):
                yield block

    headers = {
        "Content-Disposition": disposition,
        "Content-Length": str(file.size),
        "Cache-Control": "no-store",
    }
    return StreamingResponse(pieces(), media_type="application/octet-stream", headers=headers)


def attachment_header(name: str) -> str:
    """Content-Disposition with the name in both forms of RFC 6266; Vietnamese letters in that of RFC 5987."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1] or "original"
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._- ") else "_" for letter in last)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(last, safe='')}"
