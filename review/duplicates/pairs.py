"""Pairs of duplicates: kept, and shown to those who may read both; of others only that there is one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Select, Subquery, case, or_, select, union_all
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from core.duplicates import BLOCKING, GIVEN_UP, DuplicateDecision, DuplicateKind
from core.identity import new_id
from core.labels import Clearance
from review.duplicates.search import find_like
from review.places import place_text
from storage.access import readable
from storage.tables import ArchivalFile, Batch, Document, DuplicatePair, User, now

_INSERTS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
)


@dataclass(frozen=True, slots=True)
class PairReason:
    """One way in which two documents are alike. `similarity`: 0..1."""

    kind: DuplicateKind
    similarity: float


@dataclass(frozen=True, slots=True)
class PairView:
    """Another document that may be the same, readable to whoever sees this."""

    document_id: str
    place: str
    other_id: str
    other_place: str
    other_batch: str
    other_title: str
    reasons: tuple[PairReason, ...]
    decision: DuplicateDecision | None
    """None while any of the reasons waits for a person."""
    decided_by: str
    decided_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Duplicates:
    """`pairs`: undecided ones first. `hidden`: documents with an undecided duplicate that the reader may not read."""

    pairs: tuple[PairView, ...]
    hidden: tuple[str, ...]


def refresh_pairs(session: Session, document: Document) -> None:
    """Looks for the document's duplicates and brings its undecided pairs in step; decided ones stay as they are."""
    session.flush()
    mine = DuplicatePair.document_id == document.id
    rows = session.scalars(select(DuplicatePair).where(or_(mine, DuplicatePair.other_id == document.id)))
    kept = {(one.other_id if one.document_id == document.id else one.document_id, one.kind): one for one in rows}
    found = {(one.other_id, one.kind): one for one in find_like(session, document, kept.keys())}
    new = [found[key] for key in found.keys() - kept.keys()]
    # In one order whoever adds them: two that add the same pairs then wait for each other in turn.
    for one in sorted(new, key=lambda one: (*sorted((document.id, one.other_id)), one.kind)):
        first, second = sorted((document.id, one.other_id))
        _insert(session, first, second, one.kind, one.similarity)
    for key, pair in kept.items():
        if pair.decision is None and key in found:
            pair.similarity = found[key].similarity
        elif pair.decision is None and pair.kind is not DuplicateKind.SAME_BYTES:
            session.delete(pair)  # its values or its text have changed; bytes do not


def _insert(session: Session, first: str, second: str, kind: DuplicateKind, similarity: float) -> None:
    """Adds the pair unless another transaction has just done so for the other document."""
    insert = _INSERTS[session.get_bind().dialect.name]
    row = {"id": new_id(), "document_id": first, "other_id": second, "kind": kind, "similarity": similarity}
    session.execute(insert(DuplicatePair).values(found_at=now(), reason="", **row).on_conflict_do_nothing())


def _sides(mine: Select[str]) -> Subquery:
    """Each pair of these documents as they see it: `mine`, `other`, `pair`; twice where both are among them."""
    first, second = DuplicatePair.document_id, DuplicatePair.other_id
    return union_all(
        select(first.label("mine"), second.label("other"), DuplicatePair.id.label("pair")).where(first.in_(mine)),
        select(second.label("mine"), first.label("other"), DuplicatePair.id.label("pair")).where(second.in_(mine)),
    ).subquery()


def undecided_exact(mine: Select[str]) -> Select[str]:
    """Those of these documents with an exact duplicate that goes on too and about which nobody has decided."""
    sides = _sides(mine)
    return (
        select(sides.c.mine)
        .join(DuplicatePair, DuplicatePair.id == sides.c.pair)
        .join(Document, Document.id == sides.c.other)
        .where(
            DuplicatePair.kind.in_(BLOCKING), DuplicatePair.decision.is_(None), Document.state.not_in(GIVEN_UP)
        )
        .distinct()
    )  # fmt: skip


def list_duplicates(session: Session, clearance: Clearance, mine: Select[str]) -> Duplicates:
    """The pairs of these documents, of which the caller knows that this reader may read them; each pair once."""
    sides, own, own_file = _sides(mine), aliased(Document), aliased(ArchivalFile)
    rows = session.execute(
        select(
            DuplicatePair, own, own_file, Document, ArchivalFile, Batch.code, User.full_name,
            case((readable(clearance), 1), else_=0),
        )
        .select_from(sides)
        .join(DuplicatePair, DuplicatePair.id == sides.c.pair)
        .join(own, own.id == sides.c.mine)
        .join(own_file, own_file.id == own.archival_file_id)
        .join(Document, Document.id == sides.c.other)
        .join(ArchivalFile, ArchivalFile.id == Document.archival_file_id)
        .join(Batch, Batch.id == Document.batch_id)
        .outerjoin(User, User.id == DuplicatePair.decided_by)
        .order_by(own_file.code, own.ordinal, ArchivalFile.code, Document.ordinal, DuplicatePair.kind)
    ).all()  # fmt: skip
    hidden: dict[str, None] = {}
    groups: dict[tuple[str, str], list[_Row]] = defaultdict(list)
    for pair, me, my_file, other, other_file, code, name, may_read in rows:
        if pair.decision is None and (me.state in GIVEN_UP or other.state in GIVEN_UP):
            continue
        if may_read and (other.id, me.id) not in groups:
            places = place_text(my_file, me.ordinal), place_text(other_file, other.ordinal)
            groups[me.id, other.id].append(_Row(pair, *places, code, other.title, name or ""))
        elif not may_read and pair.decision is None:
            hidden[me.id] = None
    pairs = [_view(*ids, group) for ids, group in groups.items()]
    return Duplicates(tuple(sorted(pairs, key=lambda one: one.decision is not None)), tuple(hidden))


@dataclass(frozen=True, slots=True)
class _Row:
    pair: DuplicatePair
    place: str
    other_place: str
    batch: str
    title: str
    decided_by: str


def _view(document_id: str, other_id: str, rows: Sequence[_Row]) -> PairView:
    last = max(rows, key=lambda one: (one.pair.decision is None, one.pair.found_at))
    return PairView(
        document_id=document_id,
        place=last.place,
        other_id=other_id,
        other_place=last.other_place,
        other_batch=last.batch,
        other_title=last.title,
        reasons=tuple(PairReason(one.pair.kind, one.pair.similarity) for one in rows),
        decision=last.pair.decision,
        decided_by=last.decided_by,
        decided_at=last.pair.decided_at,
        reason=last.pair.reason,
    )
