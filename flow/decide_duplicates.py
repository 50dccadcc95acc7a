"""Deciding about duplicates: two documents are not one, or both stay. Dropping one is in `decide`."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from core.duplicates import GIVEN_UP, DuplicateDecision
from core.errors import InvalidValue, NotFound
from core.labels import Role
from flow.changes import log_change, require_open_batch, require_reason
from flow.find import find_document
from people.persons import Person
from storage.access import readable
from storage.tables import Document, DuplicatePair, now


def decide_duplicate(
    session: Session,
    person: Person,
    document_id: str,
    other_id: str | None,
    decision: DuplicateDecision,
    reason: str,
) -> Document:
    """What the person found about the document and another one. other_id None: the duplicates that they may not read.

    Of those they can only say that their own document stays. Raises NotFound, Forbidden, InvalidValue, and
    IllegalTransition while the batch stands still.
    """
    document = find_document(session, person, document_id)
    person.require(Role.REVIEWER, document.unit_id)
    require_open_batch(session, document.batch_id)
    if decision is DuplicateDecision.DROPPED or (other_id is None and decision is not DuplicateDecision.KEPT):
        raise InvalidValue(
            "That cannot be decided here.",
            "Drop a document by its own action; of a duplicate that you may not read, say that both stay.",
            (("decision", "is not one of those that can be chosen"),),
        )
    if other_id is None:
        pairs = _hidden_pairs(session, person, document)
    else:
        pairs = _pairs_of(session, document.id, find_document(session, person, other_id).id)
    if not pairs:
        raise NotFound("These documents are no pair of duplicates.", "Load the page again.")
    note_decision(pairs, person, decision, require_reason(reason))
    detail = {"decision": decision.value, "other": other_id or "hidden"}
    log_change(session, person, "decide_duplicate", document, detail)
    return document


def note_dropped(session: Session, person: Person, document: Document, kept: Document, reason: str) -> None:
    """The document was dropped for the other one: their pair says so."""
    note_decision(_pairs_of(session, document.id, kept.id), person, DuplicateDecision.DROPPED, reason)


def note_decision(pairs: Sequence[DuplicatePair], person: Person, decision: DuplicateDecision, reason: str) -> None:
    """Writes who decided what, when and why."""
    at = now()
    for pair in pairs:
        pair.decision, pair.decided_by, pair.decided_at, pair.reason = decision, person.user_id, at, reason


def _pairs_of(session: Session, one_id: str, other_id: str) -> Sequence[DuplicatePair]:
    first, second = sorted((one_id, other_id))
    return session.scalars(
        select(DuplicatePair).where(DuplicatePair.document_id == first, DuplicatePair.other_id == second)
    ).all()


def _hidden_pairs(session: Session, person: Person, document: Document) -> Sequence[DuplicatePair]:
    """Undecided pairs of the document with those that the person may not read and that go on."""
    mine, theirs = DuplicatePair.document_id, DuplicatePair.other_id
    sides = or_(
        and_(mine == document.id, Document.id == theirs), and_(theirs == document.id, Document.id == mine)
    )  # fmt: skip
    return session.scalars(
        select(DuplicatePair)
        .join(Document, sides)
        .where(DuplicatePair.decision.is_(None), ~readable(person.clearance), Document.state.not_in(GIVEN_UP))
    ).all()
