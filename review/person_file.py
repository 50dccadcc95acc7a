"""What the documents of one person's file say of that person, and where they contradict each other.

Nothing here is kept: the person's record is what people entered in the documents, looked at together.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.catalogue import Composition, Dictionary, FieldRule, PersonFact
from core.labels import Clearance
from review.agreement import agrees
from review.fields import is_readable
from storage.tables import Document, FieldValue, Page, SettledClaim, Settlement

Words = tuple[str, str, str]
"""A claim as a settlement keeps it: document, field, value."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one field of one document says of the person."""

    document_id: str
    record_type: str
    rule: FieldRule
    fact: PersonFact
    value: str
    page: int | None
    entered_by: str
    entered_at: datetime
    confirmed: bool

    @property
    def words(self) -> Words:
        return self.document_id, self.rule.name, self.value


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Claims about one fact of which some cannot be true together. `pairs`: which contradict which."""

    fact: str
    claims: tuple[Claim, ...]
    pairs: tuple[tuple[Claim, Claim], ...]

    @property
    def key(self) -> str:
        """Changes with every value: whoever settles it says by this what they saw."""
        return hashlib.sha256(json.dumps([one.words for one in self.claims]).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Settled:
    """A settlement with the claims that it holds for."""

    settlement: Settlement
    claims: frozenset[Words]

    def settles(self, fact: str, pair: tuple[Claim, Claim]) -> bool:
        """Whether both documents said this when it was settled."""
        return self.settlement.fact == fact and all(one.words in self.claims for one in pair)


def list_claims(
    session: Session, dictionary: Dictionary, composition: Composition, documents: Sequence[Document]
) -> list[Claim]:
    """What these documents say, in their order; drafts too."""
    types = {one.id: one.record_type for one in documents}
    order = {one.id: at for at, one in enumerate(documents)}
    rows = session.execute(
        select(FieldValue, Page.number)
        .outerjoin(Page, Page.id == FieldValue.page_id)
        .where(FieldValue.document_id.in_(sorted(types)))
        .order_by(FieldValue.name)
    )
    found: list[Claim] = []
    for one, page in rows:
        record_type = dictionary.record_type(types[one.document_id] or "") if types[one.document_id] else None
        if record_type is None or not record_type.has_field(one.name) or not isinstance(one.value, str):
            continue
        fact = composition.fact_of(record_type.code, one.name)
        if fact is not None:
            found.append(
                Claim(
                    one.document_id,
                    record_type.code,
                    record_type.field(one.name),
                    fact,
                    one.value,
                    page,
                    one.entered_by,
                    one.entered_at,
                    one.confirmed_by is not None,
                )
            )
    return sorted(found, key=lambda claim: order[claim.document_id])


def read_claims(
    session: Session,
    clearance: Clearance,
    dictionary: Dictionary,
    composition: Composition,
    documents: Sequence[Document],
) -> list[Claim]:
    """The same without the fields above the reader. documents: those that they may read."""
    found = list_claims(session, dictionary, composition, documents)
    units = {one.id: one.unit_id for one in documents}
    return [one for one in found if is_readable(one.rule, clearance, units[one.document_id])]


def find_contradictions(composition: Composition, claims: Iterable[Claim]) -> tuple[Contradiction, ...]:
    """The contradictions between documents, in the composition's order. Facts that change make none."""
    known = list(claims)
    found: list[Contradiction] = []
    for fact in composition.person:
        mine = [] if fact.changes else [one for one in known if one.fact.fact == fact.fact]
        pairs = tuple(
            (one, other)
            for one, other in combinations(mine, 2)
            if one.document_id != other.document_id and not agrees(one.rule.kind, one.value, other.value)
        )
        if pairs:
            involved = {claim.words for pair in pairs for claim in pair}
            found.append(Contradiction(fact.fact, tuple(one for one in mine if one.words in involved), pairs))
    return tuple(found)


def open_pairs(contradiction: Contradiction, settled: Iterable[Settled]) -> tuple[tuple[Claim, Claim], ...]:
    """The pairs that nobody settled as they stand now."""
    known = list(settled)
    return tuple(
        pair for pair in contradiction.pairs if not any(one.settles(contradiction.fact, pair) for one in known)
    )


def list_settled(session: Session, document_ids: Collection[str]) -> list[Settled]:
    """The settlements that any of these documents takes part in, oldest first."""
    wanted = select(SettledClaim.settlement_id).where(SettledClaim.document_id.in_(sorted(document_ids)))
    rows = session.execute(
        select(Settlement, SettledClaim)
        .join(SettledClaim, SettledClaim.settlement_id == Settlement.id)
        .where(Settlement.id.in_(wanted))
        .order_by(Settlement.settled_at, Settlement.id)
    )
    kept: dict[str, Settlement] = {}
    claims: dict[str, set[Words]] = {}
    for settlement, claim in rows:
        kept[settlement.id] = settlement
        claims.setdefault(settlement.id, set()).add((claim.document_id, claim.field, str(claim.value)))
    return [Settled(one, frozenset(claims[key])) for key, one in kept.items()]


def fact_title(dictionary: Dictionary, fact: str) -> str:
    """What people call it: the title of the field of that name."""
    titles = (one.field(fact).title for one in dictionary.record_types if one.has_field(fact))
    return next(titles, fact)


def rank_claims(claims: Iterable[Claim]) -> list[Claim]:
    """The ones to go by first: confirmed before others, a whole date before a part of one, small letters before
    capitals alone, then as they come."""
    return sorted(claims, key=lambda one: (not one.confirmed, -_precision(one)))


def _precision(claim: Claim) -> int:
    return len(claim.value) if claim.rule.kind.is_date else int(not claim.value.isupper())
