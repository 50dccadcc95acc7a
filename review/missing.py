"""What still stands between a batch and its acceptance, document by document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.catalogue import Dictionary, check_record, missing_fields
from core.labels import Clearance
from core.states import DocumentState, FileState
from review.duplicates.pairs import undecided_exact
from review.file_standing import list_standings
from review.places import Place, list_places
from storage.access import readable
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
    ABSENT_DOCUMENT = "absent_document"
    """Of a whole file: its composition requires a document that is not there, and no confirmed reason says why."""
    CONTRADICTION = "contradiction"
    """Of a whole file: its documents say different things of the person, and nobody settled it."""

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
    Lack.ABSENT_DOCUMENT: "hồ sơ thiếu tài liệu bắt buộc",
    Lack.CONTRADICTION: "các tài liệu trong hồ sơ mâu thuẫn",
}


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing. `detail` names the field, page, file or record type; never a value."""

    document_id: str
    """Empty for a document that is not there, and for what the whole batch lacks."""
    place: str
    """For example "VP-TU/01/HS01/0003", of a whole file "VP-TU/01/HS01"; empty for a withheld document."""
    lack: Lack
    detail: str = ""
    documents: tuple[str, ...] = ()
    """Of a whole file: the documents that it is about."""

    def is_shown_to(self, mine: Collection[str]) -> bool:
        """Whether a reader of these documents is told more than that something is missing: whoever reads one document
        of a file may know what the file lacks, but a contradiction takes two."""
        if self.lack is Lack.OPEN_QUESTION:
            return True
        if self.lack is Lack.ABSENT_DOCUMENT:
            return any(one in mine for one in self.documents)
        return all(one in mine for one in self.documents or (self.document_id,))

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
    found += _missing_in_files(session, dictionary, batch)
    return tuple(found)


def _blocking_questions(session: Session, batch: Batch) -> list[str]:
    """The questions about the batch's catalogue entry that stop acceptance until they are answered."""
    query = select(OpenQuestion.question).where(
        OpenQuestion.entry_id == batch.catalogue_entry_id, OpenQuestion.blocking, OpenQuestion.answered_at.is_(None)
    )
    return list(session.scalars(query.order_by(OpenQuestion.asked_at)))


def shown_to(session: Session, clearance: Clearance, batch: Batch, missing: Sequence[Missing]) -> list[Missing]:
    """Those of what the batch lacks that this reader is told; of the rest they may know how many there are."""
    named = {one for each in missing for one in each.documents}
    mine = select(Document.id).where(
        (Document.batch_id == batch.id) | Document.id.in_(sorted(named)), readable(clearance)
    )
    ids = set(session.scalars(mine))
    return [one for one in missing if one.is_shown_to(ids)]


def _missing_in_files(session: Session, dictionary: Dictionary, batch: Batch) -> Iterator[Missing]:
    for file in list_standings(session, dictionary, batch):
        place, documents = file.contents.place, tuple(one.id for one in file.contents.documents)
        for record_type in file.lacking:
            yield Missing("", place, Lack.ABSENT_DOCUMENT, record_type, documents)
        for fact, pairs in file.unsettled():
            involved = {claim.document_id for pair in pairs for claim in pair}
            yield Missing(
                next(one for one in documents if one in involved & file.own),
                place,
                Lack.CONTRADICTION,
                fact,
                tuple(one for one in documents if one in involved),
            )


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
