"""The three sign-offs, and who may not give any: whoever scanned, entered or confirmed anything of the batch."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.labels import Role
from storage.tables import (
    Absence,
    Acceptance,
    ArchivalFile,
    Batch,
    Document,
    FieldValue,
    Settlement,
    SignOff,
    Station,
    ValueChange,
)


class Aspect(StrEnum):
    """What a sign-off answers for."""

    BUSINESS = "business"
    DATA = "data"
    SECURITY = "security"

    @property
    def role(self) -> Role:
        """The role that gives it."""
        return _ROLES[self]

    @property
    def vietnamese(self) -> str:
        return _WORDS[self]


_ROLES = {
    Aspect.BUSINESS: Role.ACCEPTOR_BUSINESS,
    Aspect.DATA: Role.ACCEPTOR_DATA,
    Aspect.SECURITY: Role.ACCEPTOR_SECURITY,
}
_WORDS = {Aspect.BUSINESS: "nghiệp vụ", Aspect.DATA: "dữ liệu", Aspect.SECURITY: "bảo mật"}
ACCEPTORS = tuple(aspect.role for aspect in Aspect)


def current_round(session: Session, batch_id: str) -> int:
    """The number of the decision that is being prepared, from 1; every decision, a return too, ends a round."""
    last = session.scalar(select(func.max(Acceptance.round)).where(Acceptance.batch_id == batch_id))
    return (last or 0) + 1


def list_sign_offs(session: Session, batch_id: str, number: int) -> list[SignOff]:
    """The sign-offs of a round, first given first."""
    wanted = select(SignOff).where(SignOff.batch_id == batch_id, SignOff.round == number)
    return list(session.scalars(wanted.order_by(SignOff.signed_at, SignOff.id)))


def find_involvement(session: Session, batch: Batch, user_id: str) -> tuple[str, ...]:
    """What this user did for the batch that bars them from accepting it: scanned, entered, confirmed."""
    mine = Document.batch_id == batch.id
    done: list[str] = []
    if batch.station_id and session.get_one(Station, batch.station_id).operator_id == user_id:
        done.append("scanned")
    entered = (
        select(Document.id).where(mine, Document.entered_by == user_id),
        select(FieldValue.id).join(Document).where(mine, FieldValue.entered_by == user_id),
        select(ValueChange.id).join(Document).where(mine, ValueChange.changed_by == user_id),
        select(Absence.id).join(ArchivalFile).where(ArchivalFile.batch_id == batch.id, Absence.entered_by == user_id),
    )
    if any(session.scalar(query.limit(1)) for query in entered):
        done.append("entered")
    confirmed = (
        select(Document.id).where(mine, Document.confirmed_by == user_id),
        select(FieldValue.id).join(Document).where(mine, FieldValue.confirmed_by == user_id),
        select(Absence.id).join(ArchivalFile).where(ArchivalFile.batch_id == batch.id, Absence.confirmed_by == user_id),
        select(Settlement.id).where(Settlement.batch_id == batch.id, Settlement.settled_by == user_id),
    )
    if any(session.scalar(query.limit(1)) for query in confirmed):
        done.append("confirmed")
    return tuple(done)
