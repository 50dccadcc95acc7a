"""Showing personal values to a reader who otherwise sees them masked: for a reason, for a while, logged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.catalogue import Dictionary
from core.catalogue.model import Protection
from core.errors import Forbidden
from core.masked_text import PageMask
from core.personal_data import may_unmask, reveals
from core.settings import Settings
from flow.changes import require_reason
from flow.find import find_document
from flow.isolate import isolate
from flow.personal_data import masks_of
from ocr.painting import paint_page
from people.persons import Person
from storage.access import label_of
from storage.access_log import append_event
from storage.database import present
from storage.tables import Document, PersonalFinding, Unmasking


@dataclass(frozen=True, slots=True)
class Veil:
    """What of a document a reader is not shown: `masks` by page id; a page without one is not shown at all."""

    masks: Mapping[str, PageMask]


def veil_of(session: Session, person: Person, document: Document) -> Veil | None:
    """What this reader, who may read the document, is not shown of it; None where they see all.

    Of a document that was not searched for personal values no page is shown.
    """
    if reveals(person.clearance, label_of(document)) or _is_unmasked(session, person, document):
        return None
    return Veil(masks_of(session, document) or {})


def paint_over(settings: Settings, image: bytes, mask: PageMask, rotation: int) -> bytes:
    """The page image as JPEG without what the mask hides, painted in the process that may die."""
    return isolate(settings, paint_page, image, mask, rotation, settings.max_page_pixels)


def _is_unmasked(session: Session, person: Person, document: Document) -> bool:
    query = select(Unmasking.id).where(
        Unmasking.user_id == person.user_id,
        Unmasking.document_id == document.id,
        Unmasking.expires_at > present(session),
    )
    return session.scalars(query.limit(1)).one_or_none() is not None


def protection_of(dictionary: Dictionary, document: Document) -> Protection | None:
    """The protection of the document's record type, of the suggested one while nobody chose; None if there is none."""
    code = document.record_type or document.suggested_record_type
    return dictionary.record_type(code).labels.protection if code else None


def unmask_document(
    session: Session, person: Person, dictionary: Dictionary, document_id: str, reason: str, minutes: int
) -> Unmasking:
    """Lets this person see the document's personal values for so many minutes.

    Raises NotFound, InvalidValue without a reason, Forbidden for who has no right to it.
    """
    document = find_document(session, person, document_id)
    why = require_reason(reason)
    if not may_unmask(person.clearance, label_of(document), protection_of(dictionary, document)):
        raise Forbidden("You may not see this document's personal values.", "Ask those who keep it.")
    kinds = session.scalars(
        select(PersonalFinding.kind).where(PersonalFinding.document_id == document.id).group_by(PersonalFinding.kind)
    )
    unmasking = Unmasking(
        user_id=person.user_id,
        document_id=document.id,
        reason=why,
        expires_at=present(session) + timedelta(minutes=minutes),
    )
    session.add(unmasking)
    detail = {"reason": why, "kinds": sorted(kinds), "minutes": minutes}
    append_event(session, person.actor, "unmask", f"document:{document.id}", allowed=True, detail=detail)
    return unmasking
