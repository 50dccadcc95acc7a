"""What people do about a document that an archival file of a batch lacks."""

from __future__ import annotations

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.actions import Action, ReasonBody
from flow.explain_absence import confirm_absence, explain_absence, revoke_absence
from flow.service import Service
from people.persons import Person


class AbsenceBody(ReasonBody):
    """Why which file lacks a document of which record type."""

    archival_file_id: str = Field(max_length=32)
    record_type: str = Field(max_length=60)


class AbsenceIdBody(BaseModel):
    """Which of the reasons."""

    absence_id: str = Field(max_length=32)


def _explain(service: Service, session: Session, person: Person, code: str, body: AbsenceBody) -> None:
    dictionary = service.dictionaries.of_batch(session, code)
    explain_absence(session, person, dictionary, code, body.archival_file_id, body.record_type, body.reason)


def _confirm(_service: Service, session: Session, person: Person, code: str, body: AbsenceIdBody) -> None:
    confirm_absence(session, person, code, body.absence_id)


def _revoke(_service: Service, session: Session, person: Person, code: str, body: AbsenceIdBody) -> None:
    revoke_absence(session, person, code, body.absence_id)


ABSENCE_ACTIONS = (
    Action("absences", "Enters why a file lacks a document that its composition requires.", AbsenceBody, _explain),
    Action("confirm-absence", "Another person confirms the reason: it blocks no more.", AbsenceIdBody, _confirm),
    Action("revoke-absence", "Takes the reason back.", AbsenceIdBody, _revoke),
)
