"""Personal values of documents: what was found is kept, and raises the label; what of it a reader is not shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.labels import Sensitivity
from core.masked_text import PageMask
from core.personal_data import RAISES, SURE, PersonalKind
from core.recognition import Box, HiddenWord, PersonalDatum
from core.states import DocumentState
from flow.search_jobs import request_index
from flow.service import Service
from ocr.describing.personal_data import find_personal_data, mask_text
from storage.access_log import append_event
from storage.database import HELD
from storage.readings import recognized_page
from storage.tables import Document, Page, PageReading, PersonalFinding

__all__ = [
    "causes_of",
    "is_scanned",
    "keep_personal_data",
    "least_sensitivity",
    "mask_text",
    "masks_of",
    "raise_label",
    "scan_documents",
]

_AT_ONCE = 20
_NOTHING_TO_READ = (DocumentState.RECEIVED, DocumentState.PROCESSING, DocumentState.PURGED)


def keep_personal_data(
    session: Session, document: Document, found: Iterable[PersonalDatum], page_ids: Mapping[int | None, str]
) -> None:
    """Stores what was found in place of what was found before. Of a value only what masking shows is kept."""
    session.execute(delete(PersonalFinding).where(PersonalFinding.document_id == document.id))
    for one in found:
        session.add(
            PersonalFinding(
                document_id=document.id,
                page_id=page_ids[one.page],
                kind=one.kind.value,
                words=[[list(word.box), word.shown] for word in one.words],
                areas=[list(area) for area in one.areas],
                confidence=one.confidence,
                rule=one.rule,
            )
        )
    document.scanned_round = document.described_round


def raise_label(session: Session, document: Document, causes: Iterable[tuple[Sensitivity, str]]) -> None:
    """Raises the document's sensitivity to the highest that a cause asks for, and says why; never lowers it.

    causes: the sensitivity asked for, and by what, in Vietnamese.
    """
    before = Sensitivity(document.sensitivity)
    causes = [(asked, cause) for asked, cause in causes if asked > before]
    if not causes:
        return
    after = max(asked for asked, _ in causes)
    document.sensitivity = int(after)
    why = "; ".join(dict.fromkeys(cause for _, cause in causes))
    document.label_reason = f"Nâng độ nhạy từ '{before.vietnamese}' lên '{after.vietnamese}': {why}."
    detail = {"before": int(before), "after": int(after)}
    append_event(session, "system", "raise_label", f"document:{document.id}", allowed=True, detail=detail)


def causes_of(found: Iterable[PersonalDatum]) -> list[tuple[Sensitivity, str]]:
    """What these values ask of the label; those that are not sure ask nothing."""
    pages: dict[PersonalKind, set[int]] = {}
    for one in found:
        if one.confidence >= SURE and one.kind in RAISES:
            pages.setdefault(one.kind, set()).add(one.page)
    return [
        (RAISES[kind], f"{kind.vietnamese} ở trang {', '.join(map(str, sorted(numbers)))}")
        for kind, numbers in pages.items()
    ]


def least_sensitivity(session: Session, document_id: str) -> Sensitivity:
    """What the values found in the document ask of its label, whatever people say it is."""
    rows = session.scalars(
        select(PersonalFinding.kind)
        .where(PersonalFinding.document_id == document_id, PersonalFinding.confidence >= SURE)
        .distinct()
    )
    return max((RAISES.get(PersonalKind(kind), Sensitivity.PUBLIC) for kind in rows), default=Sensitivity.PUBLIC)


def is_scanned(document: Document) -> bool:
    """Whether the pages as they are now were searched for personal values."""
    return document.scanned_round == document.described_round


def masks_of(session: Session, document: Document) -> dict[str, PageMask] | None:
    """By page id what is hidden, of the pages that can be shown masked; None for a document that was not searched.

    A page that nobody could read is not among them: what stands on it is not known.
    """
    if not is_scanned(document):
        return None
    ids = session.scalars(
        select(PageReading.page_id).join(Page, Page.id == PageReading.page_id).where(Page.document_id == document.id)
    )
    found: dict[str, list[PersonalFinding]] = {page_id: [] for page_id in ids}
    for one in session.scalars(select(PersonalFinding).where(PersonalFinding.document_id == document.id)):
        found.setdefault(one.page_id, []).append(one)
    return {page_id: _mask(its) for page_id, its in found.items()}


def _mask(findings: Sequence[PersonalFinding]) -> PageMask:
    words = (HiddenWord(_box(box), shown) for one in findings for box, shown in one.words)
    return PageMask(
        tuple(word for word in words if "*" in word.shown),
        tuple(_box(area) for one in findings for area in one.areas),
    )


def _box(numbers: Sequence[int]) -> Box:
    x0, y0, x1, y1 = numbers
    return (x0, y0, x1, y1)


def scan_documents(service: Service) -> int:
    """Searches every described document that was not searched yet, from what was read of it; answers how many.

    Documents that were described by an earlier version of this software are such. A portion at a time, so that the
    service may go on meanwhile.
    """
    count, last = 0, ""
    while ids := _unscanned(service, last):
        with service.records.writing() as session:
            count += sum(_scan(session, document_id) for document_id in ids)
        last = ids[-1]
    return count


def _unscanned(service: Service, after: str) -> list[str]:
    query = (
        select(Document.id)
        .where(
            Document.scanned_round.is_distinct_from(Document.described_round),
            Document.state.not_in(_NOTHING_TO_READ),
            Document.id > after,
        )
        .order_by(Document.id)
        .limit(_AT_ONCE)
    )
    with service.records.reading() as session:
        return list(session.scalars(query))


def _scan(session: Session, document_id: str) -> bool:
    document = session.get_one(Document, document_id, with_for_update=HELD)
    if is_scanned(document) or document.state in _NOTHING_TO_READ:
        return False
    rows = session.execute(
        select(Page, PageReading)
        .join(PageReading, PageReading.page_id == Page.id)
        .where(Page.document_id == document_id)
        .order_by(Page.number)
    ).all()
    found = find_personal_data([recognized_page(page, reading, page.number or 0) for page, reading in rows])
    keep_personal_data(session, document, found, {page.number or 0: page.id for page, _ in rows})
    raise_label(session, document, causes_of(found))
    request_index(session, document)
    return True
