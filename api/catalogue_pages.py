"""The pages of the catalogue: its entries, what one says, the form to change it, the questions about it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.actions import ReasonBody
from api.catalogue_reading import list_catalogue, read_entry
from api.catalogue_routes import AnswerBody, QuestionBody
from api.catalogue_words import ATTRIBUTE_WORDS
from api.dictionary_routes import ApprovalBody, require_reader
from api.forms import FormDep, PostedForm
from api.templates import render_page
from api.visitors import ServiceDep, VisitorDep
from core.catalogue.dates import parse_date, show_date
from core.catalogue.entries import message_of
from core.catalogue.entry_content import Card, EntryContent
from core.errors import InvalidValue, SohoaError
from flow.catalogue_entries import (
    DECIDERS,
    PROPOSERS,
    approve_entry,
    find_change,
    find_entry,
    propose_entry,
    read_content,
    reject_entry,
)
from flow.dictionaries import today
from flow.open_questions import answer_question, ask_question
from flow.service import Service
from people.persons import Person
from storage.tables import Unit, User

router = APIRouter(include_in_schema=False)
_PLAIN = ("title", "unit", "business_owner", "technical_owner", "composition", "planned_pages")
_CARD_PARTS = tuple(name for name in Card.model_fields if name != "record_type")
_TARGET_FAULTS = {
    "due": "cần ngày/tháng/năm, ví dụ 31/12/2026",
    "percent": "cần số phần trăm từ 1 đến 100",
}
"""Of a line of the targets, by what is wrong in it."""


@router.get("/catalogue")
def show_catalogue(request: Request, service: ServiceDep, visitor: VisitorDep) -> Response:
    """The entries of the visitor's units."""
    require_reader(visitor.person)
    with service.records.reading() as session:
        entries = list_catalogue(session, visitor.person)
    may_propose = bool(visitor.person.clearance.units_of(PROPOSERS))
    return render_page(request, "catalogue.html", {"entries": entries, "may_propose": may_propose})


@router.get("/catalogue/new")
def show_new_entry(request: Request, service: ServiceDep, visitor: VisitorDep) -> Response:
    """The form to propose a new entry."""
    with service.records.reading() as session:
        content = _form(session, service, visitor.person, "", None)
    return render_page(request, "catalogue_form.html", content)


@router.get("/catalogue/{code}/change")
def show_change_form(code: str, request: Request, service: ServiceDep, visitor: VisitorDep) -> Response:
    """The form to propose a change of an entry, filled in with what it says."""
    with service.records.reading() as session:
        entry = find_entry(session, visitor.person, code)
        content = _form(session, service, visitor.person, code, read_content(session, entry))
    return render_page(request, "catalogue_form.html", content)


@router.post("/catalogue/propose")
def take_proposal(request: Request, service: ServiceDep, form: FormDep) -> Response:
    """Proposes what the form says, or shows it again with what is wrong."""
    code = form.text("code")
    try:
        content = read_entry_form(form)
        with service.records.writing() as session:
            propose_entry(session, service.dictionaries, form.person, code, content, form.text("reason"))
    except SohoaError as error:
        with service.records.reading() as session:
            shown = _form(session, service, form.person, code, None, form, error)
        return render_page(request, "catalogue_form.html", shown, status=error.status)
    return RedirectResponse(f"/catalogue/{code}", status_code=303)


def read_entry_form(form: PostedForm) -> EntryContent:
    """The content that the form says. Raises InvalidValue naming what is wrong."""
    types = [str(one) for one in form.fields.getlist("record_types")]
    cards = [
        {"record_type": kind, **{part: form.text(f"card.{kind}.{part}") for part in _CARD_PARTS}} for kind in types
    ]
    targets = [line.split(maxsplit=1) for line in form.text("targets").splitlines() if line.strip()]
    given: dict[str, Any] = {name: form.text(name) for name in _PLAIN if form.text(name)}
    given |= {
        "coordinating_units": [str(one) for one in form.fields.getlist("coordinating_units")],
        "record_types": types,
        "period_from": form.text("period_from") or None,
        "period_to": form.text("period_to") or None,
        "targets": [{"due": parse_date(line[0]) or line[0], "percent": line[-1].strip(" %")} for line in targets],
        "cards": [card for card in cards if any(card[part] for part in _CARD_PARTS)],
    }
    try:
        return EntryContent.model_validate(given)
    except ValidationError as error:
        faults = tuple(_entry_fault(one["loc"], message_of(one)) for one in error.errors())
        raise InvalidValue("The form is not filled in rightly.", "Look at it again.", faults) from error


def _entry_fault(place: tuple[int | str, ...], message: str) -> tuple[str, str]:
    """A fault by the words of the form, and the line of it where there are several."""
    if not place:
        return "Danh mục", message
    word = ATTRIBUTE_WORDS.get(str(place[0]), str(place[0]))
    where = f"{word}, dòng {int(place[1]) + 1}" if len(place) > 1 else word
    return where, _TARGET_FAULTS.get(str(place[-1]), message) if place[0] == "targets" else message


def _form(
    session: Session,
    service: Service,
    person: Person,
    code: str,
    content: EntryContent | None,
    form: PostedForm | None = None,
    failure: SohoaError | None = None,
) -> dict[str, Any]:
    """What the form shows: what was typed before, else the entry's content."""
    given = {name: str(value) for name, value in (content or ()) if name in _PLAIN}
    given |= dict.fromkeys(("period_from", "period_to", "targets", "reason"), "")
    if content is not None:
        given["period_from"] = content.period_from.isoformat() if content.period_from else ""
        given["period_to"] = content.period_to.isoformat() if content.period_to else ""
        given["targets"] = "\n".join(f"{show_date(one.due.isoformat())} {one.percent}" for one in content.targets)
        given |= {f"card.{one.record_type}.{part}": getattr(one, part) for one in content.cards for part in _CARD_PARTS}
    chosen = {"record_types": set(content.record_types) if content else set()}
    chosen["coordinating_units"] = set(content.coordinating_units) if content else set()
    if form is not None:
        given |= {name: value for name, value in form.fields.items() if isinstance(value, str)}
        chosen = {name: {str(one) for one in form.fields.getlist(name)} for name in chosen}
    units = session.scalars(select(Unit).order_by(Unit.code)).all()
    reached = person.clearance.units_of(PROPOSERS)
    return {
        "code": code,
        "is_new": content is None and not (form is not None and form.text("is_new") == ""),
        "given": given,
        "chosen": chosen,
        "lead_units": [unit for unit in units if unit.id in reached],
        "units": units,
        "people": session.scalars(select(User).where(User.active).order_by(User.full_name)).all(),
        "dictionary": service.dictionaries.present(session),
        "card_parts": _CARD_PARTS,
        "failure": failure,
    }


@router.get("/catalogue/{code}")
def show_entry(code: str, request: Request, service: ServiceDep, visitor: VisitorDep) -> Response:
    """An entry: what it says, what waits, the questions."""
    person = visitor.person
    with service.records.reading() as session:
        entry = read_entry(session, person, code)
        unit_id = find_entry(session, person, code).unit_id
        content = {
            "entry": entry,
            "dictionary": service.dictionaries.present(session),
            "units": dict(session.execute(select(Unit.code, Unit.name)).all()),
            "people": dict(session.execute(select(User.username, User.full_name)).all()),
            "active": set(session.scalars(select(User.username).where(User.active))),
            "card_parts": _CARD_PARTS,
            "today": today(session),
            "may_propose": any(person.may(role, unit_id) for role in PROPOSERS),
            "may_decide": any(person.may(role, unit_id) for role in DECIDERS),
        }
    return render_page(request, "catalogue_entry.html", content)


@router.post("/catalogue/changes/{key}/approve")
def take_approval(key: str, service: ServiceDep, form: FormDep) -> Response:
    """Approves a change of an entry."""
    body = form.read(ApprovalBody)
    with service.records.writing() as session:
        approve_entry(session, service.dictionaries, form.person, key, body.effective_on)
        code = find_change(session, form.person, key)[1].code
    return RedirectResponse(f"/catalogue/{code}", status_code=303)


@router.post("/catalogue/changes/{key}/reject")
def take_rejection(key: str, service: ServiceDep, form: FormDep) -> Response:
    """Rejects a change of an entry, or takes one's own back."""
    body = form.read(ReasonBody)
    with service.records.writing() as session:
        reject_entry(session, form.person, key, body.reason)
        code = find_change(session, form.person, key)[1].code
    return RedirectResponse(f"/catalogue/{code}", status_code=303)


@router.post("/catalogue/{code}/questions")
def take_question(code: str, service: ServiceDep, form: FormDep) -> Response:
    """Asks a question about the entry."""
    body = form.read(QuestionBody)
    with service.records.writing() as session:
        ask_question(session, form.person, code, body.asked())
    return RedirectResponse(f"/catalogue/{code}", status_code=303)


@router.post("/catalogue/{code}/questions/{question_id}/answer")
def take_answer(code: str, question_id: str, service: ServiceDep, form: FormDep) -> Response:
    """Answers a question."""
    body = form.read(AnswerBody)
    with service.records.writing() as session:
        answer_question(session, form.person, code, question_id, body.answer)
    return RedirectResponse(f"/catalogue/{code}", status_code=303)
