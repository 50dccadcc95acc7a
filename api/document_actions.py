"""What people do to a document or a page, beyond typing its values."""

from __future__ import annotations

from pydantic import Field
from sqlalchemy.orm import Session

from api.actions import Action, Nothing, ReasonBody, RevisionBody, RevisionReasonBody
from core.duplicates import DuplicateDecision
from flow.confirm import confirm_document, return_to_entry
from flow.decide import (
    cancel_rescan,
    drop_duplicate,
    reject_document,
    request_rescan,
    retry_page,
    settle_failed_page,
)
from flow.decide_duplicates import decide_duplicate
from flow.publish import withdraw_document
from flow.purge import purge_document
from flow.service import Service
from flow.settle_contradiction import settle_contradiction
from flow.unmask import unmask_document
from flow.withhold import clear_document
from people.persons import Person
from review.reasons import RejectReason, RescanReason


class RejectBody(RevisionReasonBody):
    """Why the document is not digitized after all."""

    reason_code: RejectReason


class RescanBody(RevisionReasonBody):
    """Why the document is to be scanned again."""

    reason_code: RescanReason


class DuplicateBody(RevisionBody):
    """Which copy stays, and why if there is something to say."""

    kept_document_id: str = Field(max_length=32)
    reason: str = Field("", max_length=300)


class PairBody(ReasonBody):
    """What was found about the document and another; without other_id: those that the caller may not read stay too."""

    other_id: str | None = Field(None, max_length=32)
    decision: DuplicateDecision


class SettleContradictionBody(ReasonBody):
    """Which contradiction of the document's file, and its `key` as it was looked at."""

    fact: str = Field(max_length=60)
    key: str = Field(max_length=64)


def _confirm(service: Service, session: Session, person: Person, key: str, body: RevisionBody) -> None:
    confirm_document(session, person, service.dictionaries.of_document(session, key), key, body.revision)


def _return(_service: Service, session: Session, person: Person, key: str, body: RevisionReasonBody) -> None:
    return_to_entry(session, person, key, body.revision, body.reason)


def _reject(_service: Service, session: Session, person: Person, key: str, body: RejectBody) -> None:
    reject_document(session, person, key, body.revision, body.reason_code, body.reason)


def _rescan(_service: Service, session: Session, person: Person, key: str, body: RescanBody) -> None:
    request_rescan(session, person, key, body.revision, body.reason_code, body.reason)


def _cancel_rescan(_service: Service, session: Session, person: Person, key: str, body: RevisionBody) -> None:
    cancel_rescan(session, person, key, body.revision)


def _duplicate(_service: Service, session: Session, person: Person, key: str, body: DuplicateBody) -> None:
    drop_duplicate(session, person, key, body.revision, body.kept_document_id, body.reason)


def _decide_pair(_service: Service, session: Session, person: Person, key: str, body: PairBody) -> None:
    decide_duplicate(session, person, key, body.other_id, body.decision, body.reason)


def _clear(service: Service, session: Session, person: Person, key: str, body: RevisionReasonBody) -> None:
    clear_document(session, person, key, body.revision, body.reason, ceiling=service.settings.ceiling)


def _purge(service: Service, session: Session, person: Person, key: str, body: RevisionReasonBody) -> None:
    purge_document(session, person, service.objects, key, body.revision, body.reason)


def _withdraw(_service: Service, session: Session, person: Person, key: str, body: RevisionReasonBody) -> None:
    withdraw_document(session, person, key, body.revision, body.reason)


def _settle_contradiction(
    service: Service, session: Session, person: Person, key: str, body: SettleContradictionBody
) -> None:
    dictionary = service.dictionaries.of_document(session, key)
    settle_contradiction(session, person, dictionary, key, body.fact, body.key, body.reason)


def _unmask(service: Service, session: Session, person: Person, key: str, body: ReasonBody) -> None:
    dictionary = service.dictionaries.of_document(session, key)
    unmask_document(session, person, dictionary, key, body.reason, service.settings.unmask_minutes)


def _settle(_service: Service, session: Session, person: Person, key: str, body: ReasonBody) -> None:
    settle_failed_page(session, person, key, body.reason)


def _retry(_service: Service, session: Session, person: Person, key: str, _body: Nothing) -> None:
    retry_page(session, person, key)


DOCUMENT_ACTIONS = (
    Action("confirm", "Confirms every value, all entered by others.", RevisionBody, _confirm),
    Action("return", "Sends the document back to entry.", RevisionReasonBody, _return),
    Action("reject", "The document is not digitized after all.", RejectBody, _reject),
    Action("rescan", "Asks for the document to be scanned again.", RescanBody, _rescan),
    Action("cancel-rescan", "The scan is good enough after all.", RevisionBody, _cancel_rescan),
    Action("duplicate", "Drops the document as a duplicate of another.", DuplicateBody, _duplicate),
    Action("decide-duplicate", "Two documents are not one, or both stay.", PairBody, _decide_pair),
    Action("clear", "The security officer clears a withheld document.", RevisionReasonBody, _clear),
    Action("purge", "The security officer destroys a withheld document's content.", RevisionReasonBody, _purge),
    Action("unmask", "Shows the caller the document's personal values for a while.", ReasonBody, _unmask),
    Action("withdraw", "Takes a published document back.", RevisionReasonBody, _withdraw),
    Action(
        "settle-contradiction",
        "Documents of the person's file differ on paper: the contradiction blocks no more.",
        SettleContradictionBody,
        _settle_contradiction,
    ),
)
PAGE_ACTIONS = (
    Action("settle", "A failed page goes on without machine-read text.", ReasonBody, _settle),
    Action("retry", "Has a failed page split or read again.", Nothing, _retry),
)
