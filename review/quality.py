"""Data quality in figures, by record type: the six words, whose formulas stand in docs/quality.md.

Each is one or two grouped queries, however many documents there are; only rules between fields are checked on values.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session

from core.abbreviations import issuer_key
from core.catalogue import Dictionary, FieldKind, RecordType, check_record
from core.duplicates import GIVEN_UP
from review.duplicates.pairs import undecided_exact
from storage.tables import Defect, Document, FieldSuggestion, FieldValue, Page, ValueChange, now


class QualityWord(StrEnum):
    """The six words that data are judged by."""

    CORRECT = "correct"
    COMPLETE = "complete"
    CLEAN = "clean"
    CURRENT = "current"
    CONSISTENT = "consistent"
    SHARED = "shared"

    @property
    def vietnamese(self) -> str:
        return _WORDS[self][0]

    @property
    def formula(self) -> str:
        return _WORDS[self][1]

    @property
    def no_basis(self) -> str:
        """Why there is no figure where nothing can be counted."""
        return _WORDS[self][2]


_WORDS = {
    QualityWord.CORRECT: (
        "đúng",
        "giá trị đã xác nhận mà không phải sửa từ khi nhập / giá trị đã xác nhận",
        "chưa có giá trị nào được xác nhận",
    ),
    QualityWord.COMPLETE: (
        "đủ",
        "trường bắt buộc có giá trị hoặc có lý do được phép / trường bắt buộc",
        "chưa có văn bản nào được chọn loại",
    ),
    QualityWord.CLEAN: (
        "sạch",
        "văn bản không còn lỗi, trang hỏng, quy tắc sai hay bản trùng chưa quyết định / văn bản",
        "chưa có văn bản nào được chọn loại",
    ),
    QualityWord.CURRENT: (
        "sống",
        "lỗi có hạn đã sửa đúng hạn / lỗi có hạn đã sửa hoặc đã quá hạn",
        "chưa có lỗi nào đến hạn; từ điển chưa ghi chu kỳ cập nhật bằng số ngày",
    ),
    QualityWord.CONSISTENT: (
        "thống nhất",
        "tên cơ quan viết theo cách phổ biến nhất / tên cơ quan xuất hiện từ hai lần",
        "chưa có cơ quan nào xuất hiện từ hai lần",
    ),
    QualityWord.SHARED: (
        "dùng chung",
        "giá trị lấy nguyên từ gợi ý, không phải gõ lại / giá trị đã nhập",
        "chưa có giá trị nào được nhập",
    ),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A quality word as a fraction. `reason`: why it has not been measured, where the denominator is 0."""

    word: QualityWord
    numerator: int
    denominator: int
    reason: str

    @property
    def share(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True, slots=True)
class TypeQuality:
    """The six figures of one record type. record_type None: of all together."""

    record_type: str | None
    documents: int
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """All together, and each record type of which there are documents, in the dictionary's order."""

    total: TypeQuality
    by_type: tuple[TypeQuality, ...]


Fractions = Mapping[str, tuple[int, int]]
"""Numerator and denominator by record type."""


def measure_quality(session: Session, dictionary: Dictionary, which: ColumnElement[bool]) -> Quality:
    """The figures over documents that a person has chosen a record type for and that were not given up.

    which: a condition on `documents`, such as those of a batch that the reader may read.
    """
    chosen = and_(which, Document.record_type.is_not(None), Document.state.not_in(GIVEN_UP))
    count = select(Document.record_type, func.count()).where(chosen).group_by(Document.record_type)
    documents: dict[str, int] = {str(one): number for one, number in session.execute(count)}
    known = [one for one in dictionary.record_types if one.code in documents]
    measured = {
        QualityWord.CORRECT: _correct(session, chosen),
        QualityWord.COMPLETE: _complete(session, chosen, known, documents),
        QualityWord.CLEAN: _clean(session, chosen, known, documents),
        QualityWord.CURRENT: _current(session, chosen),
        QualityWord.CONSISTENT: _consistent(session, chosen),
        QualityWord.SHARED: _shared(session, chosen),
    }
    codes = [one.code for one in known]
    return Quality(
        TypeQuality(None, sum(documents.values()), _figures(measured, codes)),
        tuple(TypeQuality(code, documents[code], _figures(measured, [code])) for code in codes),
    )


def _figures(measured: Mapping[QualityWord, Fractions], codes: Iterable[str]) -> tuple[Figure, ...]:
    found = []
    for word, fractions in measured.items():
        parts = [fractions.get(code, (0, 0)) for code in codes]
        numerator, denominator = sum(one for one, _ in parts), sum(one for _, one in parts)
        found.append(Figure(word, numerator, denominator, "" if denominator else word.no_basis))
    return tuple(found)


def _correct(session: Session, chosen: ColumnElement[bool]) -> Fractions:
    changes = (
        select(ValueChange.document_id, ValueChange.name, func.count().label("times"))
        .join(Document, Document.id == ValueChange.document_id)
        .where(chosen)
        .group_by(ValueChange.document_id, ValueChange.name)
        .subquery()
    )
    same = and_(changes.c.document_id == FieldValue.document_id, changes.c.name == FieldValue.name)
    unchanged = func.sum(case((func.coalesce(changes.c.times, 1) <= 1, 1), else_=0))
    return _fractions(
        session.execute(
            select(Document.record_type, unchanged, func.count())
            .join(FieldValue, FieldValue.document_id == Document.id)
            .outerjoin(changes, same)
            .where(chosen, FieldValue.confirmed_by.is_not(None))
            .group_by(Document.record_type)
        )
    )


def _fractions(rows: Iterable[Any]) -> Fractions:
    return {str(code): (int(numerator or 0), int(denominator)) for code, numerator, denominator in rows}


def _complete(
    session: Session, chosen: ColumnElement[bool], known: list[RecordType], documents: Mapping[str, int]
) -> Fractions:
    """A stored row is a value or a reason: an entry that is neither is deleted."""
    required = {one.code: {rule.name for rule in one.fields if rule.required} for one in known}
    rows = session.execute(
        select(Document.record_type, FieldValue.name, func.count())
        .join(FieldValue, FieldValue.document_id == Document.id)
        .where(chosen)
        .group_by(Document.record_type, FieldValue.name)
    )
    present: Counter[str] = Counter()
    for code, name, count in rows:
        present[str(code)] += count if name in required.get(str(code), ()) else 0
    return {code: (present[code], documents[code] * len(names)) for code, names in required.items()}


def _clean(
    session: Session, chosen: ColumnElement[bool], known: list[RecordType], documents: Mapping[str, int]
) -> Fractions:
    mine = select(Document.id).where(chosen)
    defects = select(Defect.document_id).where(Defect.settled_at.is_(None), Defect.document_id.is_not(None))
    failed = select(Page.document_id).where(Page.failure.is_not(None), Page.failure_settled_by.is_(None))
    ids = Document.id
    soiled = dict(
        session.execute(
            select(ids, Document.record_type).where(
                chosen, or_(ids.in_(defects), ids.in_(failed), ids.in_(undecided_exact(mine)))
            )
        ).all()
    )
    soiled |= _breaking(session, chosen, known)
    count = Counter(soiled.values())
    return {code: (number - count[code], number) for code, number in documents.items()}


def _breaking(session: Session, chosen: ColumnElement[bool], known: list[RecordType]) -> dict[str, str | None]:
    """Documents whose values break a rule between fields, with their record type."""
    names = {one.code: _ruled(one) for one in known}
    wanted = [
        and_(Document.record_type == code, FieldValue.name.in_(sorted(fields)))
        for code, fields in names.items()
        if fields
    ]
    if not wanted:
        return {}
    rows = session.execute(
        select(Document.id, Document.record_type, FieldValue.name, FieldValue.value)
        .join(FieldValue, FieldValue.document_id == Document.id)
        .where(chosen, or_(*wanted))
    )
    values: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    for document_id, code, name, value in rows:
        values[document_id, str(code)][name] = value
    types = {one.code: one for one in known}
    return {one: code for (one, code), record in values.items() if check_record(types[code], record)}


def _ruled(record_type: RecordType) -> set[str]:
    """Fields that a rule between fields reads."""
    kinds = {rule.name: rule.kind for rule in record_type.fields}
    names = {name for rule in record_type.rules for name in (rule.earlier, rule.later)}
    if FieldKind.CITIZEN_NUMBER in kinds.values():
        names |= {name for name, kind in kinds.items() if kind in (FieldKind.CITIZEN_NUMBER, FieldKind.BIRTH_DATE)}
        names |= {"sex"} & kinds.keys()
    return names


def _current(session: Session, chosen: ColumnElement[bool]) -> Fractions:
    """Open errors count from the day after they were due."""
    in_time = func.sum(case((func.date(Defect.settled_at) <= func.date(Defect.due), 1), else_=0))
    return _fractions(
        session.execute(
            select(Document.record_type, in_time, func.count())
            .join(Defect, Defect.document_id == Document.id)
            .where(chosen, Defect.due.is_not(None), or_(Defect.settled_at.is_not(None), Defect.due < now().date()))
            .group_by(Document.record_type)
        )
    )


def _consistent(session: Session, chosen: ColumnElement[bool]) -> Fractions:
    """Spellings of issuing bodies; which are one body tells core.abbreviations.issuer_key."""
    value = cast(FieldValue.value, Text)
    rows = session.execute(
        select(Document.record_type, value, func.count())
        .join(FieldValue, FieldValue.document_id == Document.id)
        .where(chosen, FieldValue.name == "issuing_body")
        .group_by(Document.record_type, value)
    )
    bodies: dict[str, Counter[str]] = defaultdict(Counter)
    types: Counter[tuple[str, str]] = Counter()
    for code, packed, count in rows:
        name = json.loads(packed)
        if isinstance(name, str):
            bodies[issuer_key(name)][name] += count
            types[str(code), name] += count
    found: dict[str, tuple[int, int]] = {}
    for (code, name), count in types.items():
        spellings = bodies[issuer_key(name)]
        if spellings.total() > 1:
            usual = min(spellings, key=lambda one: (-spellings[one], one))
            right, all_ = found.get(code, (0, 0))
            found[code] = right + count * (name == usual), all_ + count
    return found


def _shared(session: Session, chosen: ColumnElement[bool]) -> Fractions:
    """A value whose suggestion says the same; those with a reason in place of a value are no values."""
    taken = case((cast(FieldSuggestion.value, Text) == cast(FieldValue.value, Text), 1), else_=0)
    return _fractions(
        session.execute(
            select(Document.record_type, func.sum(taken), func.count())
            .join(FieldValue, FieldValue.document_id == Document.id)
            .outerjoin(FieldSuggestion, FieldSuggestion.id == FieldValue.suggestion_id)
            .where(chosen, FieldValue.missing_reason.is_(None))
            .group_by(Document.record_type)
        )
    )
