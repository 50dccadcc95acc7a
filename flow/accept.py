"""Acceptance: a sample is reconciled, three people sign, a grade is decided, and the minutes are written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.catalogue import Dictionary
from core.errors import GateClosed, IllegalTransition, NotFound, SeparationOfDuties
from core.labels import Role
from core.states import BatchState, DocumentState, Grade, move
from flow.changes import move_document, require_reason
from flow.find import find_batch, find_document
from flow.lock_originals import request_lock
from flow.progress import advance_batch
from people.persons import Person, find_user
from review.gather import SAMPLE_ACTION, gather_minutes, list_defects
from review.minutes import write_minutes
from review.missing import find_missing, shown_to
from review.sampling import Sample, SampleRule, draw_sample, new_seed
from review.signoffs import ACCEPTORS, Aspect, current_round, find_involvement, list_sign_offs
from storage.access_log import append_event
from storage.database import HELD
from storage.tables import Acceptance, Batch, Defect, Document, SignOff, now

_REVIEWERS = (Role.REVIEWER, *ACCEPTORS)


def start_reconciliation(
    session: Session, person: Person, dictionary: Dictionary, code: str, rule: SampleRule
) -> Sample:
    """Puts a complete batch to reconciliation and draws the sample; its seed is kept in the access log.

    Raises GateClosed listing all that is missing.
    """
    batch = _open_batch(session, person, code, _REVIEWERS)
    _require_complete(session, person, dictionary, batch)
    batch.state = move(f"Batch {batch.code}", batch.state, BatchState.RECONCILING)
    query = select(Document.id).where(
        Document.batch_id == batch.id, Document.state.in_((DocumentState.CONFIRMED, DocumentState.ACCEPTED))
    )
    sample = draw_sample(list(session.scalars(query)), rule, new_seed())
    detail = {"seed": sample.seed, "population": sample.population, "documents": list(sample.document_ids)}
    _log(session, person, SAMPLE_ACTION, batch, detail)
    return sample


def reopen_review(session: Session, person: Person, code: str, reason: str) -> Batch:
    """Puts a batch under reconciliation back to review, so that documents can be changed; its sign-offs are void."""
    batch = _open_batch(session, person, code, _REVIEWERS)
    batch.state = move(f"Batch {batch.code}", batch.state, BatchState.IN_REVIEW)
    number = current_round(session, batch.id)
    session.execute(delete(SignOff).where(SignOff.batch_id == batch.id, SignOff.round == number))
    _log(session, person, "reopen_review", batch, {"round": number, "reason": require_reason(reason)})
    return batch


def sign_off(
    session: Session, person: Person, code: str, aspect: Aspect, note: str, *, one_person_two: bool
) -> SignOff:
    """One of the three sign-offs of this round, by nobody who scanned, entered or confirmed anything of the batch.

    one_person_two: whether the installation lets one person give two of the three; never all.
    """
    batch = _open_batch(session, person, code, (aspect.role,))
    _require_outsider(session, person, batch)
    if batch.state is not BatchState.RECONCILING:
        raise IllegalTransition(f"Batch {batch.code} is '{batch.state}'.", "It is signed off while it is reconciled.")
    number = current_round(session, batch.id)
    given = list_sign_offs(session, batch.id, number)
    if any(one.aspect == aspect for one in given):
        raise IllegalTransition(f"Batch {batch.code} has its {aspect} sign-off already.", "Look at who gave it.")
    mine = sum(one.signed_by == person.user_id for one in given)
    if mine > int(one_person_two):
        raise SeparationOfDuties(
            f"{person.full_name} has given {mine} of the sign-offs of batch {batch.code} already.",
            "Have another acceptor sign; one from the parent unit can.",
        )
    made = SignOff(
        batch_id=batch.id, round=number, aspect=aspect.value, signed_by=person.user_id, note=note.strip()[:500]
    )
    session.add(made)
    _log(session, person, "sign_off", batch, {"aspect": aspect.value, "round": number, "second": mine > 0})
    return made


def accept_batch(
    session: Session, person: Person, dictionary: Dictionary, code: str, grade: Grade, note: str = ""
) -> Acceptance:
    """Decides about the batch and writes the minutes. A and B: accepted; C: returned.

    Raises GateClosed listing everything that is missing: data, confirmations, decisions, sign-offs, remediation plan.
    """
    batch = _open_batch(session, person, code, ACCEPTORS)
    _require_outsider(session, person, batch)
    number = current_round(session, batch.id)
    if grade is Grade.C:
        return _return(session, person, dictionary, batch, require_reason(note))
    _require_complete(session, person, dictionary, batch)
    # First whether the batch may be accepted at all: without reconciliation nobody could have signed.
    state = move(f"Batch {batch.code}", batch.state, BatchState.ACCEPTED)
    _require_signed(session, batch, number)
    _require_plan(session, batch, grade)
    batch.state = state
    confirmed = select(Document).where(Document.batch_id == batch.id, Document.state == DocumentState.CONFIRMED)
    for document in session.scalars(confirmed):
        move_document(document, DocumentState.ACCEPTED)
    request_lock(session, batch, number)
    return _decide(session, person, dictionary, batch, grade, note.strip())


def _require_complete(session: Session, person: Person, dictionary: Dictionary, batch: Batch) -> None:
    """Raises GateClosed: places, fields and files only of documents that this person may read, of others the count."""
    missing = find_missing(session, dictionary, batch)
    if not missing:
        return
    lines = [one.line for one in shown_to(session, person.clearance, batch, missing)]
    if len(lines) < len(missing):
        lines.append(f"{len(missing) - len(lines)} more in documents that you may not read")
    raise GateClosed(f"Batch {batch.code} lacks {len(missing)} things.", tuple(lines), "Mend each of them.")


def _require_signed(session: Session, batch: Batch, number: int) -> None:
    given = {one.aspect for one in list_sign_offs(session, batch.id, number)}
    lacking = tuple(f"sign-off: {aspect}" for aspect in Aspect if aspect.value not in given)
    if lacking:
        raise GateClosed(f"Batch {batch.code} lacks {len(lacking)} sign-offs.", lacking, "Have them given.")


def _require_plan(session: Session, batch: Batch, grade: Grade) -> None:
    """B needs an error list in which every line has its owner and its due date; A has no open error."""
    defects = list_defects(session, batch.id, open_only=True)
    if grade is Grade.A and defects:
        lines = tuple(f"open defect: {one.id}" for one in defects)
        raise GateClosed(f"Batch {batch.code} has open defects.", lines, "Settle them, or grade it B.")
    if grade is Grade.B:
        lines = tuple(
            f"defect without owner or due date: {one.id}" for one in defects if not (one.owner_id and one.due)
        )
        if lines or not defects:
            raise GateClosed(
                f"Grade B of batch {batch.code} needs a remediation plan.",
                lines or ("remediation plan: no defect is listed",),
                "List each defect with its owner and due date.",
            )


def _decide(
    session: Session, person: Person, dictionary: Dictionary, batch: Batch, grade: Grade, note: str
) -> Acceptance:
    number = current_round(session, batch.id)
    session.flush()
    at = now()
    data = gather_minutes(
        session, dictionary, batch, number=number, grade=grade, decided_by=person.user_id, at=at, note=note
    )
    made = Acceptance(
        batch_id=batch.id,
        round=number,
        grade=grade,
        minutes=write_minutes(data),
        decided_by=person.user_id,
        decided_at=at,
    )
    session.add(made)
    _log(session, person, "accept_batch", batch, {"grade": grade.value, "round": number})
    return made


def _return(session: Session, person: Person, dictionary: Dictionary, batch: Batch, reason: str) -> Acceptance:
    batch.state = move(f"Batch {batch.code}", batch.state, BatchState.RETURNED)
    return _decide(session, person, dictionary, batch, Grade.C, reason)


def return_batch(session: Session, person: Person, dictionary: Dictionary, code: str, reason: str) -> Acceptance:
    """Sends the batch back, from review, reconciliation or trial; the round ends with grade C and its minutes."""
    batch = _open_batch(session, person, code, _REVIEWERS)
    return _return(session, person, dictionary, batch, require_reason(reason))


def start_rework(session: Session, person: Person, code: str) -> Batch:
    """Opens a returned batch for changes again. Documents keep what is confirmed; those that change lose it."""
    batch = _open_batch(session, person, code, _REVIEWERS)
    batch.state = move(f"Batch {batch.code}", batch.state, BatchState.REWORK)
    _log(session, person, "start_rework", batch)
    return batch


def finish_rework(session: Session, person: Person, code: str) -> Batch:
    """Puts a reworked batch to review again, at once or when the pages that are read again are done."""
    batch = _open_batch(session, person, code, _REVIEWERS)
    batch.state = move(f"Batch {batch.code}", batch.state, BatchState.PROCESSING)
    _log(session, person, "finish_rework", batch)
    advance_batch(session, batch.id)
    return batch


@dataclass(frozen=True, slots=True)
class NewDefect:
    """A line of the error list, and of the remediation plan once it has an owner and a date."""

    description: str
    document_id: str | None = None
    owner: str | None = None
    """Username of the person who mends it."""
    due: date | None = None


def add_defect(session: Session, person: Person, code: str, defect: NewDefect) -> Defect:
    """Adds a line to the batch's error list. Raises NotFound for a document of another batch or an unknown owner."""
    batch = _open_batch(session, person, code, _REVIEWERS)
    if defect.document_id is not None and find_document(session, person, defect.document_id).batch_id != batch.id:
        raise NotFound(f"Batch {batch.code} has no document '{defect.document_id}'.", "Choose one of the batch.")
    made = Defect(
        batch_id=batch.id,
        document_id=defect.document_id,
        description=require_reason(defect.description),
        owner_id=find_user(session, defect.owner).id if defect.owner else None,
        due=defect.due,
        created_by=person.user_id,
    )
    session.add(made)
    session.flush()
    _log(session, person, "add_defect", batch, {"defect": made.id})
    return made


def settle_defect(session: Session, person: Person, code: str, defect_id: str) -> Defect:
    """Notes that the error has been mended."""
    batch = _open_batch(session, person, code, _REVIEWERS)
    defect = session.get(Defect, defect_id)
    if defect is None or defect.batch_id != batch.id:
        raise NotFound(f"Batch {batch.code} has no defect '{defect_id[:40]}'.", "Look at its error list.")
    defect.settled_at = now()
    _log(session, person, "settle_defect", batch, {"defect": defect.id})
    return defect


def _open_batch(session: Session, person: Person, code: str, roles: tuple[Role, ...]) -> Batch:
    """The batch, locked, for a person in one of these roles. Raises NotFound, Forbidden."""
    batch = find_batch(session, person, code)
    person.require_any(roles, batch.unit_id)
    session.refresh(batch, with_for_update=HELD)
    return batch


def _require_outsider(session: Session, person: Person, batch: Batch) -> None:
    done = find_involvement(session, batch, person.user_id)
    if done:
        raise SeparationOfDuties(
            f"{person.full_name} {', '.join(done)} documents of batch {batch.code} and so cannot accept it.",
            "Have somebody else do it; an acceptor from the parent unit can.",
        )


def _log(session: Session, person: Person, action: str, batch: Batch, detail: dict[str, Any] | None = None) -> None:
    append_event(session, person.actor, action, f"batch:{batch.id}", allowed=True, detail=detail)
