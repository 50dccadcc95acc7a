"""What still stands between a batch and its acceptance, document by document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.catalogue import Dictionary, check_record, missing_fields
from core.states import DocumentState, FileState
from review.duplicates.pairs import undecided_exact
from review.places import Place, list_places
from storage.tables import Batch, Document, FieldValue, IncomingFile, OpenQuestion, Page

SETTLED_ASIDE = frozenset({DocumentState.REJECTED, DocumentState.SUPERSEDED, DocumentState.PURGED})
"""Decided for good: they ask for nothing more."""
_NOT_DESCRIBED = frozenset({DocumentState.RECEIVED, DocumentState.PROCESSING, DocumentState.CLEARED})
_READY = frozenset({DocumentState.CONFIRMED, DocumentState.ACCEPTED})


class Lack(StrEnum):
    """Kinds of what can be missing."""

    NOT_DESCRIBED = "not_described"
    WITHHELD = "withheld"
    RESCAN_OPEN = "rescan_open"
    REFUSED_FILE = "refused_file"
    FAILED_PAGE = "failed_page"
    DUPLICATE = "duplicate"
    RECORD_TYPE = "record_type"
    FIELD = "field"
    BROKEN_RULE = "broken_rule"
    CONFIRMATION = "confirmation"
    SAME_PERSON = "same_person"
    OPEN_QUESTION = "open_question"
    """Of the batch's catalogue entry, not of a document."""

    @property
    def vietnamese(self) -> str:
        return _WORDS[self]


_WORDS = {
    Lack.NOT_DESCRIBED: "chưa xử lý xong",
    Lack.WITHHELD: "đang tạm giữ, chờ cán bộ bảo mật",
    Lack.RESCAN_OPEN: "đang chờ quét lại",
    Lack.REFUSED_FILE: "tệp bị từ chối",
    Lack.FAILED_PAGE: "trang không đọc được, chưa có người quyết định",
    Lack.DUPLICATE: "có bản trùng, chưa có người quyết định",
    Lack.RECORD_TYPE: "chưa chọn loại hồ sơ, tài liệu",
    Lack.FIELD: "thiếu trường bắt buộc",
    Lack.BROKEN_RULE: "trường sai quy tắc",
    Lack.CONFIRMATION: "chưa được xác nhận",
    Lack.SAME_PERSON: "người nhập cũng là người xác nhận",
    Lack.OPEN_QUESTION: "câu hỏi pháp lý, nghiệp vụ còn để ngỏ",
}


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing. `detail` names the field, page or file; never a value."""

    document_id: str
    """Empty for what the whole batch lacks."""
    place: str
    """For example "VP-TU/01/HS01/0003"; empty for a withheld document."""
    lack: Lack
    detail: str = ""

    @property
    def line(self) -> str:
        """One line for a list: place, kind, detail."""
        return ": ".join(filter(None, (self.place, self.lack.value, self.detail)))


def find_missing(session: Session, dictionary: Dictionary, batch: Batch) -> tuple[Missing, ...]:
    """Everything that is missing, in the order of the documents' places; empty when the batch can be accepted."""
    places = list_places(session, batch.id)
    values = _values_by_document(session, batch.id)
    failed_pages = _failed_pages(session, batch.id)
    refused_files = _refused_files(session, batch.id)
    duplicates = set(session.scalars(undecided_exact(select(Document.id).where(Document.batch_id == batch.id))))
    found: list[Missing] = []
    for place in places:
        document = place.document
        if document.state in SETTLED_ASIDE:
            continue
        if document.state is DocumentState.WITHHELD:
            # Its place is for the security officer alone; that something is withheld is no secret.
            found.append(Missing(document.id, "", Lack.WITHHELD))
            continue
        found += [Missing(document.id, place.text, Lack.REFUSED_FILE, name) for name in refused_files[document.id]]
        if document.state is DocumentState.RESCAN_REQUESTED:
            found.append(Missing(document.id, place.text, Lack.RESCAN_OPEN, document.reason_code or ""))
            continue
        found += [Missing(document.id, place.text, Lack.FAILED_PAGE, page) for page in failed_pages[document.id]]
        if document.id in duplicates:
            found.append(Missing(document.id, place.text, Lack.DUPLICATE))
        if document.state in _NOT_DESCRIBED:
            found.append(Missing(document.id, place.text, Lack.NOT_DESCRIBED))
            continue
        found += _missing_data(dictionary, place, values[document.id])
    found += [Missing("", "", Lack.OPEN_QUESTION, question) for question in _blocking_questions(session, batch)]
    return tuple(found)


def _blocking_questions(session: Session, batch: Batch) -> list[str]:
    """The questions about the batch's catalogue entry that stop acceptance until they are answered."""
    query = select(OpenQuestion.question).where(
        OpenQuestion.entry_id == batch.catalogue_entry_id, OpenQuestion.blocking, OpenQuestion.answered_at.is_(None)
    )
    return list(session.scalars(query.order_by(OpenQuestion.asked_at)))


def _missing_data(dictionary: Dictionary, place: Place, values: list[FieldValue]) -> Iterator[Missing]:
    document = place.document
    if document.record_type is None:
        yield Missing(document.id, place.text, Lack.RECORD_TYPE)
        return
    record_type = dictionary.record_type(document.record_type)
    present = {one.name: one.value for one in values if one.value is not None}
    reasons = {one.name: one.missing_reason for one in values if one.missing_reason}
    for rule in missing_fields(record_type, present, reasons):
        yield Missing(document.id, place.text, Lack.FIELD, rule.name)
    for fault in check_record(record_type, present):
        yield Missing(document.id, place.text, Lack.BROKEN_RULE, fault.field)
    unconfirmed = [one.name for one in values if one.confirmed_by is None]
    for name in unconfirmed:
        yield Missing(document.id, place.text, Lack.CONFIRMATION, name)
    if not unconfirmed and document.state not in _READY:
        yield Missing(document.id, place.text, Lack.CONFIRMATION)
    for one in values:
        if one.confirmed_by == one.entered_by:
            yield Missing(document.id, place.text, Lack.SAME_PERSON, one.name)


def _values_by_document(session: Session, batch_id: str) -> dict[str, list[FieldValue]]:
    rows = session.scalars(
        select(FieldValue).join(Document).where(Document.batch_id == batch_id).order_by(FieldValue.name)
    )
    found: dict[str, list[FieldValue]] = defaultdict(list)
    for value in rows:
        found[value.document_id].append(value)
    return found


def _failed_pages(session: Session, batch_id: str) -> dict[str, list[str]]:
    rows = session.execute(
        select(Page.document_id, Page.number, Page.number_in_file)
        .where(Page.batch_id == batch_id, Page.failure.is_not(None), Page.failure_settled_by.is_(None))
        .order_by(Page.number)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for document_id, number, number_in_file in rows:
        found[document_id].append(str(number or number_in_file))
    return found


def _refused_files(session: Session, batch_id: str) -> dict[str, list[str]]:
    rows = session.execute(
        select(IncomingFile.document_id, IncomingFile.name)
        .where(IncomingFile.batch_id == batch_id, IncomingFile.state == FileState.REFUSED)
        .order_by(IncomingFile.position)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for document_id, name in rows:
        found[document_id].append(name)
    return found
