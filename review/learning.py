"""How right suggested record types are: by suggestion and confirmation, and by the probability that was given."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from storage.tables import ConfirmedType, Document

_BINS = 10


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often a suggested record type was confirmed as this one."""

    suggested: str
    confirmed: str
    count: int


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Suggestions with a probability from `low` to below `high` (1 is in the last bin), and how many were right.

    mean: their mean probability; of a calibrated machine the share of right ones is the same.
    """

    low: float
    high: float
    count: int
    right: int
    mean: float

    @property
    def share(self) -> float:
        return self.right / self.count


@dataclass(frozen=True, slots=True)
class TypeLearning:
    """Both tables; empty while nothing has been confirmed."""

    confusions: tuple[Confusion, ...]
    bins: tuple[CalibrationBin, ...]


def read_type_learning(session: Session, which: ColumnElement[bool]) -> TypeLearning:
    """The tables over the confirmed types of these documents, in one query. which: a condition on `documents`."""
    columns = ConfirmedType.suggested, ConfirmedType.confirmed, ConfirmedType.probability
    rows = session.execute(
        select(*columns, func.count())
        .join(Document, Document.id == ConfirmedType.document_id)
        .where(which)
        .group_by(*columns)
    ).all()
    pairs: Counter[tuple[str, str]] = Counter()
    bins: dict[int, list[tuple[float, int, int]]] = defaultdict(list)
    for suggested, confirmed, probability, count in rows:
        pairs[suggested, confirmed] += count
        place = min(int(probability * _BINS), _BINS - 1)
        bins[place].append((probability * count, count, count * (suggested == confirmed)))
    return TypeLearning(
        tuple(Confusion(*key, count) for key, count in sorted(pairs.items())),
        tuple(_bin(place, bins[place]) for place in sorted(bins)),
    )


def _bin(place: int, rows: list[tuple[float, int, int]]) -> CalibrationBin:
    total = sum(count for _, count, _ in rows)
    mean = sum(weight for weight, _, _ in rows) / total
    return CalibrationBin(place / _BINS, (place + 1) / _BINS, total, sum(right for _, _, right in rows), mean)
