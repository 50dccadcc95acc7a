"""What the records know of a document that helps to read its number and date by pen."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from core.known_facts import KnownFacts, Neighbour, RegisterRow
from core.states import DocumentState
from ocr.describing.register_match import is_legal_number
from storage.tables import ArchivalFile, Document, FieldSuggestion, FieldValue, IncomingFile, RegisterEntry

VIETNAMESE_TIME = timezone(timedelta(hours=7))
_SURELY_PRINTED = 0.95
_LEAST = MappingProxyType({"number": _SURELY_PRINTED, "date": _SURELY_PRINTED, "symbol": 0.8, "issuing_body": 0.8})
"""How sure a printed value must be. Symbols and names are only compared: a wrong one makes no neighbour."""
_WANTED = tuple(_LEAST)
_WHOLE_DAY = re.compile(r"\d{4}-\d\d-\d\d")
NEAREST = 20
"""Neighbours that are looked at: those that lie nearest in the same archival file, then in the batch."""
_NO_NEIGHBOURS = (
    DocumentState.WITHHELD,
    DocumentState.REJECTED,
    DocumentState.PURGED,
    DocumentState.SUPERSEDED,
    DocumentState.WITHDRAWN,
)
_PRINTED = (FieldSuggestion.handwritten.is_(False), FieldSuggestion.confidence >= _SURELY_PRINTED)


def gather_facts(session: Session, document: Document, register: tuple[RegisterRow, ...] | None = None) -> KnownFacts:
    """Days of signing, neighbours and the batch's register. register: where the caller has it at hand."""
    archival = session.get_one(ArchivalFile, document.archival_file_id)
    return KnownFacts(
        _list_signing_days(session, document),
        _list_neighbours(session, document),
        list_register(session, document.batch_id) if register is None else register,
        archival.code,
        document.ordinal,
    )


def _list_signing_days(session: Session, document: Document) -> tuple[date, ...]:
    times = session.scalars(
        select(IncomingFile.signing_times)
        .where(IncomingFile.document_id == document.id)
        .order_by(IncomingFile.position)
    )
    instants = (datetime.fromisoformat(time) for its in times for time in its)
    return tuple(dict.fromkeys(instant.astimezone(VIETNAMESE_TIME).date() for instant in instants))


def nearness(document: Document) -> tuple[ColumnElement[Any], ...]:
    """An order of documents: those of the same archival file first, by how far their ordinals are from this one's."""
    return (
        case((Document.archival_file_id == document.archival_file_id, 0), else_=1),
        func.abs(Document.ordinal - document.ordinal),
        Document.id.asc(),
    )


def list_register(session: Session, batch_id: str) -> tuple[RegisterRow, ...]:
    """The batch's register in its order; empty where there is none."""
    query = select(RegisterEntry).where(RegisterEntry.batch_id == batch_id).order_by(RegisterEntry.line)
    return tuple(
        RegisterRow(one.line, one.file_code, one.ordinal, one.number, one.symbol, one.dated, one.abstract)
        for one in session.scalars(query)
    )


def _list_neighbours(session: Session, document: Document) -> tuple[Neighbour, ...]:
    """The nearest documents whose number and date people confirmed, or are printed and were read well."""
    confirmed = select(FieldValue.document_id).where(FieldValue.name == "number", FieldValue.confirmed_by.is_not(None))
    printed = select(FieldSuggestion.document_id).where(FieldSuggestion.name == "number", *_PRINTED)
    nearest = session.scalars(
        select(Document.id)
        .where(
            Document.batch_id == document.batch_id,
            Document.id != document.id,
            Document.state.not_in(_NO_NEIGHBOURS),
            or_(Document.id.in_(confirmed), Document.id.in_(printed)),
        )
        .order_by(*nearness(document))
        .limit(NEAREST)
    ).all()
    values = _sure_values(session, nearest)
    return tuple(found for one in nearest if (found := _make_neighbour(values[one])) is not None)


def _sure_values(session: Session, document_ids: Sequence[str]) -> Mapping[str, dict[str, str]]:
    """By document and name: what people confirmed; what is surely printed, where nobody has typed anything else."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for one in session.scalars(
        select(FieldSuggestion)
        .where(FieldSuggestion.document_id.in_(document_ids), FieldSuggestion.name.in_(_WANTED))
        .where(FieldSuggestion.handwritten.is_(False))
        .order_by(FieldSuggestion.confidence)
    ):
        if isinstance(one.value, str) and one.confidence >= _LEAST[one.name]:
            found[one.document_id][one.name] = one.value
    for typed in session.scalars(
        select(FieldValue).where(FieldValue.document_id.in_(document_ids), FieldValue.name.in_(_WANTED))
    ):
        found[typed.document_id].pop(typed.name, None)
        if typed.confirmed_by is not None and isinstance(typed.value, str):
            found[typed.document_id][typed.name] = typed.value
    return found


def _make_neighbour(values: Mapping[str, str]) -> Neighbour | None:
    number, day = values.get("number", ""), values.get("date", "")
    if not is_legal_number(number) or not _WHOLE_DAY.fullmatch(day) or not values.keys() >= _LEAST.keys():
        return None
    return Neighbour(values["issuing_body"], values["symbol"], int(number), date.fromisoformat(day))
