"""One document as the page of entry and review shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.catalogue import Dictionary, RecordType, missing_fields
from core.labels import Clearance
from review.fields import is_readable
from review.places import place_text
from review.queries.document_parts import (
    ChangeView,
    DocumentView,
    FieldView,
    PageView,
    SuggestionView,
    TypeChoice,
    ValueView,
)
from storage.tables import (
    ArchivalFile,
    Batch,
    CatalogueEntry,
    Document,
    FieldSuggestion,
    FieldValue,
    Page,
    PageReading,
    User,
    ValueChange,
)


def document_view(
    session: Session, clearance: Clearance, dictionary: Dictionary, document: Document, record_type: str | None = None
) -> DocumentView:
    """The document as this reader may see it; the caller has found it for them.

    record_type: the type whose fields are shown, for a form in which another type was just chosen.
    """
    batch = session.get_one(Batch, document.batch_id)
    entry = session.get_one(CatalogueEntry, batch.catalogue_entry_id)
    allowed = [code for code in entry.record_types if dictionary.has_record_type(code)]
    shown = dictionary.record_type(_shown_type(document, allowed, record_type))
    names = _names(session, document)
    pages = _list_pages(session, document)
    return DocumentView(
        document_id=document.id,
        revision=document.revision,
        batch_code=batch.code,
        batch_state=batch.state,
        place=place_text(session.get_one(ArchivalFile, document.archival_file_id), document.ordinal),
        title=document.title,
        state=document.state,
        reason=document.reason,
        reason_code=document.reason_code,
        record_type=document.record_type,
        suggested_record_type=document.suggested_record_type,
        suggested_confidence=document.suggested_confidence,
        shown_record_type=shown.code,
        type_choices=tuple(TypeChoice(code, dictionary.record_type(code).title) for code in allowed),
        fields=_list_fields(session, clearance, document, shown, names, {one.page_id: one for one in pages}),
        pages=pages,
        history=_list_changes(session, clearance, dictionary, document, names),
        entered_by=names.get(document.entered_by or ""),
        confirmed_by=names.get(document.confirmed_by or ""),
    )


def _shown_type(document: Document, allowed: list[str], asked: str | None) -> str:
    wanted = (asked, document.record_type, document.suggested_record_type, document.declared_record_type)
    return next((code for code in wanted if code in allowed), allowed[0])


def _names(session: Session, document: Document) -> dict[str, str]:
    """Full names of everybody who touched the document, by their ids."""
    mine = FieldValue.document_id == document.id
    ids = (
        select(FieldValue.entered_by)
        .where(mine)
        .union(
            select(FieldValue.confirmed_by).where(mine),
            select(ValueChange.changed_by).where(ValueChange.document_id == document.id),
        )
    )
    own = [one for one in (document.entered_by, document.confirmed_by) if one]
    query = select(User.id, User.full_name).where(User.id.in_(ids) | User.id.in_(own))
    return dict(session.execute(query).all())


def _list_pages(session: Session, document: Document) -> tuple[PageView, ...]:
    rows = session.execute(
        select(Page, PageReading.rotation, PageReading.blank, PageReading.engine)
        .outerjoin(PageReading, PageReading.page_id == Page.id)
        .where(Page.document_id == document.id)
        .order_by(Page.number, Page.number_in_file)
    )
    return tuple(
        PageView(
            page_id=page.id,
            number=page.number or page.number_in_file,
            state=page.state,
            width=page.width or 0,
            height=page.height or 0,
            has_image=page.image_sha256 is not None,
            rotation=rotation or 0,
            blank=bool(blank),
            engine=engine or "",
            failure=page.failure,
            failure_settled=page.failure_settled_by is not None,
        )
        for page, rotation, blank, engine in rows
    )


def _list_fields(
    session: Session,
    clearance: Clearance,
    document: Document,
    shown: RecordType,
    names: Mapping[str, str],
    pages: Mapping[str, PageView],
) -> tuple[FieldView, ...]:
    numbers = {page_id: page.number for page_id, page in pages.items()}
    suggestions: dict[str, list[SuggestionView]] = defaultdict(list)
    for one in session.scalars(
        select(FieldSuggestion)
        .where(FieldSuggestion.document_id == document.id)
        .order_by(FieldSuggestion.confidence.desc(), FieldSuggestion.id)
    ):
        suggestions[one.name].append(_suggestion(one, pages.get(one.page_id or "")))
    stored = {one.name: one for one in session.scalars(select(FieldValue).where(FieldValue.document_id == document.id))}
    values: dict[str, Any] = {name: one.value for name, one in stored.items()}
    reasons = {name: one.missing_reason or "" for name, one in stored.items()}
    missing = {rule.name for rule in missing_fields(shown, values, reasons)}
    fields = []
    for rule in shown.fields:
        readable = is_readable(rule, clearance, document.unit_id)
        entered = stored.get(rule.name) if readable else None
        fields.append(
            FieldView(
                rule,
                readable,
                tuple(suggestions[rule.name]) if readable else (),
                _value(entered, names, numbers) if entered else None,
                rule.name in missing,
            )
        )
    return tuple(fields)


def _suggestion(one: FieldSuggestion, page: PageView | None) -> SuggestionView:
    return SuggestionView(
        suggestion_id=one.id,
        value=one.value,
        printed=one.printed,
        confidence=one.confidence,
        page_id=one.page_id,
        page_number=page.number if page else None,
        box=tuple(one.box) if one.box else None,
        rule=one.rule,
        engine=page.engine if page else "",
        handwritten=one.handwritten,
        candidates=tuple(str(candidate["value"]) for candidate in one.candidates),
        sources=tuple(str(candidate.get("source", "pen")) for candidate in one.candidates),
    )


def _value(one: FieldValue, names: Mapping[str, str], numbers: Mapping[str, int]) -> ValueView:
    return ValueView(
        value=one.value,
        missing_reason=one.missing_reason,
        suggestion_id=one.suggestion_id,
        page_id=one.page_id,
        page_number=numbers.get(one.page_id or ""),
        box=tuple(one.box) if one.box else None,
        entered_by=names[one.entered_by],
        entered_at=one.entered_at,
        confirmed_by=names.get(one.confirmed_by or ""),
        confirmed_at=one.confirmed_at,
    )


def _list_changes(
    session: Session, clearance: Clearance, dictionary: Dictionary, document: Document, names: Mapping[str, str]
) -> tuple[ChangeView, ...]:
    """The changes of fields that are readable in every record type that has them: the type may have changed too."""
    hidden = {
        rule.name
        for record_type in dictionary.record_types
        for rule in record_type.fields
        if not is_readable(rule, clearance, document.unit_id)
    }
    rows = session.scalars(
        select(ValueChange)
        .where(ValueChange.document_id == document.id, ValueChange.name.not_in(hidden))
        .order_by(ValueChange.changed_at.desc(), ValueChange.id.desc())
    )
    return tuple(
        ChangeView(one.name, one.before, one.after, one.reason, names[one.changed_by], one.changed_at) for one in rows
    )
