"""What the other documents of a person's file say, as the page of one document shows it to a reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.catalogue import Composition, Dictionary, FieldRule, RecordType, check_value
from core.errors import InvalidValue
from core.labels import Clearance
from review.agreement import plain
from review.archival_files import FileContents, composition_of, find_contents
from review.fields import is_readable
from review.person_file import (
    Claim,
    Contradiction,
    Settled,
    fact_title,
    find_contradictions,
    list_settled,
    open_pairs,
    rank_claims,
    read_claims,
)
from storage.access import readable
from storage.tables import Batch, Document, FieldValue, User

_MOST_REUSABLE = 3


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value stands: the document by its place and record type's code, its page, and whether it is confirmed."""

    document_id: str
    place: str
    record_type: str
    page: int | None
    confirmed: bool


@dataclass(frozen=True, slots=True)
class ClaimView:
    """What a document says of a fact, in which field of its own."""

    fact: str
    field: str
    value: str
    source: Source


@dataclass(frozen=True, slots=True)
class Reusable:
    """A value of another document that an empty field of this one can take over, by `source.document_id`."""

    field: str
    value: str
    source: Source


@dataclass(frozen=True, slots=True)
class Origin:
    """The document that a value of this one was taken over from."""

    field: str
    source: Source


@dataclass(frozen=True, slots=True)
class SettlementView:
    """Who settled a contradiction, when, and why; without the reason for whoever may not read all of it."""

    reason: str
    settled_by: str
    settled_at: datetime


@dataclass(frozen=True, slots=True)
class ContradictionView:
    """Claims of several documents that cannot all be true. `key` names it as it stands; `settled`: newest last."""

    fact: str
    title: str
    key: str
    claims: tuple[ClaimView, ...]
    open: bool
    """Whether some of it is not settled, and so blocks acceptance."""
    entered_by_reader: bool
    settled: tuple[SettlementView, ...]


@dataclass(frozen=True, slots=True)
class PersonFileView:
    """The person of the file as its documents know them, and what that means for this document.

    Of all documents and fields only what the reader may read; nothing tells that there is more.
    """

    place: str
    documents: int
    person: tuple[ClaimView, ...]
    """The person's record: of each fact the value to go by."""
    reusable: tuple[Reusable, ...]
    """For the fields of the record type shown; of each field the best first."""
    origins: tuple[Origin, ...]
    contradictions: tuple[ContradictionView, ...]


@dataclass(frozen=True, slots=True)
class _Reader:
    """What every part of the view needs. `claims`: those that the reader may read."""

    clearance: Clearance
    dictionary: Dictionary
    composition: Composition
    contents: FileContents
    claims: Sequence[Claim]

    def source(self, claim: Claim) -> Source:
        return Source(
            claim.document_id,
            self.place(claim.document_id),
            claim.record_type,
            claim.page,
            claim.confirmed,
        )

    def place(self, document_id: str) -> str:
        ordinal = next(one.ordinal for one in self.contents.documents if one.id == document_id)
        return f"{self.contents.place}/{ordinal:04d}"

    def claim(self, claim: Claim) -> ClaimView:
        return ClaimView(claim.fact.fact, claim.rule.name, claim.value, self.source(claim))


def read_person_file(
    session: Session, clearance: Clearance, dictionary: Dictionary, document: Document, shown: str
) -> PersonFileView | None:
    """What this reader may see of the file; the caller has found the document for them. None if it is of no person.

    shown: the record type whose fields the form shows.
    """
    composition = composition_of(session, dictionary, session.get_one(Batch, document.batch_id))
    if composition is None or not composition.person:
        return None
    contents = find_contents(session, document, readable(clearance))
    claims = read_claims(session, clearance, dictionary, composition, contents.documents)
    reader = _Reader(clearance, dictionary, composition, contents, claims)
    values = {one.name: one for one in session.scalars(select(FieldValue).where(FieldValue.document_id == document.id))}
    others = [one for one in claims if one.document_id != document.id]
    return PersonFileView(
        place=contents.place,
        documents=len(contents.documents),
        person=_list_facts(reader),
        reusable=tuple(_list_reusable(reader, document.unit_id, dictionary.record_type(shown), values, others)),
        origins=tuple(_list_origins(reader, dictionary.record_type(shown), values.values(), others)),
        contradictions=_list_contradictions(session, reader),
    )


def read_contradictions(
    session: Session,
    clearance: Clearance,
    dictionary: Dictionary,
    composition: Composition,
    contents: FileContents,
    claims: Sequence[Claim],
) -> tuple[ContradictionView, ...]:
    """The contradictions of a file as a reader of these documents and claims sees them."""
    return _list_contradictions(session, _Reader(clearance, dictionary, composition, contents, claims))


def _list_contradictions(session: Session, reader: _Reader) -> tuple[ContradictionView, ...]:
    found = find_contradictions(reader.composition, reader.claims)
    if not found:
        return ()
    settled = list_settled(session, [one.id for one in reader.contents.documents])
    users = select(User.id, User.full_name).where(User.id.in_([one.settlement.settled_by for one in settled]))
    names = dict(session.execute(users).all())
    return tuple(_contradiction(reader, one, settled, names) for one in found)


def _contradiction(
    reader: _Reader, one: Contradiction, settled: Sequence[Settled], names: Mapping[str, str]
) -> ContradictionView:
    holding = [each for each in settled if any(each.settles(one.fact, pair) for pair in one.pairs)]
    return ContradictionView(
        fact=one.fact,
        title=fact_title(reader.dictionary, one.fact),
        key=one.key,
        claims=tuple(map(reader.claim, one.claims)),
        open=bool(open_pairs(one, settled)),
        entered_by_reader=any(claim.entered_by == reader.clearance.user_id for claim in one.claims),
        settled=tuple(
            SettlementView(
                each.settlement.reason if _reads_all(reader, each) else "",
                names[each.settlement.settled_by],
                each.settlement.settled_at,
            )
            for each in holding
        ),
    )


def _reads_all(reader: _Reader, settled: Settled) -> bool:
    """Whether the reader reads every field that was settled: the reason may say what stood there."""
    mine = {(one.document_id, one.rule.name) for one in reader.claims}
    return all((document_id, field) in mine for document_id, field, _ in settled.claims)


def _list_facts(reader: _Reader) -> tuple[ClaimView, ...]:
    ranked = (rank_claims(one for one in reader.claims if one.fact == fact) for fact in reader.composition.person)
    return tuple(reader.claim(best) for best, *_ in filter(None, ranked))


def _list_reusable(
    reader: _Reader, unit_id: str, shown: RecordType, values: Mapping[str, FieldValue], others: Sequence[Claim]
) -> Iterable[Reusable]:
    """The values that fit the empty fields; one value, however it is written, is named once, from its best source."""
    for rule in shown.fields:
        fact = reader.composition.fact_of(shown.code, rule.name)
        if fact is None or rule.name in values or not is_readable(rule, reader.clearance, unit_id):
            continue
        ranked = rank_claims(one for one in others if one.fact == fact)
        best: dict[str, Claim] = {}
        for one in ranked:
            if _fits(rule, one, reader.dictionary):
                best.setdefault(plain(one.value), one)
        offered = list(best.values())[:_MOST_REUSABLE]
        yield from (Reusable(rule.name, one.value, reader.source(one)) for one in offered)


def _fits(rule: FieldRule, claim: Claim, dictionary: Dictionary) -> bool:
    try:
        return check_value(rule, claim.value, dictionary) == claim.value
    except InvalidValue:
        return False


def _list_origins(
    reader: _Reader, shown: RecordType, values: Iterable[FieldValue], others: Sequence[Claim]
) -> Iterable[Origin]:
    for one in values:
        fact = reader.composition.fact_of(shown.code, one.name)
        sources = [claim for claim in others if (claim.document_id, claim.fact) == (one.origin_document_id, fact)]
        yield from (Origin(one.name, reader.source(source)) for source in sources[:1])
