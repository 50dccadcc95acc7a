"""What people do to a batch."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.absence_actions import ABSENCE_ACTIONS
from api.actions import Action, Nothing, ReasonBody
from core.errors import IllegalTransition
from core.labels import Role
from core.states import Grade
from flow.accept import (
    NewDefect,
    accept_batch,
    add_defect,
    finish_rework,
    reopen_review,
    return_batch,
    settle_defect,
    sign_off,
    start_reconciliation,
    start_rework,
)
from flow.find import find_batch
from flow.publish import publish_batch, start_trial
from flow.seal import seal_batch
from flow.service import Service
from people.persons import Person
from people.stations import identify
from review.sampling import SampleRule
from review.signoffs import Aspect
from storage.access_log import append_event
from storage.tables import Station, now


class SignOffBody(BaseModel):
    """One of the three sign-offs."""

    aspect: Aspect
    note: str = Field("", max_length=500)


class AcceptBody(BaseModel):
    """The grade; C needs a note that says why."""

    grade: Grade
    note: str = Field("", max_length=300)


class DefectBody(BaseModel):
    """A line of the error list. `owner`: the username of who mends it, by the date `due`."""

    description: str
    document_id: str | None = None
    owner: str | None = None
    due: date | None = None


class SettleDefectBody(BaseModel):
    """Which line of the error list."""

    defect_id: str


def _seal(service: Service, session: Session, person: Person, code: str, _body: Nothing) -> None:
    """Sealing is the station's: whoever operates it may have it done from here, in the station's name."""
    batch = find_batch(session, person, code)
    person.require(Role.SCAN_OPERATOR, batch.unit_id)
    if batch.station_id is None:
        raise IllegalTransition(f"Batch {code} has no announced files.", "Push its scans first.")
    station = identify(session, session.get_one(Station, batch.station_id), now().date())
    append_event(session, person.actor, "ask_seal", f"batch:{batch.id}", allowed=True)
    seal_batch(session, station, batch, service.signing_key)


def _reconcile(service: Service, session: Session, person: Person, code: str, _body: Nothing) -> None:
    rule = SampleRule(service.settings.sample_minimum, service.settings.sample_percent)
    start_reconciliation(session, person, service.dictionaries.of_batch(session, code), code, rule)


def _reopen(_service: Service, session: Session, person: Person, code: str, body: ReasonBody) -> None:
    reopen_review(session, person, code, body.reason)


def _sign_off(service: Service, session: Session, person: Person, code: str, body: SignOffBody) -> None:
    two = service.settings.one_person_two_signoffs
    sign_off(session, person, code, body.aspect, body.note, one_person_two=two)


def _accept(service: Service, session: Session, person: Person, code: str, body: AcceptBody) -> None:
    accept_batch(session, person, service.dictionaries.of_batch(session, code), code, body.grade, body.note)


def _return(service: Service, session: Session, person: Person, code: str, body: ReasonBody) -> None:
    return_batch(session, person, service.dictionaries.of_batch(session, code), code, body.reason)


def _rework(_service: Service, session: Session, person: Person, code: str, _body: Nothing) -> None:
    start_rework(session, person, code)


def _finish_rework(_service: Service, session: Session, person: Person, code: str, _body: Nothing) -> None:
    finish_rework(session, person, code)


def _add_defect(_service: Service, session: Session, person: Person, code: str, body: DefectBody) -> None:
    add_defect(session, person, code, NewDefect(body.description, body.document_id, body.owner, body.due))


def _settle_defect(_service: Service, session: Session, person: Person, code: str, body: SettleDefectBody) -> None:
    settle_defect(session, person, code, body.defect_id)


def _trial(_service: Service, session: Session, person: Person, code: str, _body: Nothing) -> None:
    start_trial(session, person, code)


def _publish(service: Service, session: Session, person: Person, code: str, _body: Nothing) -> None:
    publish_batch(session, person, service.dictionaries.of_batch(session, code), code)


BATCH_ACTIONS = (
    Action("seal", "Seals a batch in its station's name: nothing more is taken.", Nothing, _seal),
    Action("reconcile", "Draws the sample of a complete batch.", Nothing, _reconcile),
    Action("reopen", "Puts a batch under reconciliation back to review.", ReasonBody, _reopen),
    Action("sign-offs", "Gives one of the three sign-offs.", SignOffBody, _sign_off),
    Action("accept", "Decides about the batch, with its grade and minutes.", AcceptBody, _accept),
    Action("return", "Sends the batch back.", ReasonBody, _return),
    Action("rework", "Opens a returned batch for changes.", Nothing, _rework),
    Action("finish-rework", "Puts a reworked batch to review.", Nothing, _finish_rework),
    Action("defects", "Adds a line to the error list.", DefectBody, _add_defect),
    Action("settle-defect", "Notes that an error has been mended.", SettleDefectBody, _settle_defect),
    Action("trial", "Begins the trial period of an accepted batch.", Nothing, _trial),
    Action("publish", "Publishes the batch's accepted documents.", Nothing, _publish),
    *ABSENCE_ACTIONS,
)
